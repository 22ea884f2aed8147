"""Motion: what a humanoid does over time, free of any rig.

Turns are given from one reference, a T-pose facing +Z with the palms down; lengths are in legs (hip to ankle) and arms
(shoulder to wrist) of whoever performs it. So one motion fits every humanoid, however it stands at rest.
"""

from __future__ import annotations

from collections.abc import Mapping

import attrs
import numpy as np
from numpy.typing import NDArray


__all__ = ["Foot", "Motion", "Reach"]

Array = NDArray[np.float64]


@attrs.frozen(kw_only=True, eq=False)
class Foot:
    """What one foot does.

    Attributes
    ----------
    offset : (T, 3) float64, leg lengths
        From where the ankle stands at rest; y is up.
    turn : (T, 3, 3) float64
        Rotation of the foot from its rest.
    pitch : (T,) float64, radians
        The part of ``turn`` that rolls the foot over its ball (heel up, > 0) or over its heel (toes up, < 0): the
        ankle is moved along so that ball or heel stay where they are. 0 where ``offset`` says it all.
    planted : (T,) float64, 0..1
        How firmly it stands on the ground.
    knee : (T,) float64, radians
        How far the knee points outwards of the foot.
    twists : bool
        Whether the foot turns about its ball altogether, as on a dance floor, not only rolls over it.
    hinge : (T, 3) float64 or None
        The axis about which the knee bends, in place of ``knee``; the left of the thigh in the T-pose.
    """

    offset: Array
    turn: Array
    pitch: Array
    planted: Array
    knee: Array
    twists: bool = False
    hinge: Array | None = None


@attrs.frozen(kw_only=True, eq=False)
class Reach:
    """Where a wrist is brought to: (T, 3) from the middle between the shoulders in arm lengths, turning with the chest.

    ``weight`` (T,) says how much of it: at 0 the turns of the arm stand.
    """

    target: Array
    weight: Array


@attrs.frozen(kw_only=True, eq=False)
class Motion:
    """A clip before it is put on a rig.

    Attributes
    ----------
    times : (T,) float64, seconds
    turns : mapping of VRM bone to (T, 3, 3) float64
        Rotation of the bone from the T-pose in the frame of the body (left, up, front); legs follow ``feet``.
    hips : (T, 3) float64, leg lengths
        From where the hips stand at rest.
    feet, hands : mapping of ``left`` and ``right``
        A side without a foot keeps the turns of its leg.
    face : mapping of ARKit shape to (T,) float64, 0..1
    visemes : mapping of Oculus viseme to (T,) float64, 0..1
        For heads that have these but no ARKit shapes; ``face`` holds their mixes already.
    speed : float, leg lengths a second
        How fast the ground runs backwards under a clip that stays in place.
    """

    name: str
    times: Array
    turns: Mapping[str, Array]
    hips: Array
    feet: Mapping[str, Foot] = attrs.field(factory=dict)
    hands: Mapping[str, Reach] = attrs.field(factory=dict)
    face: Mapping[str, Array] = attrs.field(factory=dict)
    visemes: Mapping[str, Array] = attrs.field(factory=dict)
    speed: float = 0.0
    loops: bool = True

    @property
    def n_frames(self) -> int:
        """Number of frames."""
        return len(self.times)
