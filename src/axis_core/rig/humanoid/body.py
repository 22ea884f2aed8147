"""Humanoids: is it one, and where are its joints."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from axis_core.model.figure import Figure
from axis_core.model.humanoid import HUMANOID_BONES
from axis_core.model.skeleton import Skeleton
from axis_core.rig.animals.anatomy import anatomy_of
from axis_core.rig.humanoid.detector import detection
from axis_core.rig.humanoid.eyes import find_eyes
from axis_core.rig.humanoid.hands import place_fingers
from axis_core.rig.humanoid.hierarchy import Joints, humanoid_skeleton
from axis_core.rig.humanoid.refine import crotch_height, middle_of, refine_joints, symmetrised, with_hips_over
from axis_core.rig.options import PlaceOptions
from axis_core.rig.riders import twisted


__all__ = ["big_headed", "humanoid_score", "place_humanoid"]

_SIDES = ("left", "right")
_LIMBS = tuple(side + part for side in _SIDES for part in ("LowerArm", "Hand", "LowerLeg", "Foot"))
_UPRIGHT, _LEVEL = 1.0, 1.4  # depth over height of a person with cape and gun, and of an animal held level
_BIG_HEAD = 0.25  # share of the height; grown people have 0.13, children 0.2, hats add to it
_NEAR = 0.025  # a joint so near to the solid counts as inside
_ARM = 0.1  # least length of an arm, in heights
_BY_LIMBS = 0.6  # score of a body that the detector does not know and that has the limbs of a person
_WHOLE = 0.6  # score of one whose legs and arms nothing parts
_CLEAR, _LOST = 0.08, 0.15  # mean size of the heat maps where the detector knows the body, and where it does not


def big_headed(figure: Figure) -> float:
    """Return 0 to 1: how surely the head, from its joint upwards, is a quarter of the height or more."""
    share = float(np.clip(1.0 - detection(figure).joints["head"][1] / max(figure.height, 1e-9), 0.0, 1.0))
    return float(1.0 / (1.0 + np.exp((_BIG_HEAD - share) / 0.02)))


def humanoid_score(figure: Figure) -> float:
    """Return 0 to 1: how surely the detector sees a body with two legs, two arms and a head."""
    seen = detection(figure)
    points = [seen.joints[name] for name in _LIMBS]
    solid = figure.solid
    gaps = [float(np.linalg.norm(solid.points(solid.nearest_inside(point)) - point)) for point in points]
    inside = float(np.mean([gap < _NEAR for gap in gaps]))
    spread = float(np.mean([seen.spread[name] for name in _LIMBS]))
    sure = float(np.clip((_LOST - spread) / (_LOST - _CLEAR), 0.0, 1.0))
    depth = float(np.ptp(figure.bounds[:, 2])) / figure.height
    upright = float(np.clip((_LEVEL - depth) / (_LEVEL - _UPRIGHT), 0.0, 1.0))
    limbs = _limbs_seen(figure)
    parted = 1.0 if limbs > 0.0 or _is_parted(figure, seen.joints) else _WHOLE
    return inside * max(sure, _BY_LIMBS * limbs) * upright * parted * _is_built_like_a_person(seen.joints)


def _limbs_seen(figure: Figure) -> float:
    """1 for a body on one pair of legs with a pair of arms off the ground above them, that are no wings; else 0."""
    parts = anatomy_of(figure)
    if len(parts.pairs) != 1 or not figure.is_mirrored:
        return 0.0
    top = float(parts.pairs[0].root[1])
    arms = [pair for pair in parts.arms if not pair.is_blade and pair.left.length > _ARM and pair.root[1] > top]
    return 1.0 if arms else 0.0


def _is_parted(figure: Figure, joints: Joints) -> bool:
    """Whether there is air between the knees, the feet, the elbows or the hands."""
    solid = figure.solid
    for part in ("LowerLeg", "Foot", "LowerArm", "Hand"):
        steps = np.linspace(0.0, 1.0, 25)[:, None]
        line = joints["left" + part] + steps * (joints["right" + part] - joints["left" + part])
        if not solid.inside[tuple(solid.voxels(line).T)][4:-4].all():
            return True
    return False


def _is_built_like_a_person(joints: Joints) -> float:
    """1 if the joints are stacked as in a standing person, less for each thing out of order."""
    y = {name: float(point[1]) for name, point in joints.items()}
    hand = (y["leftHand"] + y["rightHand"]) / 2.0
    rules = (
        y["head"] > y["upperChest"] > y["hips"],
        min(y["leftUpperLeg"], y["rightUpperLeg"]) > max(y["leftLowerLeg"], y["rightLowerLeg"]),
        min(y["leftLowerLeg"], y["rightLowerLeg"]) > max(y["leftFoot"], y["rightFoot"]),
        hand > (y["leftFoot"] + y["rightFoot"]) / 2.0 + 0.08,
        joints["leftHand"][0] > joints["rightHand"][0],
        joints["leftFoot"][0] > joints["rightFoot"][0],
    )
    return float(np.prod([1.0 if rule else 0.5 for rule in rules]))


def place_humanoid(figure: Figure, options: PlaceOptions) -> Skeleton:
    """Return the VRM 1.0 skeleton of a humanoid in canonical space."""
    joints = _even(detection(figure).joints, figure, options)
    joints = with_hips_over(joints, crotch_height(figure.solid), big_headed(figure))
    joints = refine_joints(joints, figure.solid)
    joints["hips"] = _hip_centre(joints)
    joints = _even(joints, figure, options)
    joints = _follow(joints, options)
    fingers: Joints = _fingers(figure, joints, options) if options.fingers else {}
    for side in _SIDES:
        del joints[side + "MiddleProximal"]
    eyes = _even(find_eyes(figure, joints), figure, options)
    joints = {**joints, **fingers, **eyes, **{name: np.asarray(p, np.float64) for name, p in options.markers.items()}}
    return twisted(humanoid_skeleton(joints), options.twist_joints)


def _hip_centre(joints: Joints) -> NDArray[np.float64]:
    """The hips' joint: rigs put it from a little below the legs' joints to a hand above; take the middle way."""
    legs = (joints["leftUpperLeg"] + joints["rightUpperLeg"]) / 2.0
    return np.asarray(legs + 0.5 * (joints["hips"] - legs))


def _even(joints: Joints, figure: Figure, options: PlaceOptions) -> Joints:
    """Left like right: as the caller says, else as far as the two sides are posed alike."""
    if options.symmetric is False:
        return dict(joints)
    return symmetrised(
        joints, always=options.symmetric is True, middle=0.0 if figure.is_mirrored else middle_of(joints)
    )


def _fingers(figure: Figure, joints: Joints, options: PlaceOptions) -> Joints:
    found = {side: place_fingers(figure.positions, figure.faces, joints, side) for side in _SIDES}
    fingers = {**found["left"], **found["right"]}
    if {name[4:] for name in found["left"]} == {name[5:] for name in found["right"]}:
        fingers = _even(fingers, figure, options)
    return fingers


def _follow(joints: Joints, options: PlaceOptions) -> Joints:
    """Move what hangs on a marked joint along with it: a limb follows its root, not the trunk its hips."""
    moved = {name: np.asarray(p) - joints[name] for name, p in options.markers.items() if name in joints}
    out = {}
    for name, point in joints.items():
        at: str | None = name
        while at is not None and at not in moved:
            at = HUMANOID_BONES[at].parent
        out[name] = point if at is None or at in ("hips", "spine", "chest") else point + moved[at]
    return out
