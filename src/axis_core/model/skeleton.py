"""Skeleton: joints with names, parents and a rest pose."""

from __future__ import annotations

from typing import Any

import attrs
import numpy as np
from numpy.typing import NDArray

from axis_core.model.arrays import double_rows_3, double_rows_4, int_indices, same_arrays, tuple_of


__all__ = ["Skeleton"]


def _identity_rotations(self: Any) -> NDArray[np.float64]:
    out = np.zeros((len(self.names), 4))
    out[:, 3] = 1.0
    return out


@attrs.frozen(kw_only=True)
class Skeleton:
    """Joints in their rest (bind) pose, parents before children.

    Attributes
    ----------
    names : (J,) str
        Unique names. Placed humanoids use the VRM 1.0 names (``hips``, ``leftUpperLeg``).
    parents : (J,) int32
        Index of the parent joint, -1 for a root; always smaller than the joint's own index.
    positions : (J, 3) float64, metres
        Where the joints are in the rest pose, in the space of the mesh.
    rotations : (J, 4) float64, quaternions x y z w
        Rest orientation of the joints in the same space; identity unless a platform wants otherwise.
    """

    names: tuple[str, ...] = attrs.field(converter=tuple_of)
    parents: NDArray[np.int32] = attrs.field(converter=int_indices, eq=attrs.cmp_using(same_arrays))
    positions: NDArray[np.float64] = attrs.field(converter=double_rows_3, eq=attrs.cmp_using(same_arrays))
    rotations: NDArray[np.float64] = attrs.field(
        default=attrs.Factory(_identity_rotations, takes_self=True),
        converter=double_rows_4,
        eq=attrs.cmp_using(same_arrays),
    )

    def __attrs_post_init__(self) -> None:
        """Check the shapes and the order of joints."""
        n = len(self.names)
        if not (len(self.parents) == len(self.positions) == len(self.rotations) == n):
            raise ValueError(
                f"{n} names, {len(self.parents)} parents, {len(self.positions)} positions, "
                f"{len(self.rotations)} rotations: a skeleton has as many of each"
            )
        if len(set(self.names)) != n:
            raise ValueError("joint names are not unique")
        if n and (self.parents >= np.arange(n)).any():
            raise ValueError("a joint stands before its parent")

    @property
    def n_joints(self) -> int:
        """Number of joints."""
        return len(self.names)

    def index(self, name: str) -> int:
        """Return the index of the joint ``name``, or -1."""
        return self.names.index(name) if name in self.names else -1

    def children(self, joint: int) -> tuple[int, ...]:
        """Return the indices of the children of ``joint``."""
        return tuple(int(i) for i in np.flatnonzero(self.parents == joint))
