"""Where the joints of animals are placed: in the body, at the bends, left and right, head first."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from tests.rig import animal_bodies as bodies

from axis_core.errors import InputError
from axis_core.rig.animals.chains import Chains
from axis_core.rig.animals.parts import add_legs
from axis_core.rig.placement import Placement, place


def joint(placement: Placement, name: str) -> NDArray[np.float64]:
    return placement.skeleton.positions[placement.skeleton.index(name)]


def extent(mesh: bodies.Mesh) -> float:
    return float(np.ptp(mesh[0], axis=0).max())


@pytest.fixture(scope="module")
def dog() -> Placement:
    return bodies.placed("dog")


@pytest.mark.parametrize("name", ["dog", "block_cow", "gliding_bird", "standing_bird", "snake", "spider", "fish"])
def test_all_joints_lie_in_the_body_and_have_their_mirror_images(name: str) -> None:
    placement = bodies.placed(name)
    assert [f for f in placement.findings if f.code != "RIG_LOW_CONFIDENCE"] == []
    skeleton = placement.skeleton
    for k, own in enumerate(skeleton.names):
        if own.startswith("left"):
            other = skeleton.positions[skeleton.index("right" + own[4:])]
            np.testing.assert_allclose(skeleton.positions[k] * bodies.FLIP, other, atol=1e-3)


def test_a_dog_stands_on_its_paws_and_bends_its_hocks(dog: Placement) -> None:
    for end, z in (("Back", -0.28), ("Front", 0.24)):
        names = [f"left{end}{part}" for part in ("UpperLeg", "LowerLeg", "Foot", "Toes")]
        heights = [joint(dog, name)[1] for name in names]
        assert heights == sorted(heights, reverse=True)
        assert heights[-1] < 0.1
        np.testing.assert_allclose(joint(dog, names[-1])[[0, 2]], [0.1, z], atol=0.06)
    np.testing.assert_allclose(joint(dog, "leftBackFoot"), [0.1, 0.2, -0.34], atol=0.05)
    np.testing.assert_allclose(joint(dog, "leftBackLowerLeg"), [0.1, 0.36, -0.2], atol=0.08)


def test_a_dogs_spine_runs_from_hips_to_head_and_its_tail_to_its_tip(dog: Placement) -> None:
    names = ("hips", "spine1", "spine2", "chest", "neck1", "neck2", "neck3", "head")
    z = [joint(dog, name)[2] for name in names]
    assert z == sorted(z)
    np.testing.assert_allclose(joint(dog, "hips"), [0.0, 0.52, -0.28], atol=0.08)
    np.testing.assert_allclose(joint(dog, "head"), [0.0, 0.8, 0.44], atol=0.08)
    tail = [name for name in dog.skeleton.names if name.startswith("tail")]
    assert len(tail) >= 2
    assert np.linalg.norm(joint(dog, tail[-1]) - [0.0, 0.72, -0.64]) < 0.2


@pytest.mark.parametrize("name", ["dog", "raptor", "spider", "gliding_bird"])
def test_yaw_and_scale_leave_the_joints_where_they_are_in_the_body(name: str) -> None:
    vertices, faces = getattr(bodies, name)()
    angle = np.deg2rad(25.0)
    turn = np.array([[np.cos(angle), 0, np.sin(angle)], [0, 1, 0], [-np.sin(angle), 0, np.cos(angle)]])
    plain, moved = bodies.placed(name), place(40.0 * vertices @ turn.T + [3.0, 7.0, -2.0], faces)
    assert moved.archetype == plain.archetype
    assert set(moved.skeleton.names) >= {n for n in plain.skeleton.names if "tail" not in n}
    back = (moved.skeleton.positions - [3.0, 7.0, -2.0]) @ turn / 40.0
    names = [n for n in plain.skeleton.names if "tail" not in n]
    off = [np.linalg.norm(back[moved.skeleton.index(n)] - joint(plain, n)) for n in names]
    assert np.mean(off) < 0.015 * extent((vertices, faces))
    assert np.max(off) < 0.06 * extent((vertices, faces))


def test_a_raptor_has_a_tail_and_two_small_arms() -> None:
    placement = bodies.placed("raptor")
    tail = [name for name in placement.skeleton.names if name.startswith("tail")]
    assert len(tail) >= 4
    assert joint(placement, tail[-1])[2] < -0.8
    np.testing.assert_allclose(joint(placement, "leftHand"), [0.14, 0.53, 0.47], atol=0.07)
    np.testing.assert_allclose(joint(placement, "leftToes")[[0, 2]], [0.16, 0.05], atol=0.1)


def test_a_spider_has_four_joints_in_each_of_eight_legs() -> None:
    placement = bodies.placed("spider")
    legs = [name for name in placement.skeleton.names if "Leg" in name]
    assert len(legs) == 8 * 4
    for number, angle in enumerate(np.deg2rad([55.0, 20.0, -15.0, -50.0]), start=1):
        way = np.array([np.cos(angle), 0.0, np.sin(angle)])
        np.testing.assert_allclose(joint(placement, f"leftLeg{number}Femur"), [0, 0.55, 0] + 0.45 * way, atol=0.08)
        np.testing.assert_allclose(joint(placement, f"leftLeg{number}Foot"), 0.93 * way, atol=0.08)


@pytest.mark.parametrize("winds", [0.0, 0.22])
def test_a_snake_is_one_chain_along_its_middle_head_first(winds: float) -> None:
    skeleton = place(*bodies.snake(winds=winds)).skeleton
    assert skeleton.names[0] == "head"
    assert (skeleton.parents == np.arange(-1, skeleton.n_joints - 1)).all()
    assert 8 <= skeleton.n_joints <= 12
    assert (np.diff(skeleton.positions[:, 2]) < 0.0).all()  # the head is at +Z, whatever the way it faces
    t = (0.9 - skeleton.positions[:, 2]) / 1.8
    middle = np.stack([winds * np.sin(2.2 * 2.0 * np.pi * t), np.full_like(t, 0.05)], axis=1)
    assert np.abs(skeleton.positions[:, :2] - middle).max() < 0.04


def test_a_gliding_bird_has_joints_along_its_wings() -> None:
    placement = bodies.placed("gliding_bird")
    along = [joint(placement, name)[0] for name in ("leftWing1", "leftWing2", "leftWing3", "leftWingTip")]
    assert along == sorted(along)
    assert along[-1] > 0.75
    assert joint(placement, "head")[2] > joint(placement, "chest")[2] > joint(placement, "hips")[2]


def test_a_fish_bends_from_head_to_tail() -> None:
    placement = bodies.placed("fish")
    z = [joint(placement, name)[2] for name in ("head", "spine1", "spine2", "spine3", "tail1", "tail2")]
    assert z == sorted(z, reverse=True)
    assert z[0] > 0.4
    assert z[-1] < -0.55
    assert joint(placement, "leftFin1")[0] > 0.1


def test_a_marker_is_taken_and_what_hangs_on_it_follows(dog: Placement) -> None:
    wish = joint(dog, "leftFrontFoot") + np.array([0.0, 0.0, 0.05])
    marked = place(*bodies.dog(), markers={"leftFrontFoot": wish})
    np.testing.assert_allclose(joint(marked, "leftFrontFoot"), wish, atol=1e-6)
    followed = joint(marked, "leftFrontToes") - joint(dog, "leftFrontToes")
    np.testing.assert_allclose(followed, [0.0, 0.0, 0.05], atol=1e-6)
    np.testing.assert_allclose(joint(marked, "rightFrontFoot"), joint(dog, "rightFrontFoot"), atol=1e-6)


@pytest.mark.parametrize("archetype", ["quadruped", "theropod"])
def test_legs_that_are_not_there_are_refused(archetype: str) -> None:
    with pytest.raises(InputError) as caught:
        place(*bodies.snake(), archetype=archetype)
    assert caught.value.code == "rig_failed"


@pytest.mark.parametrize(
    ("archetype", "name"), [("bird", "sword"), ("fish", "dog"), ("insect", "snake"), ("serpent", "spider")]
)
def test_a_forced_kind_gives_a_skeleton_for_any_body(archetype: str, name: str) -> None:
    placement = place(*getattr(bodies, name)(), archetype=archetype)
    assert placement.confidence == 1.0
    assert np.isfinite(placement.skeleton.positions).all()
    assert placement.skeleton.n_joints >= 4


def test_two_legs_of_different_knees_get_as_many_joints_as_both_have() -> None:
    chains = Chains()
    chains.add("hips", np.zeros(3))
    left, right = np.zeros((5, 3)), np.zeros((4, 3))
    add_legs(chains, "Back", left, right, "hips")
    names = {name for name in chains.joints if name != "hips"}
    assert {name.removeprefix("left") for name in names if name.startswith("left")} == {
        name.removeprefix("right") for name in names if name.startswith("right")
    }
    assert len(names) == 8


def test_a_box_on_two_legs_walks() -> None:
    legs = [bodies.tube([[x, 0.45, 0.0], [x, 0.25, 0.05], [x, 0.02, 0.0]], [0.06, 0.05, 0.06]) for x in (-0.25, 0.25)]
    feet = [bodies.box([x - 0.07, 0.0, -0.08], [x + 0.07, 0.05, 0.14]) for x in (-0.25, 0.25)]
    placement = place(*bodies.merged([bodies.box([-0.32, 0.42, -0.25], [0.32, 0.9, 0.25]), *legs, *feet]))
    assert placement.archetype == "walker", placement.scores
    assert joint(placement, "leftUpperLeg")[0] == pytest.approx(0.25, abs=0.08)
    assert joint(placement, "hips")[1] < joint(placement, "body")[1] < joint(placement, "head")[1] < 0.9
