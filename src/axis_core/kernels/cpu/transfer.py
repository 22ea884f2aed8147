"""Compiled blending of sparse weight rows."""

from __future__ import annotations

from typing import Any

import numpy as np

from axis_core.kernels.cpu.jit import njit


__all__ = ["blend_rows"]


@njit
def blend_rows(
    corners: Any, shares: Any, indices: Any, weights: Any, out_indices: Any, out_weights: Any, start: int, stop: int
) -> None:
    """Write the strongest entries of weighted sums of sparse rows, strongest first, normalised; equal ones by joint.

    corners : (T, C) int64, rows of ``indices`` to blend. shares : (T, C) float64.
    indices : (V, K) int64. weights : (V, K) float64.
    out_indices : (T, M) int64. out_weights : (T, M) float64.
    """
    room = corners.shape[1] * indices.shape[1]
    joint, value = np.empty(room, np.int64), np.empty(room)
    for t in range(start, stop):
        n = 0
        for c in range(corners.shape[1]):
            share = shares[t, c]
            if share <= 0.0:
                continue
            for k in range(indices.shape[1]):
                w = share * weights[corners[t, c], k]
                if not w > 0.0:
                    continue
                j = indices[corners[t, c], k]
                at = 0
                while at < n and joint[at] != j:
                    at += 1
                if at == n:
                    joint[n], value[n] = j, 0.0
                    n += 1
                value[at] += w
        total = 0.0
        for m in range(out_indices.shape[1]):
            best = -1
            for i in range(n):
                if value[i] <= 0.0:
                    continue
                if best < 0 or value[i] > value[best] or (value[i] == value[best] and joint[i] < joint[best]):
                    best = i
            out_indices[t, m], out_weights[t, m] = 0, 0.0
            if best >= 0:
                out_indices[t, m], out_weights[t, m] = joint[best], value[best]
                total += value[best]
                value[best] = 0.0
        if total > 0.0:
            for m in range(out_weights.shape[1]):
                out_weights[t, m] /= total
        else:
            out_indices[t, 0], out_weights[t, 0] = indices[corners[t, 0], 0], 1.0
