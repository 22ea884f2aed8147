"""Compiled growth of patches over a mesh, and the nearest place on the faces around a patch."""

from __future__ import annotations

from typing import Any

import numpy as np

from axis_core.kernels.cpu.closest import closest_weights
from axis_core.kernels.cpu.jit import njit


__all__ = ["grow_patches", "nearest_around"]


@njit
def grow_patches(faces: Any, starts: Any, around: Any, points: Any, seeds: Any, patch: Any) -> None:
    """Give every vertex the patch of a seed near along the edges, in waves from all seeds at once.

    faces : (F, 3). starts, around : faces of each vertex, by rows. points : (V, 3). seeds : (P,) vertices.
    patch : (V,) int64, -1 but at the seeds. A wave takes, of the patches that reach a vertex, the one with the nearest
    seed. A vertex that no wave reaches keeps -1.
    """
    wave = seeds.copy()
    while len(wave) > 0:
        ahead = np.empty(len(wave) * 2 + 16, np.int64)
        n = 0
        for v in wave:
            for at in range(starts[v], starts[v + 1]):
                for k in range(3):
                    u = faces[around[at], k]
                    if patch[u] == -1:
                        patch[u] = -2
                        if n == len(ahead):
                            bigger = np.empty(2 * n, np.int64)
                            bigger[:n] = ahead
                            ahead = bigger
                        ahead[n] = u
                        n += 1
        chosen = np.empty(n, np.int64)
        for i in range(n):
            u = ahead[i]
            best = np.inf
            chosen[i] = -1
            for at in range(starts[u], starts[u + 1]):
                for k in range(3):
                    p = patch[faces[around[at], k]]
                    if p >= 0 and p != chosen[i]:
                        s = seeds[p]
                        x, y, z = points[s, 0] - points[u, 0], points[s, 1] - points[u, 1], points[s, 2] - points[u, 2]
                        d = x * x + y * y + z * z
                        if d < best:
                            best, chosen[i] = d, p
        for i in range(n):
            patch[ahead[i]] = chosen[i]
        wave = ahead[:n].copy()


@njit
def nearest_around(
    points: Any,
    patch: Any,
    coarse: Any,
    faces: Any,
    starts: Any,
    around: Any,
    corners: Any,
    shares: Any,
    start: int,
    stop: int,
) -> None:
    """Write the corners and barycentric shares of the nearest place on the coarse faces around each vertex's patch.

    faces : (F, 3) of the coarse mesh. starts, around : faces of each coarse vertex, by rows. Without faces: the patch.
    """
    triangle = np.empty(9)
    for v in range(start, stop):
        p = patch[v]
        corners[v, :] = p
        shares[v, 0], shares[v, 1], shares[v, 2] = 1.0, 0.0, 0.0
        best = np.inf
        for at in range(starts[p], starts[p + 1]):
            f = around[at]
            for k in range(3):
                for x in range(3):
                    triangle[3 * k + x] = coarse[faces[f, k], x]
            d, b, c = closest_weights(triangle, points[v, 0], points[v, 1], points[v, 2])
            if d < best:
                best = d
                corners[v, 0], corners[v, 1], corners[v, 2] = faces[f, 0], faces[f, 1], faces[f, 2]
                shares[v, 0], shares[v, 1], shares[v, 2] = max(1.0 - b - c, 0.0), b, c
