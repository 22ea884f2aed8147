"""Distance fields on voxel grids, and their values between voxel centres.

References
----------
Maurer, C. R., Qi, R., Raghavan, V. "A linear time algorithm for computing exact Euclidean distance transforms of binary
images in arbitrary dimensions", IEEE PAMI 25(2), 2003 (the method of the library this stands on).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.ndimage import distance_transform_edt, map_coordinates


__all__ = ["distance_field", "sample_field"]


def distance_field(solid: ArrayLike, spacing: float) -> NDArray[np.float32]:
    """Return for each voxel of a solid the distance to the nearest voxel outside, and 0 outside.

    Parameters
    ----------
    solid : (X, Y, Z) bool
        What lies beyond the grid counts as outside.
    spacing : float
        Side of a voxel; the result is in its unit.
    """
    inside = np.asarray(solid, bool)
    if inside.size == 0:
        return np.zeros(inside.shape, np.float32)
    padded = np.pad(inside, 1)
    distance = np.asarray(distance_transform_edt(padded), np.float32)[1:-1, 1:-1, 1:-1]
    return np.ascontiguousarray(distance * np.float32(spacing))


def sample_field(field: ArrayLike, origin: ArrayLike, spacing: float, points: ArrayLike) -> NDArray[np.float64]:
    """Return the trilinear values of a field at points; 0 outside the grid.

    Parameters
    ----------
    field : (X, Y, Z) float
        Values at voxel centres.
    origin : (3,) float
        Centre of voxel (0, 0, 0).
    spacing : float
        Side of a voxel.
    points : (N, 3) float
        In the unit of ``spacing``.
    """
    where = (np.asarray(points, np.float64).reshape(-1, 3) - np.asarray(origin, np.float64)) / spacing
    values = map_coordinates(np.asarray(field), where.T, output=np.float64, order=1, mode="constant", cval=0.0)
    return np.asarray(values, np.float64)
