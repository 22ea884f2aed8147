"""Figure: a body made ready for rigging: upright, facing +Z, with its solid and what the solid tells."""

from __future__ import annotations

from typing import Any

import attrs
import numpy as np
from numpy.typing import ArrayLike, NDArray

from axis_core.model.arrays import same_arrays, to_frozen


__all__ = ["Figure", "Solid", "Tip"]


def _array(dtype: Any, columns: int | None = None) -> Any:
    return attrs.field(converter=to_frozen(dtype, columns), eq=attrs.cmp_using(same_arrays), repr=False)


@attrs.frozen(kw_only=True)
class Solid:
    """A voxel body and its distance field.

    Attributes
    ----------
    inside : (X, Y, Z) bool
    depth : (X, Y, Z) float32
        Distance to the outside, in the unit of ``spacing``; 0 outside.
    origin : (3,) float64
        Centre of voxel (0, 0, 0).
    spacing : float
        Side of a voxel.
    """

    inside: NDArray[np.bool_] = _array(np.bool_)
    depth: NDArray[np.float32] = _array(np.float32)
    origin: NDArray[np.float64] = _array(np.float64)
    spacing: float

    def points(self, voxels: ArrayLike) -> NDArray[np.float64]:
        """Return where voxel centres (N, 3) are; fractional voxels are welcome."""
        return np.asarray(self.origin + self.spacing * np.asarray(voxels, np.float64))

    def voxels(self, points: ArrayLike) -> NDArray[np.int64]:
        """Return the voxels (N, 3) that hold points, clipped to the grid."""
        index = np.rint((np.asarray(points, np.float64) - self.origin) / self.spacing).astype(np.int64)
        return np.clip(index, 0, np.array(self.inside.shape) - 1)

    def nearest_inside(self, point: ArrayLike) -> NDArray[np.int64]:
        """Return the voxel of the solid nearest to a point."""
        voxel = self.voxels(np.reshape(np.asarray(point, np.float64), (1, 3)))[0]
        if self.inside[tuple(voxel)]:
            return np.asarray(voxel)
        filled = np.argwhere(self.inside)
        return np.asarray(filled[int(np.argmin(((filled - voxel) ** 2).sum(axis=1)))])


@attrs.frozen(kw_only=True)
class Tip:
    """An extremity of the solid.

    Attributes
    ----------
    point : (3,) float64
    reach : float
        How far it sticks out from the ways to the tips before it (for the first: from the middle), inside the body.
    path : (N, 3) float64
        The way from the tip to the middle of the body.
    """

    point: NDArray[np.float64] = _array(np.float64)
    reach: float
    path: NDArray[np.float64] = _array(np.float64, 3)


@attrs.frozen(kw_only=True)
class Figure:
    """A mesh in canonical space with what is known of its shape.

    Canonical space: Y up, facing +Z, the character's left at +X, the mirror plane (if any) at x = 0, the lowest
    point at
    y = 0; as tall as 1, or 2 long if it is less than half as tall as long.

    Attributes
    ----------
    positions : (V, 3) float64
        Welded vertices; specks are still there, see ``kept``.
    faces : (F, 3) int64
    components : (V,) int64
        Label of the connected part of each vertex, -1 where it has no face.
    kept : (V,) bool
        Vertices of the body and what touches it; False for floating specks.
    points, normals : (N, 3) float64
        Samples of the kept surface, even by area.
    frame : (4, 4) float64
        Similarity from the input's space to canonical space.
    solid : Solid
    middle : (3,) float64
        The centre of the body: deep inside and near the middle of the trunk.
    tips : tuple of Tip
        Extremities, most salient first.
    is_mirrored : bool
        Whether the body is its own mirror image in x = 0.
    mirror_residual : float
        See ``kernels.symmetry.mirror_residual``; about 0.02 for a perfect mirror image.
    facing_certainty : float
        0 (a guess, the input's own facing kept) to 1.
    """

    positions: NDArray[np.float64] = _array(np.float64, 3)
    faces: NDArray[np.int64] = _array(np.int64, 3)
    components: NDArray[np.int64] = _array(np.int64)
    kept: NDArray[np.bool_] = _array(np.bool_)
    points: NDArray[np.float64] = _array(np.float64, 3)
    normals: NDArray[np.float64] = _array(np.float64, 3)
    frame: NDArray[np.float64] = _array(np.float64, 4)
    solid: Solid
    middle: NDArray[np.float64] = _array(np.float64)
    tips: tuple[Tip, ...] = ()
    is_mirrored: bool = True
    mirror_residual: float = 0.0
    facing_certainty: float = 1.0

    @property
    def height(self) -> float:
        """Extent along Y of the kept vertices."""
        return float(np.ptp(self.positions[self.kept][:, 1]))

    @property
    def bounds(self) -> NDArray[np.float64]:
        """Lower and upper corner (2, 3) of the kept vertices."""
        body = self.positions[self.kept]
        return np.stack([body.min(axis=0), body.max(axis=0)])
