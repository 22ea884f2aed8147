"""Bake: a motion as a clip of keyframes on the nodes of a scene."""

from __future__ import annotations

from collections.abc import Mapping

import attrs
import numpy as np
from numpy.typing import NDArray

from axis_core.model.animation import Animation, Channel
from axis_core.model.scene import Scene
from axis_core.model.transform import decompose_matrix, matrix_from_quaternion
from axis_core.rig.motion.actor import Actor, find_actor
from axis_core.rig.motion.perform import perform
from axis_core.rig.motion.record import Motion
from axis_core.rig.motion.turns import quaternions


__all__ = ["bake", "with_clips"]

Array = NDArray[np.float64]

_STILL = 1e-5
"""Largest change of a quaternion's component, a weight or a metre that counts as none."""
_VISEME = "viseme_"


def bake(scene: Scene, motion: Motion, *, actor: Actor | None = None) -> Animation:
    """Return ``motion`` as a clip on the humanoid of ``scene``.

    Parameters
    ----------
    actor : Actor, optional
        What ``find_actor(scene)`` gives, where several motions are baked.

    Raises
    ------
    CannotFit
        If the scene has no humanoid rig.
    """
    who = actor or find_actor(scene)
    played = perform(who, motion)
    world = np.einsum("ab,jtbc,dc,jde->jtae", who.frame, played.turns, who.frame, who.bind)
    channels = [*_rotations(scene, who, motion, world), *_hips(scene, who, motion, played.points)]
    extras: dict[str, object] = {"loop": motion.loops}
    if motion.speed:
        extras["speed_m_s"] = round(motion.speed * who.leg, 4)
    return Animation(name=motion.name, channels=[*channels, *_faces(scene, motion)], extras=extras)


def _rotations(scene: Scene, who: Actor, motion: Motion, world: Array) -> list[Channel]:
    joint_of = {node: j for j, node in enumerate(who.nodes)}
    still = scene.world_matrices()
    out = []
    for j, node in enumerate(who.nodes):
        above = _world_turn(scene, scene.nodes[node].parent, joint_of, world, still)
        values = quaternions(above.swapaxes(-1, -2) @ world[j])
        rest = scene.nodes[node].rotation
        if values[0] @ rest < 0.0:
            values = -values
        if np.abs(values - rest).max() > _STILL:
            out.append(_channel(node, "rotation", motion.times, values))
    return out


def _world_turn(scene: Scene, node: int | None, joint_of: Mapping[int, int], world: Array, still: Array) -> Array:
    """Return the world rotation (T, 3, 3) or (1, 3, 3) of a node above a joint, moving with the nearest joint above."""
    if node is None:
        return np.eye(3)[None]
    if node in joint_of:
        return np.asarray(world[joint_of[node]])
    above = scene.nodes[node].parent
    while above is not None and above not in joint_of:
        above = scene.nodes[above].parent
    if above is None:
        return np.asarray(matrix_from_quaternion(decompose_matrix(still[node])[1]))[None]
    local = matrix_from_quaternion(decompose_matrix(np.linalg.inv(still[above]) @ still[node])[1])
    return np.asarray(world[joint_of[above]] @ local)


def _hips(scene: Scene, who: Actor, motion: Motion, points: Array) -> list[Channel]:
    """Return the translation of the hips, where what stands above them stays still."""
    j = who.bones.get("hips", 0)
    node = who.nodes[j]
    parent = scene.nodes[node].parent
    above = np.eye(4) if parent is None else scene.world_matrices()[parent]
    place = points[j] @ who.frame.T
    values = (place - above[:3, 3]) @ np.linalg.inv(above[:3, :3]).T
    if np.abs(values - scene.nodes[node].translation).max() <= _STILL:
        return []
    return [_channel(node, "translation", motion.times, values)]


def _faces(scene: Scene, motion: Motion) -> list[Channel]:
    out = []
    for index, node in enumerate(scene.nodes):
        names = [m.name for m in scene.meshes[node.meshes[0]].morphs] if node.meshes else []
        speaks = {_VISEME + k: v for k, v in motion.visemes.items()} if "jawOpen" not in names else {}
        given = {**motion.face, **speaks}
        if not any(name in given for name in names):
            continue
        rest = node.morph_weights or scene.meshes[node.meshes[0]].morph_weights or (0.0,) * len(names)
        columns = [given.get(n, np.full(motion.n_frames, w)) for n, w in zip(names, rest, strict=True)]
        values = np.stack(columns, axis=1)
        if np.abs(values - rest).max() > _STILL:
            out.append(_channel(index, "weights", motion.times, values))
    return out


def _channel(node: int, path: str, times: Array, values: Array) -> Channel:
    """Return a channel; what does not change keeps its first and last key."""
    if len(times) > 2 and np.abs(values - values[0]).max() <= _STILL:
        times, values = times[[0, -1]], values[[0, -1]]
    return Channel(node=node, path=path, times=times, values=np.asarray(values, np.float32))


def with_clips(scene: Scene, motions: Mapping[str, Motion]) -> Scene:
    """Return ``scene`` with the motions as clips after those it has; one of the same name is replaced."""
    actor = find_actor(scene)
    kept = [a for a in scene.animations if a.name not in motions]
    return attrs.evolve(scene, animations=(*kept, *(bake(scene, m, actor=actor) for m in motions.values())))
