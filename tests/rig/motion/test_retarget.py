"""Clips of one rig on another: the same movement, whatever the rest pose, the axes, the names and the size."""

from __future__ import annotations

from pathlib import Path

import attrs
import numpy as np
import pytest
from click.testing import CliRunner
from numpy.typing import NDArray
from scipy.interpolate import CubicHermiteSpline
from scipy.spatial.transform import Rotation, Slerp

import axis_core
from axis_core.body.clips import animate
from axis_core.cli.app import axis
from axis_core.errors import CannotFit, InputError, NotFound
from axis_core.model import Animation, Channel, Node, Scene
from axis_core.model.rebase import rebase_scene
from axis_core.rig.motion import capture, find_actor, retarget_clips
from axis_core.rig.motion.sample import sampled_channel, world_over_time
from axis_core.testing import capsule_person, cube


CLIPS = ("walk", "walk_forward", "dance")


@pytest.fixture(scope="module")
def mover() -> Scene:
    return animate(capsule_person(), CLIPS)


NEARLY = 6e-3
"""Metres: where a leg is all but straight, its knee answers a hair of its ankle's way with some millimetres."""


def clip_of(scene: Scene, name: str) -> Animation:
    return next(a for a in scene.animations if a.name == name)


def joints_over_time(scene: Scene, name: str, n_frames: int = 25) -> NDArray[np.float64]:
    """Return (J, T, 3): where the joints are during a clip."""
    clip = clip_of(scene, name)
    times = np.linspace(0.0, clip.seconds, n_frames)
    return world_over_time(scene, clip, times)[list(find_actor(scene).nodes), ..., :3, 3]


@pytest.mark.parametrize("name", CLIPS)
def test_a_clip_on_its_own_rig_stays_what_it_was(mover: Scene, name: str) -> None:
    again = retarget_clips(mover, capsule_person(), [name])
    np.testing.assert_allclose(joints_over_time(again, name), joints_over_time(mover, name), atol=NEARLY)


@pytest.mark.parametrize("name", CLIPS)
def test_a_larger_body_goes_the_same_way_in_its_own_lengths(mover: Scene, name: str) -> None:
    large, _ = rebase_scene(capsule_person(), np.diag([2.5, 2.5, 2.5, 1.0]))
    moved = retarget_clips(mover, large, [name])
    np.testing.assert_allclose(joints_over_time(moved, name), 2.5 * joints_over_time(mover, name), atol=2.5 * NEARLY)


def test_a_source_that_faces_backwards_moves_the_target_forwards(mover: Scene) -> None:
    turned, _ = rebase_scene(mover, np.diag([-1.0, 1.0, -1.0, 1.0]))
    moved = retarget_clips(turned, capsule_person(), ["walk_forward"])
    expected = joints_over_time(mover, "walk_forward")
    np.testing.assert_allclose(joints_over_time(moved, "walk_forward"), expected, atol=NEARLY)


def test_feet_that_stand_still_do_not_slide_on_another_size(mover: Scene) -> None:
    small, _ = rebase_scene(capsule_person(), np.diag([0.4, 0.4, 0.4, 1.0]))
    moved = retarget_clips(mover, small, ["walk_forward"])
    actor, clip = find_actor(moved), clip_of(moved, "walk_forward")
    times = np.linspace(0.0, clip.seconds, 60)
    world = world_over_time(moved, clip, times)
    source_clip = clip_of(mover, "walk_forward")
    source = world_over_time(mover, source_clip, times)
    for side in ("left", "right"):
        joint = actor.nodes[actor.bones[f"{side}Foot"]]
        there = find_actor(mover)
        before = source[there.nodes[there.bones[f"{side}Foot"]], :, :3, 3]
        after = world[joint, :, :3, 3]
        still = np.linalg.norm(np.diff(before, axis=0), axis=1) < 1e-3
        assert still.any()
        assert np.linalg.norm(np.diff(after, axis=0), axis=1)[still].max() < 2e-3 * 0.4 * 2


def test_the_way_is_taken_out_in_place_and_told_as_speed(mover: Scene) -> None:
    clip = clip_of(mover, "walk_forward")
    kept, still = capture(mover, clip), capture(mover, clip, root="in_place")
    assert kept.hips[-1, 2] > 0.5
    np.testing.assert_allclose(still.hips[-1, [0, 2]], still.hips[0, [0, 2]], atol=1e-9)
    assert still.speed == pytest.approx(np.linalg.norm((kept.hips[-1] - kept.hips[0])[[0, 2]]) / clip.seconds)
    assert kept.speed == 0.0
    for side, foot in still.feet.items():
        between = kept.feet[side].offset - kept.hips
        np.testing.assert_allclose(foot.offset - still.hips, between, atol=1e-9)


