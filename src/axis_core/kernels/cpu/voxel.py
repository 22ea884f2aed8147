"""Compiled twins of ``kernels.voxel``: one pass over the faces, no temporary samples."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from axis_core.kernels.cpu.jit import as_kernel_array, njit


__all__ = ["parity_voxels", "surface_voxels"]


def surface_voxels(
    positions: ArrayLike, faces: ArrayLike, origin: ArrayLike, spacing: float, shape: tuple[int, int, int]
) -> NDArray[np.bool_]:
    """Return the voxels the surface passes through, as ``kernels.voxel.surface_voxels``."""
    grid = np.zeros(shape, np.bool_)
    _mark(*_arrays(positions, faces, origin, spacing), grid)
    return grid


def parity_voxels(
    positions: ArrayLike, faces: ArrayLike, origin: ArrayLike, spacing: float, shape: tuple[int, int, int]
) -> NDArray[np.bool_]:
    """Return the voxels inside by parity along two axes or more, as ``kernels.voxel.parity_voxels``."""
    v, f = _arrays(positions, faces, origin, spacing)
    votes = np.zeros(shape, np.uint8)
    for axis in range(3):
        flips = np.zeros(shape, np.uint8)
        _crossings(v, f, axis, flips)
        behind = np.cumsum(flips, axis=axis, dtype=np.uint8) & 1
        through = np.take(behind, [-1], axis=axis)
        votes += behind & (1 - through)
    return votes >= 2


def _arrays(
    positions: ArrayLike, faces: ArrayLike, origin: ArrayLike, spacing: float
) -> tuple[NDArray[Any], NDArray[Any]]:
    """Positions in units of voxels with (0, 0, 0) at the first centre, and int64 faces."""
    v = (np.asarray(positions, np.float64).reshape(-1, 3) - np.asarray(origin, np.float64)) / spacing
    return as_kernel_array(v, np.float64), as_kernel_array(np.asarray(faces).reshape(-1, 3), np.int64)


@njit
def _mark(v: Any, f: Any, grid: Any) -> None:
    nx, ny, nz = grid.shape
    for t in range(f.shape[0]):
        a, b, c = v[f[t, 0]], v[f[t, 1]], v[f[t, 2]]
        e1, e2 = b - a, c - a
        e3 = e2 - e1
        longest = np.sqrt(max((e1 * e1).sum(), (e2 * e2).sum(), (e3 * e3).sum()))
        if not np.isfinite(longest):
            continue
        steps = max(1, min(int(np.ceil(longest / 0.45)), 4096))
        for i in range(steps + 1):
            for j in range(steps + 1 - i):
                s, r = i / steps, j / steps
                x = int(np.floor(a[0] + s * e1[0] + r * e2[0] + 0.5))
                y = int(np.floor(a[1] + s * e1[1] + r * e2[1] + 0.5))
                z = int(np.floor(a[2] + s * e1[2] + r * e2[2] + 0.5))
                if 0 <= x < nx and 0 <= y < ny and 0 <= z < nz:
                    grid[x, y, z] = True


@njit
def _crossings(v: Any, f: Any, axis: int, flips: Any) -> None:
    """Toggle, for each column along ``axis``, the first voxel centre behind each crossed face."""
    p, q = (axis + 1) % 3, (axis + 2) % 3
    shift = 1e-4  # off the voxel centres, where edges of made meshes like to lie
    for t in range(f.shape[0]):
        a, b, c = v[f[t, 0]], v[f[t, 1]], v[f[t, 2]]
        area = (b[p] - a[p]) * (c[q] - a[q]) - (b[q] - a[q]) * (c[p] - a[p])
        if area == 0.0 or not np.isfinite(area):
            continue
        low_p, high_p = min(a[p], b[p], c[p]), max(a[p], b[p], c[p])
        low_q, high_q = min(a[q], b[q], c[q]), max(a[q], b[q], c[q])
        for i in range(max(0, int(np.ceil(low_p - shift))), min(flips.shape[p] - 1, int(np.floor(high_p - shift))) + 1):
            for j in range(
                max(0, int(np.ceil(low_q - shift))), min(flips.shape[q] - 1, int(np.floor(high_q - shift))) + 1
            ):
                x, y = i + shift, j + shift
                u = ((b[p] - x) * (c[q] - y) - (b[q] - y) * (c[p] - x)) / area
                w = ((c[p] - x) * (a[q] - y) - (c[q] - y) * (a[p] - x)) / area
                if u < 0.0 or w < 0.0 or u + w > 1.0:
                    continue
                depth = u * a[axis] + w * b[axis] + (1.0 - u - w) * c[axis]
                k = min(max(0, int(np.ceil(depth))), flips.shape[axis] - 1)
                if axis == 0:
                    flips[k, i, j] ^= 1
                elif axis == 1:
                    flips[j, k, i] ^= 1
                else:
                    flips[i, j, k] ^= 1
