"""Compiled skinning: linear blend and dual quaternions."""

from __future__ import annotations

from typing import Any

import numpy as np

from axis_core.kernels.cpu.jit import njit


__all__ = ["blend_linear", "blend_quaternions"]


@njit
def blend_linear(
    points: Any,
    indices: Any,
    weights: Any,
    matrices: Any,
    turns: Any,
    normals: Any,
    moved: Any,
    turned: Any,
    start: int,
    stop: int,
) -> None:
    """Write ``sum_k w_k M_k x`` and, where there are normals, the unit of ``sum_k w_k T_k n``.

    points, moved : (V, 3) float32. indices : (V, K) uint16. weights : (V, K) float32. matrices : (J, 3, 4) float32.
    turns : (J, 3, 3) float32. normals, turned : (V, 3) or (0, 3) float32.
    """
    m = np.empty((3, 4), np.float32)
    for v in range(start, stop):
        m[:] = np.float32(0.0)
        for k in range(indices.shape[1]):
            w = weights[v, k]
            if w != np.float32(0.0):
                j = indices[v, k]
                for r in range(3):
                    for c in range(4):
                        m[r, c] += w * matrices[j, r, c]
        x, y, z = points[v, 0], points[v, 1], points[v, 2]
        for r in range(3):
            moved[v, r] = m[r, 0] * x + m[r, 1] * y + m[r, 2] * z + m[r, 3]
        if normals.shape[0] > 0:
            m[:] = np.float32(0.0)
            for k in range(indices.shape[1]):
                w = weights[v, k]
                if w != np.float32(0.0):
                    j = indices[v, k]
                    for r in range(3):
                        for c in range(3):
                            m[r, c] += w * turns[j, r, c]
            x, y, z = normals[v, 0], normals[v, 1], normals[v, 2]
            for r in range(3):
                turned[v, r] = m[r, 0] * x + m[r, 1] * y + m[r, 2] * z
            _to_unit(turned[v])


@njit
def _to_unit(vector: Any) -> None:
    length = np.sqrt(vector[0] * vector[0] + vector[1] * vector[1] + vector[2] * vector[2])
    if length > np.float32(0.0):
        for r in range(3):
            vector[r] /= length


@njit
def blend_quaternions(
    points: Any, indices: Any, weights: Any, duals: Any, normals: Any, moved: Any, turned: Any, start: int, stop: int
) -> None:
    """Write points (and unit normals, where there are any) moved by the blended unit dual quaternion.

    duals : (J, 8) float32: a unit quaternion (w, x, y, z) and its dual part. The rest as in ``blend_linear``.
    """
    q = np.empty(8, np.float32)
    for v in range(start, stop):
        q[:] = np.float32(0.0)
        pivot = np.int64(-1)
        for k in range(indices.shape[1]):
            w = weights[v, k]
            if w == np.float32(0.0):
                continue
            j = np.int64(indices[v, k])
            if pivot < 0:
                pivot = j
            dot = np.float32(0.0)
            for i in range(4):
                dot += duals[j, i] * duals[pivot, i]
            w = -w if dot < np.float32(0.0) else w  # q and -q turn alike: blend along the shorter way
            for i in range(8):
                q[i] += w * duals[j, i]
        length = np.sqrt(q[0] * q[0] + q[1] * q[1] + q[2] * q[2] + q[3] * q[3])
        if length > np.float32(0.0):
            for i in range(8):
                q[i] /= length
        else:
            q[0] = np.float32(1.0)
        w0, x0, y0, z0, we, xe, ye, ze = q[0], q[1], q[2], q[3], q[4], q[5], q[6], q[7]
        two = np.float32(2.0)
        _rotate(w0, x0, y0, z0, points[v], moved[v])
        moved[v, 0] += two * (w0 * xe - x0 * we + y0 * ze - z0 * ye)
        moved[v, 1] += two * (w0 * ye - x0 * ze - y0 * we + z0 * xe)
        moved[v, 2] += two * (w0 * ze + x0 * ye - y0 * xe - z0 * we)
        if normals.shape[0] > 0:
            _rotate(w0, x0, y0, z0, normals[v], turned[v])
            _to_unit(turned[v])


@njit
def _rotate(w: float, x: float, y: float, z: float, point: Any, out: Any) -> None:
    two = np.float32(2.0)
    a, b, c = point[0], point[1], point[2]
    tx, ty, tz = two * (y * c - z * b), two * (z * a - x * c), two * (x * b - y * a)
    out[0] = a + w * tx + y * tz - z * ty
    out[1] = b + w * ty + z * tx - x * tz
    out[2] = c + w * tz + x * ty - y * tx
