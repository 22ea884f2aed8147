"""An order of faces in which neighbours on the surface are neighbours in memory, and whether a mesh needs it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from axis_core.kernels.cpu.jit import njit


@njit
def is_scattered(faces: NDArray[np.uint32]) -> bool:
    """Return whether faces that follow each other are mostly far apart in vertex numbers."""
    step = faces.shape[0] // 4096 + 1
    far = 0
    count = 0
    for f in range(1, faces.shape[0], step):
        a = np.int64(faces[f, 0])
        b = np.int64(faces[f - 1, 0])
        far += abs(a - b) > 64
        count += 1
    return 8 * far > count


@njit
def is_torn(faces: NDArray[np.uint32], point_of: NDArray[np.uint32], n_vertices: int) -> bool:
    """Return whether the first half of the faces already touches most points that faces touch at all.

    So it is where neighbours lie far apart in the list: the upper triangles of a grid listed after all the lower ones,
    say. Vertex numbers then follow each other, and yet no stretch of the list is a patch of the surface.
    """
    seen = np.zeros(n_vertices, dtype=np.uint8)
    used = 0
    early = 0
    for f in range(faces.shape[0]):
        if f == faces.shape[0] // 2:
            early = used
        for k in range(3):
            p = faces[f, k] if point_of.shape[0] == 0 else point_of[faces[f, k]]
            used += 1 - np.int64(seen[p])
            seen[p] = 1
    return 4 * early > 3 * used


@njit(allocates=False)
def spread_bits(x: int) -> int:
    """Return the ten low bits of ``x`` with two zeros after each."""
    x &= 0x3FF
    x = (x | (x << 16)) & 0x30000FF
    x = (x | (x << 8)) & 0x300F00F
    x = (x | (x << 4)) & 0x30C30C3
    return (x | (x << 2)) & 0x9249249


@njit
def morton_order(
    positions: NDArray[np.float64], faces: NDArray[np.uint32], low: NDArray[np.float64], inverse: float
) -> NDArray[np.uint32]:
    """Return the faces sorted along a Morton curve through their first corners: neighbours in space and in memory.

    A radix sort of 30-bit codes in two passes. Corners that are not finite come first.
    """
    n = faces.shape[0]
    codes = np.empty(n, dtype=np.uint32)
    counts = np.zeros((2, 32768), dtype=np.uint32)
    for f in range(n):
        v = faces[f, 0]
        code = 0
        for k in range(3):
            x = (positions[v, k] - low[k]) * inverse
            cell = int(min(x, 1023.0)) if x > 0.0 else 0
            code |= spread_bits(cell) << k
        codes[f] = code
        counts[0, code & 32767] += 1
        counts[1, code >> 15] += 1
    for digit in range(2):
        total = 0
        for i in range(32768):
            size = counts[digit, i]
            counts[digit, i] = total
            total += size
    half = np.empty(n, dtype=np.uint32)
    order = np.empty(n, dtype=np.uint32)
    for f in range(n):
        digit_low = codes[f] & np.uint32(32767)
        half[counts[0, digit_low]] = f
        counts[0, digit_low] += 1
    for i in range(n):
        digit_high = codes[half[i]] >> np.uint32(15)
        order[counts[1, digit_high]] = half[i]
        counts[1, digit_high] += 1
    return order
