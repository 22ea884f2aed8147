"""Clips as curves: Euler angles in degrees, centimetres, percent of blend shapes."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.spatial.transform import Rotation, Slerp

from axis_core.plugin import Channel


__all__ = ["SECOND", "channel_values", "clip_times", "euler_degrees"]

SECOND = 46_186_158_000
"""FBX counts time in these."""
RATE = 30.0


def clip_times(channels: list[Channel]) -> NDArray[np.float64]:
    """Return the keys of all channels, and thirtieths of a second where they are further apart: angles bend between."""
    keys = np.unique(np.concatenate([c.times for c in channels]).astype(np.float64))
    if len(keys) < 2 or np.diff(keys).max() <= 1.0 / RATE + 1e-6:
        return keys
    grid = np.arange(np.ceil(keys[0] * RATE), np.floor(keys[-1] * RATE) + 1) / RATE
    return np.unique(np.concatenate([keys, grid]))


def channel_values(channel: Channel, at: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return (T, n) values; outside the keys the first and the last one."""
    times, values = channel.times.astype(np.float64), channel.values.astype(np.float64)
    if channel.interpolation == "CUBICSPLINE":
        values = values[1::3]  # through the keys, straight between them
    at = np.clip(at, times[0], times[-1])
    if channel.interpolation == "STEP" or len(times) == 1:
        return np.asarray(values[np.clip(np.searchsorted(times, at, side="right") - 1, 0, len(times) - 1)])
    if channel.path == "rotation":
        return np.asarray(Slerp(times, Rotation.from_quat(values))(at).as_quat())
    return np.stack([np.interp(at, times, column) for column in values.T], axis=1)


def euler_degrees(quaternions: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return (T, 3) angles about x, then y, then z, without jumps from one key to the next."""
    turns = Rotation.from_quat(np.atleast_2d(quaternions))
    angles = np.radians(turns.as_euler("xyz", degrees=True))
    other = np.stack([angles[:, 0] + np.pi, np.pi - angles[:, 1], angles[:, 2] + np.pi], axis=1)
    out = angles.copy()
    for k in range(1, len(out)):  # of the two ways to say a turn, the nearer one
        near = [a + 2 * np.pi * np.round((out[k - 1] - a) / (2 * np.pi)) for a in (angles[k], other[k])]
        out[k] = min(near, key=lambda a: float(np.abs(a - out[k - 1]).sum()))
    return np.asarray(np.degrees(out))
