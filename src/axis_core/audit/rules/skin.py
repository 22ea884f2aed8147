"""Rules about weights."""

from __future__ import annotations

from collections.abc import Iterator

import attrs
import numpy as np
from numpy.typing import NDArray

from axis_core.kernels.normals import face_area_vectors
from axis_core.model.issue import Issue, Severity
from axis_core.model.issue_codes import issue
from axis_core.model.recognise import is_humanoid, recognise_humanoid
from axis_core.model.scene import Scene
from axis_core.plugin.kinds import Rule, Subject


__all__ = ["RULE"]

SUM_TOLERANCE = 5e-3
"""What an 8-bit file without care for its sums is off by at most (half a step for each of two influences, and some)."""

HOLDS_ALL = 0.75
"""Share of the surface on one joint of a rig of many from which on nothing will move."""

HOLDS_TRULY_ALL = 0.95
"""The same share where the rig is not a person's: a machine may be one rigid hull with small limbs."""


def check(subject: Subject) -> Iterator[Issue]:
    """Yield what is wrong with the weights."""
    scene = subject.scene
    if scene is None:
        return
    for n, node in enumerate(scene.nodes):
        if node.skin is None:
            continue
        for m in node.meshes:
            mesh = scene.meshes[m]
            if mesh.weights is not None:
                yield from _weights(np.asarray(mesh.weights, np.float64), f"/meshes/{m}")
            elif mesh.n_vertices:
                message = f"mesh {m} stands under the skin of node {n} but has no weights"
                yield issue("SKIN_UNWEIGHTED", message, pointer=f"/meshes/{m}", value=mesh.n_vertices, limit=0)
    yield from _one_joint(scene)


def _weights(weights: NDArray[np.float64], pointer: str) -> Iterator[Issue]:
    bad = int((~np.isfinite(weights) | (weights < 0)).any(axis=1).sum())
    if bad:
        message = f"{bad} vertices have negative or non-finite weights"
        yield issue("SKIN_INVALID_WEIGHTS", message, pointer=pointer, value=bad, limit=0)
    total = np.where(np.isfinite(weights), weights, 0).sum(axis=1)
    none = int((total <= 0).sum())
    if none:
        yield issue("SKIN_UNWEIGHTED", f"{none} vertices follow no joint", pointer=pointer, value=none, limit=0)
    off = int((np.abs(total[total > 0] - 1) > SUM_TOLERANCE).sum())
    if off:
        message = f"the weights of {off} vertices do not sum to one"
        yield issue("SKIN_NOT_NORMALISED", message, pointer=pointer, value=off, limit=0)


def _one_joint(scene: Scene) -> Iterator[Issue]:
    """The failure that looks right: a rig whose surface nearly all hangs on one joint.

    Heads and hats may hang on one joint each, with a skin of their own: what counts is the whole character.
    """
    owned = np.zeros(len(scene.nodes))
    for n, m in scene.instances():
        skin = scene.nodes[n].skin
        if skin is not None:
            owned += _owned_area(scene, skin, m, scene.world_positions(m, n))
    total = owned.sum()
    joints = {j for s in scene.skins for j in s.joints}
    if len(joints) < 10 or not total > 0 or owned.max() / total <= HOLDS_ALL:
        return
    joint = int(owned.argmax())
    share = float(owned.max() / total)
    s = next(k for k, skin in enumerate(scene.skins) if joint in skin.joints)
    message = f"{share:.0%} of the surface hangs on {scene.nodes[joint].name}"
    found = issue("SKIN_ONE_JOINT_HOLDS_ALL", message, pointer=f"/skins/{s}", value=share, limit=HOLDS_ALL)
    if share < HOLDS_TRULY_ALL and not is_humanoid(recognise_humanoid(scene.skeleton(s))):
        found = attrs.evolve(found, severity=Severity.WARNING)
    yield found


def _owned_area(scene: Scene, skin: int, m: int, positions: NDArray[np.float64]) -> NDArray[np.float64]:
    """(nodes,) six times the area of a mesh that each joint moves most; ``positions`` in world space."""
    owned, mesh = np.zeros(len(scene.nodes)), scene.meshes[m]
    if mesh.joints is None or mesh.weights is None or not len(mesh.weights):
        return owned
    joints = np.asarray(scene.skins[skin].joints, np.int64)
    best = np.nan_to_num(mesh.weights).argmax(axis=1)
    strongest = np.take_along_axis(mesh.joints, best[:, None], axis=1)[:, 0]
    nodes = joints[np.minimum(strongest, len(joints) - 1)]
    faces = mesh.faces.astype(np.int64)
    vectors = face_area_vectors(np.nan_to_num(positions, posinf=0, neginf=0), faces)
    area = np.linalg.norm(vectors, axis=1)
    for corner in range(3):
        owned += np.bincount(nodes[faces[:, corner]], area, minlength=len(owned))
    return owned


RULE = Rule(
    name="skin",
    codes=("SKIN_UNWEIGHTED", "SKIN_INVALID_WEIGHTS", "SKIN_NOT_NORMALISED", "SKIN_ONE_JOINT_HOLDS_ALL"),
    check=check,
)
