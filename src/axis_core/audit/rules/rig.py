"""Rules about skeletons."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from axis_core.model.issue import Issue
from axis_core.model.issue_codes import issue
from axis_core.model.recognise import is_humanoid, recognise_humanoid
from axis_core.model.scene import Scene
from axis_core.model.skeleton import Skeleton
from axis_core.model.soup import scene_soup
from axis_core.model.upright import main_skin, rotation_from_bones
from axis_core.plugin.kinds import Rule, Subject


__all__ = ["RULE"]

ASYMMETRY = 0.15
"""Share by which a left and a right bone may differ in length before a person would see it limp."""

Points = NDArray[np.float64]

LIMBS = (("UpperArm", "LowerArm"), ("LowerArm", "Hand"), ("UpperLeg", "LowerLeg"), ("LowerLeg", "Foot"))


def check(subject: Subject) -> Iterator[Issue]:
    """Yield what is wrong with the rig."""
    scene = subject.scene
    if scene is None:
        return
    if not any(n.skin is not None for n in scene.nodes):
        yield issue("RIG_MISSING")
        return
    bounds = scene_soup(scene, skinned_only=True).bounds
    for s in range(len(scene.skins)):
        skeleton = scene.skeleton(s)
        n_roots = int((skeleton.parents < 0).sum())
        if n_roots != 1 and not _share_an_ancestor(scene, s):
            message = f"skin {s} has {n_roots} root joints without a common ancestor"
            yield issue("RIG_HIERARCHY", message, pointer=f"/skins/{s}", value=n_roots, limit=1)
        twice = sorted(name for name, n in Counter(scene.nodes[j].name for j in scene.skins[s].joints).items() if n > 1)
        if twice:
            message = f"{len(twice)} names stand for several joints: {', '.join(twice[:3])}"
            yield issue("RIG_DUPLICATE_NAMES", message, pointer=f"/skins/{s}", value=len(twice), limit=0)
        yield from _outside(scene, skeleton, s, bounds)
        yield from _asymmetry(skeleton, s)
    yield from _axes(scene)


def _axes(scene: Scene) -> Iterator[Issue]:
    skin = main_skin(scene)
    if skin is None:
        return
    rotation = rotation_from_bones(scene, skin)
    if not np.allclose(rotation, np.eye(3)):
        up = "xyz"[int(np.argmax(np.abs(rotation[1])))]
        front = "xyz"[int(np.argmax(np.abs(rotation[2])))]
        seen = [f"{'-' if rotation[row].sum() < 0 else '+'}{axis}" for row, axis in ((1, up), (2, front))]
        message = f"its head is towards {seen[0]} and it faces {seen[1]}"
        yield issue("AXES_UNUSUAL", message, pointer=f"/skins/{skin}", value=seen, limit=["+y", "+z"])


def _share_an_ancestor(scene: Scene, skin: int) -> bool:
    tops = set()
    for joint in scene.skins[skin].joints:
        top = joint
        while (parent := scene.nodes[top].parent) is not None:
            top = parent
        tops.add(top)
    return len(tops) == 1


def _outside(scene: Scene, skeleton: Skeleton, s: int, bounds: tuple[Points, Points]) -> Iterator[Issue]:
    low, high = bounds
    slack = 0.02 * float((high - low).max())
    used = _weighted_names(scene, s)
    for j, name in enumerate(skeleton.names):
        p = skeleton.positions[j]
        if name in used and ((p < low - slack) | (p > high + slack)).any():
            yield issue("RIG_JOINT_OUTSIDE", f"{name} lies outside the body", pointer=f"/skins/{s}", value=name)


def _weighted_names(scene: Scene, s: int) -> set[str]:
    used: set[int] = set()
    for node in scene.nodes:
        if node.skin != s:
            continue
        for m in node.meshes:
            mesh = scene.meshes[m]
            if mesh.joints is not None and mesh.weights is not None:
                picked = mesh.joints[mesh.weights > 0]
                used.update(np.unique(picked).tolist())
    joints = scene.skins[s].joints
    return {scene.nodes[joints[k]].name for k in used if k < len(joints)}


def _asymmetry(skeleton: Skeleton, s: int) -> Iterator[Issue]:
    bones = recognise_humanoid(skeleton)
    if not is_humanoid(bones):
        return
    for upper, lower in LIMBS:
        lengths = []
        for side in ("left", "right"):
            a, b = bones.get(side + upper), bones.get(side + lower)
            if a is None or b is None:
                break
            lengths.append(float(np.linalg.norm(skeleton.positions[b] - skeleton.positions[a])))
        if len(lengths) == 2 and abs(lengths[0] - lengths[1]) > ASYMMETRY * max(lengths):
            message = f"{upper} is {lengths[0]:.3f} m on the left and {lengths[1]:.3f} m on the right"
            yield issue("RIG_ASYMMETRIC", message, pointer=f"/skins/{s}", value=lengths, limit=ASYMMETRY)


RULE = Rule(
    name="rig",
    codes=(
        "RIG_MISSING",
        "RIG_HIERARCHY",
        "RIG_DUPLICATE_NAMES",
        "RIG_JOINT_OUTSIDE",
        "RIG_ASYMMETRIC",
        "AXES_UNUSUAL",
    ),
    check=check,
)
