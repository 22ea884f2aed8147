"""An ``aiScene`` as a Scene: metres, Y up, nodes without wrappers, meshes that share their skins."""

from __future__ import annotations

from typing import Any

from axis_core.plugin import InputError, Mesh, Node, Scene, decompose_matrix
from axis_importer_assimp.clips import read_clips
from axis_importer_assimp.library import each, metadata
from axis_importer_assimp.materials import read_materials
from axis_importer_assimp.meshes import read_mesh
from axis_importer_assimp.nodes import Tree, read_tree
from axis_importer_assimp.skins import bind_meshes
from axis_importer_assimp.units import fold_scales, scaled_scene, unit_m


__all__ = ["convert_scene"]


def convert_scene(item: Any, kind: str) -> tuple[Scene, list[str]]:
    """Return the scene and what had to be left out.

    Parameters
    ----------
    kind : str
        Decides the unit: FBX says its own in centimetres, Collada's is in the root's transform already.

    Raises
    ------
    InputError
        ``empty_geometry``: nothing but points, lines, lights or cameras.
    """
    tree = read_tree(item.mRootNode.contents)
    world = tree.world()
    sources = each(item.mMeshes, item.mNumMeshes)
    bindings, which = bind_meshes(sources, tree)
    skins = [b.skin(tree, world) for b in bindings]
    names = [{name: b.joints.index(tree.by_name[name]) for name in b.offsets} for b in bindings]
    read = [read_mesh(s, {} if k is None else names[k]) for s, k in zip(sources, which, strict=True)]
    meshes = [m for m in read if m is not None]
    materials, textures, notes = read_materials(item)
    if not meshes and not item.mNumAnimations:
        raise InputError("the file has no triangles", code="empty_geometry")
    index = _numbered(read)
    nodes, extra = _nodes(tree, which, index)
    scene = Scene(
        nodes=nodes,
        meshes=meshes,
        skins=skins,
        materials=materials,
        textures=textures,
        animations=read_clips(item, tree, _shape_nodes(nodes, meshes)),
    )
    if len(meshes) < len(sources):
        notes.append(f"{len(sources) - len(meshes)} meshes of points or lines were left out")
    if item.mNumCameras or item.mNumLights:
        notes.append(f"left out: {item.mNumCameras} cameras, {item.mNumLights} lights")
    if extra:
        notes.append(f"{extra} nodes were added for meshes with another skin than their neighbours")
    return fold_scales(scaled_scene(scene, unit_m(metadata(item), kind))), notes


def _numbered(read: list[Mesh | None]) -> list[int | None]:
    out: list[int | None] = []
    n = 0
    for mesh in read:
        out.append(None if mesh is None else n)
        n += mesh is not None
    return out


def _nodes(tree: Tree, which: list[int | None], index: list[int | None]) -> tuple[list[Node], int]:
    """Return the nodes; where the meshes of one have several skins, further nodes carry the others."""
    nodes, more = [], []
    for k, place in enumerate(tree.places):
        translation, rotation, scale = decompose_matrix(place.local)
        groups: dict[int | None, list[int]] = {}
        for m in place.meshes:
            if m < len(index) and index[m] is not None:
                groups.setdefault(which[m], []).append(int(index[m] or 0))
        first, *others = groups.items() or [(None, [])]
        nodes.append(
            Node(
                name=place.name,
                parent=place.parent,
                translation=translation,
                rotation=rotation,
                scale=scale,
                skin=first[0],
                meshes=first[1],
            )
        )
        more += [Node(name=place.name, parent=k, skin=skin, meshes=members) for skin, members in others]
    return [*nodes, *more], len(more)


def _shape_nodes(nodes: list[Node], meshes: list[Mesh]) -> dict[str, list[tuple[int, int]]]:
    """Return mesh and node names -> (node, number of shapes): importers differ in which of the two a clip names."""
    out: dict[str, list[tuple[int, int]]] = {}
    for n, node in enumerate(nodes):
        shapes = max((len(meshes[m].morphs) for m in node.meshes), default=0)
        if shapes:
            for name in dict.fromkeys([node.name, *(meshes[m].name for m in node.meshes)]):
                out.setdefault(name, []).append((n, shapes))
    return out
