"""Nodes, scene, skins: placed so that every importer agrees on them."""

from __future__ import annotations

from typing import Any

import attrs
import numpy as np
from numpy.typing import NDArray

from axis_core.errors import InputError
from axis_core.formats.gltf.pack import Packer
from axis_core.formats.gltf.plan import Plan
from axis_core.formats.gltf.vertex_data import unit_quaternions
from axis_core.model.scene import Node, Scene
from axis_core.model.skin import Skin


__all__ = ["placed_nodes", "write_nodes", "write_skins"]

_IDENTITY = ((0.0, 0.0, 0.0), (0.0, 0.0, 0.0, 1.0), (1.0, 1.0, 1.0))


def placed_nodes(scene: Scene, plan: Plan) -> tuple[Node, ...]:
    """Return the nodes as they are written: same numbers, same picture.

    - The transform of a skinned mesh's node is ignored (glTF 2.0, section 3.7.3.3), but importers differ in how well:
      such a node becomes a root without a transform, unless something hangs on it.
    - Joints of one skin have a common root (section 3.7.3.1); where they have none, one is added behind the last node.
    """
    nodes = list(scene.nodes)
    _join_roots(nodes, [scene.skins[s] for s in plan.skins])
    children: dict[int | None, int] = {}
    for node in nodes:
        children[node.parent] = children.get(node.parent, 0) + 1
    joints = {j for s in plan.skins for j in scene.skins[s].joints}
    for i, node in enumerate(scene.nodes):
        is_skinned = node.skin is not None and any(scene.meshes[m].is_skinned for m in node.meshes)
        if is_skinned and i not in joints and not children.get(i):
            translation, rotation, scale = _IDENTITY
            nodes[i] = attrs.evolve(
                nodes[i], parent=None, translation=translation, rotation=rotation, scale=scale
            )
    return tuple(nodes)


def _root_of(nodes: list[Node], i: int) -> int:
    parent = nodes[i].parent
    while parent is not None:
        i, parent = parent, nodes[parent].parent
    return i


def _join_roots(nodes: list[Node], skins: list[Skin]) -> None:
    for skin in skins:
        roots = sorted({_root_of(nodes, j) for j in skin.joints})
        if len(roots) > 1:
            for root in roots:
                nodes[root] = attrs.evolve(nodes[root], parent=len(nodes))
            nodes.append(Node(name=skin.name or "skeleton"))


def write_nodes(nodes: tuple[Node, ...], scene: Scene, plan: Plan, n_targets: tuple[int, ...]) -> list[dict[str, Any]]:
    """Return the ``nodes`` array.

    Parameters
    ----------
    n_targets : tuple of int
        Morph targets of each glTF mesh.

    Raises
    ------
    InputError
        ``invalid_request``: a transform that is not finite.
    """
    out: list[dict[str, Any]] = [_transform(node, i) for i, node in enumerate(nodes)]
    for i, node in enumerate(nodes):
        item = out[i]
        if node.parent is not None:
            out[node.parent].setdefault("children", []).append(i)
        group = plan.group_of.get(tuple(m for m in node.meshes if scene.meshes[m].n_triangles))
        if group is not None:
            item["mesh"] = group
            if node.skin is not None and node.skin in plan.skins and group in plan.skinned:
                item["skin"] = plan.skins[node.skin]
            if node.morph_weights is not None and n_targets[group]:
                weights = [*map(float, node.morph_weights), *[0.0] * n_targets[group]]
                item["weights"] = weights[: n_targets[group]]
        if node.camera is not None:
            item["camera"] = plan.cameras[node.camera]
        item |= {k: v for k, v in (("name", node.name), ("extras", dict(node.extras))) if v}
        if node.extensions:
            item["extensions"] = dict(node.extensions)
    return out


def _transform(node: Node, i: int) -> dict[str, Any]:
    item: dict[str, Any] = {}
    for key, value, neutral in zip(
        ("translation", "rotation", "scale"), (node.translation, node.rotation, node.scale), _IDENTITY
    ):
        if not np.isfinite(value).all():
            seen = f"{key} of node {node.name!r} is {value.tolist()}, expected finite numbers"
            raise InputError(seen, pointer=f"/nodes/{i}/{key}")
        numbers = unit_quaternions(value) if key == "rotation" else value
        if tuple(numbers) != neutral:
            item[key] = [float(v) for v in numbers]
    return item


def write_skins(nodes: tuple[Node, ...], scene: Scene, plan: Plan, packer: Packer) -> list[dict[str, Any]]:
    """Return the ``skins`` array."""
    out = []
    for s in plan.skins:
        skin = scene.skins[s]
        item: dict[str, Any] = {
            "joints": list(skin.joints),
            "inverseBindMatrices": packer.array(_columns(skin.inverse_bind)),
        }
        if skin.root is not None and all(_is_above(nodes, skin.root, j) for j in skin.joints):
            item["skeleton"] = skin.root
        item |= {k: v for k, v in (("name", skin.name), ("extras", dict(skin.extras))) if v}
        if skin.extensions:
            item["extensions"] = dict(skin.extensions)
        out.append(item)
    return out


def _columns(matrices: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return (J, 16) column by column; the last row of an affine matrix is exactly 0 0 0 1."""
    columns = matrices.transpose(0, 2, 1).copy()
    columns[:, :, 3] = (0.0, 0.0, 0.0, 1.0)
    return columns.reshape(-1, 16)


def _is_above(nodes: tuple[Node, ...], top: int, i: int | None) -> bool:
    while i is not None and i != top:
        i = nodes[i].parent
    return i == top
