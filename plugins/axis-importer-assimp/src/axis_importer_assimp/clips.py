"""Clips: the channels of a node and of its wrapper nodes as one, in seconds."""

from __future__ import annotations

from typing import Any

import attrs
import numpy as np
from numpy.typing import NDArray

from axis_core.plugin import Animation, Channel, compose_matrix, decompose_matrix
from axis_importer_assimp.library import each, quaternion_keys, text, vector_keys
from axis_importer_assimp.nodes import Place, Tree


__all__ = ["read_clips"]

_DEFAULT_TICKS = 25.0
Keys = tuple[NDArray[np.float64], NDArray[np.float64]]
Track = tuple[Keys, Keys, Keys]
MAX_KEYS = 200_000


def read_clips(scene: Any, tree: Tree, shape_nodes: dict[str, list[tuple[int, int]]]) -> list[Animation]:
    """Return the clips that move anything.

    Parameters
    ----------
    shape_nodes : mapping of mesh name to list of (node, number of shapes)
        For clips of shapes.
    """
    out = []
    for i, item in enumerate(each(scene.mAnimations, scene.mNumAnimations)):
        ticks = float(item.mTicksPerSecond) or _DEFAULT_TICKS
        channels = [*_node_channels(item, ticks, tree), *_shape_channels(item, ticks, shape_nodes)]
        if channels:
            name = text(item.mName).removeprefix("AnimStack::")
            out.append(Animation(name=name or f"clip_{i}", channels=_from_zero(channels)))
    return out


def _from_zero(channels: list[Channel]) -> list[Channel]:
    """Return the channels with times that start at 0 or later: glTF has no others."""
    first = min(float(c.times[0]) for c in channels)
    return channels if first >= 0 else [attrs.evolve(c, times=c.times - np.float32(first)) for c in channels]


def _node_channels(item: Any, ticks: float, tree: Tree) -> list[Channel]:
    tracks: dict[str, Track] = {}
    for channel in each(item.mChannels, item.mNumChannels):
        tracks[text(channel.mNodeName)] = (
            _clean(*vector_keys(channel.mPositionKeys, channel.mNumPositionKeys), ticks),
            _clean(*quaternion_keys(channel.mRotationKeys, channel.mNumRotationKeys), ticks),
            _clean(*vector_keys(channel.mScalingKeys, channel.mNumScalingKeys), ticks),
        )
    moved = dict.fromkeys(tree.by_name[name] for name in tracks if name in tree.by_name)
    return [channel for node in moved for channel in _channels_of(node, tree.places[node], tracks)]


def _clean(times: NDArray[np.float64], values: NDArray[np.float64], ticks: float) -> Keys:
    """Return finite keys in seconds, times rising."""
    seconds = times / ticks
    good = np.isfinite(seconds) & np.isfinite(values).all(axis=1)
    seconds, rows = np.unique(seconds[good].astype(np.float32).astype(np.float64), return_index=True)
    return seconds[:MAX_KEYS], values[good][rows][:MAX_KEYS]


def _channels_of(node: int, place: Place, tracks: dict[str, Track]) -> list[Channel]:
    own = [tracks.get(name) for name, _ in place.chain]
    if len(place.chain) == 1 and own[0] is not None:
        keyed = zip(("translation", "rotation", "scale"), own[0])
    else:
        keyed = zip(("translation", "rotation", "scale"), _folded(place, own))
    rest = dict(zip(("translation", "rotation", "scale"), decompose_matrix(place.local)))
    out = []
    for path, (times, values) in keyed:
        if len(times) and not _still(path, values, rest[path]):
            values = _continuous(values) if path == "rotation" else values
            out.append(Channel(node=node, path=path, times=times, values=values))
    return out


def _still(path: str, values: NDArray[np.float64], rest: NDArray[np.float64]) -> bool:
    if path == "rotation":
        return bool((np.abs(np.abs(values @ rest) - 1.0) < 1e-7).all())
    return bool(np.allclose(values, rest, rtol=1e-6, atol=1e-7))


def _continuous(q: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return quaternions of which each is on the side of the one before: the way between them is the short one."""
    length = np.linalg.norm(q, axis=1, keepdims=True)
    q = np.where(length > 1e-9, q / np.where(length > 1e-9, length, 1.0), [0.0, 0.0, 0.0, 1.0])
    flips = np.sign((q[1:] * q[:-1]).sum(axis=1))
    signs = np.concatenate([[1.0], np.cumprod(np.where(flips == 0, 1.0, flips))])
    return np.asarray(q * signs[:, None])


def _folded(place: Place, own: list[Track | None]) -> Track:
    """Return the tracks of a whole chain: its product at the times at which any part of it has a key."""
    times = np.unique(np.concatenate([keys[0] for track in own if track for keys in track]))[:MAX_KEYS]
    moves = [decompose_matrix(_chain_at(place, own, t)) for t in times]
    columns = [np.array([m[k] for m in moves]).reshape(len(times), -1) for k in range(3)]
    return (times, columns[0]), (times, columns[1]), (times, columns[2])


def _chain_at(place: Place, own: list[Track | None], time: float) -> NDArray[np.float64]:
    out = np.eye(4)
    for (_, rest), track in zip(place.chain, own, strict=True):
        out = out @ (rest if track is None else _track_at(track, rest, time))
    return out


def _track_at(track: Track, rest: NDArray[np.float64], time: float) -> NDArray[np.float64]:
    found = decompose_matrix(rest)
    translation, scale = (_linear(track[k], found[k], time) for k in (0, 2))
    return compose_matrix(translation, _linear(track[1], found[1], time, spherical=True), scale)


def _linear(keys: Keys, rest: NDArray[np.float64], time: float, *, spherical: bool = False) -> NDArray[np.float64]:
    times, values = keys
    if not len(times):
        return rest
    right = int(np.clip(np.searchsorted(times, time), 0, len(times) - 1))
    left = max(right - 1, 0)
    span = times[right] - times[left]
    share = float(np.clip((time - times[left]) / span, 0, 1)) if span > 0 else 1.0
    a, b = values[left], values[right]
    return _slerp(a, b, share) if spherical else np.asarray(a + share * (b - a))


def _slerp(a: NDArray[np.float64], b: NDArray[np.float64], share: float) -> NDArray[np.float64]:
    cosine = float(a @ b)
    b, cosine = (-b, -cosine) if cosine < 0 else (b, cosine)
    angle = float(np.arccos(min(cosine, 1.0)))
    if angle < 1e-4:
        return np.asarray(a + share * (b - a))
    return np.asarray((np.sin((1 - share) * angle) * a + np.sin(share * angle) * b) / np.sin(angle))


def _shape_channels(item: Any, ticks: float, shape_nodes: dict[str, list[tuple[int, int]]]) -> list[Channel]:
    out = []
    for channel in each(item.mMorphMeshChannels, item.mNumMorphMeshChannels):
        name = text(channel.mName).partition("*")[0]
        keys = [channel.mKeys[k] for k in range(min(channel.mNumKeys, MAX_KEYS))]
        for node, n_shapes in shape_nodes.get(name, ()):
            values = np.zeros((len(keys), n_shapes))
            for row, key in zip(values, keys):
                for v in range(key.mNumValuesAndWeights):
                    if key.mValues[v] < n_shapes:
                        row[key.mValues[v]] = key.mWeights[v]
            times, values = _clean(np.array([k.mTime for k in keys], np.float64), values, ticks)
            if len(times) and values.any():
                out.append(Channel(node=node, path="weights", times=times, values=values))
    return out
