"""A skin as a UsdSkel skeleton, and the first clip as its animation. The skeleton's space is the world's."""

from __future__ import annotations

from typing import Any

import attrs
import numpy as np
from numpy.typing import NDArray
from pxr import Gf, Sdf, Usd, UsdSkel, Vt

from axis_core.plugin import Animation, Channel, Scene, decompose_matrix
from axis_exporter_usdz.names import Names


__all__ = ["FRAMES", "Rig", "write_animation", "write_skeleton"]

FRAMES = 24.0
"""Time codes a second."""


@attrs.frozen
class Rig:
    """A written skeleton: its path, and the joints of the skin in its order."""

    path: Sdf.Path
    tokens: tuple[str, ...]
    nodes: tuple[int, ...]
    parents: tuple[int, ...]


def gf(matrix: NDArray[np.float64]) -> Gf.Matrix4d:
    """Return a matrix that multiplies columns as Gf's, which multiplies rows."""
    return Gf.Matrix4d(matrix.T.tolist())


def write_skeleton(stage: Usd.Stage, parent: Sdf.Path, scene: Scene, skin: int) -> Rig:
    """Write the joints of a skin, parents first, and return where."""
    rank = {n: k for k, n in enumerate(scene.order())}
    joints = scene.skins[skin].joints
    order = sorted(range(len(joints)), key=lambda k: rank[joints[k]])
    nodes = tuple(joints[k] for k in order)
    place = {n: i for i, n in enumerate(nodes)}
    parents = tuple(_parent(scene, n, place) for n in nodes)
    below: dict[int, Names] = {}
    tokens: list[str] = []
    for i, n in enumerate(nodes):
        name = below.setdefault(parents[i], Names()).take(scene.nodes[n].name, f"joint_{i}")
        tokens.append(name if parents[i] < 0 else f"{tokens[parents[i]]}/{name}")
    world = scene.world_matrices()
    rest = [world[n] if p < 0 else np.linalg.pinv(world[nodes[p]]) @ world[n] for n, p in zip(nodes, parents)]
    inverse = np.asarray(scene.skins[skin].inverse_bind, np.float64)[order]
    skeleton = UsdSkel.Skeleton.Define(stage, parent.AppendChild(f"skeleton_{skin}"))
    skeleton.CreateJointsAttr(tokens)
    skeleton.CreateBindTransformsAttr(Vt.Matrix4dArray([gf(np.linalg.pinv(m)) for m in inverse]))
    skeleton.CreateRestTransformsAttr(Vt.Matrix4dArray([gf(m) for m in rest]))
    return Rig(skeleton.GetPath(), tuple(tokens), nodes, parents)


def _parent(scene: Scene, node: int, place: dict[int, int]) -> int:
    up = scene.nodes[node].parent
    while up is not None and up not in place:
        up = scene.nodes[up].parent
    return -1 if up is None else place[up]


def write_animation(stage: Usd.Stage, rig: Rig, scene: Scene, clip: Animation, shapes: dict[int, list[str]]) -> float:
    """Write a clip below its skeleton and return its last time code.

    Parameters
    ----------
    shapes : mapping of node to the names of its blend shapes
    """
    times = np.unique(np.concatenate([c.times for c in clip.channels if c.node is not None and len(c.times)]))
    animation = UsdSkel.Animation.Define(stage, rig.path.AppendChild("clip"))
    animation.CreateJointsAttr(list(rig.tokens))
    moves, turns = animation.CreateTranslationsAttr(), animation.CreateRotationsAttr()
    sizes = animation.CreateScalesAttr()
    names = list(dict.fromkeys(name for row in shapes.values() for name in row))
    weights = animation.CreateBlendShapeWeightsAttr() if names else None
    if names:
        animation.CreateBlendShapesAttr(names)
    for time in times.tolist():
        code = Usd.TimeCode(round(time * FRAMES, 4))
        local = _pose(scene, rig, clip, time)
        found = [decompose_matrix(m) for m in local]
        moves.Set(Vt.Vec3fArray([Gf.Vec3f(*map(float, t)) for t, _, _ in found]), code)
        turns.Set(Vt.QuatfArray([Gf.Quatf(float(q[3]), *map(float, q[:3])) for _, q, _ in found]), code)
        sizes.Set(Vt.Vec3hArray([Gf.Vec3h(*map(float, s)) for _, _, s in found]), code)
        if weights is not None:
            weights.Set(Vt.FloatArray(_weights(clip, time, shapes, names)), code)
    UsdSkel.BindingAPI.Apply(stage.GetPrimAtPath(rig.path)).CreateAnimationSourceRel().SetTargets([animation.GetPath()])
    return float(times[-1]) * FRAMES


def _pose(scene: Scene, rig: Rig, clip: Animation, time: float) -> list[NDArray[np.float64]]:
    """Return the local matrices of the joints at a time; what stands between two joints counts."""
    changed: dict[int, dict[str, NDArray[np.float64]]] = {}
    for channel in clip.channels:
        if channel.node is not None and channel.path in ("translation", "rotation", "scale"):
            changed.setdefault(channel.node, {})[channel.path] = value_at(channel, time)
    nodes = [attrs.evolve(n, **changed[i]) if i in changed else n for i, n in enumerate(scene.nodes)]
    world = attrs.evolve(scene, nodes=nodes).world_matrices()
    return [
        world[n] if p < 0 else np.linalg.pinv(world[rig.nodes[p]]) @ world[n] for n, p in zip(rig.nodes, rig.parents)
    ]


def value_at(channel: Channel, time: float) -> NDArray[np.float64]:
    """Return a channel's value at a time."""
    values = np.asarray(channel.values, np.float64)
    if channel.interpolation == "CUBICSPLINE":
        values = values[1::3]  # through the keys, straight between them
    times = np.asarray(channel.times, np.float64)
    right = int(np.clip(np.searchsorted(times, time), 0, len(times) - 1))
    left = max(right - 1, 0)
    span = times[right] - times[left]
    share = float(np.clip((time - times[left]) / span, 0, 1)) if span > 0 else 1.0
    if channel.interpolation == "STEP" and share < 1:
        share = 0.0
    a, b = values[left], values[right]
    if channel.path != "rotation":
        return np.asarray(a + share * (b - a))
    mixed = a + share * ((-b if a @ b < 0 else b) - a)
    return np.asarray(mixed / max(float(np.linalg.norm(mixed)), 1e-12))


def _weights(clip: Animation, time: float, shapes: dict[int, list[str]], names: list[str]) -> list[float]:
    found: dict[str, Any] = {}
    for channel in clip.channels:
        if channel.path == "weights" and channel.node in shapes:
            found |= dict(zip(shapes[channel.node], value_at(channel, time).tolist()))
    return [float(found.get(name, 0.0)) for name in names]
