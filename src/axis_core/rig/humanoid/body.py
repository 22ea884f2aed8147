"""Humanoids: is it one, and where are its joints."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from axis_core.model.figure import Figure, Tip
from axis_core.model.skeleton import Skeleton
from axis_core.rig.humanoid.hierarchy import Joints, humanoid_skeleton, mirror_name
from axis_core.rig.options import PlaceOptions


__all__ = ["head_share", "humanoid_score", "place_humanoid"]


def head_share(figure: Figure) -> float:
    """Return the height of the head over the whole, by where the arms branch off."""
    hands = _hands(figure)
    if not hands:
        return 0.2
    shoulder = float(np.mean([_root_of(tip)[1] for tip in hands]))
    return float(np.clip(1.0 - shoulder / figure.height, 0.0, 1.0))


def humanoid_score(figure: Figure) -> float:
    """Return 0 to 1: upright, two feet, two arms that do not stand on the ground, a head on top."""
    feet, hands = _feet(figure), _hands(figure)
    width, depth = np.ptp(figure.bounds, axis=0)[[0, 2]]
    upright = float(np.clip((figure.height / max(depth, 1e-9) - 0.8) / 0.8, 0.0, 1.0))
    broad = float(np.clip(1.5 - 0.4 * width / figure.height, 0.2, 1.0))
    return upright * broad * (0.35 + 0.3 * (len(feet) == 2) + 0.35 * (len(hands) == 2))


def place_humanoid(figure: Figure, options: PlaceOptions) -> Skeleton:
    """Return the VRM 1.0 skeleton of a humanoid in canonical space."""
    joints: Joints = {}
    h = figure.height
    feet, hands = _feet(figure), _hands(figure)
    foot_x = float(np.mean([abs(t.point[0]) for t in feet])) if feet else 0.08 * h
    shoulder_y = float(np.mean([_root_of(t)[1] for t in hands])) if hands else 0.8 * h
    hip_y = min(0.53 * h, 0.66 * shoulder_y)
    z = float(figure.middle[2])
    for name, y in (
        ("hips", hip_y * 1.03), ("spine", hip_y + 0.2 * (shoulder_y - hip_y)), ("chest", hip_y + 0.5 * (shoulder_y - hip_y)),
        ("neck", shoulder_y * 1.03), ("head", shoulder_y + 0.3 * (h - shoulder_y)),
    ):
        joints[name] = np.array([0.0, y, z])
    for side, sign in (("left", 1.0), ("right", -1.0)):
        joints[side + "UpperLeg"] = np.array([sign * foot_x, hip_y, z])
        joints[side + "LowerLeg"] = np.array([sign * foot_x, 0.53 * hip_y, z])
        joints[side + "Foot"] = np.array([sign * foot_x, 0.08 * hip_y, z - 0.01])
        joints[side + "Toes"] = np.array([sign * foot_x, 0.02 * h, z + 0.06 * h])
        tip = next((t.point for t in hands if t.point[0] * sign > 0), np.array([sign * 0.45 * h, shoulder_y, z]))
        root = np.array([sign * 0.1 * h, shoulder_y, z])
        joints[side + "Shoulder"] = np.array([sign * 0.03 * h, shoulder_y, z])
        for part, share in (("UpperArm", 0.0), ("LowerArm", 0.42), ("Hand", 0.76)):
            joints[side + part] = root + share * (tip - root)
    if options.symmetric or (options.symmetric is None and figure.is_mirrored):
        joints = symmetrised(joints)
    joints.update({k: np.asarray(v) for k, v in options.markers.items()})
    return humanoid_skeleton(joints)


def symmetrised(joints: Joints) -> Joints:
    """Return joints averaged with their mirror image in x = 0."""
    flip = np.array([-1.0, 1.0, 1.0])
    return {name: (p + flip * joints.get(mirror_name(name), flip * p)) / 2.0 for name, p in joints.items()}


def _feet(figure: Figure) -> list[Tip]:
    low = [t for t in figure.tips if t.point[1] < 0.12 * figure.height]
    return _pair(low, figure)


def _hands(figure: Figure) -> list[Tip]:
    high = [t for t in figure.tips if 0.2 < t.point[1] / figure.height < 0.98 and abs(t.point[0]) > 0.12 * figure.height]
    return _pair(high, figure)


def _pair(tips: list[Tip], figure: Figure) -> list[Tip]:
    """The farthest-reaching tip and the one nearest to its mirror image."""
    for tip in sorted(tips, key=lambda t: -t.reach):
        image = tip.point * np.array([-1.0, 1.0, 1.0])
        others = [t for t in tips if t is not tip and t.point[0] * tip.point[0] < 0]
        if others:
            partner = min(others, key=lambda t: float(np.linalg.norm(t.point - image)))
            if np.linalg.norm(partner.point - image) < 0.3 * figure.height:
                return [tip, partner]
    return []


def _root_of(tip: Tip) -> NDArray[np.float64]:
    """Where the way from a hand enters the trunk: the last point beyond 0.12 from the mirror plane."""
    beside = np.flatnonzero(np.abs(tip.path[:, 0]) > 0.12)
    return np.asarray(tip.path[beside[-1]] if len(beside) else tip.path[-1])
