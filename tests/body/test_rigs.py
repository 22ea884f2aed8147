"""Skeletons that follow the shape, weights that sum to one."""

from __future__ import annotations

import numpy as np
import pytest

from axis_core.body import RIG_NAMES, Phenotype, RigName, body_skeleton, body_weights, shape_body
from axis_core.body.data import load_mesh
from axis_core.model.humanoid import REQUIRED_BONES


pytestmark = pytest.mark.usefixtures("body_pack")
N_BODY = 13_380
COUNTS = {"humanoid": 54, "mixamo": 52, "game_engine": 53, "default": 163, "default_no_toes": 135}


@pytest.mark.parametrize("rig", RIG_NAMES)
def test_weights_sum_to_one_with_four_influences_and_quiet_unused_places(rig: RigName) -> None:
    joints, weights = body_weights(rig)
    assert joints.shape == weights.shape == (19_158, 4)
    np.testing.assert_allclose(weights.sum(axis=1), 1.0, atol=1e-6)
    assert (np.diff(weights, axis=1) <= 0).all(), "largest first"
    assert (joints[weights == 0] == 0).all()
    assert joints.max() < COUNTS[rig]


@pytest.mark.parametrize("rig", RIG_NAMES)
def test_joints_lie_inside_the_body_at_every_height(rig: RigName) -> None:
    for height in (1.1, 1.7, 2.1):
        shape = shape_body(Phenotype(height_m=height))
        skeleton = body_skeleton(shape, rig)
        assert skeleton.n_joints == COUNTS[rig]
        low, high = shape.positions[:N_BODY].min(axis=0), shape.positions[:N_BODY].max(axis=0)
        assert (skeleton.positions >= low - 0.01).all()
        assert (skeleton.positions <= high + 0.01).all()


@pytest.mark.parametrize("rig", RIG_NAMES)
def test_a_uniformly_scaled_body_has_uniformly_scaled_joints(rig: RigName) -> None:
    small, smaller = (shape_body(Phenotype(height_m=h)) for h in (0.8, 0.6))
    assert small.scale < 0.9
    expected = body_skeleton(small, rig).positions * (0.6 / 0.8)
    np.testing.assert_allclose(body_skeleton(smaller, rig).positions, expected, atol=1e-6)


def test_the_humanoid_has_all_required_bones_under_vrm_names() -> None:
    skeleton = body_skeleton(shape_body(), "humanoid")
    assert set(REQUIRED_BONES) <= set(skeleton.names)
    assert {"leftEye", "rightEye"} <= set(skeleton.names)
    assert [skeleton.names[i] for i in np.flatnonzero(skeleton.parents < 0)] == ["hips"]


@pytest.mark.parametrize(
    ("joint", "group"), [("leftEye", "helper-l-eye"), ("rightEye", "helper-r-eye"), ("head", "helper-upper-teeth")]
)
def test_eyes_and_teeth_hang_on_their_bone_alone(joint: str, group: str) -> None:
    skeleton = body_skeleton(shape_body(), "humanoid")
    joints, weights = body_weights("humanoid")
    vertices = load_mesh().vertices_of(group)
    assert (joints[vertices, 0] == skeleton.index(joint)).all()
    assert (weights[vertices, 0] == 1.0).all()


@pytest.mark.parametrize("rig", ["humanoid", "mixamo", "game_engine"])
def test_every_bone_that_should_move_skin_moves_some(rig: RigName) -> None:
    skeleton = body_skeleton(shape_body(), rig)
    joints, weights = body_weights(rig)
    load = np.bincount(joints.ravel(), weights=weights.ravel(), minlength=skeleton.n_joints)
    idle = [name for name, w in zip(skeleton.names, load, strict=True) if w < 1.0]
    assert idle in ([], ["Root"])


def test_vertices_near_a_joint_hang_on_its_neighbourhood() -> None:
    shape = shape_body()
    skeleton = body_skeleton(shape, "humanoid")
    joints, _ = body_weights("humanoid")
    for name in ("leftHand", "rightLowerLeg", "head", "leftIndexIntermediate"):
        bone = skeleton.index(name)
        allowed = {bone, int(skeleton.parents[bone]), *skeleton.children(bone)}
        near = np.linalg.norm(shape.positions[:N_BODY] - skeleton.positions[bone], axis=1).argsort()[:12]
        assert set(joints[near, 0].tolist()) <= allowed


def test_left_and_right_bones_are_mirror_images() -> None:
    skeleton = body_skeleton(shape_body(), "humanoid")
    for name in skeleton.names:
        if name.startswith("left"):
            left = skeleton.positions[skeleton.index(name)]
            right = skeleton.positions[skeleton.index("right" + name[4:])]
            np.testing.assert_allclose(left * (-1.0, 1.0, 1.0), right, atol=0.006)


def test_toes_give_their_weight_to_the_foot() -> None:
    shape = shape_body()
    names = body_skeleton(shape, "default_no_toes").names
    assert not [n for n in names if n.startswith("toe")]
    joints, _ = body_weights("default_no_toes")
    toes = np.flatnonzero((shape.positions[:N_BODY, 1] < 0.02) & (shape.positions[:N_BODY, 2] > 0.19))
    assert {names[j].partition(".")[0] for j in joints[toes, 0]} == {"foot"}
