"""Skeletons and skin weights of the body: the joints follow every shape, because each is a mean of vertices."""

from __future__ import annotations

from functools import lru_cache
from typing import Literal

import attrs
import numpy as np
from numpy.typing import NDArray

from axis_core.body.data import BodyMesh, RigSource, load_mesh
from axis_core.body.shape import BodyShape
from axis_core.model import Skeleton
from axis_core.model.humanoid import bone_names


__all__ = ["RIG_NAMES", "RigName", "body_skeleton", "body_weights", "joint_vertices"]

RigName = Literal["humanoid", "mixamo", "game_engine", "default", "default_no_toes"]
RIG_NAMES: tuple[RigName, ...] = ("humanoid", "mixamo", "game_engine", "default", "default_no_toes")
"""``humanoid``: VRM 1.0 names, 54 bones with eyes. ``mixamo``: 52. ``game_engine``: 53, Unreal 4 names. ``default``:
163 with face, toes and twist bones; ``default_no_toes``: the same with the toes' weight on the foot."""

_INFLUENCES = 4
_EYES = {"leftEye": ("eye.L", "helper-l-eye"), "rightEye": ("eye.R", "helper-r-eye")}
_RIGID = ("helper-l-eye", "helper-r-eye", "helper-upper-teeth", "helper-lower-teeth")
"""What turns with the head as one piece; the source lends the back of the eyeballs to the lids, which bends them."""
_MIXAMO = "mixamorig:"
_MIDDLE = {
    "root": "Hips",
    "pelvis": "Hips",
    "spine05": "Hips",
    "spine04": "Hips",
    "spine03": "Spine",
    "spine02": "Spine1",
    "spine01": "Spine2",
    "breast": "Spine2",
    "neck01": "Neck",
    "neck02": "Neck",
    "neck03": "Neck",
}
_SIDED = {
    "clavicle": "Shoulder",
    "shoulder": "Shoulder",
    "upperarm": "Arm",
    "lowerarm": "ForeArm",
    "wrist": "Hand",
    "metacarpal": "Hand",
    "upperleg": "UpLeg",
    "lowerleg": "Leg",
    "foot": "Foot",
    "toe": "ToeBase",
}
_FINGERS = ("Thumb", "Index", "Middle", "Ring", "Pinky")


def body_skeleton(shape: BodyShape, rig: RigName = "humanoid") -> Skeleton:
    """Return the skeleton ``rig`` in ``shape``, at rest (an A-pose), rotations identity.

    Raises
    ------
    BackendUnavailable
        If the body pack is not installed.
    """
    source = _source(load_mesh(), rig)
    return Skeleton(
        names=source.names,
        parents=source.parents,
        positions=np.array([shape.positions[ids].mean(axis=0) for ids in source.heads]),
    )


def joint_vertices(bone: str, rig: RigName = "humanoid") -> NDArray[np.int64]:
    """Return the vertices whose mean is the start of ``bone``, in every shape; they move with the bone's parent.

    Raises
    ------
    ValueError
        If the rig has no such bone.
    """
    source = _source(load_mesh(), rig)
    return source.heads[source.names.index(bone)]


def body_weights(rig: RigName = "humanoid") -> tuple[NDArray[np.uint16], NDArray[np.float32]]:
    """Return joints (V, 4) and weights (V, 4) of all base mesh vertices.

    The four largest influences, largest first, normalised to 1; an unused place has joint 0 and weight 0.
    """
    return _weights(load_mesh(), rig)


@lru_cache(maxsize=10)
def _weights(mesh: BodyMesh, rig: RigName) -> tuple[NDArray[np.uint16], NDArray[np.float32]]:
    table = _source(mesh, rig).weights
    joints = np.argsort(-table, axis=1, kind="stable")[:, :_INFLUENCES]
    weights = np.take_along_axis(table, joints, axis=1).astype(np.float64)
    weights /= weights.sum(axis=1, keepdims=True)
    joints[weights == 0] = 0
    out = joints.astype(np.uint16), weights.astype(np.float32)
    for array in out:
        array.flags.writeable = False
    return out


