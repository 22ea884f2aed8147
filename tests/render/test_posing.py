"""Stress poses: rigid joints, the right limbs in the right places, honest refusals."""

from __future__ import annotations

import attrs
import numpy as np
import pytest
from numpy.typing import NDArray

from axis_core.errors import CannotFit, InputError
from axis_core.model.scene import Node, Scene
from axis_core.model.skin import Skin
from axis_core.render import POSES
from axis_core.render.posing import joint_nodes, main_skin, pose_motions
from axis_core.testing import capsule, capsule_person, cube, person_joints, skinned_arm


Matrix = NDArray[np.float64]
FINGERS = ("Index", "Middle", "Ring", "Little")
PHALANGES = ("Proximal", "Intermediate", "Distal")


def posed(scene: Scene, pose: str) -> dict[str, Matrix]:
    """Return joint name -> position in the pose."""
    motions = pose_motions(scene, pose)
    skeleton = scene.skeleton(0)
    return {
        skeleton.names[k]: motions[node, :3, :3] @ skeleton.positions[k] + motions[node, :3, 3]
        for k, node in enumerate(joint_nodes(scene, 0))
    }


def person_with(joints: dict[str, tuple[str, Matrix]]) -> Scene:
    """Return a scene with these joints and one triangle, moved by all of them."""
    names = list(joints)
    nodes = [
        Node(
            name=name,
            parent=names.index(parent) if parent else None,
            translation=at - joints[parent][1] if parent else at,
        )
        for name, (parent, at) in joints.items()
    ]
    inverse = np.tile(np.eye(4), (len(names), 1, 1))
    inverse[:, :3, 3] = [-at for _, at in joints.values()]
    mesh = attrs.evolve(skinned_arm().meshes[0], material=None)
    return Scene(
        nodes=[*nodes, Node(name="body", meshes=(0,), skin=0)],
        meshes=(mesh,),
        skins=(Skin(joints=range(len(names)), inverse_bind=inverse),),
    )


def person_with_fingers() -> Scene:
    """Return a person whose hands have four fingers of three phalanges and a thumb of two."""
    joints = person_joints()
    for side, sign in (("left", 1.0), ("right", -1.0)):
        hand = joints[f"{side}Hand"][1]
        for k, finger in enumerate(FINGERS):
            parent = f"{side}Hand"
            for p, phalanx in enumerate(PHALANGES):
                name = f"{side}{finger}{phalanx}"
                joints[name] = (parent, hand + np.array([sign * (0.09 + 0.03 * p), 0.0, 0.03 - 0.02 * k]))
                parent = name
    return person_with(joints)


def a_posed(angle_deg: float) -> Scene:
    """Return a person whose arms hang ``angle_deg`` below the horizontal at rest."""
    joints = person_joints()
    turn = np.deg2rad(angle_deg)
    for side, sign in (("left", 1.0), ("right", -1.0)):
        shoulder = joints[f"{side}UpperArm"][1]
        for part in ("LowerArm", "Hand"):
            parent, at = joints[side + part]
            length = abs(at[0] - shoulder[0])
            joints[side + part] = (parent, shoulder + length * np.array([sign * np.cos(turn), -np.sin(turn), 0]))
    return person_with(joints)


@pytest.mark.parametrize("pose", sorted(POSES))
@pytest.mark.parametrize("scene", [person_with_fingers(), skinned_arm()], ids=["person", "arm"])
def test_joints_move_rigidly_and_bones_keep_their_length(scene: Scene, pose: str) -> None:
    motions = pose_motions(scene, pose)
    np.testing.assert_allclose(
        motions[:, :3, :3] @ motions[:, :3, :3].transpose(0, 2, 1), np.tile(np.eye(3), (len(motions), 1, 1)), atol=1e-9
    )
    assert (np.linalg.det(motions[:, :3, :3]) > 0).all()
    skeleton, after = scene.skeleton(0), posed(scene, pose)
    for j, parent in enumerate(skeleton.parents):
        if parent >= 0:
            length = np.linalg.norm(skeleton.positions[j] - skeleton.positions[parent])
            moved = np.linalg.norm(after[skeleton.names[j]] - after[skeleton.names[int(parent)]])
            assert moved == pytest.approx(length, abs=1e-9)


def test_rest_moves_nothing() -> None:
    scene = capsule_person()
    np.testing.assert_array_equal(pose_motions(scene, "rest"), np.tile(np.eye(4), (len(scene.nodes), 1, 1)))


def test_arms_up_brings_both_hands_above_the_head() -> None:
    at = posed(capsule_person(), "arms_up")
    assert min(at["leftHand"][1], at["rightHand"][1]) > at["head"][1] + 0.2


def test_squat_sinks_the_hips_and_leaves_the_feet_on_their_height() -> None:
    rest, at = posed(capsule_person(), "rest"), posed(capsule_person(), "squat")
    assert at["hips"][1] < rest["hips"][1] - 0.2
    assert min(at["leftFoot"][1], at["rightFoot"][1]) == pytest.approx(rest["leftFoot"][1], abs=1e-9)
    assert at["leftToes"][1] == pytest.approx(rest["leftToes"][1], abs=1e-9)


