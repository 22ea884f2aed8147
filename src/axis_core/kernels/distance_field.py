"""Distance fields on voxel grids, and their values between voxel centres.

References
----------
Felzenszwalb, P. F., Huttenlocher, D. P. "Distance transforms of sampled functions", Theory of Computing 8, 2012,
10.4086/toc.2012.v008a019.
"""

from __future__ import annotations

import numpy as np
import scipy
from numpy.typing import ArrayLike, NDArray


__all__ = ["distance_field", "sample_field"]


def distance_field(solid: ArrayLike, spacing: float, *, is_bounded: bool = True) -> NDArray[np.float32]:
    """Return for each voxel of a solid the distance to the nearest voxel outside, and 0 outside.

    Parameters
    ----------
    solid : (X, Y, Z) bool
    spacing : float
        Side of a voxel; the result is in its unit.
    is_bounded : bool
        Whether what lies beyond the grid counts as outside. If not, and nothing in the grid is outside, all distances
        are at least a million voxels.
    """
    from axis_core.kernels.cpu import distance_field as cpu

    return cpu.distance_field(solid, spacing, is_bounded=is_bounded)


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
    values = scipy.ndimage.map_coordinates(
        np.asarray(field), where.T, output=np.float64, order=1, mode="constant", cval=0.0
    )
    return np.asarray(values, np.float64)
