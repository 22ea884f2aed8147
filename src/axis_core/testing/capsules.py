"""Capsules: the limbs of the tiny bodies."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray


__all__ = ["capsule"]


def capsule(
    start: ArrayLike, end: ArrayLike, radius: float, *, n_around: int = 12, n_along: int = 3, n_cap: int = 3
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Return the positions and faces of a closed capsule around the segment from ``start`` to ``end``.

    Parameters
    ----------
    start, end : (3,) float, metres
        May coincide: a sphere.
    radius : float, metres
    n_around, n_along, n_cap : int
        Vertices around, rings between the caps, rings of a cap.

    Returns
    -------
    positions : (V, 3) float64
    faces : (F, 3) int64, outward
    """
    a, b = np.asarray(start, np.float64), np.asarray(end, np.float64)
    axis = b - a
    length = float(np.linalg.norm(axis))
    z = axis / length if length > 0 else np.array([0.0, 1.0, 0.0])
    x = np.cross(z, np.eye(3)[int(np.argmin(np.abs(z)))])
    x /= np.linalg.norm(x)
    y = np.cross(z, x)
    tilt = np.linspace(0.0, np.pi / 2, n_cap + 1)[1:]
    along = np.linspace(0.0, length, n_along)
    heights = np.concatenate([-radius * np.cos(tilt), along[1:-1], length + radius * np.cos(tilt[::-1])])
    widths = np.concatenate([radius * np.sin(tilt), np.full(n_along - 2, radius), radius * np.sin(tilt[::-1])])
    turn = 2 * np.pi * np.arange(n_around) / n_around
    around = np.cos(turn)[:, None] * x + np.sin(turn)[:, None] * y
    rings = a + heights[:, None, None] * z + widths[:, None, None] * around
    positions = np.concatenate([rings.reshape(-1, 3), [a - radius * z, b + radius * z]])
    return positions, _ring_faces(len(heights), n_around)


def _ring_faces(n_rings: int, n_around: int) -> NDArray[np.int64]:
    k = np.arange(n_around)
    after = (k + 1) % n_around
    faces = []
    for ring in range(n_rings - 1):
        low, high = ring * n_around, (ring + 1) * n_around
        faces += [np.stack([low + k, low + after, high + after], axis=1)]
        faces += [np.stack([low + k, high + after, high + k], axis=1)]
    last = (n_rings - 1) * n_around
    pole = np.full(n_around, n_rings * n_around)
    faces += [np.stack([pole, after, k], axis=1), np.stack([pole + 1, last + k, last + after], axis=1)]
    return np.concatenate(faces).astype(np.int64)
