"""Unreal 5: the core skeleton of Manny, with root, five spines, two necks, twist and IK bones.

Sources: Epic's documentation of the UE5 skeletons and Interchange. Bones in between are inserted where they belong and
carry no weight of their own.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from axis_core.model.artefact import Artefact
from axis_core.model.humanoid import REQUIRED_BONES, UNREAL5_CORE, bone_names
from axis_core.model.issue import Issue
from axis_core.model.scene import Scene
from axis_core.platforms.export import budget_issues, influence_issues, name_issues, required_issues, write_for
from axis_core.platforms.fit import add_root, bones_of, complete, rename
from axis_core.platforms.rig_table import Joint, RigTable
from axis_core.plugin.kinds import Format, Platform


__all__ = ["PLATFORM"]

MAX_TRIANGLES = 500_000
MAX_BONES = 256
"""More in one section need "Support 16-bit Bone Index"."""

LIMB_ENDS = {"upperarm": "lowerarm", "lowerarm": "hand", "thigh": "calf", "calf": "foot"}
IK_SOURCES = {
    "ik_foot_l": "foot_l",
    "ik_foot_r": "foot_r",
    "ik_hand_gun": "hand_r",
    "ik_hand_l": "hand_l",
    "ik_hand_r": "hand_r",
}


def fit_rig(scene: Scene, *, bones: Mapping[str, str]) -> tuple[Scene, tuple[str, ...]]:
    """Return the scene with Manny's bones; a rig that is no humanoid gets a root and clean names."""
    table = RigTable(scene)
    found = bones_of(table, scene, bones)
    changes: list[str] = []
    if found:
        added = complete(
            table, found, {*REQUIRED_BONES, "leftShoulder", "rightShoulder", "neck", "chest", "upperChest"}
        )
        changes += [f"added {', '.join(added)}"] if added else []
    changes += add_root(table, "root")
    renamed = rename(table, found, bone_names("unreal5"))
    changes += [f"renamed {renamed} bones to Unreal's"] if renamed else []
    if found:
        inserted = _insert_core(table)
        changes += [f"inserted {len(inserted)} bones of the core skeleton"] if inserted else []
    return table.apply(), tuple(changes)


def _insert_core(table: RigTable) -> list[str]:
    """Insert the core bones that lie between bones that are there, twist bones, and the IK and helper bones."""
    inserted = []
    for name, parent_name in UNREAL5_CORE.items():
        if table.find(name) is not None:
            continue
        parent = table.find(parent_name) if parent_name else None
        if parent is None:
            continue
        position, below = _core_place(table, name, parent)
        if position is not None:
            table.insert(name, parent, position, below)
            inserted.append(name)
    return inserted


def _core_place(table: RigTable, name: str, parent: Joint) -> tuple[NDArray[np.float64] | None, list[Joint]]:
    if name in IK_SOURCES:
        source = table.find(IK_SOURCES[name])
        return (None if source is None else source.position), []
    if name in ("ik_foot_root", "ik_hand_root", "interaction", "center_of_mass"):
        return np.zeros(3), []
    if "_twist_" in name:
        return _twist_place(table, name, parent), []
    below = [j for j in table.children(parent) if _core_is_below(j.name, name)]
    if not below:
        return None, []  # a finger or a toe that the character does not have
    share = 0.25 if "metacarpal" in name else 1.0 / (_links(name, below[0].name) + 1)
    target = np.mean([j.position for j in below], axis=0)
    return parent.position + share * (target - parent.position), below


def _twist_place(table: RigTable, name: str, parent: Joint) -> NDArray[np.float64] | None:
    limb, side = parent.name.rsplit("_", 1)
    end = table.find(f"{LIMB_ENDS[limb]}_{side}")
    if end is None:
        return None
    # Upper limbs twist from the joint on (01 nearest to it), lower limbs from the hand or foot back.
    share = (
        (1 / 3 if "_01_" in name else 2 / 3) if limb in ("upperarm", "thigh") else (2 / 3 if "_01_" in name else 1 / 3)
    )
    return np.asarray(parent.position + share * (end.position - parent.position))


def _core_is_below(name: str, ancestor: str) -> bool:
    up = UNREAL5_CORE.get(name)
    while up is not None and up != ancestor:
        up = UNREAL5_CORE.get(up)
    return up == ancestor


def _links(ancestor: str, name: str) -> int:
    n, up = 0, name
    while up != ancestor:
        up = UNREAL5_CORE[up] or ancestor
        n += 1
    return n


def check(scene: Scene, *, tier: str = "") -> tuple[Issue, ...]:
    """Return what Unreal would not take."""
    return (
        *budget_issues(scene, tier=tier, max_triangles=MAX_TRIANGLES, max_bones=MAX_BONES),
        *influence_issues(scene, 8),
        *required_issues(scene, "unreal5"),
        *name_issues(scene, ascii_only=True),
    )


def export(scene: Scene, *, name: str, format: Format) -> tuple[Artefact, ...]:
    """Return the files."""
    return write_for(scene, name=name, format=format, up="Z", forward="+Y", handedness="left", unit_m=0.01)


PLATFORM = Platform(
    name="unreal",
    title="Unreal Engine 5",
    skeleton="unreal5",
    up_axis="Z",
    forward_axis="+Y",
    handedness="left",
    unit_m=0.01,
    max_influences=4,
    max_triangles=MAX_TRIANGLES,
    fit_rig=fit_rig,
    check=check,
    export=export,
    summary="Manny's 89 core bones; GLB through Interchange.",
)
