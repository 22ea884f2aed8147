"""Nodes, scenes, skins and cameras of glTF. Nodes keep their numbers, so that extensions that name them stay true."""

from __future__ import annotations

from typing import Any

import attrs
import numpy as np
from numpy.typing import NDArray

from axis_core.formats.gltf.accessors import Accessors
from axis_core.formats.gltf.document import Document
from axis_core.formats.gltf.fields import index, indices, mapping, numbers, raw_mapping, refuse, text
from axis_core.formats.gltf.meshes import MeshTable
from axis_core.model.mesh import Mesh
from axis_core.model.scene import Node
from axis_core.model.skin import Skin
from axis_core.model.transform import decompose_matrix


__all__ = ["check_joints", "read_nodes", "read_skins"]

_FOREIGN_DATA = ("EXT_mesh_gpu_instancing",)
"""Node extensions that point to accessors, which are numbered anew by writing."""


def read_nodes(document: Document, table: MeshTable) -> tuple[Node, ...]:
    """Return the nodes in their order in the file.

    Nodes outside of the default scene stay, as joints or because an extension names them, but show nothing.

    Raises
    ------
    InputError
        A node has two parents or is its own ancestor, or an index points nowhere.
    LimitExceeded
        Too many nodes, too deep, or too many instances of meshes.
    """
    items = document.list_of("nodes")
    parents = _parents(document, items)
    shown = _shown(document, items)
    n_skins, n_cameras = len(document.list_of("skins")), len(document.list_of("cameras"))
    out, n_instances = [], 0
    for i, item in enumerate(items):
        here = f"/nodes/{i}"
        which = index(item, "mesh", here, len(table.members))
        meshes = table.members[which] if which is not None and shown[i] else ()
        n_instances += len(meshes)
        document.limits.check("objects", n_instances, pointer=here)
        camera = index(item, "camera", here, n_cameras)
        skin = index(item, "skin", here, n_skins)
        translation, rotation, scale = _transform(item, here)
        out.append(
            Node(
                name=text(item, "name", here),
                parent=parents[i],
                translation=translation,
                rotation=rotation,
                scale=scale,
                meshes=meshes,
                skin=skin if shown[i] else None,
                camera=camera if shown[i] else None,
                morph_weights=numbers(item, "weights", here) if "weights" in item else None,
                extras=raw_mapping(item, "extras"),
                extensions=_node_extensions(document, item, here),
            )
        )
    return tuple(out)


def _node_extensions(document: Document, item: dict[str, Any], pointer: str) -> dict[str, Any]:
    extensions = mapping(item, "extensions", pointer)
    for name in _FOREIGN_DATA:
        if name in extensions:
            document.note(f"{name} was left out: its data cannot be carried")
    return {k: v for k, v in extensions.items() if k not in _FOREIGN_DATA}


def _parents(document: Document, items: list[dict[str, Any]]) -> list[int | None]:
    parents: list[int | None] = [None] * len(items)
    children = [indices(item, "children", f"/nodes/{i}", len(items)) for i, item in enumerate(items)]
    for i, below in enumerate(children):
        for k, child in enumerate(below):
            if parents[child] is not None:
                refuse(f"node {child} has two parents, {parents[child]} and {i}", f"/nodes/{i}/children/{k}")
            parents[child] = i
    level = [i for i, parent in enumerate(parents) if parent is None]
    n_reached, depth = 0, 0
    while level:
        depth += 1
        document.limits.check("node_depth", depth, pointer="/nodes")
        n_reached += len(level)
        level = [child for i in level for child in children[i]]
    if n_reached != len(items):
        refuse("a node is its own ancestor", "/nodes", "Export it from a tool that keeps a tree.")
    return parents


def _shown(document: Document, items: list[dict[str, Any]]) -> list[bool]:
    scenes = document.list_of("scenes")
    if not scenes:
        return [True] * len(items)
    which = index(document.root, "scene", "", len(scenes)) or 0
    if len(scenes) > 1:
        document.note(f"the file has {len(scenes)} scenes; meshes and cameras outside of scene {which} were left out")
    out = [False] * len(items)
    level = list(indices(scenes[which], "nodes", f"/scenes/{which}", len(items)))
    while level:
        level = [i for i in dict.fromkeys(level) if not out[i]]
        for i in level:
            out[i] = True
        level = [child for i in level for child in items[i].get("children", [])]
    return out


def _transform(item: dict[str, Any], pointer: str) -> tuple[Any, Any, Any]:
    if "matrix" in item:
        values = numbers(item, "matrix", pointer, n=16)
        return decompose_matrix(np.array(values).reshape(4, 4).T)
    return (
        numbers(item, "translation", pointer, n=3, default=(0.0, 0.0, 0.0)),
        numbers(item, "rotation", pointer, n=4, default=(0.0, 0.0, 0.0, 1.0)),
        numbers(item, "scale", pointer, n=3, default=(1.0, 1.0, 1.0)),
    )


def read_skins(document: Document, accessors: Accessors) -> tuple[Skin, ...]:
    """Return the skins; inverse bind matrices that are not given are the identity."""
    n_nodes = len(document.list_of("nodes"))
    out, n_joints = [], 0
    for i, item in enumerate(document.list_of("skins")):
        here = f"/skins/{i}"
        joints = indices(item, "joints", here, n_nodes)
        n_joints += len(joints)
        document.limits.check("joints", n_joints, pointer=here)
        out.append(
            Skin(
                joints=joints,
                inverse_bind=_inverse_bind(accessors, item, len(joints), here),
                name=text(item, "name", here),
                root=index(item, "skeleton", here, n_nodes),
                extras=raw_mapping(item, "extras"),
                extensions=mapping(item, "extensions", here),
            )
        )
    return tuple(out)


def _inverse_bind(accessors: Accessors, item: dict[str, Any], n: int, pointer: str) -> NDArray[np.float32]:
    which = index(item, "inverseBindMatrices", pointer, len(accessors))
    if which is None:
        return np.tile(np.eye(4, dtype=np.float32), (n, 1, 1))
    columns = accessors.floats(which, ("MAT4",), f"{pointer}/inverseBindMatrices")
    if len(columns) < n:
        refuse(f"{len(columns)} inverse bind matrices for {n} joints", f"{pointer}/inverseBindMatrices")
    return columns[:n].reshape(n, 4, 4).transpose(0, 2, 1)


def check_joints(
    document: Document, nodes: tuple[Node, ...], skins: tuple[Skin, ...], meshes: tuple[Mesh, ...]
) -> tuple[Mesh, ...]:
    """Return the meshes, joints that do not exist set to 0 where they have no weight.

    Raises
    ------
    InputError
        A vertex hangs with weight on a joint that its skin does not have.
    """
    limits: dict[int, tuple[int, int]] = {}
    for i, node in enumerate(nodes):
        for m in node.meshes if node.skin is not None else ():
            n = len(skins[node.skin].joints) if node.skin is not None else 0
            limits[m] = min(limits.get(m, (n, i)), (n, i))
    out = list(meshes)
    for m, (n, i) in limits.items():
        mesh = meshes[m]
        if mesh.joints is None or mesh.weights is None or not mesh.joints.size or int(mesh.joints.max()) < n:
            continue
        outside = mesh.joints >= n
        if (outside & (mesh.weights != 0)).any():
            refuse(f"a vertex hangs on joint {int(mesh.joints.max())}, its skin has {n} joints", f"/nodes/{i}/mesh")
        document.note("joints without weight that the skin does not have were set to 0")
        out[m] = attrs.evolve(mesh, joints=np.where(outside, 0, mesh.joints))
    return tuple(out)