def test_run_swings_one_leg_forward_and_the_other_back() -> None:
    at = posed(capsule_person(), "run")
    assert at["leftLowerLeg"][2] > 0.2
    assert at["rightFoot"][2] < -0.2


def test_twist_turns_the_shoulders_by_60_degrees_to_the_left() -> None:
    at = posed(capsule_person(), "twist")
    across = (at["leftUpperArm"] - at["rightUpperArm"])[[0, 2]]
    assert np.rad2deg(np.arctan2(-across[1], across[0])) == pytest.approx(60.0, abs=1e-6)


def test_head_turn_moves_only_what_is_above_the_neck() -> None:
    rest, at = posed(capsule_person(), "rest"), posed(capsule_person(), "head_turn")
    still = [n for n in rest if n not in ("neck", "head")]
    np.testing.assert_allclose([at[n] for n in still], [rest[n] for n in still], atol=1e-12)
    motion = pose_motions(capsule_person(), "head_turn")[list(rest).index("head")]
    gaze = motion[:3, :3] @ [0, 0, 1]
    assert gaze[0] > 0.7  # towards the character's left
    assert gaze[1] < 0  # and a little down


def test_fist_brings_the_finger_tips_below_a_level_hand() -> None:
    scene = person_with_fingers()
    rest, at = posed(scene, "rest"), posed(scene, "fist")
    for side, sign in (("left", 1.0), ("right", -1.0)):
        tip = f"{side}MiddleDistal"
        assert at[tip][1] < rest[tip][1] - 0.02
        assert sign * at[tip][0] < sign * rest[tip][0]


@pytest.mark.parametrize("pose", ["arms_up", "squat", "run"])
def test_a_pose_looks_the_same_from_a_t_pose_and_from_an_a_pose(pose: str) -> None:
    first, second = posed(a_posed(0.0), pose), posed(a_posed(50.0), pose)
    for name in first:
        np.testing.assert_allclose(first[name], second[name], atol=1e-6, err_msg=name)


def test_a_pose_follows_a_body_that_faces_another_way() -> None:
    quarter = np.array([[0.0, 0, 1], [0, 1, 0], [-1, 0, 0]])  # +Z to +X
    joints = {name: (parent, quarter @ at) for name, (parent, at) in person_joints().items()}
    turned, straight = posed(person_with(joints), "squat"), posed(capsule_person(), "squat")
    for name, at in straight.items():
        np.testing.assert_allclose(turned[name], quarter @ at, atol=1e-9, err_msg=name)


def test_a_rig_that_is_no_humanoid_bends_each_chain_by_the_angle_in_all() -> None:
    motions = pose_motions(skinned_arm(), "bend")
    end = motions[1, :3, :3]  # the last joint of two
    angle = np.rad2deg(np.arccos((np.trace(end) - 1) / 2))
    assert angle == pytest.approx(POSES["bend"].bend.angle_deg)


def test_a_root_stays_and_a_rig_of_one_joint_cannot_be_bent() -> None:
    np.testing.assert_array_equal(pose_motions(skinned_arm(), "bend")[0], np.eye(4))
    with pytest.raises(CannotFit):
        pose_motions(person_with({"root": ("", np.zeros(3)), "unused": ("", np.ones(3))}), "bend")


def test_props_follow_the_joint_they_hang_on() -> None:
    person = capsule_person()
    hand = next(k for k, n in enumerate(person.nodes) if n.name == "leftHand")
    armed = attrs.evolve(person, nodes=(*person.nodes, Node(name="sword", parent=hand)))
    motions = pose_motions(armed, "arms_up")
    np.testing.assert_array_equal(motions[-1], motions[hand])


def test_an_unknown_pose_is_refused_with_the_list() -> None:
    with pytest.raises(InputError) as caught:
        pose_motions(capsule_person(), "dab")
    assert "arms_up" in str(caught.value.hint)


def test_a_scene_without_a_rig_cannot_be_posed() -> None:
    with pytest.raises(CannotFit):
        pose_motions(cube(), "squat")


def test_a_pose_that_moves_no_bone_of_the_rig_says_so() -> None:
    with pytest.raises(CannotFit, match="fist"):
        pose_motions(capsule_person(), "fist")


def test_the_main_skin_moves_most_vertices() -> None:
    assert main_skin(capsule_person()) == 0
    assert main_skin(cube()) is None


def test_a_capsule_is_closed_and_holds_its_volume() -> None:
    positions, faces = capsule((0, 0, 0), (0, 1, 0), 0.1, n_around=64, n_cap=24)
    a, b, c = (positions[faces[:, k]] for k in range(3))
    volume = np.einsum("ij,ij->", a, np.cross(b, c)) / 6
    assert volume == pytest.approx(np.pi * 0.01 * (1 + 4 / 3 * 0.1), rel=0.01)
