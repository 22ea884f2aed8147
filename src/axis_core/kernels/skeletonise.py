"""Shortest ways through a solid, its extremities, and centre lines of its limbs.

A limb is followed from its tip: bands of equal inner distance from the tip cut it across, whatever its pose, and the
centres of the bands are its curve skeleton; a jump of the band's area tells where the limb joins the body.

References
----------
Verroust, A., Lazarus, F. "Extracting skeletal curves from 3D scattered data", The Visual Computer 16(1), 2000,
10.1007/PL00007210 (bands of geodesic distance).
Hilaga, M. et al. "Topology matching for fully automatic similarity estimation of 3D shapes", SIGGRAPH 2001.
"""

from __future__ import annotations

import numpy as np
import scipy
from numpy.typing import ArrayLike, NDArray


__all__ = ["band_profile", "geodesic_tips", "inner_distance", "trace_path"]

Int = NDArray[np.int64]


def inner_distance(
    solid: ArrayLike, seeds: ArrayLike, cost: ArrayLike | None = None
) -> tuple[NDArray[np.float32], NDArray[np.int32]]:
    """Return for each voxel the length of the shortest way from the seeds inside the solid, and where it came from.

    Parameters
    ----------
    solid : (X, Y, Z) bool
    seeds : (S, 3) int
        Voxels to start from; those outside the solid are ignored.
    cost : (X, Y, Z) float, optional
        Factor on the length of a step into a voxel (at least 0); 1 if absent. A high cost near the wall keeps ways
        in the middle.

    Returns
    -------
    distance : (X, Y, Z) float32, voxels
        Steps to the 26 neighbours have lengths 1, sqrt 2 and sqrt 3. Infinite where no way leads.
    came_from : (X, Y, Z) int32
        Flat index of the voxel before on the way; -1 at seeds and where no way leads.
    """
    from axis_core.kernels.cpu import skeletonise as cpu

    return cpu.inner_distance(solid, seeds, cost)


def trace_path(came_from: ArrayLike, end: ArrayLike) -> Int:
    """Return the voxels (N, 3) of the way from ``end`` back to its seed, ``end`` first."""
    parents = np.asarray(came_from)
    shape = parents.shape
    flat = parents.ravel()
    at = int(np.ravel_multi_index(tuple(int(k) for k in np.asarray(end)), shape))
    out = [at]
    while flat[at] >= 0:
        at = int(flat[at])
        out.append(at)
    return np.stack(np.unravel_index(out, shape), axis=1).astype(np.int64)


def geodesic_tips(
    solid: ArrayLike, seed: ArrayLike, *, count: int = 12, least: float = 8.0
) -> list[tuple[NDArray[np.int64], float]]:
    """Return the extremities of a solid: (voxel (3,), inner distance gained in voxels), most salient first.

    The farthest voxel from the seed is the first tip; each next one is the farthest from the seed and all ways to the
    tips so far.

    Parameters
    ----------
    solid : (X, Y, Z) bool
    seed : (3,) int
        A voxel of the solid, in the middle of the body.
    count : int
        At most so many tips.
    least : float, voxels
        A tip must stick out at least so far from the ways to the others.
    """
    body = np.asarray(solid, bool)
    from axis_core.kernels.cpu import skeletonise as cpu

    reach, came = inner_distance(body, np.asarray(seed).reshape(1, 3))
    tips: list[tuple[NDArray[np.int64], float]] = []
    while len(tips) < count:
        gained = np.where(np.isfinite(reach), reach, -1.0)
        at = int(np.argmax(gained))
        far = float(gained.ravel()[at])
        if far < least:
            break
        voxel = np.array(np.unravel_index(at, body.shape), np.int64)
        tips.append((voxel, far))
        cpu.shorten(body, trace_path(came, voxel), reach, came)
    return tips


def band_profile(
    distance: ArrayLike, start: ArrayLike, *, width: float = 2.0, limit: float = np.inf
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Return the bands of a distance field that lead away from a tip: distances, centres and areas.

    Parameters
    ----------
    distance : (X, Y, Z) float, voxels
        Inner distance from the tip.
    start : (3,) int
        The tip.
    width : float, voxels
        Thickness of a band.
    limit : float, voxels
        Where to stop.

    Returns
    -------
    reached : (K,) float64, voxels
        Middle distance of each band.
    centres : (K, 3) float64, voxels
        Mean of the band's voxels, of the connected piece that follows on from the band before.
    areas : (K,) float64, square voxels
        Voxels of that piece over the width.
    """
    field = np.asarray(distance, np.float64)
    usable = np.isfinite(field) & (field <= limit)
    index = np.argwhere(usable)
    if len(index) == 0:
        return np.zeros(0), np.zeros((0, 3)), np.zeros(0)
    band = (field[usable] / width).astype(np.int64)
    order = np.argsort(band, kind="stable")
    index, band = index[order], band[order]
    edges = np.searchsorted(band, np.arange(band[-1] + 2))
    last = np.asarray(start, np.float64).reshape(1, 3)
    centres, areas, reached = [], [], []
    for k in range(len(edges) - 1):
        piece = _piece_near(index[edges[k] : edges[k + 1]], last)
        if len(piece) == 0:
            break
        last = piece.astype(np.float64)
        centres.append(last.mean(axis=0))
        areas.append(len(piece) / width)
        reached.append((k + 0.5) * width)
    return np.array(reached), np.array(centres).reshape(-1, 3), np.array(areas)


def _piece_near(voxels: Int, last: NDArray[np.float64]) -> Int:
    """The connected piece of a set of voxels that touches (or comes nearest to) the last piece."""
    if len(voxels) == 0:
        return voxels
    low = voxels.min(axis=0)
    box = np.zeros(voxels.max(axis=0) - low + 1, bool)
    local = tuple((voxels - low).T)
    box[local] = True
    labels, n = scipy.ndimage.label(box, structure=np.ones((3, 3, 3), bool))
    if n == 1:
        return voxels
    label = labels[local]
    sample = last[:: max(1, len(last) // 32)]
    nearest = np.linalg.norm(voxels[:, None].astype(np.float64) - sample[None], axis=2).min(axis=1)
    return np.asarray(voxels[label == label[int(np.argmin(nearest))]])
