"""Nodes: transforms, and what hangs on them."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import attrs

from axis_core.audit.gltf.matrices import IDENTITY, is_decomposable
from axis_core.audit.gltf.mesh import Mesh
from axis_core.audit.gltf.reader import JsonObject, ObjectReader, Record
from axis_core.audit.gltf.skin import Skin


if TYPE_CHECKING:
    from axis_core.audit.gltf.audit import Audit

__all__ = ["Node", "link_node", "read_node"]

_QUATERNION_TOLERANCE = 0.00769  # what 8-bit normalised integers can be off by
_TRS = ("translation", "rotation", "scale")


@attrs.define(eq=False, kw_only=True)
class Node(Record):
    """One node of the scene graph; ``has_transform`` says whether it differs from identity."""

    index: int
    camera_index: int
    child_indices: list[int] | None
    skin_index: int
    mesh_index: int
    matrix: list[float] | None
    has_trs: bool
    has_transform: bool = False
    weights: list[float] | None
    mesh: Mesh | None = None
    skin: Skin | None = None
    has_camera: bool = False
    children: list[Node] = attrs.field(factory=list)
    parent: Node | None = None
    is_joint: bool = False
    scenes: set[int] = attrs.field(factory=set)


def read_node(audit: Audit, raw: JsonObject, index: int) -> Node:
    """Read one node."""
    reader = ObjectReader(audit, raw)
    reader.members(
        "camera", "children", "skin", "matrix", "mesh", "rotation", "scale", "translation", "weights", "name"
    )
    node = Node(
        index=index,
        camera_index=reader.index("camera"),
        child_indices=reader.indices("children"),
        skin_index=reader.index("skin"),
        matrix=reader.numbers("matrix", length=16),
        mesh_index=reader.index("mesh"),
        has_trs=any(name in reader for name in _TRS),
        weights=None,
    )
    rotation = reader.numbers("rotation", length=4, minimum=-1, maximum=1)
    scale = reader.numbers("scale", length=3)
    translation = reader.numbers("translation", length=3)
    parts = ((node.matrix, IDENTITY), (rotation, [0, 0, 0, 1]), (scale, [1, 1, 1]), (translation, [0, 0, 0]))
    node.has_transform = any(part is not None and part != identity for part, identity in parts)
    node.weights = reader.numbers("weights")
    if node.mesh_index == -1:
        for name in ("skin", "weights"):
            if name in reader:
                audit.add("UNSATISFIED_DEPENDENCY", "mesh", name=name)
    _check_matrix(audit, node)
    if rotation is not None and abs(math.sqrt(sum(v * v for v in rotation)) - 1) > _QUATERNION_TOLERANCE:
        audit.add("ROTATION_NON_UNIT", name="rotation")
    reader.string("name")
    reader.finish(node, "node")
    return node


def _check_matrix(audit: Audit, node: Node) -> None:
    if node.matrix is None:
        return
    if node.has_trs:
        audit.add("NODE_MATRIX_TRS", name="matrix")
    if node.matrix == IDENTITY:
        audit.add("NODE_MATRIX_DEFAULT", name="matrix")
    elif not is_decomposable(node.matrix):
        audit.add("NODE_MATRIX_NON_TRS", name="matrix")


def link_node(audit: Audit, node: Node) -> None:
    """Resolve what one node refers to."""
    document = audit.document
    camera = audit.resolve(document.cameras, node.camera_index, "camera")
    if camera is not None:
        camera.used = node.has_camera = True
    node.skin = audit.resolve(document.skins, node.skin_index, "skin")
    if node.skin is not None:
        node.skin.used = True
    node.mesh = audit.resolve(document.meshes, node.mesh_index, "mesh")
    if node.mesh is not None:
        node.mesh.used = True
        if node.mesh.primitives is not None:
            _check_mesh(audit, node, node.mesh)
    for i, child_index in enumerate(node.child_indices or ()):
        with audit.at("children"):
            child = audit.resolve(document.nodes, child_index, i)
            if child is None:
                continue
            child.used = True
            if child.parent is not None:
                audit.add("NODE_PARENT_OVERRIDE", child_index, name=i)
            child.parent = node
            node.children.append(child)


def _check_mesh(audit: Audit, node: Node, mesh: Mesh) -> None:
    if node.weights is not None and len(node.weights) != mesh.n_targets:
        audit.add("NODE_WEIGHTS_INVALID", len(node.weights), mesh.n_targets, name="weights")
    if mesh.is_skinned and node.skin is None:
        audit.add("NODE_SKINNED_MESH_WITHOUT_SKIN")
    elif node.skin is not None and not mesh.is_skinned:
        audit.add("NODE_SKIN_WITH_NON_SKINNED_MESH")
