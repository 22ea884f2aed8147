"""Clips that go somewhere: walks, runs, jumps, turns.

A step is written as the path of the sole: during stance it moves backwards with the ground, at one constant speed, and
the heel strikes, the foot rolls, the toes push off; in swing it flies forward. Timing after Perry, "Gait analysis"
(1992): stance is about 60 % of a walking cycle, 35 % of a running one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import attrs
import numpy as np
from numpy.typing import NDArray

from axis_core.body.clips.take import Take


__all__ = ["CLIPS"]

Array = NDArray[np.float64]
Keys = Sequence[tuple[float, float]]


@attrs.frozen(kw_only=True)
class _Gait:
    """One cycle: two steps. Lengths in legs, angles in degrees, phases 0..1 from the strike of the foot."""

    seconds: float
    stance: float
    stride: float
    lift: Keys
    pitch: Keys
    width: float
    sink: float
    bounce: float
    lean: float
    arms: float
    elbow: float
    sway: float
    twist: float
    bounce_shift: float = 0.0

    @property
    def speed(self) -> float:
        """Leg lengths a second: the way of one stance in its time."""
        return self.stride / (self.stance * self.seconds)


_WALK = _Gait(
    seconds=1.1,
    stance=0.62,
    stride=0.80,
    lift=((0.0, 0.0), (0.62, 0.0), (0.70, 0.045), (0.80, 0.06), (0.92, 0.03)),
    pitch=((0.0, -20.0), (0.09, 0.0), (0.36, 0.0), (0.62, 48.0), (0.74, 40.0), (0.86, -2.0), (0.94, -18.0)),
    width=-0.045,
    sink=0.045,
    bounce=0.016,
    lean=3.0,
    arms=0.42,
    elbow=20.0,
    sway=0.018,
    twist=7.0,
)
_STROLL = attrs.evolve(_WALK, seconds=1.4, stride=0.58, arms=0.26, sink=0.032, twist=5.0, sway=0.022)
_RUN = _Gait(
    seconds=0.72,
    stance=0.36,
    stride=0.85,
    lift=((0.0, 0.0), (0.36, 0.0), (0.48, 0.22), (0.62, 0.34), (0.78, 0.20), (0.92, 0.04)),
    pitch=((0.0, -8.0), (0.06, 0.0), (0.16, 0.0), (0.36, 45.0), (0.52, 85.0), (0.68, 50.0), (0.84, 0.0), (0.95, -8.0)),
    width=-0.055,
    sink=0.085,
    bounce=0.040,
    lean=12.0,
    arms=0.75,
    elbow=86.0,
    sway=0.008,
    twist=11.0,
    bounce_shift=0.06,
)
_SPRINT = attrs.evolve(_RUN, seconds=0.56, stride=0.95, lean=18.0, arms=0.95, sink=0.10)


def _step(take: Take, gait: _Gait, shift: float) -> tuple[Array, Array, Array, Array]:
    """Return height, way, pitch of a foot and how it is planted; phase 0 is its strike."""
    phase = (take.phase - shift) % 1.0
    half = gait.stride / 2.0
    slope = -gait.stride / gait.stance
    # in swing a cubic joins both ends of the stance at the ground's own speed
    s = np.clip((phase - gait.stance) / (1.0 - gait.stance), 0.0, 1.0)
    m = slope * (1.0 - gait.stance)
    h00, h10, h01, h11 = 2 * s**3 - 3 * s**2 + 1, s**3 - 2 * s**2 + s, -2 * s**3 + 3 * s**2, s**3 - s**2
    swing = -half * h00 + m * h10 + half * h01 + m * h11
    way = np.where(phase <= gait.stance, half + slope * phase, swing)
    lift = np.where(phase <= gait.stance, 0.0, take.cycle(gait.lift, shift))
    return np.maximum(lift, 0.0), way, take.cycle(gait.pitch, shift), (phase <= gait.stance).astype(float)


def _go(take: Take, gait: _Gait, *, travels: bool, direction: float = 1.0) -> None:
    """Write a cycle of ``gait``; the left foot strikes at phase 0."""
    stride = take.wave(1, -0.25)  # 1 when the left foot is in front
    gone = take.time * gait.speed * direction if travels else 0.0 * take.time
    take.speed = 0.0 if travels else gait.speed * direction
    bounce = np.cos(4.0 * np.pi * (take.phase - gait.bounce_shift))
    over = take.wave(1, 0.31 - 0.25)  # weight over the standing leg, left in its mid stance
    take.hips(
        x=gait.sway * over,
        y=-gait.sink - gait.bounce * bounce,
        z=gone,
        pitch=gait.lean * 0.4,
        yaw=-gait.twist * stride,
        roll=-2.5 * over,
    )
    take.torso(pitch=gait.lean * 0.6, yaw=2.0 * gait.twist * stride, roll=2.5 * over)
    take.head(pitch=-gait.lean * 0.8, steady=0.9)
    for side, shift, sign in (("left", 0.0, 1.0), ("right", 0.5, -1.0)):
        lift, way, pitch, planted = _step(take, gait, shift)
        take.foot(
            side,
            x=gait.width,
            y=lift,
            z=direction * way + gone,
            pitch=pitch if direction > 0 else 0.35 * pitch,
            planted=planted,
        )
        swing = -sign * stride * direction
        out = 0.18 if gait.elbow < 60.0 else 0.24
        bend = gait.elbow + (14.0 if gait.elbow < 60.0 else 18.0) * swing
        inwards = (-0.1 if gait.elbow < 60.0 else -0.32, 0.05, 1.0)
        take.arm(side, (out, -1.0, gait.arms * swing - 0.05 * (gait.elbow > 60.0)), bend, inwards)
        take.fingers(side, 22.0 if gait.elbow < 60.0 else 42.0)


def _cycle(gait: _Gait, summary: str, *, travels: bool = False, direction: float = 1.0) -> Callable[[str], Take]:
    def write(name: str) -> Take:
        take = Take(name, gait.seconds)
        _go(take, gait, travels=travels, direction=direction)
        return take

    write.__doc__ = summary
    return write


def jump(name: str) -> Take:
    """Crouch, leap, fly, land softly, rise."""
    take = Take(name, 1.9, loops=False)
    height = take.keys((0.0, 0.0), (0.36, 0.0), (0.38, 0.02), (0.50, 0.34), (0.62, 0.02), (0.64, 0.0), (1.0, 0.0))
    sink = take.keys(
        (0.0, 0.014), (0.22, 0.30), (0.30, 0.28), (0.38, 0.03), (0.50, 0.05), (0.63, 0.05), (0.74, 0.27), (1.0, 0.014)
    )
    load = sink / 0.30
    swing = take.keys((0.0, 0.0), (0.22, -0.9), (0.40, 1.4), (0.52, 0.9), (0.66, 0.5), (0.78, -0.2), (1.0, 0.0))
    take.hips(y=height - sink, z=-0.07 * load, pitch=16.0 * load)
    take.torso(pitch=20.0 * load)
    take.head(pitch=-18.0 * load)
    heel = take.keys((0.0, 0.0), (0.30, 0.0), (0.38, 42.0), (0.50, 38.0), (0.615, 16.0), (0.66, 0.0), (1.0, 0.0))
    for side in ("left", "right"):
        take.arm(side, (0.25, -1.0 + 0.35 * np.maximum(swing, 0.0), swing), 22.0 + 22.0 * np.abs(swing))
        take.foot(side, y=height, pitch=heel, planted=(height <= 0.0).astype(float), knee=4.0 * load)
    return take


def turn_left(name: str) -> Take:
    """Turn on the spot, a quarter to the left, in two steps."""
    return _turned(name, 1.0)


def turn_right(name: str) -> Take:
    """Turn on the spot, a quarter to the right, in two steps."""
    return _turned(name, -1.0)


def _turned(name: str, sign: float) -> Take:
    take = Take(name, 1.4, loops=False)
    first = take.keys((0.0, 0.0), (0.08, 0.0), (0.48, 1.0), (1.0, 1.0))
    second = take.keys((0.0, 0.0), (0.50, 0.0), (0.92, 1.0), (1.0, 1.0))
    body = take.keys((0.0, 0.0), (0.15, 0.08), (0.85, 0.94), (1.0, 1.0))
    take.hips(y=-0.03, yaw=sign * 90.0 * body)
    take.torso(yaw=sign * 10.0 * np.sin(np.pi * body), pitch=1.5)
    take.head(yaw=sign * 24.0 * np.sin(np.pi * body) ** 2)
    for side in ("left", "right"):
        take.arm(side, (0.2, -1.0, 0.08 * np.sin(2.0 * np.pi * body)), 17.0)
    leading = "left" if sign > 0 else "right"
    for side, done in ((leading, first), ("right" if sign > 0 else "left", second)):
        own = 1.0 if side == "left" else -1.0
        angle = np.deg2rad(sign * 90.0 * done)
        width = 0.12  # half the distance of the ankles at rest, in leg lengths: a foot turns about the body's middle
        z, x = -own * width * np.sin(angle), own * width * (np.cos(angle) - 1.0)
        lift = 0.05 * np.sin(np.pi * done)
        planted = ((done <= 0.0) | (done >= 1.0)).astype(float)
        take.foot(side, x=own * x, y=lift, z=z, yaw=own * np.rad2deg(angle), planted=planted)
    return take


CLIPS = {
    "walk": _cycle(_WALK, "Walk in place, one cycle."),
    "walk_forward": _cycle(_WALK, "Walk forward, one cycle; the hips carry the way.", travels=True),
    "walk_backward": _cycle(_STROLL, "Walk backward in place, one cycle.", direction=-1.0),
    "stroll": _cycle(_STROLL, "Walk at leisure in place, one cycle."),
    "run": _cycle(_RUN, "Run in place, one cycle."),
    "run_forward": _cycle(_RUN, "Run forward, one cycle; the hips carry the way.", travels=True),
    "sprint": _cycle(_SPRINT, "Sprint in place, one cycle."),
    "jump": jump,
    "turn_left": turn_left,
    "turn_right": turn_right,
}
"""Every clip of this file by name."""
