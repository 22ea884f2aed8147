"""Where a fit begins: cameras from joints or outlines, and the pose of the arms."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from axis_core.body.shape import BodyShape
from axis_core.photo.camera import VIEW_YAW, ViewCamera
from axis_core.photo.evidence import Evidence
from axis_core.photo.posing import POSE_ANGLES, rest_skeleton
from axis_core.vision.landmarks import POSE_JOINTS


__all__ = ["start_angles", "start_camera"]

Floats = NDArray[np.float64]

_LONG = ("leftUpperArm", "rightUpperArm", "leftUpperLeg", "rightUpperLeg", "leftFoot", "rightFoot")


def start_camera(shape: BodyShape, view: Evidence) -> ViewCamera:
    """Return the camera that puts the body's joints over those of the photo, or its height over the mask's."""
    yaw = VIEW_YAW[view.label]
    skeleton = rest_skeleton(shape)
    joints = view.joints
    if joints is None:
        return _by_height(shape, view, yaw)
    flat = ViewCamera(yaw, 1.0, 0.0, 0.0)
    places = np.array([skeleton.positions[skeleton.names.index(bone)] for bone in _LONG])
    own = flat.project(places)
    marks = joints[[POSE_JOINTS[bone] for bone in _LONG]]
    trust = np.clip(view.seen[[POSE_JOINTS[bone] for bone in _LONG]], 0.05, 1.0)
    own_middle, middle = (np.average(p, axis=0, weights=trust) for p in (own, marks))
    tall = (own - own_middle)[:, 1]
    scale = float((tall * trust) @ (marks - middle)[:, 1]) / max(float(tall**2 @ trust), 1e-9)
    if not scale > 0:
        return _by_height(shape, view, yaw)
    at = middle - scale * own_middle
    return ViewCamera(yaw, float(scale), float(at[0]), float(at[1]))


def _by_height(shape: BodyShape, view: Evidence, yaw: float) -> ViewCamera:
    rows = np.flatnonzero((view.mask > 0.5).any(axis=1))
    columns = np.flatnonzero((view.mask > 0.5).any(axis=0))
    top, bottom = (rows[0], rows[-1]) if len(rows) else (0, view.mask.shape[0])
    middle = columns.mean() if len(columns) else view.mask.shape[1] / 2
    return ViewCamera(yaw, float(max(bottom - top, 8) / shape.height_m), float(middle), float(bottom))


def start_angles(shape: BodyShape, view: Evidence) -> Floats:
    """Return the pose that lets arms and legs hang as the joints of a photo do; without any, the rest pose."""
    out = np.zeros(len(POSE_ANGLES))
    joints = view.joints
    if joints is None or view.label not in ("front", "back", "three_quarter"):
        return out
    skeleton = rest_skeleton(shape)
    mirror = -1.0 if view.label == "back" else 1.0
    chains = (("UpperArm", "LowerArm", "Hand"), ("UpperLeg", "LowerLeg", "Foot"))
    for side in ("left", "right"):
        for first, middle, last in chains:
            turned = 0.0
            for bone, tip in ((first, middle), (middle, last)):
                a, b = f"{side}{bone}", f"{side}{tip}"
                if view.seen[[POSE_JOINTS[a], POSE_JOINTS[b]]].min() < 0.5 or (f"{a}", "z") not in _Z:
                    continue
                rest = skeleton.positions[skeleton.names.index(b)] - skeleton.positions[skeleton.names.index(a)]
                way = joints[POSE_JOINTS[b]] - joints[POSE_JOINTS[a]]
                turn = np.arctan2(-way[1], mirror * way[0]) - np.arctan2(rest[1], rest[0]) - turned
                turn = (turn + np.pi) % (2.0 * np.pi) - np.pi
                out[_Z[a, "z"]] = np.clip(turn, -1.2, 1.2)
                turned += out[_Z[a, "z"]]
    return out


_Z = {(bone, axis): k for k, (bone, axis, _) in enumerate(POSE_ANGLES)}
