"""Clips on the spot: idles, sitting, crouching."""

from __future__ import annotations

from axis_core.body.clips.take import Take


__all__ = ["CLIPS"]


def idle(name: str) -> Take:
    """Stand, breathe, sway a little."""
    take = Take(name, 6.0)
    sway = take.wave(1)
    take.hips(x=0.012 * sway, y=-0.014 - 0.003 * take.wave(2), roll=0.6 * sway, yaw=0.8 * take.wave(1, 0.2))
    take.torso(pitch=take.breathe(2), roll=-0.8 * sway)
    take.head(pitch=1.5 * take.wave(1, 0.3), yaw=3.0 * take.wave(1, 0.1), steady=0.5)
    for side, shift in (("left", 0.05), ("right", 0.1)):
        take.arm(side, (0.2 + 0.01 * take.wave(2), -1.0, 0.02 * take.wave(1, shift)), 16.0 + 2.0 * take.wave(1, shift))
        take.fingers(side, 20.0 + 2.0 * take.wave(1, shift))
    take.blink(1.1, 4.2)
    return take


def idle_relaxed(name: str) -> Take:
    """Stand on one leg, then on the other."""
    take = Take(name, 8.0)
    lean = take.keys((0.0, 0.0), (0.12, 1.0), (0.42, 1.0), (0.62, -1.0), (0.9, -1.0), (1.0, 0.0))
    left, right = (lean > 0) * lean, (lean < 0) * -lean
    take.hips(x=0.055 * lean, y=-0.022 - 0.008 * abs(lean), roll=-3.5 * lean, yaw=-3.0 * lean)
    take.torso(pitch=1.0 + take.breathe(3), roll=4.5 * lean, yaw=2.0 * lean)
    take.head(pitch=2.0 * take.wave(2), yaw=-6.0 * lean, roll=-1.5 * lean, steady=0.4)
    take.arm("left", (0.2 + 0.05 * left, -1.0, 0.03 * lean), 18.0 + 4.0 * right)
    take.arm("right", (0.2 + 0.05 * right, -1.0, -0.03 * lean), 18.0 + 4.0 * left)
    take.foot("left", knee=6.0 * right)
    take.foot("right", knee=6.0 * left)
    take.blink(0.8, 3.1, 6.4)
    return take


def look_around(name: str) -> Take:
    """Look to one side, to the other, and back."""
    take = Take(name, 5.0)
    turn = take.keys((0.0, 0.0), (0.15, 1.0), (0.38, 1.0), (0.58, -1.0), (0.82, -1.0), (1.0, 0.0))
    take.hips(x=0.01 * turn, yaw=4.0 * turn)
    take.torso(pitch=take.breathe(2), yaw=12.0 * turn)
    take.head(yaw=38.0 * turn, pitch=3.0 * take.wave(2))
    take.face({"eyeLookOutLeft": 0.5 * (turn > 0) * turn, "eyeLookInRight": 0.5 * (turn > 0) * turn})
    take.face({"eyeLookInLeft": -0.5 * (turn < 0) * turn, "eyeLookOutRight": -0.5 * (turn < 0) * turn})
    for side in ("left", "right"):
        take.arm(side, (0.2, -1.0, 0.03 * turn), 16.0)
    take.blink(0.5, 2.4, 4.4)
    return take


def crouch(name: str) -> Take:
    """Go down on bent knees, look ahead, and rise."""
    take = Take(name, 3.0, loops=False)
    down = take.keys((0.0, 0.0), (0.3, 1.0), (0.7, 1.0), (1.0, 0.0))
    take.hips(y=-0.014 - 0.42 * down, z=-0.10 * down, pitch=18.0 * down)
    take.torso(pitch=24.0 * down + take.breathe(2))
    take.head(pitch=-22.0 * down)
    for side in ("left", "right"):
        take.arm(side, (0.22, -1.0, 0.75 * down), 16.0 + 45.0 * down)
        take.foot(side, knee=14.0 * down)
    return take


def _seat(take: Take, down: object) -> None:
    import numpy as np

    d = np.asarray(down, float)
    bow = np.sin(np.pi * np.clip(d, 0.0, 1.0))
    take.hips(y=-0.014 - 0.46 * d, z=-0.42 * d, pitch=10.0 * bow - 4.0 * d)
    take.torso(pitch=22.0 * bow + 4.0 * d + take.breathe(2))
    take.head(pitch=-12.0 * bow)
    for side in ("left", "right"):
        take.arm(side, (0.2, -1.0, 0.36 * d), 16.0 + 34.0 * d, twist=-12.0 * d)
    take.blink(0.7)


def sit(name: str) -> Take:
    """Sit on a chair as high as the knee, breathing."""
    take = Take(name, 5.0)
    _seat(take, 1.0 + 0.0 * take.phase)
    take.head(pitch=2.0 * take.wave(1), yaw=5.0 * take.wave(1, 0.2))
    take.blink(1.4, 3.7)
    return take


def sit_down(name: str) -> Take:
    """Sit down on a chair as high as the knee."""
    take = Take(name, 1.8, loops=False)
    _seat(take, take.keys((0.0, 0.0), (0.15, 0.03), (0.85, 0.98), (1.0, 1.0)))
    return take


def stand_up(name: str) -> Take:
    """Rise from a chair."""
    take = Take(name, 1.8, loops=False)
    _seat(take, take.keys((0.0, 1.0), (0.15, 0.97), (0.85, 0.03), (1.0, 0.0)))
    return take


CLIPS = {
    "idle": idle,
    "idle_relaxed": idle_relaxed,
    "look_around": look_around,
    "crouch": crouch,
    "sit": sit,
    "sit_down": sit_down,
    "stand_up": stand_up,
}
"""Every clip of this file by name."""
