"""Capture: the clip of one humanoid as a motion that any other can perform.

Bones are compared with the T-pose, so that the rest pose and the axes of bones do not matter; ways are counted in legs,
so that the size does not. The feet go where those of the source go, in its legs' lengths: feet that stand still there
stand still here.
"""

from __future__ import annotations

from typing import Literal

import attrs
import numpy as np
from numpy.typing import NDArray

from axis_core.errors import CannotFit, InputError
from axis_core.model.animation import Animation
from axis_core.model.scene import Scene
from axis_core.rig.motion.actor import SIDES, Actor, find_actor
from axis_core.rig.motion.perform import ankle_path
from axis_core.rig.motion.record import Foot, Motion
from axis_core.rig.motion.sample import sampled_channel, world_over_time


__all__ = ["RATE", "ROOTS", "Root", "capture"]

Array = NDArray[np.float64]
Root = Literal["keep", "in_place"]
ROOTS: tuple[Root, ...] = ("keep", "in_place")

RATE = 30.0
"""Frames a second."""
_MOST_SECONDS = 600.0
_LIFTED = 0.05
"""Leg lengths above the ground from which a foot no longer stands."""
_TRAVELS = 0.25
"""Leg lengths from the first frame to the last that count as going somewhere."""


def capture(scene: Scene, clip: Animation, *, root: Root = "keep", actor: Actor | None = None) -> Motion:
    """Return a clip of the humanoid of ``scene`` as a motion.

    Parameters
    ----------
    root : str
        ``keep``: the body goes where it goes; ``in_place``: the way from the first frame to the last is taken out
        evenly, hips and feet alike, and told as the motion's speed, for engines that move the body themselves.
    actor : Actor, optional
        What ``find_actor(scene)`` gives, where several clips are captured.

    Raises
    ------
    CannotFit
        The scene has no humanoid rig, or the clip moves none of its bones.
    InputError
        ``invalid_request``: an unknown ``root``; the clip is longer than ten minutes.
    """
    if root not in ROOTS:
        raise InputError(f"root is {root!r}", pointer="/root", hint=f"Known: {', '.join(ROOTS)}.")
    who = actor or find_actor(scene)
    times = _times(clip)
    world = world_over_time(scene, clip, times)[list(who.nodes)]
    turns = _turns(who, world[..., :3, :3])
    points = world[..., :3, 3] @ who.frame
    if np.abs(points - points[:, :1]).max() < 1e-9 and np.abs(turns - turns[:, :1]).max() < 1e-9:
        raise CannotFit(f"the clip {clip.name!r} moves no bone of the humanoid")
    leg = who.leg or 1.0
    hips = (points[who.bones["hips"]] - who.rest[who.bones["hips"]]) / leg
    feet = {side: _foot(who, side, turns, points, leg) for side, _ in SIDES if _has_leg(who, side)}
    way = hips[-1] * [1.0, 0.0, 1.0] - hips[0] * [1.0, 0.0, 1.0]
    speed = 0.0
    if root == "in_place":
        drift = way * (times / max(times[-1], 1e-9))[:, None]
        hips = hips - drift
        feet = {side: attrs.evolve(foot, offset=foot.offset - drift) for side, foot in feet.items()}
        speed = float(np.linalg.norm(way)) / max(float(times[-1]), 1e-9)
    return Motion(
        name=clip.name,
        times=times,
        turns=_from_t_pose(who, turns),
        hips=hips,
        feet=feet,
        face=_face(scene, clip, times),
        speed=speed if speed * times[-1] > _TRAVELS else 0.0,
        loops=bool(clip.extras.get("loop", False)),
    )


def _times(clip: Animation) -> Array:
    seconds = clip.seconds
    if not np.isfinite(seconds) or seconds > _MOST_SECONDS:
        raise InputError(f"the clip {clip.name!r} lasts {seconds:.0f} s, taken are up to {_MOST_SECONDS:.0f}")
    return np.linspace(0.0, seconds, max(2, round(seconds * RATE) + 1))


def _turns(who: Actor, world: Array) -> Array:
    """Return (J, T, 3, 3): how joints are turned from where they are bound, in the frame of the body."""
    u, _, vt = np.linalg.svd(world)
    rigid = u @ vt
    return np.asarray(np.einsum("ba,jtbc,jdc,de->jtae", who.frame, rigid, who.bind, who.frame))


def _from_t_pose(who: Actor, turns: Array) -> dict[str, Array]:
    out = {}
    for bone, joint in who.bones.items():
        fix = who.to_t_pose.get(bone)
        out[bone] = turns[joint] if fix is None else turns[joint] @ fix.T
    return out


def _has_leg(who: Actor, side: str) -> bool:
    return {f"{side}UpperLeg", f"{side}LowerLeg", f"{side}Foot"} <= who.bones.keys()


def _foot(who: Actor, side: str, turns: Array, points: Array, leg: float) -> Foot:
    """Return what a foot does; its way is that of the ball (of the heel, toes up), for feet differ in length."""
    ankle, upper = who.bones[f"{side}Foot"], who.bones[f"{side}UpperLeg"]
    fix = who.to_t_pose.get(f"{side}UpperLeg", np.eye(3))
    still = np.zeros(points.shape[1])
    foot = Foot(
        offset=np.zeros((len(still), 3)),
        turn=turns[ankle],
        pitch=np.arcsin(np.clip(-turns[ankle][:, 1, 2], -1.0, 1.0)),
        planted=still,
        knee=still,
        hinge=(turns[upper] @ fix.T)[:, :, 0],
    )
    offset = (points[ankle] - ankle_path(who, side, foot)) / leg
    return attrs.evolve(foot, offset=offset, planted=np.clip(1.0 - offset[:, 1] / _LIFTED, 0.0, 1.0))


def _face(scene: Scene, clip: Animation, times: Array) -> dict[str, Array]:
    """Return the weights of shapes over time by their names; where meshes differ, the largest."""
    out: dict[str, Array] = {}
    for channel in clip.channels:
        if channel.path != "weights" or channel.node is None or not len(channel.times):
            continue
        meshes = scene.nodes[channel.node].meshes
        names = [m.name for m in scene.meshes[meshes[0]].morphs] if meshes else []
        for name, values in zip(names, sampled_channel(channel, times).T, strict=False):
            out[name] = np.maximum(out[name], values) if name in out else values
    return out
