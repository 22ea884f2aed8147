"""Polygons to triangles."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from axis_core.errors import InputError
from axis_core.formats.limits import Limits


__all__ = ["checked_corner_counts", "triangulate"]

_EARS = 512
"""Polygons with more corners are cut as fans: cutting ears takes the square of their number in steps."""


def checked_corner_counts(counts: NDArray[np.int64], limits: Limits) -> NDArray[np.int64]:
    """Return ``counts`` if the triangles they make are within the limits.

    Raises
    ------
    LimitExceeded
    """
    limits.check("polygon_corners", int(counts.max(initial=0)))
    limits.check("triangles", int(np.maximum(counts - 2, 0).sum()))
    return counts


def triangulate(
    positions: NDArray[np.float64], corners: NDArray[np.int64], counts: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return triangles (F, 3) of places in ``corners``, and the polygon of each (F,), in order of the polygons.

    Convex polygons are cut as fans from their first corner, concave ones so that no triangle leaves the polygon as seen
    along its normal; those with fewer than three corners vanish.

    Parameters
    ----------
    positions : (V, 3) float64
    corners : (C,) int64
        Vertices of all polygons, one polygon after the other.
    counts : (P,) int64
        Corners of each polygon.

    References
    ----------
    .. Meisters, "Polygons have ears", American Mathematical Monthly 82, 1975, doi:10.2307/2319703.
    """
    if len(corners) != int(counts.sum()):
        raise InputError(f"{len(corners)} corners, the polygons want {int(counts.sum())}", code="parse_failed")
    offsets = np.cumsum(counts) - counts
    if len(counts) and (counts == 3).all():
        return np.arange(len(corners)).reshape(-1, 3), np.arange(len(counts))
    found, owners = [], []
    for n in np.unique(counts[counts >= 3]).tolist():
        which = np.flatnonzero(counts == n)
        places = offsets[which][:, None] + np.arange(n)
        local = _local_triangles(positions[corners[places]], n)
        found.append(np.take_along_axis(places, local.reshape(len(which), -1), axis=1).reshape(-1, 3))
        owners.append(np.repeat(which, n - 2))
    if not found:
        return np.zeros((0, 3), np.int64), np.zeros(0, np.int64)
    owner = np.concatenate(owners)
    order = np.argsort(owner, kind="stable")
    return np.concatenate(found)[order], owner[order]


def _local_triangles(points: NDArray[np.float64], n: int) -> NDArray[np.int64]:
    """Return (P, n - 2, 3) places 0..n-1 for (P, n, 3) points."""
    steps = np.arange(1, n - 1)
    fan = np.stack([np.zeros(n - 2, np.int64), steps, steps + 1], axis=1)
    out = np.broadcast_to(fan, (len(points), n - 2, 3)).copy()
    if n == 3:
        return out
    turns = _turns(points)
    scale = np.abs(turns).max(axis=1, keepdims=True)
    concave = np.flatnonzero((turns < -1e-9 * scale).any(axis=1))
    if n == 4:
        # A quad has at most one reflex corner, and the diagonal from it is inside.
        first = np.argmin(turns[concave], axis=1)
        out[concave] = (out[concave] + first[:, None, None]) % 4
    elif n <= _EARS:
        for i in concave.tolist():
            out[i] = _ears(points[i])
    return out


def _normals(points: NDArray[np.float64]) -> NDArray[np.float64]:
    """Newell's normals of (P, n, 3) polygons, not of unit length."""
    centred = points - points.mean(axis=1, keepdims=True)
    return np.asarray(np.cross(centred, np.roll(centred, -1, axis=1)).sum(axis=1))


def _turns(points: NDArray[np.float64]) -> NDArray[np.float64]:
    """How far each corner of (P, n, 3) polygons turns to the inside; negative at reflex corners."""
    ahead, behind = np.roll(points, -1, axis=1) - points, points - np.roll(points, 1, axis=1)
    return np.asarray(np.einsum("pnk,pk->pn", np.cross(behind, ahead), _normals(points)))


def _ears(points: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return (n - 2, 3) triangles of one polygon by cutting ears; a polygon that crosses itself ends as a fan."""
    normal = _normals(points[None])[0]
    axis = int(np.argmax(np.abs(normal)))
    flat = np.delete(points, axis, axis=1)
    # Dropping an axis mirrors the plane for y, and for a normal against the axis.
    if (normal[axis] < 0) != (axis == 1):
        flat = flat * np.array([-1.0, 1.0])
    ring = list(range(len(points)))
    out = []
    while len(ring) > 3:
        k = next((k for k in range(len(ring)) if _is_ear(flat, ring, k)), None)
        if k is None:
            break
        out.append((ring[k - 1], ring[k], ring[(k + 1) % len(ring)]))
        del ring[k]
    out += [(ring[0], ring[i], ring[i + 1]) for i in range(1, len(ring) - 1)]
    return np.array(out, np.int64)


def _is_ear(flat: NDArray[np.float64], ring: list[int], k: int) -> bool:
    a, b, c = (flat[ring[(k + d) % len(ring)]] for d in (-1, 0, 1))
    if _side(a, b, c) <= 0:
        return False
    others = flat[[i for j, i in enumerate(ring) if (j - k) % len(ring) not in (0, 1, len(ring) - 1)]]
    inside = (_side(a, b, others) >= 0) & (_side(b, c, others) >= 0) & (_side(c, a, others) >= 0)
    corner = (others == a).all(axis=1) | (others == b).all(axis=1) | (others == c).all(axis=1)
    return not bool((inside & ~corner).any())


def _side(a: NDArray[np.float64], b: NDArray[np.float64], p: NDArray[np.float64]) -> NDArray[np.float64]:
    """Twice the signed area of a, b, p: positive where p lies to the left of a to b."""
    u, v = b - a, p - a
    return np.asarray(u[..., 0] * v[..., 1] - u[..., 1] * v[..., 0])
