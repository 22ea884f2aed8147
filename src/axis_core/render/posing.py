"""Bend the rig of a scene into a stress pose: how far each node moves from where it is bound."""

from __future__ import annotations

from collections.abc import Mapping

import attrs
import numpy as np
from numpy.typing import NDArray

from axis_core.errors import CannotFit, InputError
from axis_core.model.recognise import declared_bones, is_humanoid, recognise_humanoid
from axis_core.model.scene import Scene
from axis_core.model.skeleton import Skeleton
from axis_core.model.upright import main_skin
from axis_core.render.stress_poses import POSES, Aim, Bend, Curl, Level, StressPose, Turn


__all__ = ["body_frame", "joint_nodes", "pose_motions"]

Matrix = NDArray[np.float64]

_FINGERS = ("Index", "Middle", "Ring", "Little")
_PHALANGES = ("Proximal", "Intermediate", "Distal")
_THUMB = ("ThumbProximal", "ThumbDistal")


def joint_nodes(scene: Scene, skin: int) -> tuple[int, ...]:
    """Return the node of each joint of ``scene.skeleton(skin)``."""
    rank = {node: k for k, node in enumerate(scene.order())}
    return tuple(sorted(scene.skins[skin].joints, key=rank.__getitem__))


def pose_motions(scene: Scene, pose: str) -> Matrix:
    """Return the (N, 4, 4) rigid motions of the nodes from the bind pose to ``pose``, in world space.

    Raises
    ------
    InputError
        ``invalid_request``: an unknown pose.
    CannotFit
        The scene has no skin, or the pose moves none of its bones.
    """
    if pose not in POSES:
        raise InputError(f"there is no pose {pose!r}", pointer="/pose", hint=f"Poses: {', '.join(sorted(POSES))}.")
    out = np.tile(np.eye(4), (len(scene.nodes), 1, 1))
    if pose == "rest":
        return out
    skin = main_skin(scene)
    if skin is None:
        raise CannotFit(f"no skin moves the meshes, so they cannot be put into the pose {pose!r}", hint="Rig it first.")
    skeleton = scene.skeleton(skin)
    bones = recognise_humanoid(skeleton, declared_bones(scene, skeleton))
    motions = _joint_motions(skeleton, bones, pose)
    moved = dict(zip(joint_nodes(scene, skin), motions, strict=True))
    for n in scene.order():
        parent = scene.nodes[n].parent
        out[n] = moved[n] if n in moved else (np.eye(4) if parent is None else out[parent])
    return out


def _joint_motions(skeleton: Skeleton, bones: Mapping[str, int], pose: str) -> Matrix:
    spec = POSES[pose]
    if not is_humanoid(bones) or not spec.steps:
        motions = _bent(skeleton, spec.bend)
    else:
        motions = _Poser(skeleton, bones, body_frame(skeleton, bones)).motions(spec)
    if np.allclose(motions, np.eye(4)):
        raise CannotFit(f"the pose {pose!r} moves none of the bones of this rig", hint="It lacks those bones.")
    return motions


def body_frame(skeleton: Skeleton, bones: Mapping[str, int]) -> Matrix:
    """Return the (3, 3) rotation whose columns are the body's left, up and front."""
    at = skeleton.positions
    up = at[bones["head"]] - at[bones["hips"]] if {"head", "hips"} <= bones.keys() else np.array([0.0, 1.0, 0.0])
    across = [
        at[bones[f"left{part}"]] - at[bones[f"right{part}"]]
        for part in ("UpperArm", "UpperLeg")
        if {f"left{part}", f"right{part}"} <= bones.keys()
    ]
    left = np.sum(across, axis=0) if across else np.array([1.0, 0.0, 0.0])
    up = _axis_of(up, np.array([0.0, 1.0, 0.0]))
    front = _axis_of(np.cross(left, up), np.array([0.0, 0.0, 1.0]))
    return np.stack([np.cross(up, front), up, front], axis=1)


