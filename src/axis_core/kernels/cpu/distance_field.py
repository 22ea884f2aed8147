"""Compiled exact Euclidean distance transform: one scan along z, lower envelopes of parabolas along y and x.

References
----------
Felzenszwalb, P. F., Huttenlocher, D. P. "Distance transforms of sampled functions", Theory of Computing 8, 2012,
10.4086/toc.2012.v008a019.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from axis_core.kernels.cpu.jit import as_kernel_array, njit


__all__ = ["distance_field"]

_FAR = 2.0e6  # voxels: farther than any grid is wide, and exact in float32 when squared with what is added to it


def distance_field(solid: ArrayLike, spacing: float, *, is_bounded: bool = True) -> NDArray[np.float32]:
    """Return the distances of a solid's voxels to the outside, as ``kernels.distance_field.distance_field``."""
    inside = as_kernel_array(np.asarray(solid, bool), np.bool_)
    squared = np.zeros(inside.shape, np.float32)
    if inside.size:
        beyond = 0.0 if is_bounded else _FAR
        _scan(inside, squared, beyond)
        _envelope(squared, beyond)
        turned = np.ascontiguousarray(squared.transpose(1, 0, 2))
        _envelope(turned, beyond)
        squared = np.ascontiguousarray(turned.transpose(1, 0, 2))
    return np.sqrt(squared, out=squared) * np.float32(spacing)


@njit
def _scan(inside: Any, squared: Any, beyond: float) -> None:
    """Squared distance along the last axis, from ``beyond`` at both ends."""
    nx, ny, nz = inside.shape
    for x in range(nx):
        for y in range(ny):
            far = beyond
            for z in range(nz):
                far = far + 1.0 if inside[x, y, z] else 0.0
                squared[x, y, z] = far
            far = beyond
            for z in range(nz - 1, -1, -1):
                far = far + 1.0 if inside[x, y, z] else 0.0
                near = min(far, squared[x, y, z])
                squared[x, y, z] = near * near


@njit
def _envelope(squared: Any, beyond: float) -> None:
    """Fold in the distance along the middle axis, line by line, from ``beyond`` at both ends."""
    nx, n, nz = squared.shape
    value = np.empty(n + 2)
    site = np.empty(n + 2, np.int64)
    bound = np.empty(n + 3)
    for x in range(nx):
        for z in range(nz):
            value[0], value[n + 1] = beyond * beyond, beyond * beyond
            empty = True
            for y in range(n):
                value[y + 1] = squared[x, y, z]
                if value[y + 1] > 0.0:
                    empty = False
            if empty:
                continue
            top = 0
            site[0] = 0
            bound[0], bound[1] = -np.inf, np.inf
            for q in range(1, n + 2):
                while True:
                    p = site[top]
                    cut = ((value[q] + q * q) - (value[p] + p * p)) / (2.0 * (q - p))
                    if cut > bound[top]:
                        break
                    top -= 1
                top += 1
                site[top] = q
                bound[top], bound[top + 1] = cut, np.inf
            k = 0
            for q in range(1, n + 1):
                while bound[k + 1] < q:
                    k += 1
                gap = q - site[k]
                squared[x, q - 1, z] = gap * gap + value[site[k]]
