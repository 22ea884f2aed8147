"""Points on a surface, spread evenly by area.

Positions along the accumulated area are stratified (one jittered point per equal share), so that a few thousand points
cover a mesh without the clumps of independent draws.

References
----------
Turk, G. "Generating random points in triangles", Graphics Gems, 1990.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray


__all__ = ["sample_surface"]


def sample_surface(
    positions: ArrayLike, faces: ArrayLike, count: int, seed: int = 0
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.int64]]:
    """Return points on the surface, their face normals and the faces they lie on.

    Parameters
    ----------
    positions : (V, 3) float, any unit
        Vertices; faces with a vertex that is not finite get no points.
    faces : (F, 3) int
        Triangles.
    count : int
        How many points.
    seed : int
        The same seed, positions and faces give the same points.

    Returns
    -------
    points : (count, 3) float64, the unit of ``positions``
    normals : (count, 3) float64, unit length
    face_index : (count,) int64
        Empty arrays if the mesh has no area.

    Examples
    --------
    >>> points, normals, face = sample_surface([[0, 0, 0], [1, 0, 0], [0, 1, 0]], [[0, 1, 2]], 8)
    >>> points.shape, normals[0].tolist()
    ((8, 3), [0.0, 0.0, 1.0])
    """
    v = np.asarray(positions, np.float64).reshape(-1, 3)
    f = np.asarray(faces, np.int64).reshape(-1, 3)
    a, b, c = v[f[:, 0]], v[f[:, 1]], v[f[:, 2]]
    cross = np.cross(b - a, c - a)
    doubled = np.linalg.norm(cross, axis=1)
    doubled[~np.isfinite(doubled)] = 0.0
    total = doubled.sum()
    if count <= 0 or total <= 0.0:
        return np.zeros((0, 3)), np.zeros((0, 3)), np.zeros(0, np.int64)
    rng = np.random.default_rng(seed)
    along = (np.arange(count) + rng.random(count)) / count * total
    index = np.minimum(np.searchsorted(np.cumsum(doubled), along), len(f) - 1)
    index = np.where(doubled[index] > 0.0, index, int(np.argmax(doubled)))
    r, s = np.sqrt(rng.random(count))[:, None], rng.random(count)[:, None]
    points = (1.0 - r) * a[index] + r * (1.0 - s) * b[index] + r * s * c[index]
    return points, cross[index] / doubled[index, None], index
