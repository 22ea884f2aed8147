"""The named stress poses: what a rig is bent into to see its weights at work.

A pose is a list of steps in the body's own frame (left, up, front), so that it looks the same from a T-pose and from an
A-pose: ``Aim`` gives a limb an absolute direction, ``Turn`` shares an angle among the bones that exist, ``Curl`` closes
fingers, ``Level`` gives a foot back its rest orientation.
"""

from __future__ import annotations

import attrs


__all__ = ["POSES", "Aim", "Bend", "Curl", "Level", "StressPose", "Turn"]

Direction = tuple[float, float, float]


@attrs.frozen
class Aim:
    """The bone points from its joint to the joint ``end`` along ``direction`` (left, up, front)."""

    bone: str
    end: str
    direction: Direction


@attrs.frozen
class Turn:
    """The bones turn by ``angle_deg`` in all, about an axis (left, up, front) that follows their parent."""

    bones: tuple[str, ...]
    axis: Direction
    angle_deg: float


@attrs.frozen
class Curl:
    """Every phalanx of a hand bends by ``angle_deg``, the thumb by ``thumb_deg``."""

    side: str
    angle_deg: float
    thumb_deg: float


@attrs.frozen
class Level:
    """The bone keeps the orientation it has at rest, whatever its parent does."""

    bone: str


@attrs.frozen
class Bend:
    """What stands for a pose on a rig that is no humanoid: every chain bends by ``angle_deg`` in all.

    ``mirrored`` bends the left and the right limbs, and the front and the hind ones, against each other, as in a walk.
    """

    axis: Direction
    angle_deg: float
    mirrored: bool = False


@attrs.frozen(kw_only=True)
class StressPose:
    """Steps for a humanoid and a bend for all others; ``grounded`` brings the feet back to where they stood."""

    steps: tuple[Aim | Turn | Curl | Level, ...] = ()
    bend: Bend = Bend((1.0, 0.0, 0.0), 40.0)
    grounded: bool = False


def _both(bone: str, end: str, direction: Direction) -> tuple[Aim, Aim]:
    out, up, front = direction
    return (
        Aim(f"left{bone}", f"left{end}", (out, up, front)),
        Aim(f"right{bone}", f"right{end}", (-out, up, front)),
    )


_LEFT, _UP, _FRONT = (1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0)
_SPINE = ("spine", "chest", "upperChest")
_LEVEL_FEET = (Level("leftFoot"), Level("rightFoot"))

POSES: dict[str, StressPose] = {
    "rest": StressPose(),
    "arms_up": StressPose(
        # the shoulder blade does a third of the way, as in a body (scapulohumeral rhythm 1 : 2)
        steps=(
            Turn(("leftShoulder",), _FRONT, 30.0),
            Turn(("rightShoulder",), _FRONT, -30.0),
            *_both("UpperArm", "LowerArm", (0.25, 1.0, 0.0)),
            *_both("LowerArm", "Hand", (0.10, 1.0, 0.05)),
        ),
        bend=Bend(_LEFT, -60.0),
    ),
    "squat": StressPose(
        steps=(
            Turn(_SPINE, _LEFT, 35.0),
            Turn(("neck", "head"), _LEFT, -20.0),
            *_both("UpperLeg", "LowerLeg", (0.45, -0.25, 1.0)),
            *_both("LowerLeg", "Foot", (0.05, -1.0, -0.35)),
            *_LEVEL_FEET,
            *_both("UpperArm", "LowerArm", (0.20, 0.0, 1.0)),
            *_both("LowerArm", "Hand", (0.05, 0.1, 1.0)),
        ),
        bend=Bend(_LEFT, 60.0),
        grounded=True,
    ),
    "run": StressPose(
        steps=(
            Turn(_SPINE, _LEFT, 12.0),
            Aim("leftUpperLeg", "leftLowerLeg", (0.05, -0.5, 0.85)),
            Aim("leftLowerLeg", "leftFoot", (0.0, -0.85, -0.5)),
            Aim("rightUpperLeg", "rightLowerLeg", (-0.05, -0.85, -0.5)),
            Aim("rightLowerLeg", "rightFoot", (0.0, -0.35, -0.95)),
            Aim("leftUpperArm", "leftLowerArm", (0.35, -0.7, -0.65)),
            Aim("leftLowerArm", "leftHand", (0.15, -0.35, 0.9)),
            Aim("rightUpperArm", "rightLowerArm", (-0.3, -0.75, 0.6)),
            Aim("rightLowerArm", "rightHand", (0.15, 0.55, 0.85)),
        ),
        bend=Bend(_LEFT, 45.0, mirrored=True),
        grounded=True,
    ),
    "twist": StressPose(
        steps=(
            Turn(_SPINE, _UP, 60.0),
            Turn(("neck", "head"), _UP, -40.0),
            *_both("UpperArm", "LowerArm", (1.0, 0.0, 0.0)),
            *_both("LowerArm", "Hand", (0.1, 0.3, 1.0)),
        ),
        bend=Bend(_UP, 70.0),
    ),
    "fist": StressPose(
        steps=(Curl("left", 78.0, 35.0), Curl("right", 78.0, 35.0)),
        bend=Bend(_LEFT, 70.0),
    ),
    "head_turn": StressPose(
        steps=(Turn(("neck", "head"), _UP, 65.0), Turn(("neck", "head"), _LEFT, 15.0)),
        bend=Bend(_UP, 40.0),
    ),
    "bend": StressPose(bend=Bend(_LEFT, 60.0)),
}
"""Every pose by name. ``rest`` is the bind pose; ``bend`` is the bend on any rig, humanoids included."""
