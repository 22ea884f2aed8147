"""Take: a motion being written, part by part, in angles of the body and lengths of its limbs.

Angles are degrees. Pitch bends forwards, yaw turns to the character's left, roll leans to its left. Every value is a
number or one number a frame.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.interpolate import CubicHermiteSpline, PchipInterpolator
from scipy.spatial.transform import Rotation

from axis_core.body.faces import EXPRESSION_MIXES, VISEME_MIXES, mix_weights
from axis_core.rig.motion import Foot, Motion, Reach
from axis_core.rig.motion.actor import HINGES, SIDES
from axis_core.rig.motion.turns import about, hinge_turn, unit


__all__ = ["FRAMES_PER_SECOND", "Take"]

Array = NDArray[np.float64]
FRAMES_PER_SECOND = 30

_SIGN = dict(SIDES)
_FINGERS = ("Index", "Middle", "Ring", "Little")
_THUMB = ("ThumbMetacarpal", "ThumbProximal", "ThumbDistal")
_PHALANGES = ("Proximal", "Intermediate", "Distal")
_SPINE = ("spine", "chest", "upperChest")
_BLINK_S = (0.0, 0.07, 0.11, 0.22)


class Take:
    """A motion of ``seconds`` being written; without a word said, the person stands still with its arms down.

    Attributes
    ----------
    time : (T,) float64, seconds
    phase : (T,) float64, 0..1
    """

    def __init__(self, name: str, seconds: float, *, loops: bool = True) -> None:
        self.name, self.loops, self.seconds = name, loops, seconds
        self.n_frames = round(seconds * FRAMES_PER_SECOND) + 1
        self.time = np.linspace(0.0, seconds, self.n_frames)
        self.phase = self.time / seconds
        self._hips = np.zeros((self.n_frames, 3))
        self._turns: dict[str, Array] = {}
        self._feet: dict[str, Foot] = {}
        self._hands: dict[str, Reach] = {}
        self._face: dict[str, Array] = {}
        self._visemes: dict[str, Array] = {}
        self.speed = 0.0
        self.hips()
        self.torso()
        self.head()
        for side, _ in SIDES:
            self.arm(side)
            self.fingers(side)
            self.foot(side)

    def wave(self, cycles: int, shift: float = 0.0) -> Array:
        """Return a sine of so many cycles in the clip, ``shift`` in cycles."""
        return np.asarray(np.sin(2.0 * np.pi * (cycles * self.phase - shift)))

    def keys(self, *points: tuple[float, float]) -> Array:
        """Return a smooth curve through (phase, value) keys that never passes beyond them."""
        at, values = np.array(points, np.float64).T
        if self.loops and at[0] == 0.0 and at[-1] == 1.0 and len(at) > 2:
            at = np.concatenate([at[:-1] - 1.0, at, at[1:] + 1.0])
            values = np.concatenate([values[:-1], values, values[1:]])
        curve = PchipInterpolator(at, values)
        return np.asarray(curve(np.clip(self.phase, at[0], at[-1])))

    def cycle(self, points: Sequence[tuple[float, float]], shift: float = 0.0, cycles: int = 1) -> Array:
        """Return a periodic curve through (phase, value) keys in [0, 1), velocities those of its neighbours."""
        at, values = np.array(points, np.float64).T
        at = np.concatenate([at - 1.0, at, at + 1.0])
        values = np.tile(values, 3)
        slopes = np.gradient(values, at)
        curve = CubicHermiteSpline(at, values, slopes)
        return np.asarray(curve((cycles * self.phase - shift) % 1.0))

    def _each(self, value: ArrayLike) -> Array:
        return np.broadcast_to(np.asarray(value, np.float64), (self.n_frames,))

    def _angles(self, pitch: ArrayLike, yaw: ArrayLike, roll: ArrayLike, share: float = 1.0) -> Array:
        turned = np.stack([self._each(yaw), self._each(pitch), -self._each(roll)], axis=1)
        return np.asarray(Rotation.from_euler("YXZ", turned * share, degrees=True).as_matrix())

    def hips(
        self,
        x: ArrayLike = 0.0,
        y: ArrayLike = -0.012,
        z: ArrayLike = 0.0,
        pitch: ArrayLike = 0.0,
        yaw: ArrayLike = 0.0,
        roll: ArrayLike = 0.0,
    ) -> None:
        """Move the hips (leg lengths: left, up, front) and turn them."""
        self._hips = np.stack([self._each(x), self._each(y), self._each(z)], axis=1)
        self._turns["hips"] = self._angles(pitch, yaw, roll)

    def torso(self, pitch: ArrayLike = 0.0, yaw: ArrayLike = 0.0, roll: ArrayLike = 0.0) -> None:
        """Bend the spine, relative to the hips; call it after ``hips`` and before ``head`` and ``arm``."""
        for k, bone in enumerate(_SPINE):
            self._turns[bone] = self._turns["hips"] @ self._angles(pitch, yaw, roll, (k + 1) / len(_SPINE))

    def head(self, pitch: ArrayLike = 0.0, yaw: ArrayLike = 0.0, roll: ArrayLike = 0.0, *, steady: float = 0.0) -> None:
        """Turn the head relative to the chest; ``steady`` (0..1) takes back that share of the chest's own turn."""
        chest = Rotation.from_matrix(self._turns["upperChest"])
        held = Rotation.from_rotvec(chest.as_rotvec() * (1.0 - steady)).as_matrix()
        half = Rotation.from_rotvec(chest.as_rotvec() * (1.0 - steady / 2.0)).as_matrix()
        self._turns["neck"] = half @ self._angles(pitch, yaw, roll, 0.45)
        self._turns["head"] = held @ self._angles(pitch, yaw, roll)

    def arm(
        self,
        side: str,
        direction: Sequence[ArrayLike] = (0.2, -1.0, 0.0),
        bend: ArrayLike = 14.0,
        toward: Sequence[ArrayLike] = (0.0, 0.0, 1.0),
        *,
        twist: ArrayLike = 0.0,
        wrist: tuple[ArrayLike, ArrayLike] = (0.0, 0.0),
        shoulder: ArrayLike = 0.0,
    ) -> None:
        """Aim an arm in the frame of the chest.

        Parameters
        ----------
        direction : (outwards, up, front)
            Of the upper arm.
        bend : degrees
            Of the elbow.
        toward : (outwards, up, front)
            Where the forearm bends to.
        twist : degrees
            Turns the palm of the hand up (supination).
        wrist : degrees
            Bend towards the palm, and towards the thumb.
        shoulder : degrees
            Lifts the shoulder.
        """
        sign = _SIGN[side]
        chest = self._turns["upperChest"]
        out = np.array([sign, 1.0, 1.0])
        u = unit(self._vectors(direction) * out)
        t = self._vectors(toward) * out
        t = unit(t - (t * u).sum(-1, keepdims=True) * u)
        angle = np.deg2rad(self._each(bend))[:, None]
        f = np.cos(angle) * u + np.sin(angle) * t
        hinge = np.cross(u, t)
        lift = np.maximum(u[:, 1], 0.0) * 28.0 + self._each(shoulder)
        self._turns[f"{side}Shoulder"] = chest @ about((0.0, 0.0, sign), np.deg2rad(lift))
        self._turns[f"{side}UpperArm"] = chest @ hinge_turn(HINGES[f"{side}UpperArm"], u, hinge)
        lower = hinge_turn(HINGES[f"{side}LowerArm"], f, hinge)
        turned = np.deg2rad(self._each(twist))
        along = np.array([sign, 0.0, 0.0])
        self._turns[f"{side}LowerArm"] = chest @ lower @ about(along * -sign, turned / 2.0)
        flex = about((0.0, 0.0, -sign), np.deg2rad(self._each(wrist[0])))
        across = about((0.0, -sign, 0.0), np.deg2rad(self._each(wrist[1])))
        self._turns[f"{side}Hand"] = chest @ lower @ about(along * -sign, turned) @ flex @ across
        if f"{side}IndexProximal" in self._turns:
            self.fingers(side)

    def _vectors(self, parts: Sequence[ArrayLike]) -> Array:
        return np.stack([self._each(p) for p in parts], axis=1)

    def fingers(
        self, side: str, curl: ArrayLike = 18.0, thumb: ArrayLike = 8.0, index: ArrayLike | None = None
    ) -> None:
        """Bend each joint of the fingers by ``curl`` degrees, those of the index finger by ``index``; after ``arm``."""
        sign = _SIGN[side]
        hand = self._turns[f"{side}Hand"]
        for finger in _FINGERS:
            angle = self._each(curl if index is None or finger != "Index" else index)
            for k, phalanx in enumerate(_PHALANGES):
                bent = about((0.0, 0.0, -sign), np.deg2rad((k + 1) * angle))
                self._turns[f"{side}{finger}{phalanx}"] = hand @ bent
        for k, bone in enumerate(_THUMB):
            axis = (0.56, 0.49 * sign, -0.56 * sign)
            self._turns[f"{side}{bone}"] = hand @ about(axis, np.deg2rad((k + 0.5) * self._each(thumb)))

    def reach(self, side: str, target: Sequence[ArrayLike], weight: ArrayLike = 1.0) -> None:
        """Bring a wrist to a point from the middle between the shoulders, (outwards, up, front) in arm lengths."""
        out = np.array([_SIGN[side], 1.0, 1.0])
        self._hands[side] = Reach(target=self._vectors(target) * out, weight=self._each(weight))

    def foot(
        self,
        side: str,
        x: ArrayLike = 0.0,
        y: ArrayLike = 0.0,
        z: ArrayLike = 0.0,
        pitch: ArrayLike = 0.0,
        yaw: ArrayLike = 0.0,
        *,
        planted: ArrayLike = 1.0,
        knee: ArrayLike = 0.0,
        twists: bool = False,
    ) -> None:
        """Place a foot (leg lengths from its rest: outwards, up, front); pitch > 0 lifts the heel, < 0 the toes.

        ``yaw`` turns the toes outwards, ``knee`` the knee outwards of the foot; a foot that
        ``twists`` turns about its ball.
        """
        sign = _SIGN[side]
        pitched = np.deg2rad(self._each(pitch))
        turn = about((0.0, 1.0, 0.0), sign * np.deg2rad(self._each(yaw))) @ about((1.0, 0.0, 0.0), pitched)
        self._feet[side] = Foot(
            offset=np.stack([sign * self._each(x), self._each(y), self._each(z)], axis=1),
            turn=turn,
            pitch=pitched,
            planted=self._each(planted),
            knee=np.deg2rad(self._each(knee)),
            twists=twists,
        )

    def face(self, mix: Mapping[str, ArrayLike] | str, weight: ArrayLike = 1.0) -> None:
        """Add ARKit shapes (or a VRM expression by name); a name without a side means both."""
        given = EXPRESSION_MIXES[mix] if isinstance(mix, str) else mix
        for name, value in given.items():
            for full in mix_weights({name: 1.0}):
                now = self._face.get(full, np.zeros(self.n_frames))
                self._face[full] = np.clip(now + self._each(weight) * self._each(value), 0.0, 1.0)

    def blink(self, *at: float) -> None:
        """Close the eyes for a moment at these seconds."""
        closed = np.zeros(self.n_frames)
        for start in at:
            closed = np.maximum(closed, np.interp(self.time - start, _BLINK_S, (0.0, 1.0, 1.0, 0.0)))
        self.face({"eyeBlink": closed})

    def say(self, *words: tuple[float, str]) -> None:
        """Speak: (second, visemes separated by blanks); each viseme lasts a tenth of a second, blended."""
        tracks: dict[str, Array] = {}
        for start, text in words:
            for k, viseme in enumerate(text.split()):
                middle = start + 0.1 * k + 0.05
                shape = np.clip(1.0 - np.abs(self.time - middle) / 0.1, 0.0, 1.0)
                smooth = shape * shape * (3.0 - 2.0 * shape)
                tracks[viseme] = np.maximum(tracks.get(viseme, np.zeros(self.n_frames)), smooth)
        total = np.maximum(sum(tracks.values(), np.zeros(self.n_frames)), 1.0)
        for viseme, track in tracks.items():
            self._visemes[viseme] = track / total
            self.face(VISEME_MIXES[viseme], track / total)

    def breathe(self, cycles: int = 1, depth: float = 1.0) -> Array:
        """Return degrees of pitch that the chest rises by, for ``torso``."""
        return -0.9 * depth * self.wave(cycles)

    def motion(self) -> Motion:
        """Return what was written."""
        return Motion(
            name=self.name,
            times=self.time,
            turns=self._turns,
            hips=self._hips,
            feet=self._feet,
            hands=self._hands,
            face=self._face,
            visemes=self._visemes,
            speed=self.speed,
            loops=self.loops,
        )
