"""The pose of a body in photos: a few angles of shoulders, elbows, hips, knees and neck."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy.spatial.transform import Rotation

from axis_core.body.data import load_mesh
from axis_core.body.rigs import body_skeleton, body_weights
from axis_core.body.shape import BodyShape, shape_body
from axis_core.model.skeleton import Skeleton


__all__ = [
    "POSE_ANGLES",
    "body_joint_names",
    "joint_positions",
    "motions_of",
    "outline_candidates",
    "rest_skeleton",
    "skin",
]

Floats = NDArray[np.float64]

POSE_ANGLES: tuple[tuple[str, str, float], ...] = (
    *(("leftUpperArm", axis, 0.5) for axis in "zyx"),
    *(("leftLowerArm", axis, 0.35) for axis in "zy"),
    *(("rightUpperArm", axis, 0.5) for axis in "zyx"),
    *(("rightLowerArm", axis, 0.35) for axis in "zy"),
    *(("leftUpperLeg", axis, 0.12) for axis in "zx"),
    *(("rightUpperLeg", axis, 0.12) for axis in "zx"),
    *((bone, "x", 0.10) for bone in ("leftLowerLeg", "rightLowerLeg")),
    *(("neck", axis, 0.10) for axis in "xyz"),
)
"""Bone, axis of the body's own space, and how far (radians) people usually differ from the rest pose."""
_AXES = {"x": (1.0, 0.0, 0.0), "y": (0.0, 1.0, 0.0), "z": (0.0, 0.0, 1.0)}


def motions_of(skeleton: Skeleton, angles: Floats) -> Floats:
    """Return what ``angles`` (A,) radians, in the order of ``POSE_ANGLES``, do to each joint's vertices, (J, 4, 4)."""
    turns: dict[str, Rotation] = {}
    for (bone, axis, _), angle in zip(POSE_ANGLES, angles, strict=True):
        turn = Rotation.from_rotvec(np.multiply(_AXES[axis], angle))
        turns[bone] = turn * turns[bone] if bone in turns else turn
    out = np.tile(np.eye(4), (skeleton.n_joints, 1, 1))
    for j, name in enumerate(skeleton.names):
        own = np.eye(4)
        if name in turns:
            own[:3, :3] = turns[name].as_matrix()
            own[:3, 3] = skeleton.positions[j] - own[:3, :3] @ skeleton.positions[j]
        parent = skeleton.parents[j]
        out[j] = (out[parent] if parent >= 0 else np.eye(4)) @ own
    return out


def skin(points: Floats, ids: NDArray[np.int64], motions: Floats) -> tuple[Floats, Floats]:
    """Return vertices ``ids`` (n, 3) moved by their joints, and the linear part (n, 3, 3) of the movement."""
    joints, weights = body_weights("humanoid")
    blended = np.einsum("nk,nkij->nij", weights[ids].astype(np.float64), motions[joints[ids]][..., :3, :])
    return np.einsum("nij,nj->ni", blended[..., :3], points) + blended[..., 3], blended[..., :3]


def joint_positions(skeleton: Skeleton, motions: Floats) -> Floats:
    """Return where the joints (J, 3) are in a pose."""
    at = np.concatenate([skeleton.positions, np.ones((skeleton.n_joints, 1))], axis=1)
    return np.asarray(np.einsum("jab,jb->ja", motions, at)[:, :3])


def rest_skeleton(shape: BodyShape) -> Skeleton:
    """Return the skeleton that poses are applied to."""
    return body_skeleton(shape, "humanoid")


@lru_cache(maxsize=1)
def body_joint_names() -> tuple[str, ...]:
    """Return the joints' names of the rig that photos are fitted with."""
    return tuple(body_skeleton(shape_body(), "humanoid").names)


@lru_cache(maxsize=1)
def outline_candidates() -> NDArray[np.int64]:
    """Return the body's vertices whose place in an outline tells its shape: no fingers, toes or eyes."""
    mesh = load_mesh()
    joints, weights = body_weights("humanoid")
    strongest = np.take_along_axis(joints, weights.argmax(axis=1)[:, None], axis=1)[:, 0]
    names = np.array(body_joint_names())
    fingers = ("Thumb", "Index", "Middle", "Ring", "Little", "Toes", "Eye", "jaw")
    left_out = np.array([any(word in name for word in fingers) for name in names])
    body = mesh.vertices_of("body")
    return np.asarray(body[~left_out[strongest[body]]])
