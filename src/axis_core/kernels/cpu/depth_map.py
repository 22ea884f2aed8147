"""Compiled depth maps: the faces are sampled every 0.45 pixels."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from axis_core.kernels.cpu.jit import as_kernel_array, njit


__all__ = ["depth_maps"]


def depth_maps(
    positions: ArrayLike, faces: ArrayLike, corner: tuple[float, float], pixel: float, shape: tuple[int, int]
) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.float32]]:
    """Return front and back depth and the number of layers, as ``kernels.depth_map.depth_maps``."""
    v = (np.asarray(positions, np.float64).reshape(-1, 3) - np.array([*corner, 0.0])) / pixel
    front = np.full(shape, -np.inf)
    back = np.full(shape, np.inf)
    slabs = np.zeros(shape, np.uint64)
    f = as_kernel_array(np.asarray(faces).reshape(-1, 3), np.int64)
    _splat(as_kernel_array(v, np.float64), f, front, back, slabs)
    empty = slabs == 0
    front[empty], back[empty] = np.nan, np.nan
    layers = np.zeros(shape, np.float32)
    for bit in range(64):
        layers += (slabs >> np.uint64(bit)) & np.uint64(1)
    return (front * pixel).astype(np.float32), (back * pixel).astype(np.float32), layers


@njit
def _splat(v: Any, f: Any, front: Any, back: Any, slabs: Any) -> None:
    nx, ny = front.shape
    one = np.uint64(1)
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
                if x < 0 or y < 0 or x >= nx or y >= ny:
                    continue
                z = a[2] + s * e1[2] + r * e2[2]
                front[x, y] = max(front[x, y], z)
                back[x, y] = min(back[x, y], z)
                slab = min(max(int(np.floor(z / 3.0)) + 32, 0), 63)
                slabs[x, y] = slabs[x, y] | (one << np.uint64(slab))
