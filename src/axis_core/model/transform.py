"""Rigid motions, scales and quaternions (x y z w) as plain arrays."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray


__all__ = [
    "compose_matrix",
    "decompose_matrix",
    "matrix_from_quaternion",
    "quaternion_from_matrix",
    "quaternion_product",
    "transform_points",
]


def matrix_from_quaternion(q: ArrayLike) -> NDArray[np.float64]:
    """Return the (..., 3, 3) rotation of (..., 4) quaternions; a zero quaternion gives the identity."""
    a = np.asarray(q, dtype=np.float64)
    norm = np.linalg.norm(a, axis=-1, keepdims=True)
    a = np.where(norm > 0, a / np.where(norm > 0, norm, 1), np.array([0.0, 0.0, 0.0, 1.0]))
    x, y, z, w = np.moveaxis(a, -1, 0)
    out = np.empty((*a.shape[:-1], 3, 3))
    out[..., 0, 0] = 1 - 2 * (y * y + z * z)
    out[..., 0, 1] = 2 * (x * y - z * w)
    out[..., 0, 2] = 2 * (x * z + y * w)
    out[..., 1, 0] = 2 * (x * y + z * w)
    out[..., 1, 1] = 1 - 2 * (x * x + z * z)
    out[..., 1, 2] = 2 * (y * z - x * w)
    out[..., 2, 0] = 2 * (x * z - y * w)
    out[..., 2, 1] = 2 * (y * z + x * w)
    out[..., 2, 2] = 1 - 2 * (x * x + y * y)
    return out


def quaternion_from_matrix(m: ArrayLike) -> NDArray[np.float64]:
    """Return the (4,) quaternion of a (3, 3) rotation, w >= 0 (Shepperd's method, 1978)."""
    a = np.asarray(m, dtype=np.float64)
    diagonal = np.array([a[0, 0], a[1, 1], a[2, 2], np.trace(a)])
    i = int(np.argmax(diagonal))
    q = np.empty(4)
    if i == 3:
        q[:] = a[2, 1] - a[1, 2], a[0, 2] - a[2, 0], a[1, 0] - a[0, 1], 1 + diagonal[3]
    else:
        j, k = (i + 1) % 3, (i + 2) % 3
        q[i] = 1 + a[i, i] - a[j, j] - a[k, k]
        q[j] = a[j, i] + a[i, j]
        q[k] = a[k, i] + a[i, k]
        q[3] = a[k, j] - a[j, k]
    q /= np.linalg.norm(q)
    return -q if q[3] < 0 else q


def quaternion_product(a: ArrayLike, b: ArrayLike) -> NDArray[np.float64]:
    """Return the Hamilton product of (..., 4) quaternions: first ``b``, then ``a``."""
    ax, ay, az, aw = np.moveaxis(np.asarray(a, dtype=np.float64), -1, 0)
    bx, by, bz, bw = np.moveaxis(np.asarray(b, dtype=np.float64), -1, 0)
    return np.stack(
        [
            aw * bx + ax * bw + ay * bz - az * by,
            aw * by - ax * bz + ay * bw + az * bx,
            aw * bz + ax * by - ay * bx + az * bw,
            aw * bw - ax * bx - ay * by - az * bz,
        ],
        axis=-1,
    )


def compose_matrix(translation: ArrayLike, rotation: ArrayLike, scale: ArrayLike) -> NDArray[np.float64]:
    """Return the (4, 4) matrix T R S."""
    out = np.eye(4)
    out[:3, :3] = matrix_from_quaternion(rotation) * np.asarray(scale, dtype=np.float64)
    out[:3, 3] = np.asarray(translation, dtype=np.float64)
    return out


def decompose_matrix(m: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Return translation, rotation and scale of a (4, 4) matrix; shear is dropped, a mirror goes into the scale's x."""
    a = np.asarray(m, dtype=np.float64)
    linear = a[:3, :3]
    scale = np.linalg.norm(linear, axis=0)
    if np.linalg.det(linear) < 0:
        scale = scale * np.array([-1.0, 1.0, 1.0])
    safe = np.where(np.abs(scale) > 1e-30, scale, 1.0)
    u, _, vt = np.linalg.svd(linear / safe)
    rotation = u @ vt
    if np.linalg.det(rotation) < 0:
        u[:, -1] *= -1
        rotation = u @ vt
    return a[:3, 3].copy(), quaternion_from_matrix(rotation), scale


def transform_points(m: ArrayLike, points: Any) -> NDArray[np.float64]:
    """Return (n, 3) ``points`` moved by the (4, 4) matrix ``m``."""
    a = np.asarray(m, dtype=np.float64)
    return np.asarray(points, dtype=np.float64) @ a[:3, :3].T + a[:3, 3]
