"""Welding by hashing: open addressing for exact copies, a hash grid of representatives for near ones."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from axis_core.kernels.cpu.jit import njit


@njit
def mix_hash(state: np.uint64, word: np.uint64) -> np.uint64:
    """Fold ``word`` into a 64-bit hash (multiply and xor-shift, in the manner of splitmix64)."""
    z = (state ^ word) * np.uint64(0x9E3779B97F4A7C15)
    return z ^ (z >> np.uint64(29))


@njit
def same_words(words: NDArray[np.uint64], a: int, b: int) -> bool:
    """Return whether two rows are equal."""
    for k in range(words.shape[1]):  # noqa: SIM110 - compiled code has no generators
        if words[a, k] != words[b, k]:
            return False
    return True


@njit
def weld_exact(words: NDArray[np.uint64], lonely: NDArray[np.bool_]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return (first vertex of each group, group of each vertex) of equal rows; ``lonely`` rows equal nothing."""
    n = words.shape[0]
    size = 16
    while size < 2 * n:
        size *= 2
    mask = np.uint64(size - 1)
    slots = np.full(size, -1, dtype=np.int64)
    firsts = np.empty(n, dtype=np.int64)
    remap = np.empty(n, dtype=np.int64)
    count = 0
    for v in range(n):
        found = -1
        if not lonely[v]:
            state = np.uint64(0x243F6A8885A308D3)
            for k in range(words.shape[1]):
                state = mix_hash(state, words[v, k])
            at = (state ^ (state >> np.uint64(32))) & mask
            while slots[at] >= 0:
                if same_words(words, firsts[slots[at]], v):
                    found = slots[at]
                    break
                at = (at + np.uint64(1)) & mask
            if found < 0:
                slots[at] = count
        if found < 0:
            found = count
            firsts[count] = v
            count += 1
        remap[v] = found
    return firsts[:count].copy(), remap


@njit
def cell_hash(x: int, y: int, z: int) -> np.uint64:
    """Return a hash of integer cell coordinates."""
    state = mix_hash(np.uint64(0x13198A2E03707344), np.uint64(x))
    state = mix_hash(state, np.uint64(y))
    state = mix_hash(state, np.uint64(z))
    return state ^ (state >> np.uint64(32))


@njit
def weld_within(
    positions: NDArray[np.float64], words: NDArray[np.uint64], lonely: NDArray[np.bool_], tolerance: float
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return (first vertex of each group, group of each vertex): each vertex joins the earliest first within reach.

    Cells are a little wider than two tolerances, so that eight of them cover the reach of a vertex. Cells that share a
    slot share its chain, which costs a few distance tests and changes nothing.
    """
    n = positions.shape[0]
    size = 16
    while size < 2 * n:
        size *= 2
    mask = np.uint64(size - 1)
    heads = np.full(size, -1, dtype=np.int64)
    following = np.full(n, -1, dtype=np.int64)
    firsts = np.empty(n, dtype=np.int64)
    remap = np.empty(n, dtype=np.int64)
    count = 0
    inverse = 0.49 / tolerance
    reach = 1.01 * tolerance
    for v in range(n):
        best = -1
        if not lonely[v]:
            x = math.floor((positions[v, 0] - reach) * inverse)
            y = math.floor((positions[v, 1] - reach) * inverse)
            z = math.floor((positions[v, 2] - reach) * inverse)
            for corner in range(8):
                at = heads[cell_hash(x + (corner & 1), y + ((corner >> 1) & 1), z + (corner >> 2)) & mask]
                while at >= 0:
                    w = firsts[at]
                    dx = positions[v, 0] - positions[w, 0]
                    dy = positions[v, 1] - positions[w, 1]
                    dz = positions[v, 2] - positions[w, 2]
                    near = dx * dx + dy * dy + dz * dz <= tolerance * tolerance
                    if near and (best < 0 or at < best) and same_words(words, w, v):
                        best = at
                    at = following[at]
        if best < 0:
            best = count
            firsts[count] = v
            if not lonely[v]:
                home = cell_hash(
                    math.floor(positions[v, 0] * inverse),
                    math.floor(positions[v, 1] * inverse),
                    math.floor(positions[v, 2] * inverse),
                )
                following[count] = heads[home & mask]
                heads[home & mask] = count
            count += 1
        remap[v] = best
    return firsts[:count].copy(), remap
