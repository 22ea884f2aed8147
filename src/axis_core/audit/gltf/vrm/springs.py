"""Spring bones and node constraints: what they refer to."""

from __future__ import annotations

from typing import Any

from axis_core.audit.gltf.vrm.sheet import Sheet, entries, items, table


__all__ = ["check_constraints", "check_springs"]

_HERE = "/extensions/VRMC_springBone"
_CONSTRAINT = "VRMC_node_constraint"


def check_springs(sheet: Sheet) -> None:
    """Check the colliders, collider groups, springs and joints of the spring bones."""
    springs = sheet.extension("VRMC_springBone")
    n_colliders = len(items(springs.get("colliders")))
    n_groups = len(items(springs.get("colliderGroups")))
    for i, collider in entries(springs.get("colliders")):
        _check_node(sheet, collider.get("node"), f"{_HERE}/colliders/{i}/node")
    for i, group in entries(springs.get("colliderGroups")):
        _check_indices(sheet, group.get("colliders"), n_colliders, f"{_HERE}/colliderGroups/{i}/colliders")
    for i, spring in entries(springs.get("springs")):
        here = f"{_HERE}/springs/{i}"
        _check_indices(sheet, spring.get("colliderGroups"), n_groups, f"{here}/colliderGroups")
        if "center" in spring:
            _check_node(sheet, spring["center"], f"{here}/center")
        for k, joint in entries(spring.get("joints")):
            _check_node(sheet, joint.get("node"), f"{here}/joints/{k}/node")


def _check_node(sheet: Sheet, index: Any, pointer: str) -> None:
    if sheet.index("nodes", index) is None:
        sheet.report("VRM_SPRING_REFERENCE", pointer, value=index)


def _check_indices(sheet: Sheet, indices: Any, count: int, pointer: str) -> None:
    for i, index in enumerate(items(indices)):
        if not isinstance(index, int) or not 0 <= index < count:
            sheet.report("VRM_SPRING_REFERENCE", f"{pointer}/{i}", value=index, limit=count)


def check_constraints(sheet: Sheet) -> None:
    """Check the sources of roll, aim and rotation constraints."""
    for i, node in entries(sheet.nodes()):
        constraint = table(table(table(node.get("extensions")).get(_CONSTRAINT)).get("constraint"))
        for kind in ("roll", "aim", "rotation"):
            if kind not in constraint:
                continue
            source = table(constraint[kind]).get("source")
            if sheet.index("nodes", source) is None or source == i:
                pointer = f"/nodes/{i}/extensions/{_CONSTRAINT}/constraint/{kind}/source"
                sheet.report("VRM_CONSTRAINT_SOURCE", pointer, value=source)
