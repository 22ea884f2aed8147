"""Pairs of boxes that overlap, by a grid: what tests of triangles against each other begin with."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


__all__ = ["box_pairs"]

MAX_ENTRIES = 2_000_000
"""Cells that all boxes of one side may cover together; the grid gets coarser until they do."""

CHUNK = 200_000

Points = NDArray[np.float64]
Rows = NDArray[np.int64]


def box_pairs(low_a: Points, high_a: Points, low_b: Points, high_b: Points) -> tuple[Rows, Rows]:
    """Return (i, j): each pair of a box of ``a`` and a box of ``b`` that overlap or touch, once.

    Parameters
    ----------
    low_a, high_a : (A, D) float64
        Lowest and highest corners, finite; D is 1 to 3.
    low_b, high_b : (B, D) float64
    """
    nothing = np.zeros(0, np.int64)
    if not len(low_a) or not len(low_b):
        return nothing, nothing
    origin = np.minimum(low_a.min(axis=0), low_b.min(axis=0))
    span = float((np.maximum(high_a.max(axis=0), high_b.max(axis=0)) - origin).max())
    sizes = [np.median((high - low).max(axis=1)) for low, high in ((low_a, high_a), (low_b, high_b))]
    cell = max(1.5 * float(max(sizes)), span / 512, 1e-300)
    while max(_n_entries(low, high, origin, cell) for low, high in ((low_a, high_a), (low_b, high_b))) > MAX_ENTRIES:
        cell *= 1.5
    shape = np.floor((np.maximum(high_a.max(axis=0), high_b.max(axis=0)) - origin) / cell).astype(np.int64) + 1
    owner_a, key_a = _entries(low_a, high_a, origin, cell, shape)
    owner_b, key_b = _entries(low_b, high_b, origin, cell, shape)
    order = np.argsort(key_b, kind="stable")
    owner_b, key_b = owner_b[order], key_b[order]
    found = []
    for start in range(0, len(key_a), CHUNK):
        i, j = _joined(owner_a[start : start + CHUNK], key_a[start : start + CHUNK], owner_b, key_b)
        near = ((low_a[i] <= high_b[j]) & (low_b[j] <= high_a[i])).all(axis=1)
        found.append(np.unique(i[near] * len(low_b) + j[near]))
    pairs = np.unique(np.concatenate(found))
    return pairs // len(low_b), pairs % len(low_b)


def _n_entries(low: Points, high: Points, origin: Points, cell: float) -> float:
    counts = np.floor((high - origin) / cell) - np.floor((low - origin) / cell) + 1
    return float(counts.prod(axis=1).sum())


def _entries(low: Points, high: Points, origin: Points, cell: float, shape: Rows) -> tuple[Rows, Rows]:
    """Return (box, cell) for each cell that each box covers."""
    first = np.floor((low - origin) / cell).astype(np.int64)
    counts = np.floor((high - origin) / cell).astype(np.int64) - first + 1
    totals = counts.prod(axis=1)
    owner = np.repeat(np.arange(len(low)), totals)
    left = np.arange(len(owner)) - np.repeat(np.cumsum(totals) - totals, totals)
    key = np.zeros(len(owner), np.int64)
    for axis in range(low.shape[1]):
        key = key * shape[axis] + first[owner, axis] + left % counts[owner, axis]
        left //= counts[owner, axis]
    return owner, key


def _joined(owner_a: Rows, key_a: Rows, owner_b: Rows, key_b: Rows) -> tuple[Rows, Rows]:
    """Return the pairs of owners that share a cell; ``key_b`` is sorted."""
    start = np.searchsorted(key_b, key_a, "left")
    counts = np.searchsorted(key_b, key_a, "right") - start
    i = np.repeat(owner_a, counts)
    within = np.arange(len(i)) - np.repeat(np.cumsum(counts) - counts, counts)
    return i, owner_b[np.repeat(start, counts) + within]
