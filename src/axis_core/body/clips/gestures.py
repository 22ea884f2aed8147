"""Clips that say something with hands and head."""

from __future__ import annotations

import numpy as np

from axis_core.body.clips.take import Take


__all__ = ["CLIPS"]


def _standing(name: str, seconds: float, *, loops: bool = True) -> Take:
    take = Take(name, seconds, loops=loops)
    take.hips(x=0.008 * take.wave(1))
    take.torso(pitch=take.breathe(max(1, round(seconds / 3.0))))
    for side in ("left", "right"):
        take.arm(side, bend=16.0)
    take.blink(0.35 * seconds, 0.8 * seconds)
    return take


def wave(name: str) -> Take:
    """Raise the right hand and wave."""
    take = _standing(name, 2.6, loops=False)
    up = take.keys((0.0, 0.0), (0.22, 1.0), (0.8, 1.0), (1.0, 0.0))
    to_and_fro = up * np.sin(2.0 * np.pi * 4.0 * take.phase)
    take.torso(pitch=take.breathe(1), roll=3.0 * up)
    take.head(roll=-3.0 * up, pitch=-2.0 * up)
    take.arm(
        "right",
        (0.2 + 0.75 * up, -1.0 + 0.85 * up, 0.25 * up),
        16.0 + 84.0 * up + 16.0 * to_and_fro,
        (0.25 * up, up, 1.0 - 0.95 * up),
        wrist=(0.0, -10.0 * to_and_fro),
    )
    take.fingers("right", 18.0 - 14.0 * up, 8.0)
    take.face("happy", 0.7 * up)
    return take


def point(name: str) -> Take:
    """Point ahead with the right index finger."""
    take = _standing(name, 2.4, loops=False)
    out = take.keys((0.0, 0.0), (0.25, 1.0), (0.72, 1.0), (1.0, 0.0))
    take.torso(pitch=take.breathe(1) + 3.0 * out, yaw=14.0 * out)
    take.head(yaw=-12.0 * out)
    take.arm("right", (0.2 - 0.12 * out, -1.0 + 0.95 * out, 1.0 * out), 16.0 - 8.0 * out, twist=-20.0 * out)
    take.fingers("right", 18.0 + 52.0 * out, 8.0 + 24.0 * out, index=18.0 - 16.0 * out)
    return take


def nod(name: str) -> Take:
    """Nod yes."""
    take = _standing(name, 1.6, loops=False)
    down = take.keys((0.0, 0.0), (0.18, 16.0), (0.34, -3.0), (0.52, 15.0), (0.7, -2.0), (1.0, 0.0))
    take.head(pitch=down)
    take.face({"mouthSmile": 0.35 * take.keys((0.0, 0.0), (0.3, 1.0), (0.8, 1.0), (1.0, 0.0))})
    return take


def shake_head(name: str) -> Take:
    """Shake the head: no."""
    take = _standing(name, 1.8, loops=False)
    turn = take.keys((0.0, 0.0), (0.16, 24.0), (0.36, -24.0), (0.56, 20.0), (0.76, -14.0), (1.0, 0.0))
    take.head(yaw=turn, pitch=3.0 * take.keys((0.0, 0.0), (0.3, 1.0), (0.8, 1.0), (1.0, 0.0)))
    take.face({"browDown": 0.4, "mouthFrown": 0.3})
    return take


def clap(name: str) -> Take:
    """Clap before the chest."""
    take = _standing(name, 2.0)
    beat = 0.5 - 0.5 * np.cos(2.0 * np.pi * 5.0 * take.phase)  # 0 together, 1 apart
    take.torso(pitch=take.breathe(1) + 2.0)
    take.head(pitch=2.0 * take.wave(5))
    for side in ("left", "right"):
        take.arm(side, (0.5, -1.0, 0.35), 88.0, (-0.25, 0.35, 1.0), twist=4.0, wrist=(-34.0, 12.0))
        take.fingers(side, 5.0, 4.0)
        take.reach(side, (0.075 + 0.15 * beat, -0.30 + 0.02 * beat, 0.42))
    take.face("happy", 0.8)
    return take


def bow(name: str) -> Take:
    """Bow from the hips."""
    take = _standing(name, 2.6, loops=False)
    down = take.keys((0.0, 0.0), (0.32, 1.0), (0.6, 1.0), (1.0, 0.0))
    take.hips(y=-0.012 - 0.015 * down, z=-0.10 * down, pitch=30.0 * down)
    take.torso(pitch=18.0 * down)
    take.head(pitch=12.0 * down)
    for side in ("left", "right"):
        take.arm(side, (0.2, -1.0, 0.35 * down), 14.0)
    return take


