"""Perform: how every joint of an actor moves in a motion, with planted feet on legs of any length."""

from __future__ import annotations

import attrs
import numpy as np
from numpy.typing import NDArray

from axis_core.rig.motion.actor import HINGES, SIDES, Actor, hand_bones
from axis_core.rig.motion.record import Foot, Motion
from axis_core.rig.motion.turns import bent_by_hinge, constant, hinge_turn, unit


__all__ = ["Performance", "ankle_path", "perform"]

Array = NDArray[np.float64]

_SPINE = ("spine", "chest", "upperChest")
_REACH = 0.9995
"""Share of a leg's length that a planted foot may be away: a leg that locks pops."""


@attrs.frozen(kw_only=True, eq=False)
class Performance:
    """Motions of the joints in the frame of the body.

    Attributes
    ----------
    turns : (J, T, 3, 3) float64
        Rotation of each joint from where it is bound.
    points : (J, T, 3) float64, metres
        Where the joints are.
    """

    turns: Array
    points: Array


def perform(actor: Actor, motion: Motion) -> Performance:
    """Return how the joints of ``actor`` move in ``motion``.

    Joints that are no humanoid bones (twists, props) keep their place on the joint above them.
    """
    turns = _given_turns(actor, motion)
    n_joints, n_frames = len(actor.parents), motion.n_frames
    out = Performance(turns=np.empty((n_joints, n_frames, 3, 3)), points=np.empty((n_joints, n_frames, 3)))
    hips = actor.bones.get("hips", 0)
    where = _hips_points(actor, motion, turns)
    limbs = {actor.bones[b]: b for b in HINGES if b in actor.bones and "Upper" in b}
    for j, parent in enumerate(actor.parents):
        if parent < 0:
            out.points[j] = actor.rest[j]
            above = constant(np.eye(3), n_frames)
        else:
            above = out.turns[parent]
            out.points[j] = out.points[parent] + above @ (actor.rest[j] - actor.rest[parent])
        if j == hips:
            out.points[j] = where
        if j in limbs:
            turns |= _limb_turns(actor, motion, limbs[j], out, turns)
        out.turns[j] = turns.get(j, above)
    return out


def _given_turns(actor: Actor, motion: Motion) -> dict[int, Array]:
    """Return the motion's turns by joint, from each joint's rest."""
    given = dict(motion.turns)
    spine = [b for b in _SPINE if b in given]
    present = [b for b in _SPINE if b in actor.bones]
    for k, bone in enumerate(present):  # a spine of fewer bones ends where the longer one does
        if spine:
            given[bone] = motion.turns[spine[round((k + 1) * len(spine) / len(present)) - 1]]
    for side, foot in motion.feet.items():
        given[f"{side}Foot"] = foot.turn
        given.setdefault(f"{side}Toes", _toe_turn(foot))
    out = {}
    for bone, turn in given.items():
        if bone in actor.bones:
            fix = actor.to_t_pose.get(bone)
            out[actor.bones[bone]] = turn if fix is None else turn @ fix
    return out


def _toe_turn(foot: Foot) -> Array:
    """Return the turn of the toes: flat on the ground while the heel is up on a planted foot."""
    back = np.where(foot.pitch > 0.0, foot.pitch * foot.planted, 0.0)
    flat = np.zeros((len(back), 3, 3))
    flat[:, 0, 0] = 1.0
    flat[:, 1, 1] = flat[:, 2, 2] = np.cos(back)
    flat[:, 1, 2], flat[:, 2, 1] = np.sin(back), -np.sin(back)
    return np.asarray(foot.turn @ flat)


def _hips_points(actor: Actor, motion: Motion, turns: dict[int, Array]) -> Array:
    """Return where the hips are (T, 3): lowered as far as the planted feet need."""
    hips = actor.bones.get("hips", 0)
    out = actor.rest[hips] + actor.leg * motion.hips
    turn = turns.get(hips, constant(np.eye(3), motion.n_frames))
    drop = np.zeros(motion.n_frames)
    for side, foot in motion.feet.items():
        top = actor.bones.get(f"{side}UpperLeg")
        reach = actor.length(f"{side}UpperLeg", f"{side}LowerLeg", f"{side}Foot") * _REACH
        if top is None or not reach:
            continue
        span = out + turn @ (actor.rest[top] - actor.rest[hips]) - ankle_path(actor, side, foot)
        flat = np.hypot(span[:, 0], span[:, 2])
        most = np.sqrt(np.maximum(reach**2 - flat**2, 0.0))
        drop = np.maximum(drop, foot.planted * np.maximum(span[:, 1] - most, 0.0))
    out[:, 1] -= drop
    return np.asarray(out)