def test_clips_that_the_target_has_are_kept(mover: Scene) -> None:
    target = animate(capsule_person(), ["wave"])
    assert [a.name for a in retarget_clips(mover, target, ["walk"]).animations] == ["wave", "walk"]


def test_bones_alone_are_a_source(mover: Scene) -> None:
    nodes = [attrs.evolve(n, meshes=(), skin=None) for n in mover.nodes]
    bones = attrs.evolve(mover, nodes=nodes, meshes=(), skins=())
    moved = retarget_clips(bones, capsule_person(), ["dance"])
    np.testing.assert_allclose(joints_over_time(moved, "dance"), joints_over_time(mover, "dance"), atol=NEARLY)


def test_what_cannot_be_done_is_said(mover: Scene) -> None:
    with pytest.raises(InputError, match="no clips"):
        retarget_clips(capsule_person(), capsule_person())
    with pytest.raises(NotFound, match="moonwalk"):
        retarget_clips(mover, capsule_person(), ["moonwalk"])
    with pytest.raises(CannotFit):
        retarget_clips(mover, cube())
    with pytest.raises(InputError, match="sideways"):
        capture(mover, mover.animations[0], root="sideways")  # type: ignore[arg-type]
    still = Animation(name="still", channels=[Channel(node=0, path="scale", times=[0, 1], values=np.ones((2, 3)))])
    with pytest.raises(CannotFit, match="still"):
        capture(mover, still)


def test_the_command_writes_an_avatar_with_the_clips(tmp_path: Path, mover: Scene) -> None:
    axis_core.write(mover, tmp_path / "clip.glb")
    axis_core.write(capsule_person(), tmp_path / "avatar.glb")
    given = ["retarget", str(tmp_path / "clip.glb"), "--onto", str(tmp_path / "avatar.glb"), "--root", "in_place"]
    done = CliRunner().invoke(axis, [*given, "--clips", "walk,dance", "-o", str(tmp_path / "out.glb")])
    assert done.exit_code == 0, done.output
    assert [a.name for a in axis_core.read(tmp_path / "out.glb").animations] == ["walk", "dance"]


def test_turns_between_keys_are_those_of_another_library() -> None:
    turns = Rotation.random(4, random_state=3)
    channel = Channel(node=0, path="rotation", times=[0.0, 0.5, 1.0, 2.0], values=turns.as_quat())
    at = np.linspace(0.0, 2.0, 31)
    found = Rotation.from_quat(sampled_channel(channel, at))
    expected = Slerp([0.0, 0.5, 1.0, 2.0], Rotation.from_quat(channel.values))(at)
    assert (found.inv() * expected).magnitude().max() < 1e-6


def test_splines_between_keys_are_those_of_another_library() -> None:
    rows = np.random.default_rng(4).normal(size=(4, 3, 3)).astype(np.float32)
    rows[:, 0] = rows[:, 2]
    times = np.array([0.0, 0.4, 1.0, 1.5], np.float32)
    values = rows.reshape(-1, 3)
    channel = Channel(node=0, path="translation", times=times, values=values, interpolation="CUBICSPLINE")
    at = np.linspace(0.0, 1.5, 40)
    expected = CubicHermiteSpline(times.astype(float), rows[:, 1].astype(float), rows[:, 2].astype(float))(at)
    np.testing.assert_allclose(sampled_channel(channel, at), expected, atol=1e-6)


def test_steps_hold_and_what_lies_outside_stays() -> None:
    values = np.arange(9.0).reshape(3, 3)
    channel = Channel(node=0, path="scale", times=[1.0, 2.0, 3.0], values=values, interpolation="STEP")
    found = sampled_channel(channel, [0.0, 1.0, 1.99, 2.0, 2.5, 3.0, 9.0])
    np.testing.assert_array_equal(found, values[[0, 0, 0, 1, 1, 2, 2]])


def test_a_node_without_keys_goes_with_the_one_above() -> None:
    scene = Scene(nodes=[Node(name="a"), Node(name="b", parent=0, translation=(0, 1, 0))])
    channel = Channel(node=0, path="translation", times=[0.0, 1.0], values=[[0, 0, 0], [2, 0, 0]])
    world = world_over_time(scene, Animation(channels=[channel]), [0.0, 0.5, 1.0])
    np.testing.assert_allclose(world[1, :, :3, 3], [[0, 1, 0], [1, 1, 0], [2, 1, 0]])
