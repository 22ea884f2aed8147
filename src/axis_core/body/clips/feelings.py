"""Clips of speech, feelings and dance."""

from __future__ import annotations

import numpy as np

from axis_core.body.clips.take import Take


__all__ = ["CLIPS"]

_SPEECH = (
    (0.3, "kk E DD O U aa nn"),
    (1.15, "TH I SS"),
    (1.55, "I SS aa"),
    (2.0, "SS PP I CH O FF"),
    (2.75, "aa RR TH E nn sil"),
)
"""Seconds and visemes of a short sentence."""


def talk(name: str) -> Take:
    """Speak a sentence, hands quiet."""
    take = _speaking(name)
    for side in ("left", "right"):
        take.arm(side, bend=18.0)
    return take


def talk_gesture(name: str) -> Take:
    """Speak a sentence and underline it with both hands."""
    take = _speaking(name)
    open_ = take.keys((0.0, 0.0), (0.14, 0.75), (0.3, 1.0), (0.45, 0.65), (0.62, 1.0), (0.8, 0.8), (1.0, 0.0))
    beat = open_ * take.wave(3)
    for side, sign in (("left", 1.0), ("right", -1.0)):
        take.arm(
            side,
            (0.22 + 0.06 * open_, -1.0, 0.12 * open_),
            18.0 + 62.0 * open_ + 9.0 * sign * beat,
            (0.25 * open_, 0.1, 1.0),
            twist=44.0 * open_,
            wrist=(-6.0 * beat, 0.0),
        )
        take.fingers(side, 20.0 - 6.0 * open_)
    return take


def _speaking(name: str) -> Take:
    take = Take(name, 4.0)
    take.hips(x=0.008 * take.wave(1), yaw=1.5 * take.wave(1, 0.2))
    take.torso(pitch=1.5 + take.breathe(2), yaw=2.5 * take.wave(1, 0.4))
    take.head(pitch=3.0 * take.wave(4) + 2.0 * take.wave(3, 0.2), yaw=4.0 * take.wave(2, 0.1), roll=2.0 * take.wave(1))
    take.say(*_SPEECH)
    take.face({"browInnerUp": 0.25 * np.maximum(take.wave(2), 0.0), "browOuterUp": 0.2 * np.maximum(take.wave(2), 0.0)})
    take.blink(0.9, 2.4, 3.6)
    return take


def _feeling(name: str, seconds: float) -> Take:
    take = Take(name, seconds)
    take.hips(x=0.006 * take.wave(1))
    for side in ("left", "right"):
        take.arm(side)
    return take


def happy(name: str) -> Take:
    """Smile and rock on the feet."""
    take = _feeling(name, 2.4)
    rock = take.wave(2)
    take.hips(x=0.02 * take.wave(1), y=-0.025 + 0.01 * rock, roll=-2.0 * take.wave(1))
    take.torso(pitch=-3.0, roll=2.5 * take.wave(1))
    take.head(pitch=-4.0, roll=6.0 * take.wave(1))
    for side in ("left", "right"):
        take.arm(side, (0.26, -1.0, 0.10 * rock), 34.0, (0.0, 0.0, 1.0))
    take.face("happy", 0.85 + 0.15 * rock)
    take.blink(0.9)
    return take


def sad(name: str) -> Take:
    """Let head and shoulders hang."""
    take = _feeling(name, 5.0)
    take.hips(y=-0.03, pitch=-2.0)
    take.torso(pitch=15.0 + 1.2 * take.breathe(2, 1.5))
    take.head(pitch=24.0 + 1.5 * take.wave(1), yaw=4.0 * take.wave(1, 0.3))
    for side in ("left", "right"):
        take.arm(side, (0.12, -1.0, 0.16), 12.0, shoulder=-6.0)
    take.face("sad", 0.9)
    take.face({"eyeBlink": 0.25})
    return take


def angry(name: str) -> Take:
    """Lean in with fists."""
    take = _feeling(name, 2.4)
    heave = take.wave(2)
    take.hips(y=-0.04, pitch=5.0)
    take.torso(pitch=11.0 + 2.0 * heave)
    take.head(pitch=-8.0 + 2.0 * heave, yaw=3.0 * take.wave(1))
    for side in ("left", "right"):
        take.arm(side, (0.42, -1.0, 0.05), 44.0 + 3.0 * heave, (0.05, 0.0, 1.0), shoulder=7.0)
        take.fingers(side, 70.0, 34.0)
        take.foot(side, x=0.04, yaw=6.0)
    take.face("angry", 0.95)
    return take


