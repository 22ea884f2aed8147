"""Sample: what a channel of keyframes says at given times, as glTF 2.0 interpolates (appendix C)."""

from __future__ import annotations

from collections.abc import Mapping

import attrs
import numpy as np
from numpy.typing import ArrayLike, NDArray

from axis_core.model.animation import Animation, Channel
from axis_core.model.scene import Scene
from axis_core.model.transform import matrix_from_quaternion


__all__ = ["sampled_channel", "world_over_time"]

Array = NDArray[np.float64]

_STRAIGHT = 1.0 - 1e-6
"""Cosine above which two quaternions are mixed straight: there the sine loses its digits."""


def sampled_channel(channel: Channel, at: ArrayLike) -> Array:
    """Return the (T, n) values of a channel at (T,) seconds; before the first and after the last key it stays.

    Rotations are turned along the shorter arc (LINEAR), or made unit quaternions again (CUBICSPLINE).
    """
    times, values = channel.times.astype(np.float64), channel.values.astype(np.float64)
    when = np.clip(np.asarray(at, np.float64), times[0], times[-1])
    right = np.clip(np.searchsorted(times, when, side="right"), 1, max(len(times) - 1, 1))
    left = right - 1
    right = np.minimum(right, len(times) - 1)
    span = times[right] - times[left]
    share = (np.where(span > 0, when - times[left], 0.0) / np.where(span > 0, span, 1.0))[:, None]
    if channel.interpolation == "STEP":
        return np.asarray(np.where(share < 1.0, values[left], values[right]))
    turns = channel.path == "rotation"
    if channel.interpolation == "CUBICSPLINE":
        out = _hermite(values.reshape(len(times), 3, -1), left, right, span[:, None], share)
        return _unit(out) if turns else out
    if turns:
        return _slerp(values[left], values[right], share)
    return np.asarray((1.0 - share) * values[left] + share * values[right])


def _unit(rows: Array) -> Array:
    return np.asarray(rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-12))


def _hermite(rows: Array, left: NDArray[np.intp], right: NDArray[np.intp], span: Array, t: Array) -> Array:
    """Return the spline through (K, 3, n) in-tangents, values and out-tangents."""
    a, b = rows[left, 1], rows[right, 1]
    out, into = span * rows[left, 2], span * rows[right, 0]
    return np.asarray(
        (2 * t**3 - 3 * t**2 + 1) * a + (t**3 - 2 * t**2 + t) * out + (3 * t**2 - 2 * t**3) * b + (t**3 - t**2) * into
    )


def _slerp(a: Array, b: Array, t: Array) -> Array:
    cosine = (a * b).sum(axis=1, keepdims=True)
    b = np.where(cosine < 0, -b, b)
    cosine = np.clip(np.abs(cosine), 0.0, 1.0)
    angle = np.arccos(cosine)
    sine = np.where(cosine < _STRAIGHT, np.sin(angle), 1.0)
    near = cosine >= _STRAIGHT
    first = np.where(near, 1.0 - t, np.sin((1.0 - t) * angle) / sine)
    second = np.where(near, t, np.sin(t * angle) / sine)
    return _unit(first * a + second * b)


def world_over_time(scene: Scene, clip: Animation, at: ArrayLike) -> Array:
    """Return the (N, T, 4, 4) transforms of all nodes to world space at (T,) seconds of a clip."""
    when = np.asarray(at, np.float64)
    moved: dict[int, dict[str, Array]] = {}
    for channel in clip.channels:
        if channel.node is not None and len(channel.times) and channel.path in ("translation", "rotation", "scale"):
            moved.setdefault(channel.node, {})[channel.path] = sampled_channel(channel, when)
    out = np.empty((len(scene.nodes), len(when), 4, 4))
    for n in scene.order():
        node = scene.nodes[n]
        local = _locals(attrs.asdict(node, recurse=False), moved.get(n, {}), len(when))
        out[n] = local if node.parent is None else out[node.parent] @ local
    return out


def _locals(rest: Mapping[str, Array], moved: Mapping[str, Array], n_frames: int) -> Array:
    place, turn, size = (
        np.broadcast_to(moved.get(key, rest[key]), (n_frames, len(rest[key])))
        for key in ("translation", "rotation", "scale")
    )
    out = np.zeros((n_frames, 4, 4))
    out[:, :3, :3] = np.stack([matrix_from_quaternion(q) for q in turn]) * size[:, None, :]
    out[:, :3, 3] = place
    out[:, 3, 3] = 1.0
    return out
