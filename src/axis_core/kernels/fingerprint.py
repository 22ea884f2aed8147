"""A short vector that tells a shape again: after turning, scaling, re-ordering, splitting, welding and simplifying.

The area of the surface is spread over overlapping shells around its centroid, and each shell over spherical harmonics;
how much of a shell's area lies in each degree does not change when the shape turns. Everything is an integral over the
surface: how it is cut into triangles hardly matters, and corners, seams or the order of things not at all. A mirror
image has the same fingerprint; another pose has another.

References
----------
Kazhdan, Funkhouser, Rusinkiewicz, *Rotation Invariant Spherical Harmonic Representation of 3D Shape Descriptors*, 2003,
doi:10.2312/SGP/SGP03/156-165.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from axis_core.kernels.triangles import face_array, position_array


__all__ = ["FINGERPRINT_SIZE", "SAME_SHAPE_DISTANCE", "distance", "fingerprint"]

SHELLS = 18
DEGREE = 8
RADIUS = 2.6
"""Radius of the last shell, in root mean square distances from the centroid; what lies beyond counts there."""
SPACING = 0.08
"""Triangles longer than this, in the same unit, are cut: a third of the wavelength of the last degree at the centre."""

FINGERPRINT_SIZE = SHELLS * (DEGREE + 1)
SAME_SHAPE_DISTANCE = 0.038
"""Shapes nearer than this are copies: see ``benchmarks/results/fingerprint.md`` for what lies on either side."""


def fingerprint(positions: ArrayLike, faces: ArrayLike) -> NDArray[np.float32]:
    """Return the fingerprint of a shape, (162,) float32 of unit length; zeros for a mesh without area.

    Parameters
    ----------
    positions : (V, 3) float, any unit, any axes
        All meshes of an avatar together, at rest. Faces with a corner that is not finite do not count.
    faces : (F, 3) int

    Raises
    ------
    InputError
        ``invalid_request`` for a wrong shape or an index out of range.

    Examples
    --------
    >>> tetrahedron = [[0, 0, 0], [1, 0, 0], [0, 1, 0], [0, 0, 1]]
    >>> faces = [[0, 2, 1], [0, 1, 3], [1, 2, 3], [2, 0, 3]]
    >>> fingerprint(tetrahedron, faces).shape
    (162,)
    """
    from axis_core.kernels.cpu.fingerprint import shell_moments

    points = position_array(positions)
    corners = face_array(faces, len(points))
    finite = np.asarray(np.isfinite(points).all(axis=1))
    corners = corners[finite[corners].all(axis=1)]
    unit = _unit_size(points, corners)
    if unit is None:
        return np.zeros(FINGERPRINT_SIZE, np.float32)
    moments = np.zeros((SHELLS, DEGREE + 1, DEGREE + 1, 2))
    raised, lowered = _recurrence()
    room = np.zeros((DEGREE + 1, DEGREE + 1)), np.zeros((DEGREE + 1, 2))
    shell_moments(unit, corners, RADIUS / (SHELLS - 1), SPACING, raised, lowered, *room, moments)
    power = (moments**2).sum(axis=3)
    power[:, :, 1:] *= 2.0  # a negative order has the power of its positive one
    # The fourth root of the power: large shells would drown what tells two characters on one body apart.
    values = power.sum(axis=2).ravel() ** 0.25
    return np.asarray(values / np.linalg.norm(values), np.float32)


def distance(first: ArrayLike, second: ArrayLike) -> NDArray[np.float32]:
    """Return the distances between fingerprints, 0 to 2; infinite where one belongs to a mesh without area.

    Parameters
    ----------
    first, second : (..., 162) float
        One or many: leading axes are broadcast, so one shape is looked up in an (N, 162) table in one call.

    Returns
    -------
    (...) float32
        Below ``SAME_SHAPE_DISTANCE``: the same shape, altered.

    Examples
    --------
    >>> float(distance(np.eye(3)[0], np.eye(3)[1])).__round__(3)
    1.414
    """
    a, b = np.asarray(first, np.float32), np.asarray(second, np.float32)
    gap = a - b
    out = np.sqrt(np.einsum("...i,...i->...", gap, gap))
    return np.where(a.any(axis=-1) & b.any(axis=-1), out, np.float32(np.inf))


def _unit_size(points: NDArray[np.float64], corners: NDArray[np.uint32]) -> NDArray[np.float64] | None:
    """Return the points about the area's centroid, their root mean square distance from it 1; None without area."""
    if not len(corners):
        return None
    extent = np.abs(points[corners]).max()
    if not extent > 0.0:
        return None
    triangles = points[corners] / extent
    areas = np.linalg.norm(np.cross(triangles[:, 1] - triangles[:, 0], triangles[:, 2] - triangles[:, 0]), axis=1)
    total = areas.sum()
    if not total > 0.0:
        return None
    centre = (triangles.mean(axis=1) * areas[:, None]).sum(axis=0) / total
    arms = triangles - centre
    squares = ((arms**2).sum(axis=(1, 2)) + (arms.sum(axis=1) ** 2).sum(axis=1)) / 12.0  # exact over a triangle
    radius = np.sqrt((areas * squares).sum() / total)
    return np.asarray((points / extent - centre) / radius)


def _recurrence() -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the factors that lead from degrees n - 1 and n - 2 to degree n of order m."""
    n, m = np.meshgrid(np.arange(DEGREE + 1.0), np.arange(DEGREE + 1.0), indexing="ij")
    used = n >= m + 2
    before = np.where(used, (n - 1) ** 2, 4.0)
    raised = np.sqrt(np.where(used, (4 * n * n - 1) / np.where(used, n * n - m * m, 1.0), 0.0))
    lowered = np.sqrt(np.where(used, (before - m * m) / (4 * before - 1), 0.0))
    return raised, lowered