@lru_cache(maxsize=10)
def _source(mesh: BodyMesh, rig: RigName) -> RigSource:
    if rig == "humanoid":
        return _humanoid(mesh)
    if rig == "mixamo":
        return _mixamo(mesh)
    if rig == "default_no_toes":
        return _without_toes(mesh.rigs["default"])
    return mesh.rigs[rig]


def _mixamo(mesh: BodyMesh) -> RigSource:
    """Return the Mixamo rig with the default rig's weights gathered bone by bone.

    Limbs and fingers have the same joints in both. The pack's source has weights of its own for this rig, but for 9,085
    of 19,158 vertices they do not sum to 1 (0.2 to 2.0), and they tear the shoulder.
    """
    rig, default = mesh.rigs["mixamo"], mesh.rigs["default"]
    weights = np.zeros((mesh.n_vertices, len(rig.names)), dtype=np.float32)
    for i, name in enumerate(default.names):
        weights[:, rig.names.index(_MIXAMO + _mixamo_bone(name))] += default.weights[:, i]
    head = rig.names.index(f"{_MIXAMO}Head")
    rigid = mesh.vertices_of(*_RIGID)
    weights[rigid] = 0.0
    weights[rigid, head] = 1.0
    return attrs.evolve(rig, weights=weights)


def _mixamo_bone(name: str) -> str:
    """Return the Mixamo bone (without prefix) that takes the weight of a bone of the default rig."""
    bone, _, letter = name.partition(".")
    if bone in _MIDDLE:
        return _MIDDLE[bone]
    side = {"L": "Left", "R": "Right"}.get(letter, "")
    if bone.startswith("finger"):
        finger, joint = bone.removeprefix("finger").split("-")
        return f"{side}Hand{_FINGERS[int(finger) - 1]}{joint}"
    stem = bone.rstrip("0123456789-")
    return f"{side}{_SIDED[stem]}" if side and stem in _SIDED else "Head"


def _humanoid(mesh: BodyMesh) -> RigSource:
    """Return the Mixamo rig under VRM names, with the eyes of the default rig."""
    mixamo, default = _mixamo(mesh), mesh.rigs["default"]
    vrm = {_MIXAMO + name: bone for bone, name in bone_names("mixamo").items()}
    names = [vrm[name] for name in mixamo.names]
    head = names.index("head")
    eyes = [default.names.index(bone) for bone, _ in _EYES.values()]
    weights = np.concatenate([mixamo.weights, np.zeros((mesh.n_vertices, len(_EYES)), np.float32)], axis=1)
    for k, (_, group) in enumerate(_EYES.values()):
        vertices = mesh.vertices_of(group)
        weights[vertices] = 0.0
        weights[vertices, len(names) + k] = 1.0
    return RigSource(
        names=(*names, *_EYES),
        parents=(*mixamo.parents, *[head] * len(_EYES)),
        heads=(*mixamo.heads, *(default.heads[i] for i in eyes)),
        tails=(*mixamo.tails, *(default.tails[i] for i in eyes)),
        weights=weights,
    )


def _without_toes(source: RigSource) -> RigSource:
    keep = [i for i, name in enumerate(source.names) if not name.startswith("toe")]
    place = {bone: k for k, bone in enumerate(keep)}
    weights = source.weights[:, keep].copy()
    for i, name in enumerate(source.names):
        if name.startswith("toe"):
            bone = i
            while bone not in place:
                bone = source.parents[bone]
            weights[:, place[bone]] += source.weights[:, i]
    return attrs.evolve(
        source,
        names=tuple(source.names[i] for i in keep),
        parents=tuple(place.get(source.parents[i], -1) for i in keep),
        heads=tuple(source.heads[i] for i in keep),
        tails=tuple(source.tails[i] for i in keep),
        weights=weights,
    )
