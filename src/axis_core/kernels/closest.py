"""Closest points on a mesh: distance, face and barycentric coordinates."""

from __future__ import annotations

import attrs
import numpy as np
from numpy.typing import ArrayLike, NDArray

from axis_core.errors import InputError
from axis_core.kernels.bvh import Bvh


__all__ = ["ClosestPoints", "closest_points", "query_array"]


@attrs.frozen(eq=False)
class ClosestPoints:
    """The nearest place on a mesh for each query.

    Attributes
    ----------
    distances : (Q,) float64
        Infinite where nothing is in reach.
    faces : (Q,) int64
        Row of the face, -1 where nothing is in reach.
    barycentric : (Q, 3) float64
        Not negative (but for rounding), sum 1.
    points : (Q, 3) float64
        The place itself; the query where nothing is in reach.
    """

    distances: NDArray[np.float64]
    faces: NDArray[np.int64]
    barycentric: NDArray[np.float64]
    points: NDArray[np.float64]


def query_array(values: ArrayLike, name: str) -> NDArray[np.float64]:
    """Return (Q, 3) float64 of values that kernels can take; InputError ``invalid_request`` for another shape."""
    from axis_core.kernels.cpu.jit import as_kernel_array

    out = as_kernel_array(values, np.float64)
    out = out.reshape(0, 3) if out.size == 0 else out
    if out.ndim != 2 or out.shape[1] != 3:
        raise InputError(f"{name} has shape {out.shape}, expected (n, 3)", pointer=f"/{name}")
    return out


def closest_points(bvh: Bvh, queries: ArrayLike, *, reach: float = np.inf) -> ClosestPoints:
    """Return the point of the mesh nearest to each query.

    Parameters
    ----------
    bvh : Bvh
    queries : (Q, 3) float
        One with NaN finds nothing.
    reach : float, metres
        Look no farther than this.

    Returns
    -------
    ClosestPoints
        Where several faces are equally near, which one is found is the same in every run.

    Examples
    --------
    >>> from axis_core.kernels.bvh import build_bvh
    >>> tree = build_bvh([[0, 0, 0], [1, 0, 0], [0, 1, 0]], [[0, 1, 2]])
    >>> closest_points(tree, [[0.2, 0.2, 3.0]]).distances.tolist()
    [3.0]
    """
    from axis_core.kernels.cpu.closest import closest_on_triangles
    from axis_core.kernels.cpu.ranges import run_ranges

    points = query_array(queries, "queries")
    n = len(points)
    nearest = np.full(n, float(reach) ** 2)
    triangle, weights = np.full(n, -1, np.int64), np.tile([1.0, 0.0, 0.0], (n, 1))
    if bvh.n_triangles and n:
        args = (bvh.corners, bvh.boxes, bvh.links, points, nearest, triangle, weights)
        run_ranges(lambda a, b: closest_on_triangles(*args, a, b), n)
    hit = triangle >= 0
    at = points.copy()
    corners = bvh.corners[triangle[hit]].reshape(-1, 3, 3)
    at[hit] = np.einsum("qk,qkx->qx", weights[hit], corners)
    faces = np.full(n, -1, np.int64)
    faces[hit] = bvh.faces[triangle[hit]]
    return ClosestPoints(np.where(hit, np.sqrt(nearest), np.inf), faces, weights, at)