def _axis_of(vector: Matrix, otherwise: Matrix) -> Matrix:
    """Return the coordinate axis nearest to ``vector``: bodies stand straight in their file, joints do not."""
    if not np.isfinite(vector).all() or np.abs(vector).max() < 1e-9:
        return otherwise
    k = int(np.argmax(np.abs(vector)))
    return np.asarray(np.eye(3)[k] * np.sign(vector[k]))


@attrs.frozen
class _Poser:
    """A humanoid skeleton with its bones found and its frame known."""

    skeleton: Skeleton
    bones: Mapping[str, int]
    frame: Matrix

    def motions(self, spec: StressPose) -> Matrix:
        """Return the (J, 4, 4) motions of the joints."""
        by_joint = self._by_joint(spec)
        positions, parents = self.skeleton.positions, self.skeleton.parents
        out = np.tile(np.eye(4), (len(parents), 1, 1))
        for j, parent in enumerate(parents):
            above = np.eye(4) if parent < 0 else out[parent]
            turn = above[:3, :3]
            for step in by_joint.get(j, ()):
                turn = turn @ self._turn(step, j, turn)
            out[j] = _about(turn, positions[j], above[:3, :3] @ positions[j] + above[:3, 3])
        return self._grounded(out) if spec.grounded else out

    def _by_joint(self, spec: StressPose) -> dict[int, list[Aim | Level | Turn]]:
        found: dict[int, list[Aim | Level | Turn]] = {}
        for step in spec.steps:
            if isinstance(step, Curl):
                self._add_curls(step, found)
            elif isinstance(step, Turn):
                there = [b for b in step.bones if b in self.bones]
                for bone in there:
                    share = Turn((bone,), step.axis, step.angle_deg / len(there))
                    found.setdefault(self.bones[bone], []).append(share)
            elif step.bone in self.bones:
                found.setdefault(self.bones[step.bone], []).append(step)
        return found

    def _add_curls(self, step: Curl, found: dict[int, list[Aim | Level | Turn]]) -> None:
        axis = self._knuckle_line(step.side)
        for finger in _FINGERS:
            for phalanx in _PHALANGES:
                self._add_turn(found, f"{step.side}{finger}{phalanx}", axis, step.angle_deg)
        for phalanx in _THUMB:
            self._add_turn(found, f"{step.side}{phalanx}", axis, step.thumb_deg)

    def _add_turn(self, found: dict[int, list[Aim | Level | Turn]], bone: str, axis: Matrix, angle: float) -> None:
        if bone in self.bones:
            local = self.frame.T @ axis
            turn = Turn((bone,), (float(local[0]), float(local[1]), float(local[2])), angle)
            found.setdefault(self.bones[bone], []).append(turn)

    def _knuckle_line(self, side: str) -> Matrix:
        """Return the axis about which the fingers of a hand close: from index to little finger, or the reverse."""
        sign = 1.0 if side == "left" else -1.0
        ends = [self.bones.get(f"{side}{finger}Proximal") for finger in _FINGERS]
        there = [e for e in ends if e is not None]
        if len(there) < 2:
            return -sign * self.frame[:, 2]  # a mitten, palm down
        line = self.skeleton.positions[there[-1]] - self.skeleton.positions[there[0]]
        length = float(np.linalg.norm(line))
        return sign * line / length if length > 1e-9 else -sign * self.frame[:, 2]

    def _turn(self, step: Aim | Level | Turn, joint: int, above: Matrix) -> Matrix:
        """Return the rotation of ``joint`` on top of ``above``, the rotation it has so far."""
        if isinstance(step, Level):
            return np.asarray(above.T)
        if isinstance(step, Turn):
            return _rotation(self.frame @ np.asarray(step.axis), np.deg2rad(step.angle_deg))
        end = self.bones.get(step.end)
        if end is None:
            children = self.skeleton.children(joint)
            if not children:
                return np.eye(3)
            end = children[0]
        now = self.skeleton.positions[end] - self.skeleton.positions[joint]
        return _rotation_between(now, above.T @ self.frame @ np.asarray(step.direction))

    def _grounded(self, motions: Matrix) -> Matrix:
        """Return the motions moved as a whole so that the lowest foot stands where it stood."""
        feet = [self.bones[f] for f in ("leftFoot", "rightFoot") if f in self.bones]
        if not feet:
            return motions
        rest = self.skeleton.positions[feet]
        posed = np.einsum("fij,fj->fi", motions[feet, :3, :3], rest) + motions[feet, :3, 3]
        up = self.frame[:, 1]
        lift = float((rest @ up).min() - (posed @ up).min())
        out = motions.copy()
        out[:, :3, 3] += lift * up
        return out


