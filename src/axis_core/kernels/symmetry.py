"""Mirror planes of a point cloud, by reflecting it and looking how far it lands from itself.

Directions of a hemisphere are tried through the centroid, the best are refined by trimmed iterative closest points: the
plane that maps each point best to its partner is the one normal to the smallest spread of the pairs' difference.

References
----------
Podolak, J. et al. "A planar-reflective symmetry transform for 3D shapes", ACM TOG 25(3), 2006, 10.1145/1141911.1141923.
Ecins, A., Fermueller, C., Aloimonos, Y. "Detecting reflectional symmetries in 3D data", ICCV 2017 workshops.
"""

from __future__ import annotations

import numpy as np
import scipy
from numpy.typing import ArrayLike, NDArray


__all__ = ["mirror_planes", "mirror_residual"]

_QUERIES = 800
_CLIP = 0.1  # of the cloud's radius: a prop on one side must not outvote the body


def mirror_residual(points: ArrayLike, normal: ArrayLike, offset: float) -> float:
    """Return the mean distance of the reflected points to the cloud, each clipped, in units of the cloud's RMS radius.

    Parameters
    ----------
    points : (N, 3) float
    normal : (3,) float, unit length
    offset : float
        The plane is ``normal . x = offset``.
    """
    p = np.asarray(points, np.float64)
    return _cost(
        scipy.spatial.cKDTree(p), p[:: max(1, len(p) // _QUERIES)], np.asarray(normal, np.float64), offset, _radius(p)
    )


def mirror_planes(
    points: ArrayLike, directions: ArrayLike | None = None, *, keep: int = 6
) -> list[tuple[NDArray[np.float64], float, float]]:
    """Return distinct mirror planes, best first: (unit normal (3,), offset, residual as in ``mirror_residual``).

    Parameters
    ----------
    points : (N, 3) float
        Spread evenly over the surface; 4,000 are enough. All are targets, some hundreds are reflected.
    directions : (D, 3) float, optional
        Normals to try besides the built-in ones (for instance the axes of the file).
    keep : int
        At most so many planes, more than 20 degrees apart.
    """
    p = np.asarray(points, np.float64)
    if len(p) < 4:
        return []
    radius, centre = _radius(p), p.mean(axis=0)
    if radius <= 0.0:
        return []
    tried = _hemisphere(96)
    if directions is not None:
        tried = np.concatenate([np.asarray(directions, np.float64).reshape(-1, 3), tried])
    few, some = p[:: max(1, len(p) // 200)], p[:: max(1, len(p) // _QUERIES)]
    tree = scipy.spatial.cKDTree(p)
    ranked = sorted((_cost(tree, few, n, float(n @ centre), radius), k) for k, n in enumerate(tried))
    chosen: list[tuple[NDArray[np.float64], float, float]] = []
    starts: list[NDArray[np.float64]] = []
    for _, k in ranked:
        if any(abs(float(tried[k] @ s)) > 0.94 for s in starts):
            continue
        starts.append(tried[k])
        normal, offset = _polish(tree, p, some, tried[k], float(tried[k] @ centre), radius)
        if all(abs(float(normal @ other)) < 0.94 for other, _, _ in chosen):
            chosen.append((normal, offset, _cost(tree, some, normal, offset, radius)))
        if len(starts) >= keep:
            break
    return sorted(chosen, key=lambda plane: plane[2])


def _radius(p: NDArray[np.float64]) -> float:
    return float(np.sqrt(((p - p.mean(axis=0)) ** 2).sum(axis=1).mean())) if len(p) else 0.0


def _reflect(p: NDArray[np.float64], normal: NDArray[np.float64], offset: float) -> NDArray[np.float64]:
    return p - 2.0 * (p @ normal - offset)[:, None] * normal


def _cost(
    tree: scipy.spatial.cKDTree, p: NDArray[np.float64], normal: NDArray[np.float64], offset: float, radius: float
) -> float:
    distance = tree.query(_reflect(p, normal, offset))[0] / radius
    return float(np.minimum(distance, _CLIP).mean())


def _polish(
    tree: scipy.spatial.cKDTree,
    p: NDArray[np.float64],
    some: NDArray[np.float64],
    normal: NDArray[np.float64],
    offset: float,
    radius: float,
) -> tuple[NDArray[np.float64], float]:
    """Refine one plane by trimmed iterative closest points; a step that does not help ends it."""
    best = _cost(tree, some, normal, offset, radius)
    for _ in range(8):
        distance, partner = (np.asarray(a) for a in tree.query(_reflect(some, normal, offset)))
        near = distance <= max(np.quantile(distance, 0.8), 1e-12)
        a, b = some[near], p[partner[near]]
        middle = (a + b) / 2.0
        about = middle.mean(axis=0)
        spread = (middle - about).T @ (middle - about) - 0.25 * (a - b).T @ (a - b)
        _, vectors = np.linalg.eigh(spread)
        candidate = vectors[:, 0] if vectors[:, 0] @ normal >= 0.0 else -vectors[:, 0]
        shifted = float(candidate @ about)
        cost = _cost(tree, some, candidate, shifted, radius)
        if cost >= best * (1.0 - 1e-3):
            break
        normal, offset, best = candidate, shifted, cost
    return normal, offset


def _hemisphere(count: int) -> NDArray[np.float64]:
    """Directions spread evenly over half a sphere (Fibonacci spiral)."""
    k = np.arange(count) + 0.5
    height = k / count
    turn = np.pi * (1.0 + 5.0**0.5) * k
    ring = np.sqrt(1.0 - height**2)
    return np.stack([np.cos(turn) * ring, height, np.sin(turn) * ring], axis=1)
