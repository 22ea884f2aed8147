"""Fit a humanoid rig to a vocabulary: rename what is known, add what is required, keep the rest under clean names."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping

import numpy as np
from numpy.typing import NDArray

from axis_core.model.humanoid import HUMANOID_BONES, REQUIRED_BONES, bone_names
from axis_core.model.recognise import is_humanoid, recognise_humanoid
from axis_core.model.scene import Scene
from axis_core.platforms.rehang import apply_rehung, nearest_ancestor, rehang
from axis_core.platforms.rig_table import Joint, RigTable


__all__ = ["ascii_name", "bones_of", "complete", "fit_names", "rename"]

BETWEEN = 0.5
"""Where a missing joint between two others is put: as far from one as from the other."""


def bones_of(table: RigTable, scene: Scene, bones: Mapping[str, str]) -> dict[str, Joint]:
    """Return VRM bone name -> joint of ``table``: as named by ``bones``, else recognised; empty for no humanoid."""
    found = {bone: table.find(name) for bone, name in bones.items() if bone in HUMANOID_BONES}
    known = {bone: joint for bone, joint in found.items() if joint is not None}
    if is_humanoid(dict.fromkeys(known, 0)):
        return known
    if not scene.skins:
        return {}
    skeleton = scene.skeleton(max(range(len(scene.skins)), key=lambda s: len(scene.skins[s].joints)))
    recognised = recognise_humanoid(skeleton)
    if not is_humanoid(recognised):
        return {}
    pairs = {bone: table.find(skeleton.names[i]) for bone, i in recognised.items()}
    return {bone: joint for bone, joint in pairs.items() if joint is not None}


def complete(table: RigTable, bones: dict[str, Joint], required: Iterable[str]) -> list[str]:
    """Add the bones of ``required`` that are missing, between their VRM neighbours; return their names."""
    added = []
    for bone in HUMANOID_BONES:
        if bone not in required or bone in bones:
            continue
        parent = nearest_ancestor(bone, bones)
        if parent is None:
            continue
        below = [j for b, j in bones.items() if _bone_is_below(b, bone) and j.parent is parent]
        position = _position(bone, parent, below)
        bones[bone] = table.insert(bone, parent, position, below)
        added.append(bone)
    return added


def _bone_is_below(bone: str, ancestor: str) -> bool:
    up = HUMANOID_BONES[bone].parent
    while up is not None and up != ancestor:
        up = HUMANOID_BONES[up].parent
    return up == ancestor


def _position(bone: str, parent: Joint, below: list[Joint]) -> NDArray[np.float64]:
    if below:
        return np.asarray((1 - BETWEEN) * parent.position + BETWEEN * np.mean([j.position for j in below], axis=0))
    grand = parent.parent.position if parent.parent is not None else parent.position
    step = 0.5 * (parent.position - grand)
    if bone.endswith("Toes"):
        step = np.array([0.0, -0.5, 0.8]) * float(np.linalg.norm(step)) * 0.4
    return np.asarray(parent.position + step)


def ascii_name(name: str) -> str:
    """Return ``name`` in letters, digits and underscores; ``bone`` if nothing is left."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    plain = re.sub(r"[^A-Za-z0-9_]+", "_", plain).strip("_")
    return plain or "bone"


def rename(table: RigTable, bones: Mapping[str, Joint], names: Mapping[str, str], *, root: str = "") -> int:
    """Give recognised bones their names and all others clean, unique ones; return how many changed.

    Names differ in more than their case: to Unreal and Godot 3 they would be one.
    """
    wanted = {id(joint): names[bone] for bone, joint in bones.items() if bone in names}
    wanted |= {id(joint): root for joint in table.children(None) if root and joint.name == root}
    taken = {name.lower() for name in wanted.values()}
    changed = 0
    for joint in table.joints:
        name = wanted.get(id(joint))
        if name is None:
            name = ascii_name(joint.name)
            base, k = name, 1
            while name.lower() in taken:
                k += 1
                name = f"{base}_{k}"
            taken.add(name.lower())
        changed += joint.name != name
        joint.name = name
    return changed


def fit_names(
    scene: Scene, bones: Mapping[str, str], vocabulary: str, *, also_required: Iterable[str] = (), root: str = ""
) -> tuple[Scene, tuple[str, ...]]:
    """Return ``scene`` with the bones of ``vocabulary``, and what changed.

    A rig that is no humanoid keeps its bones under clean names.

    Parameters
    ----------
    root : str
        Name of a root joint at the origin above all others, added if it is missing; empty for none.
    """
    table = RigTable(scene)
    found = bones_of(table, scene, bones)
    changes = []
    moved: dict[str, Joint] = {}
    if found:
        moved = rehang(found)
        if moved:
            changes.append(f"hung {', '.join(moved)} below the bones they belong to")
        added = complete(table, found, {*REQUIRED_BONES, *also_required})
        if added:
            changes.append(f"added {', '.join(added)}")
    names = bone_names(vocabulary)
    if root or len(table.children(None)) > 1:
        changes.extend(add_root(table, root or "Root"))
    renamed = rename(table, found, names, root=root)
    if renamed:
        changes.append(f"renamed {renamed} bones to {vocabulary}'s")
    return (apply_rehung(scene, table, moved), tuple(changes)) if changes else (scene, ())


def add_root(table: RigTable, name: str) -> list[str]:
    """Put a root joint at the origin above all joints, unless the only root stands there already."""
    tops = table.children(None)
    if len(tops) == 1 and np.linalg.norm(tops[0].position) < 1e-6 and tops[0].name.lower() in (name.lower(), "root"):
        changed = tops[0].name != name
        tops[0].name = name
        return [f"renamed the root to {name}"] if changed else []
    table.insert(name, None, np.zeros(3), tops)
    return [f"added {name} at the origin"]