def surprised(name: str) -> Take:
    """Start back with open mouth and hands."""
    take = _feeling(name, 2.2)
    take.loops = False
    start = take.keys((0.0, 0.0), (0.16, 1.0), (0.6, 0.85), (1.0, 0.0))
    take.hips(y=-0.014 - 0.03 * start, z=-0.05 * start, pitch=-4.0 * start)
    take.torso(pitch=-8.0 * start)
    take.head(pitch=-5.0 * start)
    for side in ("left", "right"):
        take.arm(
            side,
            (0.2 + 0.2 * start, -1.0, 0.15 * start),
            16.0 + 92.0 * start,
            (0.3, 0.5 * start, 1.0),
            shoulder=7.0 * start,
        )
        take.fingers(side, 18.0 - 14.0 * start, 0.0)
    take.face("surprised", start)
    return take


def laugh(name: str) -> Take:
    """Laugh from the belly."""
    take = _feeling(name, 2.4)
    shake = take.wave(9)
    lean = 0.5 + 0.5 * take.wave(1)
    take.hips(y=-0.025 - 0.006 * shake, pitch=-3.0)
    take.torso(pitch=-8.0 + 16.0 * lean + 1.6 * shake)
    take.head(pitch=-12.0 + 14.0 * lean + 1.5 * shake)
    take.arm("left", (0.3, -1.0, 0.2), 80.0, (-0.9, 0.1, 0.8))
    take.arm("right", (0.3, -1.0, 0.1), 30.0 + 3.0 * shake)
    take.face("happy", 1.0)
    take.face({"jawOpen": 0.28 + 0.12 * shake, "eyeBlink": 0.35})
    return take


def dance(name: str) -> Take:
    """Step from side to side with the arms in the beat."""
    take = Take(name, 4.0)
    side_, beat = take.wave(2), 0.5 - 0.5 * np.cos(2.0 * np.pi * 8.0 * take.phase)
    take.hips(x=0.11 * side_, y=-0.07 - 0.035 * beat, yaw=10.0 * take.wave(2, 0.1), roll=-5.0 * side_)
    take.torso(pitch=4.0, roll=8.0 * side_, yaw=-12.0 * take.wave(2, 0.1))
    take.head(pitch=5.0 * (beat - 0.5), roll=-5.0 * side_, steady=0.5)
    for side, sign in (("left", 1.0), ("right", -1.0)):
        swing = take.wave(2, 0.05) * sign
        take.arm(side, (0.62, -0.72 + 0.22 * swing, 0.42), 92.0 + 26.0 * swing, (-0.12, 0.55, 0.7), twist=-10.0)
        take.fingers(side, 42.0, 22.0)
        light = np.clip(-sign * side_ * 2.0 - 0.6, 0.0, 1.0)  # the heel of the free leg comes up
        take.foot(side, x=0.05, pitch=26.0 * light * light * (3.0 - 2.0 * light), yaw=7.0, knee=5.0)
    take.face("happy", 0.8)
    take.blink(0.6, 2.3)
    return take


def dance_twist(name: str) -> Take:
    """The twist: hips one way, shoulders the other, down and up."""
    take = Take(name, 4.0)
    twist = take.wave(4)
    low = 0.5 - 0.5 * np.cos(2.0 * np.pi * take.phase)
    take.hips(y=-0.06 - 0.13 * low, z=-0.05 * low, yaw=20.0 * twist, pitch=8.0 * low)
    take.torso(pitch=8.0 + 6.0 * low, yaw=-36.0 * twist)
    take.head(pitch=-8.0 * low, steady=0.85)
    for side, sign in (("left", 1.0), ("right", -1.0)):
        take.arm(side, (0.55, -1.0, 0.25 - 0.2 * sign * twist), 96.0, (-0.05, 0.1, 1.0))
        take.fingers(side, 46.0, 22.0)
        take.foot(side, x=0.04, pitch=14.0, yaw=4.0 + 15.0 * sign * twist, twists=True)
    take.face("happy", 0.9)
    return take


CLIPS = {
    "talk": talk,
    "talk_gesture": talk_gesture,
    "happy": happy,
    "sad": sad,
    "angry": angry,
    "surprised": surprised,
    "laugh": laugh,
    "dance": dance,
    "dance_twist": dance_twist,
}
"""Every clip of this file by name."""