def _bent(skeleton: Skeleton, bend: Bend) -> Matrix:
    """Return motions that bend every chain of a rig by the same angle in all; roots stay where they are."""
    positions, parents = skeleton.positions, skeleton.parents
    longest = _chain_lengths(parents)
    middle = positions.mean(axis=0) if len(positions) else np.zeros(3)
    width = np.ptp(positions, axis=0).max(initial=0.0)
    out = np.tile(np.eye(4), (len(parents), 1, 1))
    for j, parent in enumerate(parents):
        above = np.eye(4) if parent < 0 else out[parent]
        sign = 0.0 if parent < 0 else 1.0
        if bend.mirrored and parent >= 0:
            side, along = positions[j, 0], positions[j, 2] - middle[2]
            sign = 0.0 if abs(side) < 0.02 * width else float(np.sign(side) * (1.0 if along >= 0 else -1.0))
        turn = above[:3, :3] @ _rotation(np.asarray(bend.axis), np.deg2rad(sign * bend.angle_deg / longest[j]))
        out[j] = _about(turn, positions[j], above[:3, :3] @ positions[j] + above[:3, 3])
    return out


def _chain_lengths(parents: NDArray[np.int32]) -> NDArray[np.int64]:
    """Return for each joint how many joints the longest chain through it has, its root not counted; at least 1."""
    above = np.zeros(len(parents), np.int64)
    below = np.zeros(len(parents), np.int64)
    for j, parent in enumerate(parents):
        if parent >= 0:
            above[j] = above[parent] + 1
    for j in range(len(parents) - 1, -1, -1):
        if parents[j] >= 0:
            below[parents[j]] = max(below[parents[j]], below[j] + 1)
    return np.asarray(np.maximum(above + below, 1))


def _about(turn: Matrix, rest: Matrix, place: Matrix) -> Matrix:
    """Return the (4, 4) motion that turns by ``turn`` and brings the point ``rest`` to ``place``."""
    out = np.eye(4)
    out[:3, :3] = turn
    out[:3, 3] = place - turn @ rest
    return out


def _rotation(axis: Matrix, angle: float) -> Matrix:
    """Return the (3, 3) rotation about ``axis`` (Rodrigues)."""
    x, y, z = axis / np.linalg.norm(axis)
    k = np.array([[0.0, -z, y], [z, 0.0, -x], [-y, x, 0.0]])
    return np.asarray(np.eye(3) + np.sin(angle) * k + (1.0 - np.cos(angle)) * k @ k)


def _rotation_between(start: Matrix, end: Matrix) -> Matrix:
    """Return the smallest (3, 3) rotation that turns the direction of ``start`` to that of ``end``."""
    size = float(np.linalg.norm(start) * np.linalg.norm(end))
    if size < 1e-12:
        return np.eye(3)
    axis = np.cross(start, end) / size
    sine, cosine = float(np.linalg.norm(axis)), float(start @ end) / size
    if sine > 1e-9:
        return _rotation(axis, float(np.arctan2(sine, cosine)))
    if cosine > 0:
        return np.eye(3)
    return _rotation(np.cross(start, np.eye(3)[int(np.argmin(np.abs(start)))]), np.pi)
