"""Skins: joints with a common root, and their inverse bind matrices."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import attrs

from axis_core.audit.gltf.accessor import Accessor
from axis_core.audit.gltf.formats import FLOAT, Format
from axis_core.audit.gltf.limits import MOST_STEPS
from axis_core.audit.gltf.reader import JsonObject, ObjectReader, Record
from axis_core.audit.gltf.skin_data import watch_matrices


if TYPE_CHECKING:
    from axis_core.audit.gltf.audit import Audit
    from axis_core.audit.gltf.node import Node

__all__ = ["Skin", "link_skin", "read_skin"]

_IBM_FORMAT = Format("MAT4", FLOAT)


@attrs.define(eq=False, kw_only=True)
class Skin(Record):
    """One skin."""

    index: int
    ibm_index: int
    skeleton_index: int
    joint_indices: list[int] | None
    inverse_bind_matrices: Accessor | None = None
    joints: list[Node] = attrs.field(factory=list)
    common_roots: set[int] = attrs.field(factory=set)


def read_skin(audit: Audit, raw: JsonObject, index: int) -> Skin:
    """Read one skin."""
    reader = ObjectReader(audit, raw)
    reader.members("inverseBindMatrices", "skeleton", "joints", "name")
    skin = Skin(
        index=index,
        ibm_index=reader.index("inverseBindMatrices"),
        skeleton_index=reader.index("skeleton"),
        joint_indices=reader.indices("joints", required=True),
    )
    reader.string("name")
    reader.finish(skin, "skin")
    return skin


def link_skin(audit: Audit, skin: Skin) -> None:
    """Resolve the joints, the skeleton and the matrices of one skin."""
    _link_joints(audit, skin)
    _find_common_roots(skin)
    if not skin.common_roots and skin.joint_indices is not None:
        audit.add("SKIN_NO_COMMON_ROOT", name="joints")
    _link_matrices(audit, skin)
    skeleton = audit.resolve(audit.document.nodes, skin.skeleton_index, "skeleton")
    if skeleton is not None and skeleton.index not in skin.common_roots:
        audit.add("SKIN_SKELETON_INVALID", name="skeleton")


def _lineage(node: Node) -> Iterator[Node]:
    """Give a node and its ancestors, each once even in a loop."""
    seen: set[int] = set()
    here: Node | None = node
    while here is not None and here.index not in seen:
        seen.add(here.index)
        yield here
        here = here.parent


def _find_common_roots(skin: Skin) -> None:
    """Intersect the lineages of the joints; as in the reference implementation, an empty set starts anew."""
    steps = 0
    for joint in skin.joints:
        above = {node.index for node in _lineage(joint)}
        steps += len(above)
        if steps > MOST_STEPS:
            return
        skin.common_roots = skin.common_roots & above if skin.common_roots else above


def _link_joints(audit: Audit, skin: Skin) -> None:
    with audit.at("joints"):
        for i, index in enumerate(skin.joint_indices or ()):
            joint = audit.resolve(audit.document.nodes, index, i)
            if joint is not None:
                joint.is_joint = joint.used = True
                skin.joints.append(joint)


def _link_matrices(audit: Audit, skin: Skin) -> None:
    accessor = audit.resolve(audit.document.accessors, skin.ibm_index, "inverseBindMatrices")
    skin.inverse_bind_matrices = accessor
    if accessor is None:
        return
    name = "inverseBindMatrices"
    accessor.set_usage(audit, "IBM", name)
    if accessor.view is not None:
        accessor.view.set_usage(audit, "IBM", name)
        if accessor.view.byte_stride != -1:
            audit.add("SKIN_IBM_ACCESSOR_WITH_BYTESTRIDE", name=name)
    if accessor.format != _IBM_FORMAT:
        audit.add("SKIN_IBM_INVALID_FORMAT", accessor.format, name=name, valid=[str(_IBM_FORMAT)])
    else:
        watch_matrices(audit, accessor, name)
    if skin.joint_indices is not None and accessor.count < len(skin.joint_indices):
        audit.add("INVALID_IBM_ACCESSOR_COUNT", len(skin.joint_indices), accessor.count, name=name)
