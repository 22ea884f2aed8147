"""From named joints to a Skeleton with the humanoid hierarchy."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from axis_core.errors import InputError
from axis_core.model.humanoid import HUMANOID_BONES, REQUIRED_BONES
from axis_core.model.skeleton import Skeleton


__all__ = ["CORE_JOINTS", "Joints", "humanoid_skeleton", "mirror_name"]

Joints = dict[str, NDArray[np.float64]]
"""Joint name -> position (3,)."""

CORE_JOINTS = tuple(
    name for name in HUMANOID_BONES if not any(part in name for part in ("Thumb", "Index", "Middle", "Ring", "Little"))
)
"""All VRM joints but the fingers, parents first."""


def mirror_name(name: str) -> str:
    """Return the name of the joint on the other side; a joint of the middle is its own partner."""
    if name.startswith("left"):
        return "right" + name[4:]
    return "left" + name[5:] if name.startswith("right") else name


def humanoid_skeleton(joints: Mapping[str, NDArray[np.float64]]) -> Skeleton:
    """Return the Skeleton of named joints, each under its nearest ancestor that is there, parents first.

    Raises
    ------
    InputError
        ``rig_failed``: a bone that VRM 1.0 requires is missing.
    """
    missing = [name for name in REQUIRED_BONES if name not in joints]
    if missing:
        raise InputError(f"required joints are missing: {', '.join(missing)}", code="rig_failed")
    names = [name for name in HUMANOID_BONES if name in joints]
    index = {name: i for i, name in enumerate(names)}
    parents = []
    for name in names:
        parent = HUMANOID_BONES[name].parent
        while parent is not None and parent not in index:
            parent = HUMANOID_BONES[parent].parent
        parents.append(-1 if parent is None else index[parent])
    return Skeleton(names=tuple(names), parents=np.array(parents), positions=np.array([joints[n] for n in names]))