def shrug(name: str) -> Take:
    """Lift the shoulders and open the hands: who knows?"""
    take = _standing(name, 2.0, loops=False)
    up = take.keys((0.0, 0.0), (0.25, 1.0), (0.6, 1.0), (1.0, 0.0))
    take.head(roll=9.0 * up, pitch=-2.0 * up)
    for side in ("left", "right"):
        take.arm(
            side,
            (0.2 + 0.18 * up, -1.0, 0.1 * up),
            16.0 + 66.0 * up,
            (0.75 * up, 0.0, 1.0),
            twist=72.0 * up,
            shoulder=16.0 * up,
            wrist=(-18.0 * up, 0.0),
        )
        take.fingers(side, 18.0 - 8.0 * up)
    take.face({"browInnerUp": 0.7 * up, "browOuterUp": 0.6 * up, "mouthShrugLower": 0.6 * up, "mouthFrown": 0.4 * up})
    return take


def cheer(name: str) -> Take:
    """Throw both fists up."""
    take = _standing(name, 2.0)
    pump = 0.5 + 0.5 * take.wave(2, 0.25)
    take.hips(y=-0.02 - 0.035 * (1.0 - pump))
    take.torso(pitch=-5.0 * pump)
    take.head(pitch=-10.0 * pump)
    for side in ("left", "right"):
        take.arm(side, (0.55, 0.35 + 0.75 * pump, 0.25), 72.0 - 48.0 * pump, (-0.4, 1.0, 0.1))
        take.fingers(side, 68.0, 34.0)
    take.face("happy", 1.0)
    take.face({"jawOpen": 0.25 + 0.1 * pump})
    return take


def thumbs_up(name: str) -> Take:
    """Show the right thumb."""
    take = _standing(name, 2.2, loops=False)
    up = take.keys((0.0, 0.0), (0.25, 1.0), (0.75, 1.0), (1.0, 0.0))
    take.head(pitch=6.0 * take.keys((0.0, 0.0), (0.3, 0.0), (0.42, 1.0), (0.55, 0.0), (1.0, 0.0)))
    take.arm("right", (0.2, -1.0 + 0.3 * up, 0.35 * up), 16.0 + 62.0 * up, (-0.1 * up, 0.2 * up, 1.0), twist=8.0 * up)
    take.fingers("right", 18.0 + 56.0 * up, 8.0 - 26.0 * up)
    take.face("happy", 0.7 * up)
    return take


def salute(name: str) -> Take:
    """Salute with the right hand at the brow."""
    take = _standing(name, 2.4, loops=False)
    up = take.keys((0.0, 0.0), (0.22, 1.0), (0.75, 1.0), (1.0, 0.0))
    take.torso(pitch=take.breathe(1) - 2.0 * up)
    take.arm(
        "right",
        (0.2 + 0.8 * up, -1.0 + 1.02 * up, 0.28 * up),
        16.0 + 118.0 * up,
        (-0.2 * up, 0.75 * up, 1.0 - 0.45 * up),
        twist=-12.0 * up,
    )
    take.fingers("right", 18.0 - 15.0 * up, 8.0)
    return take


def think(name: str) -> Take:
    """Hand at the chin, thinking."""
    take = _standing(name, 4.0)
    take.head(pitch=7.0 + 2.0 * take.wave(1), roll=-4.0, yaw=-5.0 + 3.0 * take.wave(1, 0.2))
    take.arm("left", (0.12, -1.0, 0.3), 92.0, (-1.0, 0.0, 0.55), twist=30.0)
    take.arm("right", (0.12, -1.0, 0.42), 140.0, (-0.30, 0.4, 1.0), twist=42.0, wrist=(18.0, 0.0))
    take.reach("right", (0.03, 0.02, 0.34))
    take.reach("left", (-0.10, -0.42, 0.36))
    take.fingers("right", 46.0 + 3.0 * take.wave(2), 14.0, index=24.0)
    take.face({"browDownLeft": 0.4, "browOuterUpRight": 0.4, "eyeLookUp": 0.35, "mouthPucker": 0.2})
    return take


CLIPS = {
    "wave": wave,
    "point": point,
    "nod": nod,
    "shake_head": shake_head,
    "clap": clap,
    "bow": bow,
    "shrug": shrug,
    "cheer": cheer,
    "thumbs_up": thumbs_up,
    "salute": salute,
    "think": think,
}
"""Every clip of this file by name."""
