"""Meshes that one draw call can show, made into one: same material, same place, skins and morphs kept.

Skinned meshes of one skin are drawn in one space whatever their nodes say (glTF 2.0, section 3.7.3.3), so they are
joined across nodes; meshes without a skin only within their node. Morph targets are matched by name; where a part lacks
one, it does not move.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import attrs
import numpy as np
from numpy.typing import NDArray

from axis_core.model.animation import Channel
from axis_core.model.mesh import Mesh
from axis_core.model.morph import MorphTarget
from axis_core.model.scene import Node, Scene


__all__ = ["joined_mesh", "merge_scene"]


def merge_scene(scene: Scene) -> Scene:
    """Return ``scene`` with as few meshes as its skins, nodes and materials allow.

    A node whose meshes went to another one goes as well, unless something hangs on it: a child, a clip, a skin, a
    camera, extras, or an extension of the scene that may name nodes by number. A node whose morph weights a clip drives
    keeps its meshes to itself, for clips address targets by number; so does one whose meshes another node shows, too.
    """
    homes: dict[object, int] = {}
    lists: dict[int, list[list[int]]] = {}
    for n in _order(scene):
        key = _home(scene, n)
        home = homes.setdefault(key, n)
        lists.setdefault(home, []).append(list(scene.nodes[n].meshes))
    meshes: list[Mesh] = []
    nodes = [attrs.evolve(node, meshes=()) for node in scene.nodes]
    shared: dict[tuple[int, ...], tuple[int, ...]] = {}
    for home, groups in lists.items():
        sources = [m for group in groups for m in group]
        weights = _default_weights(scene, home, homes)
        if len(groups) == 1 and tuple(sources) in shared:
            placed: tuple[int, ...] = shared[tuple(sources)]
        else:
            merged = _merged_group(scene, sources, weights)
            placed = tuple(range(len(meshes), len(meshes) + len(merged)))
            shared[tuple(sources)] = placed
            meshes += merged
        own = scene.nodes[home].morph_weights
        nodes[home] = attrs.evolve(
            nodes[home], meshes=placed, morph_weights=None if len(groups) > 1 or weights else own
        )
    bare = [attrs.evolve(n, skin=None, morph_weights=None) if _left(scene, i, n) else n for i, n in enumerate(nodes)]
    merged_scene = attrs.evolve(scene, meshes=meshes, nodes=bare)
    return _without(merged_scene, {n for n, node in enumerate(bare) if _left(scene, n, node) and _is_idle(scene, n)})


def _is_idle(scene: Scene, index: int) -> bool:
    """Whether nothing but its meshes needs a node."""
    node = scene.nodes[index]
    used = {j for skin in scene.skins for j in (*skin.joints, skin.root)}
    used |= {c.node for clip in scene.animations for c in clip.channels} | {n.parent for n in scene.nodes}
    return not (index in used or node.camera is not None or node.extras or node.extensions or scene.extensions)


def _without(scene: Scene, gone: set[int]) -> Scene:
    """Return ``scene`` without nodes that nothing refers to."""
    kept = [n for n in range(len(scene.nodes)) if n not in gone]
    place = {old: new for new, old in enumerate(kept)}
    nodes = [
        attrs.evolve(node, parent=None if node.parent is None else place[node.parent])
        for node in (scene.nodes[n] for n in kept)
    ]
    skins = [
        attrs.evolve(s, joints=[place[j] for j in s.joints], root=None if s.root is None else place[s.root])
        for s in scene.skins
    ]
    clips = [
        attrs.evolve(clip, channels=[_moved(channel, place) for channel in clip.channels]) for clip in scene.animations
    ]
    return attrs.evolve(scene, nodes=nodes, skins=skins, animations=clips)


def _moved(channel: Channel, place: Mapping[int, int]) -> Channel:
    return channel if channel.node is None else attrs.evolve(channel, node=place[channel.node])


def _order(scene: Scene) -> list[int]:
    return [n for n in range(len(scene.nodes)) if scene.nodes[n].meshes]


def _left(scene: Scene, index: int, node: Node) -> bool:
    return bool(scene.nodes[index].meshes) and not node.meshes


def _home(scene: Scene, index: int) -> object:
    """Return what nodes must have in common for their meshes to be joined."""
    node = scene.nodes[index]
    driven = any(c.node == index and c.path == "weights" for clip in scene.animations for c in clip.channels)
    uses = [m for n in scene.nodes for m in n.meshes]
    if node.skin is None or driven or any(uses.count(m) > 1 for m in node.meshes):
        return ("node", index)
    return ("skin", node.skin)


def _default_weights(scene: Scene, home: int, homes: dict[object, int]) -> dict[str, float]:
    """Return the weights that differ from 0 by the name of the target, over all nodes that are joined at ``home``."""
    out: dict[str, float] = {}
    for n in _order(scene):
        if homes[_home(scene, n)] != home:
            continue
        for m in scene.nodes[n].meshes:
            mesh = scene.meshes[m]
            weights = scene.nodes[n].morph_weights or mesh.morph_weights
            out |= {name: w for name, w in zip(_target_names(mesh), weights) if w}
    return out


def _target_names(mesh: Mesh) -> list[str]:
    """Return one key a target: its name, with a number where a name is there twice."""
    seen: dict[str, int] = {}
    out = []
    for morph in mesh.morphs:
        seen[morph.name] = seen.get(morph.name, 0) + 1
        out.append(morph.name if seen[morph.name] == 1 else f"{morph.name}#{seen[morph.name]}")
    return out


def _merged_group(scene: Scene, sources: list[int], weights: dict[str, float]) -> list[Mesh]:
    names = list(dict.fromkeys(name for m in sources for name in _target_names(scene.meshes[m])))
    groups: dict[object, list[Mesh]] = {}
    for m in sources:
        groups.setdefault(_drawn_alike(m, scene.meshes[m]), []).append(scene.meshes[m])
    label = scene.meshes[sources[0]].name
    defaults = tuple(weights.get(n, 0.0) for n in names) if weights else ()
    return [attrs.evolve(joined_mesh(g, names), name=label, morph_weights=defaults) for g in groups.values()]


def _drawn_alike(index: int, mesh: Mesh) -> object:
    if mesh.primitive_extensions:
        return ("alone", index)
    return (mesh.material, mesh.normals is None, mesh.is_skinned)


def joined_mesh(parts: Sequence[Mesh], targets: Sequence[str] = ()) -> Mesh:
    """Return the parts as one mesh with the morph targets ``targets``, in their order.

    Vertex colours a part lacks are white, coordinates 0; tangents stay only where all parts have them, further
    attributes only where all have them in one shape. Normals are there in all parts or in none.
    """
    first = parts[0]
    if len(parts) == 1 and _target_names(first) == list(targets):
        return first
    counts = [p.n_vertices for p in parts]
    starts = np.concatenate([[0], np.cumsum(counts)])[:-1]
    joints, weights = _joined_skin(parts)
    tangents = _stacked([p.tangents for p in parts])
    morphs = [_joined_target(parts, name) for name in targets]
    return attrs.evolve(
        first,
        positions=np.concatenate([p.positions for p in parts]),
        faces=np.concatenate([p.faces.astype(np.int64) + start for p, start in zip(parts, starts)]),
        normals=_stacked([p.normals for p in parts]),
        tangents=tangents,
        uvs=_sets([p.uvs for p in parts], counts, np.zeros(2, np.float32)),
        colors=_sets([p.colors for p in parts], counts, np.ones(4, np.float32)),
        joints=joints,
        weights=weights,
        morphs=morphs if tangents is not None else [attrs.evolve(m, tangents=None) for m in morphs],
        attributes=_joined_attributes(parts),
    )


def _stacked(arrays: Sequence[NDArray[np.float32] | None]) -> NDArray[np.float32] | None:
    there = [a for a in arrays if a is not None]
    return np.concatenate(there) if len(there) == len(arrays) else None


def _sets(
    sets: Sequence[tuple[NDArray[np.float32], ...]], counts: Sequence[int], default: NDArray[np.float32]
) -> list[NDArray[np.float32]]:
    n_sets = max(len(s) for s in sets)
    return [
        np.concatenate([s[k] if k < len(s) else np.tile(default, (n, 1)) for s, n in zip(sets, counts)])
        for k in range(n_sets)
    ]


def _joined_skin(parts: Sequence[Mesh]) -> tuple[NDArray[np.uint16] | None, NDArray[np.float32] | None]:
    pairs = [(p.joints, p.weights) for p in parts if p.joints is not None and p.weights is not None]
    if len(pairs) != len(parts):
        return None, None
    width = max(j.shape[1] for j, _ in pairs)
    joints = [np.pad(j, ((0, 0), (0, width - j.shape[1]))) for j, _ in pairs]
    weights = [np.pad(w, ((0, 0), (0, width - w.shape[1]))) for _, w in pairs]
    return np.concatenate(joints), np.concatenate(weights)


def _joined_target(parts: Sequence[Mesh], key: str) -> MorphTarget:
    found = [dict(zip(_target_names(p), p.morphs)).get(key) for p in parts]
    there = [m for m in found if m is not None]
    zeros = [np.zeros((p.n_vertices, 3), np.float32) for p in parts]

    def deltas(field: str) -> NDArray[np.float32] | None:
        if not any(getattr(m, field) is not None for m in there):
            return None
        rows = [None if m is None else getattr(m, field) for m in found]
        return np.concatenate([z if r is None else r for r, z in zip(rows, zeros)])

    positions = deltas("positions")
    return MorphTarget(
        name=there[0].name if there else key,
        positions=np.concatenate(zeros) if positions is None else positions,
        normals=deltas("normals"),
        tangents=deltas("tangents"),
    )


def _joined_attributes(parts: Sequence[Mesh]) -> dict[str, NDArray[np.generic]]:
    first = parts[0].attributes
    shapes = [{k: v.shape[1:] for k, v in p.attributes.items()} for p in parts]
    common = [k for k in first if all(s.get(k) == first[k].shape[1:] for s in shapes)]
    return {k: np.concatenate([p.attributes[k] for p in parts]) for k in common}