def ankle_path(actor: Actor, side: str, foot: Foot) -> Array:
    """Return where the ankle of a foot is to be (T, 3), the foot rolling over its ball or its heel."""
    ankle = actor.rest[actor.bones[f"{side}Foot"]]
    toes = actor.bones.get(f"{side}Toes")
    ball = actor.rest[toes] - ankle if toes is not None else np.array([0.0, -0.09, 0.16]) * actor.leg
    heel = np.array([0.0, ball[1], 0.35 * ball[1]])
    pivot = np.where((foot.pitch > 0.0)[:, None], ball, heel)
    pivot[foot.pitch == 0.0] = 0.0
    unrolled = constant(np.eye(3), len(pivot)) if foot.twists else foot.turn @ _pitched(-foot.pitch)
    moved = np.einsum("tij,tj->ti", unrolled - foot.turn, pivot)
    return np.asarray(ankle + actor.leg * foot.offset + moved)


def _pitched(angle: Array) -> Array:
    out = np.zeros((len(angle), 3, 3))
    out[:, 0, 0] = 1.0
    out[:, 1, 1] = out[:, 2, 2] = np.cos(angle)
    out[:, 1, 2], out[:, 2, 1] = -np.sin(angle), np.sin(angle)
    return out


def _limb_turns(
    actor: Actor, motion: Motion, upper: str, seen: Performance, turns: dict[int, Array]
) -> dict[int, Array]:
    """Return the turns of both bones of a limb that is led by its end; nothing where it is not."""
    side = upper[: -len("UpperArm")]
    lower, end = upper.replace("Upper", "Lower"), side + ("Foot" if upper.endswith("Leg") else "Hand")
    if not {lower, end} <= actor.bones.keys():
        return {}
    lengths = actor.length(upper, lower), actor.length(lower, end)
    joint, knee = actor.bones[upper], actor.bones[lower]
    start = seen.points[joint]
    if upper.endswith("Leg") and side in motion.feet:
        foot = motion.feet[side]
        span, hinge = ankle_path(actor, side, foot) - start, _knee_hinge(foot, dict(SIDES)[side])
    elif upper.endswith("Arm") and side in motion.hands and upper in motion.turns:
        span, hinge = _reached(actor, motion, side, seen, lengths)
    else:
        return {}
    a, b, hinge = bent_by_hinge(span, lengths, hinge)
    out = {}
    for index, bone, along in ((joint, upper, a), (knee, lower, b)):
        out[index] = hinge_turn(HINGES[bone], along, hinge) @ actor.to_t_pose[bone]
    if end.endswith("Hand") and actor.bones[end] in turns:  # the hand keeps its bend to the forearm
        before = motion.turns[lower] @ actor.to_t_pose[lower]
        hand = out[knee] @ before.swapaxes(-1, -2)
        fingers = (actor.bones[bone] for bone in hand_bones(actor.bones, side))
        out |= {i: hand @ turns[i] for i in fingers if i in turns}
    return out


def _knee_hinge(foot: Foot, sign: float) -> Array:
    if foot.hinge is not None:
        return foot.hinge
    front = foot.turn[:, :, 2].copy()
    front[:, 1] = 0.0
    front = unit(front)
    left = np.cross((0.0, 1.0, 0.0), front)
    out = np.cos(foot.knee)[:, None] * front + sign * np.sin(foot.knee)[:, None] * left
    return np.asarray(np.cross((0.0, 1.0, 0.0), out))


def _reached(
    actor: Actor, motion: Motion, side: str, seen: Performance, lengths: tuple[float, float]
) -> tuple[Array, Array]:
    """Return span and hinge of an arm that is led to a target, as far as its weight says."""
    upper, lower = f"{side}UpperArm", f"{side}LowerArm"
    reach, weight = motion.hands[side], motion.hands[side].weight[:, None]
    chest = next(actor.bones[b] for b in ("upperChest", "chest", "spine", "hips") if b in actor.bones)
    shoulders = [actor.rest[actor.bones[f"{s}UpperArm"]] for s, _ in SIDES if f"{s}UpperArm" in actor.bones]
    middle = seen.points[chest] + seen.turns[chest] @ (np.mean(shoulders, axis=0) - actor.rest[chest])
    target = middle + actor.arm * np.einsum("tij,tj->ti", seen.turns[chest], reach.target)
    along, hinge = HINGES[upper]
    free = lengths[0] * motion.turns[upper] @ np.array(along) + lengths[1] * motion.turns[lower] @ np.array(along)
    span = (1.0 - weight) * free + weight * (target - seen.points[actor.bones[upper]])
    return span, motion.turns[upper] @ np.array(hinge)
