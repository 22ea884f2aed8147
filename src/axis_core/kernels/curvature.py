"""Gaussian and mean curvature of vertices: masks for wear, creases and what must survive decimation.

References
----------
Meyer, Desbrun, Schröder, Barr, *Discrete Differential-Geometry Operators for Triangulated 2-Manifolds*, 2003,
doi:10.1007/978-3-662-05105-4_2.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from axis_core.kernels.boundary import boundary_edges
from axis_core.kernels.laplacian import laplacian, vertex_areas
from axis_core.kernels.normals import vertex_normals
from axis_core.kernels.triangles import face_array, position_array


__all__ = ["gaussian_curvature", "mean_curvature"]


def gaussian_curvature(positions: ArrayLike, faces: ArrayLike) -> NDArray[np.float64]:
    """Return the Gaussian curvature of each vertex, (V,) float64, per square metre.

    The angle that is missing around the vertex (to half a turn on a boundary) over its share of the area: 1 / r^2 on a
    ball of radius r, 0 on what can be unrolled, negative on a saddle. 0 for a vertex without area.

    Parameters
    ----------
    positions : (V, 3) float, metres
    faces : (F, 3) int
        Weld first: a seam counts as a boundary.

    Raises
    ------
    InputError
        ``invalid_request`` for a wrong shape or an index out of range.

    Examples
    --------
    >>> flat = [[0, 0, 0], [2, 0, 0], [2, 2, 0], [0, 2, 0], [1, 1, 0]]
    >>> abs(gaussian_curvature(flat, [[0, 1, 4], [1, 2, 4], [2, 3, 4], [3, 0, 4]])[4]) < 1e-12
    np.True_
    """
    from axis_core.kernels.cpu.curvature import angle_sums

    points = position_array(positions)
    corners = face_array(faces, len(points))
    around = np.zeros(len(points))
    angle_sums(points, corners, around)
    full = np.full(len(points), 2.0 * np.pi)
    full[boundary_edges(corners, len(points)).ravel()] = np.pi
    return _per_area(full - around, vertex_areas(points, corners))


def mean_curvature(positions: ArrayLike, faces: ArrayLike) -> NDArray[np.float64]:
    """Return the mean curvature of each vertex, (V,) float64, per metre: 1 / r on a ball wound outwards, less than 0 in
    hollows.

    Parameters
    ----------
    positions : (V, 3) float, metres
    faces : (F, 3) int
        Counter-clockwise seen from outside; weld first. On boundaries the value means nothing.

    Raises
    ------
    InputError
        ``invalid_request`` for a wrong shape or an index out of range.
    """
    points = position_array(positions)
    corners = face_array(faces, len(points))
    known = np.where(np.isfinite(points), points, 0.0)
    stiffness, _ = laplacian(points, corners)
    outwards = ((stiffness @ known) * vertex_normals(points, corners, weighting="area")).sum(1)
    return _per_area(outwards / 2.0, vertex_areas(points, corners))


def _per_area(values: NDArray[np.float64], areas: NDArray[np.float64]) -> NDArray[np.float64]:
    some = (areas > 0.0) & np.isfinite(values)
    return np.where(some, values, 0.0) / np.where(some, areas, 1.0)
