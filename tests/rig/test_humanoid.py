"""People of several builds, poses, hands and orientations: the joints are where they were built."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from tests.rig.animal_bodies import Mesh, box, merged, tube
from tests.rig.people import A_POSE, I_POSE, Joints, person

import axis_core
from axis_core.errors import InputError, NotFound
from axis_core.model.humanoid import HUMANOID_BONES, REQUIRED_BONES
from axis_core.rig.humanoid.refine import with_hips_over
from axis_core.rig.placement import Placement, place
from axis_core.stages.rig import strip_rig


LIMBS = ("UpperArm", "LowerArm", "Hand", "UpperLeg", "LowerLeg", "Foot")
CORE = ("hips", "neck", "head", *(side + part for side in ("left", "right") for part in LIMBS))


def errors(placement: Placement, joints: Joints, height: float = 1.0) -> dict[str, float]:
    """Distance to the built joint, in percent of the height, for each of the fifteen core joints."""
    found = dict(zip(placement.skeleton.names, placement.skeleton.positions, strict=True))
    return {name: 100.0 * float(np.linalg.norm(found[name] - joints[name])) / height for name in CORE}


@pytest.mark.parametrize(
    ("pose", "head", "kind"),
    [(0.0, 1.0, "humanoid"), (A_POSE, 1.0, "humanoid"), (I_POSE, 1.0, "humanoid"), (0.0, 2.6, "chibi")],
)
def test_core_joints_lie_where_they_were_built(pose: float, head: float, kind: str) -> None:
    (v, f), joints = person(pose, head=head)
    placement = place(v, f)
    assert placement.archetype == kind, placement.scores
    off = errors(placement, joints, float(np.ptp(v[:, 1])))
    assert np.mean(list(off.values())) < 2.0, off
    assert max(off.values()) < 5.0, off


def test_skeleton_is_one_tree_with_all_required_bones_under_their_vrm_parents() -> None:
    (v, f), _ = person()
    skeleton = place(v, f).skeleton
    assert set(REQUIRED_BONES) <= set(skeleton.names)
    assert skeleton.names[0] == "hips"
    assert (skeleton.parents < 0).sum() == 1
    for name, parent in zip(skeleton.names, skeleton.parents, strict=True):
        if parent >= 0 and HUMANOID_BONES[name].parent in skeleton.names:
            assert skeleton.names[parent] == HUMANOID_BONES[name].parent


def test_a_symmetric_body_gets_a_symmetric_skeleton() -> None:
    (v, f), _ = person(A_POSE)
    found = dict(zip(*(lambda s: (s.names, s.positions))(place(v, f).skeleton), strict=True))
    for name, point in found.items():
        if name.startswith("left"):
            assert np.allclose(found["right" + name[4:]], point * [-1.0, 1.0, 1.0], atol=2e-3)
    assert found["leftHand"][0] > 0.0


TURNS = {
    "z up": np.array([[1.0, 0.0, 0.0], [0.0, 0.0, -1.0], [0.0, 1.0, 0.0]]),
    "backwards": np.diag([-1.0, 1.0, -1.0]),
    "yaw 37": np.array([[0.7986, 0.0, 0.6018], [0.0, 1.0, 0.0], [-0.6018, 0.0, 0.7986]]),
    "sideways": np.array([[0.0, 0.0, 1.0], [0.0, 1.0, 0.0], [-1.0, 0.0, 0.0]]),
}


@pytest.mark.parametrize("turn", TURNS)
def test_the_same_rig_comes_out_whatever_the_axes_and_the_scale(turn: str) -> None:
    (v, f), _ = person(A_POSE)
    base = place(v, f).skeleton
    rotation = TURNS[turn] / np.cbrt(np.linalg.det(TURNS[turn]))
    moved = place(100.0 * v @ rotation.T + [30.0, -7.0, 2.0], f).skeleton
    assert moved.names == base.names
    expected = 100.0 * base.positions @ rotation.T + [30.0, -7.0, 2.0]
    off = np.linalg.norm(moved.positions - expected, axis=1) / 100.0
    assert off.mean() < 0.005
    assert off.max() < 0.015


def test_frame_undoes_itself_and_stands_the_figure_upright() -> None:
    (v, f), _ = person()
    frame = place(0.01 * v @ TURNS["z up"].T + [1.0, 2.0, 3.0], f).frame
    canonical = (0.01 * v @ TURNS["z up"].T + [1.0, 2.0, 3.0]) @ frame[:3, :3].T + frame[:3, 3]
    assert np.ptp(canonical[:, 1]) == pytest.approx(1.0, abs=1e-6)
    assert canonical[:, 1].min() == pytest.approx(0.0, abs=1e-6)
    assert np.linalg.det(frame) > 0.0
    assert np.allclose(np.linalg.inv(frame) @ frame, np.eye(4))


def damaged(mesh: Mesh, how: str) -> Mesh:
    v, f = mesh
    rng = np.random.default_rng(4)
    if how == "holes and flips":
        f = f[rng.random(len(f)) > 0.03]
        return v, np.where((rng.random(len(f)) < 0.2)[:, None], f[:, ::-1], f)
    if how == "split":
        return v[f.ravel()], np.arange(f.size).reshape(-1, 3)
    if how == "doubled":
        return np.concatenate([v, v]), np.concatenate([f, f + len(v)])
    if how == "noise":
        return v + rng.normal(0.0, 0.002, v.shape), f
    low, high = v.min(axis=0) - 0.1, v.max(axis=0) + 0.1
    specks = [box(p, p + 0.004) for p in rng.uniform(low, high, (20, 3))]
    return merged([mesh, *specks])


@pytest.mark.parametrize("how", ["holes and flips", "split", "doubled", "noise", "specks"])
def test_damage_moves_joints_by_less_than_a_percent(how: str) -> None:
    mesh, _ = person(A_POSE)
    base, hurt = place(*mesh).skeleton, place(*damaged(mesh, how)).skeleton
    there = dict(zip(hurt.names, hurt.positions, strict=True))
    off = [float(np.linalg.norm(there[n] - p)) for n, p in zip(base.names, base.positions, strict=True) if n in CORE]
    assert np.mean(off) < 0.01


def test_hats_packs_and_swords_do_not_fool_it() -> None:
    mesh, joints = person(A_POSE)
    hand = joints["rightHand"] + [-0.05, -0.05, 0.0]
    worn = merged([
        mesh,
        tube([[0, 0.99, 0], [0, 1.16, -0.02]], [0.08, 0.01]),
        box([-0.09, 0.6, -0.2], [0.09, 0.8, -0.06]),
        box(hand - np.array([0.008, 0.01, 0.0]), hand + np.array([0.008, 0.01, 0.45])),
    ])
    placement = place(*worn)
    assert placement.archetype in ("humanoid", "chibi")
    off = errors(placement, joints)
    assert np.mean(list(off.values())) < 3.0, off


@pytest.mark.parametrize(("fingers", "least", "most"), [(5, 15, 15), (1, 0, 6), (0, 0, 6)])
def test_fingers_by_what_is_there(fingers: int, least: int, most: int) -> None:
    (v, f), joints = person(fingers=fingers)
    skeleton = place(v, f).skeleton
    parts = ("Proximal", "Intermediate", "Distal", "Metacarpal")
    left = [n for n in skeleton.names if n.startswith("left") and n.endswith(parts)]
    assert least <= len(left) <= most, left
    for name in (n for n in left if n in joints):
        assert np.linalg.norm(skeleton.positions[skeleton.index(name)] - joints[name]) < 0.03


def test_without_fingers_there_are_none() -> None:
    (v, f), _ = person()
    names = place(v, f, fingers=False).skeleton.names
    assert not any("Proximal" in name or "Distal" in name for name in names)
    assert set(REQUIRED_BONES) <= set(names)


def test_a_marker_is_taken_exactly_and_its_limb_follows() -> None:
    (v, f), _ = person()
    base = place(v, f).skeleton
    elbow = base.positions[base.index("leftLowerArm")] + [0.0, 0.03, 0.0]
    marked = place(v, f, markers={"leftLowerArm": elbow}).skeleton
    assert np.allclose(marked.positions[marked.index("leftLowerArm")], elbow)
    moved = marked.positions[marked.index("leftHand")] - base.positions[base.index("leftHand")]
    assert np.allclose(moved, [0.0, 0.03, 0.0], atol=1e-6)
    assert np.allclose(marked.positions[marked.index("rightHand")], base.positions[base.index("rightHand")], atol=1e-6)


def test_symmetric_true_evens_out_an_uneven_pose_and_false_never_does() -> None:
    (left, f), _ = person(A_POSE)
    (down, _), _ = person(I_POSE)
    v = np.where(left[:, :1] > 0.0, left, down)  # left arm in A, right arm in I pose

    def hands(symmetric: bool | None) -> np.ndarray:
        s = place(v, f, symmetric=symmetric).skeleton
        return np.array([s.positions[s.index(n)] for n in ("leftHand", "rightHand")])

    even, own = hands(True), hands(None)
    assert np.allclose(even[0][1], even[1][1], atol=0.02)
    assert own[0][1] - own[1][1] > 0.05
    assert np.allclose(own, hands(False), atol=0.02)


def test_forcing_a_kind_is_obeyed_and_unknown_kinds_are_named() -> None:
    (v, f), _ = person(head=2.6)
    forced = place(v, f, archetype="humanoid")
    assert (forced.archetype, forced.confidence) == ("humanoid", 1.0)
    with pytest.raises(NotFound, match="centaur") as caught:
        place(v, f, archetype="centaur")
    assert "humanoid" in str(caught.value)


def test_bad_markers_and_empty_meshes_are_refused_with_their_place() -> None:
    (v, f), _ = person()
    with pytest.raises(InputError) as caught:
        place(v, f, markers={"leftHand": [1.0, np.nan, 0.0]})
    assert caught.value.pointer == "/markers/leftHand"
    for positions, faces in ((np.zeros((0, 3)), np.zeros((0, 3), int)), (np.ones((3, 3)), np.array([[0, 1, 2]]))):
        with pytest.raises(InputError) as caught:
            place(positions, faces)
        assert caught.value.code == "empty_geometry"


def test_the_same_input_gives_the_same_bytes_and_is_not_changed() -> None:
    (v, f), _ = person(A_POSE)
    v.flags.writeable = f.flags.writeable = False
    one, two = place(v, f), place(v, f)
    assert one.skeleton == two.skeleton
    assert np.array_equal(one.frame, two.frame)
    assert np.array_equal(v, person(A_POSE)[0][0])


@pytest.mark.parametrize("stem", ["modular_women_Formal", "modular_men_King"])
def test_real_people_have_all_fingers_and_few_findings(groundtruth: Path, stem: str) -> None:
    bare = strip_rig(axis_core.read(groundtruth / "quaternius" / f"{stem}.glb"))
    placement = place(*merged([(mesh.positions, mesh.faces) for mesh in bare.meshes]))
    assert placement.archetype == "humanoid"
    assert set(HUMANOID_BONES) - set(placement.skeleton.names) <= {"leftEye", "rightEye", "jaw"}
    assert placement.facing_certainty > 0.5
    assert len(placement.findings) <= 4


def test_short_legs_begin_over_the_place_where_they_part() -> None:
    joints = {
        name: np.array(point)
        for name, point in {
            "hips": [0.0, 0.36, 0.0], "spine": [0.0, 0.4, 0.0], "chest": [0.0, 0.45, 0.0],
            "upperChest": [0.0, 0.5, 0.0],
            "leftUpperLeg": [0.1, 0.32, 0.0], "rightUpperLeg": [-0.1, 0.32, 0.0],
            "leftLowerLeg": [0.1, 0.2, 0.0],
            "rightLowerLeg": [-0.1, 0.2, 0.0], "leftFoot": [0.1, 0.06, 0.0], "rightFoot": [-0.1, 0.06, 0.0],
        }.items()
    }  # fmt: skip
    lowered = with_hips_over(joints, 0.17, 1.0)
    assert 0.17 < lowered["leftUpperLeg"][1] < 0.28
    order = ("leftFoot", "leftLowerLeg", "leftUpperLeg", "hips", "spine", "chest", "upperChest")
    assert np.all(np.diff([lowered[name][1] for name in order]) > 0.0)
    assert np.array_equal(lowered["leftFoot"], joints["leftFoot"])
    for kept in (with_hips_over(joints, 0.17, 0.0), with_hips_over(joints, 0.1, 1.0)):  # a grown body; a skirt's hem
        assert all(np.array_equal(kept[name], joints[name]) for name in joints)
