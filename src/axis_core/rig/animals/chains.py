"""Chains of joints, and the skeleton they make."""

from __future__ import annotations

import re
from collections.abc import Sequence

import attrs
import numpy as np
from numpy.typing import NDArray

from axis_core.model.skeleton import Skeleton
from axis_core.rig.options import PlaceOptions


__all__ = ["Chains"]

Vector = NDArray[np.float64]

_SIDES = ("left", "right")
_FLIP = np.array([-1.0, 1.0, 1.0])


@attrs.define
class Chains:
    """Joints as they are added, parents first.

    joints : name -> position (3,). parents : name -> parent's name, empty for the root.
    """

    joints: dict[str, Vector] = attrs.field(factory=dict)
    parents: dict[str, str] = attrs.field(factory=dict)

    def add(self, name: str, position: Vector, parent: str = "") -> str:
        """Add a joint; returns its name."""
        self.joints[name] = np.asarray(position, np.float64)
        self.parents[name] = parent
        return name

    def chain(self, names: Sequence[str], positions: Vector | Sequence[Vector], parent: str = "") -> str:
        """Add joints each under the one before; returns the name of the last one (or ``parent`` if there are none)."""
        for name, position in zip(names, positions, strict=True):
            parent = self.add(name, position, parent)
        return parent

    def pair(self, parts: Sequence[str], left: Vector, right: Vector, parent: str) -> None:
        """Add a chain on the left and its partner on the right: positions (N, 3) each."""
        for side, points in zip(_SIDES, (left, right)):
            self.chain([side + part for part in parts], points, parent)

    def skeleton(self, options: PlaceOptions, *, mirrored: bool) -> Skeleton:
        """Return the Skeleton: left averaged with right where the figure is its own mirror image, markers taken.

        What hangs on a marked joint moves along with it, unless the joint is of the spine.
        """
        joints = self.joints
        if mirrored if options.symmetric is None else options.symmetric:
            joints = {name: (p + _FLIP * joints.get(_partner(name), _FLIP * p)) / 2.0 for name, p in joints.items()}
        moved = {name: np.asarray(p) - joints[name] for name, p in options.markers.items() if name in joints}
        names = tuple(joints)
        index = {name: k for k, name in enumerate(names)}
        positions = np.array([joints[name] + self._shift(name, moved) for name in names])
        parents = np.array([index.get(self.parents[name], -1) for name in names])
        return Skeleton(names=names, parents=parents, positions=positions)

    def _shift(self, name: str, moved: dict[str, Vector]) -> Vector:
        at = name
        while at and at not in moved:
            at = self.parents[at]
        if not at or (at != name and re.match(r"hips|spine|chest", at)):
            return np.zeros(3)
        return moved[at]


def _partner(name: str) -> str:
    for side, other in (_SIDES, _SIDES[::-1]):
        if name.startswith(side):
            return other + name[len(side) :]
    return name
