"""Cotangent Laplacian and vertex masses that survive any triangle mesh.

The tufted cover makes non-manifold, open and doubled meshes harmless and keeps the edge weights from being negative, so
the matrix is positive semi-definite and its solutions obey the maximum principle.

References
----------
Sharp, Crane, *A Laplacian for Nonmanifold Triangle Meshes*, SGP 2020, doi:10.1111/cgf.14069.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import scipy
from numpy.typing import ArrayLike, NDArray

from axis_core.kernels.triangles import face_array, position_array


__all__ = ["laplacian", "vertex_areas"]

# Edge lengths are lengthened by this share of their mean where triangles are degenerate; the paper's default is 1e-5.
MOLLIFY = 1e-5


def laplacian(positions: ArrayLike, faces: ArrayLike) -> tuple[scipy.sparse.csc_array[Any], NDArray[np.float64]]:
    """Return the positive semi-definite stiffness matrix (V, V) and the lumped mass of each vertex (V,), square metres.

    Parameters
    ----------
    positions : (V, 3) float, metres
    faces : (F, 3) int
        Weld first: copies of one point are strangers to each other. Faces with a repeated corner or without area in
        all corners are left out.

    Returns
    -------
    stiffness : (V, V) float64, sparse
        Rows sum to 0. A vertex of no face has an empty row.
    mass : (V,) float64
        Positive: a vertex without area gets the smallest mass that another has (1 if none has any).

    Raises
    ------
    InputError
        ``invalid_request`` for a wrong shape or an index out of range.

    Examples
    --------
    >>> matrix, mass = laplacian([[0, 0, 0], [1, 0, 0], [0, 1, 0]], [[0, 1, 2]])
    >>> bool(abs(matrix.sum()) < 1e-9), round(float(mass.sum()), 6)
    (True, 0.5)
    """
    points = position_array(positions)
    n = len(points)
    corners = face_array(faces, n).astype(np.int64)
    a, b, c = corners.T
    finite = np.asarray(np.isfinite(points).all(1))
    usable = (a != b) & (b != c) & (c != a) & finite[corners].all(1)
    corners = corners[usable]
    used, compact = np.unique(corners, return_inverse=True)
    if len(corners) == 0:
        return scipy.sparse.csc_array((n, n)), np.ones(n)
    import robust_laplacian

    # the cover is built in unit size: absolute thresholds inside must not see metres or millimetres
    size = max(float(np.ptp(points[used], axis=0).max()), 1e-300)
    local, area = robust_laplacian.mesh_laplacian(
        (points[used] - points[used].mean(0)) / size, compact.reshape(-1, 3), mollify_factor=MOLLIFY
    )
    local = local.tocoo()
    known = np.isfinite(local.data)
    place = (used[local.row[known]], used[local.col[known]])
    stiffness = scipy.sparse.csc_array((local.data[known], place), shape=(n, n))
    mass = np.zeros(n)
    mass[used] = area.diagonal() * size**2
    return stiffness, _positive(mass)


def vertex_areas(positions: ArrayLike, faces: ArrayLike) -> NDArray[np.float64]:
    """Return a third of the area of the faces around each vertex, (V,) float64: 0 for a vertex of no face."""
    from axis_core.kernels.normals import face_area_vectors

    points = position_array(positions)
    corners = face_array(faces, len(points))
    area = np.linalg.norm(face_area_vectors(points, corners), axis=1) / 2.0
    area[~np.isfinite(area)] = 0.0
    return np.bincount(corners.ravel(), np.repeat(area / 3.0, 3), minlength=len(points)).astype(np.float64)


def _positive(mass: NDArray[np.float64]) -> NDArray[np.float64]:
    good = np.isfinite(mass) & (mass > 0.0)
    return np.where(good, mass, mass[good].min() if good.any() else 1.0)
