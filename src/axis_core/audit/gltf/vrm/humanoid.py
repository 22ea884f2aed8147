"""The humanoid: required bones, their order, their scales, and the T-pose."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from axis_core.audit.gltf.vrm.sheet import Sheet, entries, items, table
from axis_core.model.humanoid import HUMANOID_BONES, REQUIRED_BONES


__all__ = ["check_humanoid"]

_HERE = "/extensions/VRMC_vrm/humanoid/humanBones"
_NEEDS_PARENT = ("Intermediate", "Distal")  # of fingers; the thumb starts with its metacarpal
_POSE_TOLERANCE_DEG = 20.0
_UNIFORM = 1e-3  # relative difference of the scales of one node
_ARMS = (("leftUpperArm", "leftHand", (1, 0, 0)), ("rightUpperArm", "rightHand", (-1, 0, 0)))


def check_humanoid(sheet: Sheet) -> None:
    """Check the bones of the humanoid and the pose they stand in."""
    raw = table(table(sheet.extension("VRMC_vrm").get("humanoid")).get("humanBones"))
    for name in REQUIRED_BONES:
        if name not in raw:
            sheet.report("VRM_BONE_MISSING", _HERE, f"Missing: '{name}'.", limit=name)
    bones = _bones(sheet, raw)
    _check_chain(sheet, bones)
    _check_scales(sheet, bones)
    _check_pose(sheet, bones)


def _bones(sheet: Sheet, raw: dict[str, Any]) -> dict[str, int]:
    """Return the node of every known bone, reporting the rest."""
    bones: dict[str, int] = {}
    users: dict[int, str] = {}
    for name, bone in raw.items():
        pointer = f"{_HERE}/{name.replace('~', '~0').replace('/', '~1')}"
        value = table(bone).get("node")
        node = sheet.index("nodes", value)
        if name not in HUMANOID_BONES:
            sheet.report("VRM_BONE_UNKNOWN", pointer, value=name)
        elif node is None:
            sheet.report("VRM_BONE_NODE", f"{pointer}/node", value=value)
        elif node in users:
            sheet.report("VRM_BONE_DUPLICATE", f"{pointer}/node", f"'{users[node]}' names it too.", value=node)
        else:
            users[node] = name
            bones[name] = node
    return bones


def _check_chain(sheet: Sheet, bones: dict[str, int]) -> None:
    parents = _parents(sheet)
    for name, node in bones.items():
        parent = HUMANOID_BONES[name].parent
        needs = name == "upperChest" or name.endswith(_NEEDS_PARENT) or name.endswith("ThumbProximal")
        if needs and parent is not None and parent not in bones:
            sheet.report("VRM_BONE_WITHOUT_PARENT", f"{_HERE}/{name}", f"It needs '{parent}'.", limit=parent)
        while parent is not None and parent not in bones:
            parent = HUMANOID_BONES[parent].parent
        if parent is not None and bones[parent] not in _ancestors(parents, node):
            sheet.report("VRM_BONE_ORDER", f"{_HERE}/{name}", f"The parent bone is '{parent}'.", limit=parent)


def _parents(sheet: Sheet) -> dict[int, int]:
    return {
        child: i
        for i, node in entries(sheet.nodes())
        for child in items(node.get("children"))
        if sheet.index("nodes", child) is not None
    }


def _ancestors(parents: dict[int, int], node: int) -> list[int]:
    """Return the ancestors of a node, nearest first, each once even in a loop."""
    out: dict[int, None] = {}
    here = parents.get(node)
    while here is not None and here not in out:
        out[here] = None
        here = parents.get(here)
    return list(out)


def _check_scales(sheet: Sheet, bones: dict[str, int]) -> None:
    for name, node in bones.items():
        scale = _numbers(table(sheet.nodes()[node]).get("scale"), [1.0, 1.0, 1.0])
        if min(scale) <= 0 or max(scale) - min(scale) > _UNIFORM * max(scale):
            sheet.report("VRM_BONE_SCALE", f"/nodes/{node}/scale", f"The bone is '{name}'.", value=scale)


def _numbers(value: Any, default: list[float]) -> list[float]:
    good = isinstance(value, list) and len(value) == len(default)
    if not good or not all(isinstance(v, (int, float)) and math.isfinite(v) for v in value):
        return default
    return [float(v) for v in value]


def _local(node: dict[str, Any]) -> NDArray[np.float64]:
    """Return a node's matrix for column vectors."""
    if "matrix" in node:
        identity = np.eye(4).reshape(-1).tolist()
        return np.array(_numbers(node["matrix"], identity)).reshape(4, 4).T
    x, y, z, w = _numbers(node.get("rotation"), [0.0, 0.0, 0.0, 1.0])
    out = np.eye(4)
    out[:3, :3] = [
        [1 - 2 * (y * y + z * z), 2 * (x * y - w * z), 2 * (x * z + w * y)],
        [2 * (x * y + w * z), 1 - 2 * (x * x + z * z), 2 * (y * z - w * x)],
        [2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y)],
    ]
    out[:3, :3] *= _numbers(node.get("scale"), [1.0, 1.0, 1.0])
    out[:3, 3] = _numbers(node.get("translation"), [0.0, 0.0, 0.0])
    return out


def _check_pose(sheet: Sheet, bones: dict[str, int]) -> None:
    """Check that the arms lie along X, the left one at +X: a T-pose that faces +Z."""
    parents = _parents(sheet)
    for upper, hand, direction in _ARMS:
        if upper not in bones or hand not in bones:
            continue
        arm = _position(sheet, parents, bones[hand]) - _position(sheet, parents, bones[upper])
        length = float(np.linalg.norm(arm))
        if not length or not math.isfinite(length):
            continue
        angle = math.degrees(math.acos(max(-1.0, min(1.0, float(arm @ direction) / length))))
        if angle > _POSE_TOLERANCE_DEG:
            sheet.report(
                "VRM_POSE_NOT_T",
                f"{_HERE}/{upper}",
                f"The arm is {angle:.0f} degrees off its axis.",
                value=round(angle, 1),
                limit=_POSE_TOLERANCE_DEG,
            )


def _position(sheet: Sheet, parents: dict[int, int], node: int) -> NDArray[np.float64]:
    """Return where a node stands in the world, metres."""
    point = np.array([0.0, 0.0, 0.0, 1.0])
    with np.errstate(all="ignore"):
        for here in (node, *_ancestors(parents, node)):
            point = _local(table(sheet.nodes()[here])) @ point
    return point[:3]
