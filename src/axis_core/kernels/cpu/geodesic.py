"""Compiled shortest ways through voxels from many sources, the nearest few kept."""

from __future__ import annotations

from typing import Any

import numpy as np

from axis_core.kernels.cpu.jit import njit


__all__ = ["nearest_labels"]


@njit
def _push(keys: Any, items: Any, n: int, key: float, item: int) -> int:
    """Add to a binary heap of ``n`` entries; return the new number."""
    at = n
    while at > 0:
        up = (at - 1) // 2
        if keys[up] <= key:
            break
        keys[at], items[at] = keys[up], items[up]
        at = up
    keys[at], items[at] = key, item
    return n + 1


@njit
def _drop_first(keys: Any, items: Any, n: int) -> int:
    """Take the smallest entry off a heap of ``n`` entries; return the new number."""
    n -= 1
    key, item, at = keys[n], items[n], 0
    while 2 * at + 1 < n:
        down = 2 * at + 1
        if down + 1 < n and keys[down + 1] < keys[down]:
            down += 1
        if keys[down] >= key:
            break
        keys[at], items[at] = keys[down], items[down]
        at = down
    keys[at], items[at] = key, item
    return n


@njit
def nearest_labels(around: Any, steps: Any, cells: Any, labels: Any, lengths: Any, found: Any, distances: Any) -> None:
    """Fill for each cell the nearest different labels and how far they are, by one Dijkstra for all.

    around : (C, 26) int64, neighbouring cells, -1 for none. steps : (26,) their distances.
    cells, labels, lengths : (S,) sources: where, which label, at what distance they start.
    found : (C, K) int64, -1 on entry. distances : (C, K), infinite on entry. Nearest first.
    """
    n_kept = found.shape[1]
    room = max(len(cells) * 2, 1024)
    keys, items = np.empty(room), np.empty((room, 2), np.int64)
    slots = np.empty(room, np.int64)  # the heap moves row numbers of items, not the rows
    free = np.arange(room)
    n, n_free = 0, room
    for s in range(len(cells)):
        n_free -= 1
        row = free[n_free]
        items[row, 0], items[row, 1] = cells[s], labels[s]
        n = _push(keys, slots, n, lengths[s], row)
    while n > 0:
        length, row = keys[0], slots[0]
        cell, label = items[row, 0], items[row, 1]
        n = _drop_first(keys, slots, n)
        free[n_free] = row
        n_free += 1
        at = 0
        while at < n_kept and found[cell, at] >= 0 and found[cell, at] != label:
            at += 1
        if at == n_kept or found[cell, at] == label:
            continue  # enough nearer labels, or this one came on a shorter way
        found[cell, at], distances[cell, at] = label, length
        for k in range(around.shape[1]):
            other = around[cell, k]
            if other < 0 or found[other, n_kept - 1] >= 0:
                continue
            known = False
            for m in range(n_kept):
                known |= found[other, m] == label
            if known:
                continue
            if n_free == 0:
                wider_keys, wider_slots = np.empty(2 * room), np.empty(2 * room, np.int64)
                wider_items, free = np.empty((2 * room, 2), np.int64), np.empty(2 * room, np.int64)
                wider_keys[:n], wider_slots[:n], wider_items[:room] = keys[:n], slots[:n], items
                free[:room] = np.arange(room, 2 * room)
                keys, slots, items = wider_keys, wider_slots, wider_items
                n_free = room
                room *= 2
            n_free -= 1
            row = free[n_free]
            items[row, 0], items[row, 1] = other, label
            n = _push(keys, slots, n, length + steps[k], row)
