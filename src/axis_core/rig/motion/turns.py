"""Rotations over time: (T, 3, 3) matrices built from angles, directions and hinges."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.spatial.transform import Rotation


__all__ = [
    "about",
    "bent_by_hinge",
    "constant",
    "hinge_turn",
    "quaternions",
    "turn_between",
    "unit",
]

Array = NDArray[np.float64]


def unit(v: ArrayLike) -> Array:
    """Return (..., 3) vectors at length 1; a zero vector stays."""
    a = np.asarray(v, np.float64)
    size = np.linalg.norm(a, axis=-1, keepdims=True)
    return np.asarray(a / np.where(size > 1e-12, size, 1.0))


def constant(turn: ArrayLike, n_frames: int) -> Array:
    """Return one (3, 3) rotation for all frames."""
    return np.broadcast_to(np.asarray(turn, np.float64), (n_frames, 3, 3))


def about(axis: ArrayLike, angle: ArrayLike) -> Array:
    """Return (T, 3, 3) rotations about one axis by (T,) radians."""
    a = np.atleast_1d(np.asarray(angle, np.float64))
    return np.asarray(Rotation.from_rotvec(a[:, None] * unit(axis)).as_matrix())


def turn_between(start: ArrayLike, end: ArrayLike) -> Array:
    """Return the smallest (3, 3) rotation from one direction to another (Rodrigues)."""
    a, b = unit(start), unit(end)
    axis, cosine = np.cross(a, b), float(a @ b)
    sine = float(np.linalg.norm(axis))
    if sine < 1e-9:
        axis, sine = np.cross(a, np.eye(3)[int(np.argmin(np.abs(a)))]), 0.0
    return np.asarray(Rotation.from_rotvec(unit(axis) * np.arctan2(sine, cosine)).as_matrix())


def hinge_turn(rest: tuple[ArrayLike, ArrayLike], along: Array, hinge: Array) -> Array:
    """Return the (T, 3, 3) rotations that bring a bone and its hinge at ``rest`` to ``along`` (T, 3) and ``hinge``."""
    return np.asarray(_frame(along, hinge) @ _frame(*(np.asarray(v, np.float64) for v in rest)).swapaxes(-1, -2))


def _frame(along: Array, hinge: Array) -> Array:
    u = unit(along)
    h = unit(hinge - (hinge * u).sum(-1, keepdims=True) * u)
    return np.stack([u, h, np.cross(u, h)], axis=-1)


def bent_by_hinge(span: Array, lengths: tuple[float, float], hinge: Array) -> tuple[Array, Array, Array]:
    """Return the directions (T, 3) of two bones that together reach along ``span``, and their common hinge.

    The joint between them leaves the straight line towards ``span`` x ``hinge``. What lies out of reach is aimed at
    with both bones all but straight.

    Parameters
    ----------
    span : (T, 3) float64
        From the first joint to the target.
    lengths : (float, float)
    hinge : (T, 3) float64
        Wanted axis; made square to ``span``.
    """
    first, second = lengths
    direction = unit(span)
    size = np.clip(np.linalg.norm(span, axis=-1), abs(first - second) + 1e-6, 0.99995 * (first + second))
    axis = unit(hinge - (hinge * direction).sum(-1, keepdims=True) * direction)
    cosine = np.clip((first**2 + size**2 - second**2) / (2.0 * first * size), -1.0, 1.0)[:, None]
    upper = cosine * direction + np.sqrt(1.0 - cosine**2) * np.cross(direction, axis)
    return upper, unit(size[:, None] * direction - first * upper), axis


def quaternions(turns: Array) -> Array:
    """Return (T, 4) quaternions x y z w of (T, 3, 3) rotations, each on the side of the one before."""
    out = np.asarray(Rotation.from_matrix(turns).as_quat())
    flips = np.where((out[1:] * out[:-1]).sum(-1) < 0.0, -1.0, 1.0)
    out[1:] *= np.cumprod(flips)[:, None]
    return out
