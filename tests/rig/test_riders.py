"""Twist joints and eyes: placed where they belong, weighed after the solve, and out of the way of everything else."""

from __future__ import annotations

import numpy as np
import pytest
from tests.rig.animal_bodies import merged, tube
from tests.rig.people import person

from axis_core.model.mesh import Mesh
from axis_core.model.scene import Node, Scene
from axis_core.model.skeleton import Skeleton
from axis_core.rig import place
from axis_core.rig.riders import eye_parts, is_twist, ridden, share_twist, twisted
from axis_core.stages.rig import attach_skeleton
from axis_core.stages.skin import skin_scene


def ball(centre: tuple[float, float, float], radius: float) -> tuple[np.ndarray, np.ndarray]:
    ring = np.linspace(-0.99, 0.99, 7)
    line = [[centre[0], centre[1] + radius * t, centre[2]] for t in ring]
    return tube(line, radius * np.sqrt(1 - ring**2), sides=10)


EYES = {"leftEye": (0.025, 0.94, 0.058), "rightEye": (-0.025, 0.94, 0.058)}


@pytest.fixture(scope="module")
def seeing() -> tuple[np.ndarray, np.ndarray]:
    body, _ = person()
    return merged([body, *(ball(at, 0.011) for at in EYES.values())])


def skinned(v: np.ndarray, f: np.ndarray, skeleton: Skeleton) -> tuple[Scene, np.ndarray]:
    """The scene with weights, and its dense weights (V, J) in the order of the skeleton."""
    scene = Scene(name="body", nodes=[Node(name="body", meshes=(0,))], meshes=[Mesh(name="body", positions=v, faces=f)])
    scene = skin_scene(attach_skeleton(scene, skeleton))
    mesh = scene.meshes[0]
    assert mesh.joints is not None
    assert mesh.weights is not None
    dense = np.zeros((len(v), skeleton.n_joints))
    np.add.at(dense, (np.arange(len(v))[:, None], np.asarray(mesh.joints, int)), mesh.weights)
    return scene, dense


def test_a_pair_of_balls_in_the_face_becomes_the_eyes_joints(seeing: tuple[np.ndarray, np.ndarray]) -> None:
    skeleton = place(*seeing).skeleton
    for name, built in EYES.items():
        k = skeleton.names.index(name)
        assert skeleton.names[skeleton.parents[k]] == "head"
        assert np.linalg.norm(skeleton.positions[k] - built) < 0.004


def test_a_face_without_such_parts_has_no_eyes() -> None:
    (v, f), _ = person()
    assert not {"leftEye", "rightEye"} & set(place(v, f).skeleton.names)


def test_an_eye_moves_its_ball_alone_and_wholly(seeing: tuple[np.ndarray, np.ndarray]) -> None:
    v, f = seeing
    skeleton = place(v, f).skeleton
    _, dense = skinned(v, f, skeleton)
    n = len(ball((0.0, 0.0, 0.0), 1.0)[0])
    for name, rows in (("leftEye", slice(len(v) - 2 * n, len(v) - n)), ("rightEye", slice(len(v) - n, len(v)))):
        weight = dense[:, skeleton.names.index(name)].copy()
        assert np.allclose(weight[rows], 1.0)
        weight[rows] = 0.0
        assert not weight.any()


def test_twist_joints_stand_evenly_in_their_bones_and_hang_on_them() -> None:
    (v, f), _ = person()
    skeleton = place(v, f, twist_joints=2).skeleton
    at = dict(zip(skeleton.names, skeleton.positions, strict=True))
    parent = {n: skeleton.names[p] for n, p in zip(skeleton.names, skeleton.parents, strict=True) if p >= 0}
    assert sum(is_twist(name) for name in skeleton.names) == 16
    for bone, end in (("leftUpperArm", "leftLowerArm"), ("rightLowerLeg", "rightFoot")):
        for k in (1, 2):
            assert parent[f"{bone}Twist{k}"] == bone
            assert np.allclose(at[f"{bone}Twist{k}"], at[bone] + k / 3 * (at[end] - at[bone]))


def test_twist_joints_share_their_bones_weight_and_leave_all_else_as_it_is() -> None:
    (v, f), _ = person()
    plain, twisting = (place(v, f, twist_joints=n).skeleton for n in (0, 1))
    _, before = skinned(v, f, plain)
    _, after = skinned(v, f, twisting)
    folded = after[:, : plain.n_joints].copy()
    for k, name in enumerate(twisting.names[plain.n_joints :], start=plain.n_joints):
        folded[:, plain.names.index(name[: -len("Twist1")])] += after[:, k]
        assert after[:, k].max() > (0.5 if "Leg" in name else 0.05), name  # arms have no vertices half-way
    assert (after > 0).sum(axis=1).max() <= 4
    assert np.allclose(after.sum(axis=1), 1.0, atol=1e-6)
    few = (before > 0).sum(axis=1) <= 2  # with a third and a fourth influence the weakest may have to go
    assert np.allclose(folded[few], before[few], atol=1e-5)


def test_weight_passes_evenly_along_a_bone() -> None:
    names = ("leftUpperArm", "leftLowerArm")
    arm = Skeleton(names=names, parents=np.array([-1, 0]), positions=np.array([[0.0, 0, 0], [3.0, 0, 0]]))
    arm = twisted(arm, 2)
    at = np.array([0.0, 0.5, 1.0, 1.75, 2.5])
    points = np.stack([at, 0.1 + 0 * at, 0 * at], axis=1)
    indices, weights = share_twist(points, np.zeros((5, 1), int), np.ones((5, 1)), arm)
    dense = np.zeros((5, 4))
    np.add.at(dense, (np.arange(5)[:, None], indices), weights)
    assert np.allclose(dense, [[1, 0, 0, 0], [0.5, 0, 0.5, 0], [0, 0, 1, 0], [0, 0, 0.25, 0.75], [0, 0, 0, 1]])


def test_a_joint_that_others_hang_on_stays_in_the_solve() -> None:
    assert ridden(("a", "b", "c"), np.array([-1, 0, 1], np.int32), {1, 2}).tolist() == [0, 1]


def test_an_eye_without_a_part_of_its_own_moves_nothing_apart() -> None:
    (v, f), _ = person()
    assert not eye_parts(v, f, EYES["leftEye"]).any()
