"""Animations of the model as animations of glTF."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from axis_core.formats.gltf.pack import Packer
from axis_core.formats.gltf.vertex_data import unit_quaternions
from axis_core.model.animation import Animation, Channel


__all__ = ["write_animations"]


def write_animations(
    animations: tuple[Animation, ...], packer: Packer, n_targets_of: dict[int, int]
) -> list[dict[str, Any]]:
    """Return the ``animations`` array; channels that move nothing, and clips without channels, are not written.

    Parameters
    ----------
    n_targets_of : dict
        Morph targets of the mesh at each node that shows one.
    """
    out = []
    for clip in animations:
        item: dict[str, Any] = {"channels": [], "samplers": []}
        for channel in clip.channels:
            _add(channel, item, packer, n_targets_of)
        item |= {k: v for k, v in (("name", clip.name), ("extras", dict(clip.extras))) if v}
        if clip.extensions:
            item["extensions"] = dict(clip.extensions)
        if item["channels"]:
            out.append(item)
    return out


def _add(channel: Channel, item: dict[str, Any], packer: Packer, n_targets_of: dict[int, int]) -> None:
    n_targets = n_targets_of.get(channel.node, 0) if channel.node is not None else 0
    if not len(channel.times) or (channel.path == "weights" and channel.node is not None and not n_targets):
        return
    sampler = {
        "input": packer.array(channel.times, bounds=True),
        "output": packer.array(_values(channel, n_targets)),
        **({"interpolation": channel.interpolation} if channel.interpolation != "LINEAR" else {}),
    }
    if sampler not in item["samplers"]:
        item["samplers"].append(sampler)
    target: dict[str, Any] = {"path": channel.path}
    if channel.node is not None:
        target["node"] = channel.node
    if channel.target_extensions:
        target["extensions"] = dict(channel.target_extensions)
    entry = {"sampler": item["samplers"].index(sampler), "target": target}
    item["channels"].append({**entry, "extras": dict(channel.extras)} if channel.extras else entry)


def _values(channel: Channel, n_targets: int) -> NDArray[np.float32]:
    values = channel.values
    if channel.path == "rotation":
        if channel.interpolation != "CUBICSPLINE":
            return np.asarray(unit_quaternions(values))
        out = values.copy()
        out[1::3] = unit_quaternions(values[1::3])  # in-tangent, value, out-tangent
        return out
    if channel.path == "weights":
        values = values.reshape(-1, values.shape[-1]) if values.ndim > 1 else values[:, None]
        if n_targets and values.shape[1] != n_targets:
            fitted = np.zeros((len(values), n_targets), np.float32)
            n = min(n_targets, values.shape[1])
            fitted[:, :n] = values[:, :n]
            values = fitted
        return values.reshape(-1)
    return values if values.ndim == 1 or values.shape[1] in (1, 2, 3, 4, 16) else values.reshape(-1)
