"""Orientation: people are stood up from anywhere, and what stands is left alone."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.rig.animal_bodies import dog
from tests.rig.people import A_POSE, person

from axis_core.kernels.sample import sample_surface
from axis_core.rig.analysis import analyse
from axis_core.rig.orientation import orient, orientations
from axis_core.rig.turning import quarter_turned, turned_about


def rotation(seed: int) -> np.ndarray:
    """A random rotation."""
    q, r = np.linalg.qr(np.random.default_rng(seed).normal(size=(3, 3)))
    q = q * np.sign(np.diag(r))
    return q * np.sign(np.linalg.det(q))


@pytest.mark.parametrize("pose", [0.0, A_POSE])
def test_an_upright_person_is_not_turned_at_all(pose: float) -> None:
    (v, f), _ = person(pose)
    points, normals, _ = sample_surface(v, f, 4000)
    found = orient(points, normals)
    assert np.array_equal(found.rotation, np.eye(3))
    assert found.is_mirrored
    assert abs(found.offset) < 0.01


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 10**6))
def test_a_person_is_stood_up_from_any_direction(seed: int) -> None:
    (v, f), _ = person(0.0)
    r = rotation(seed)
    points, normals, _ = sample_surface(v @ r.T, f, 4000)
    back = orient(points, normals).rotation @ r
    assert back[1, 1] > np.cos(np.deg2rad(8.0))
    assert np.linalg.det(back) == pytest.approx(1.0)


@pytest.mark.parametrize("yaw_deg", [20.0, 37.0, 70.0, 160.0])
def test_up_is_exactly_the_files_where_a_person_is_only_turned_about_it(yaw_deg: float) -> None:
    c, s = np.cos(np.deg2rad(yaw_deg)), np.sin(np.deg2rad(yaw_deg))
    turn = np.array([[c, 0.0, s], [0.0, 1.0, 0.0], [-s, 0.0, c]])
    (v, f), _ = person(A_POSE)
    points, normals, _ = sample_surface(v @ turn.T, f, 4000)
    assert np.array_equal(orient(points, normals).rotation[1], [0.0, 1.0, 0.0])


def test_the_likeliest_way_to_stand_comes_first_and_no_two_are_alike() -> None:
    (v, f), _ = person(0.0)
    points, normals, _ = sample_surface(v @ rotation(21).T, f, 4000)
    ways = list(orientations(points, normals))
    ups = np.array([way.rotation[1] for way in ways])
    assert len(ways) > 1
    assert np.array_equal(ways[0].rotation, orient(points, normals).rotation)
    assert (np.triu(ups @ ups.T, 1) < 0.95).all()
    assert len(list(orientations(*sample_surface(v, f, 4000)[:2]))) == 1


def test_the_rotation_is_a_rotation_for_anything() -> None:
    rng = np.random.default_rng(5)
    for points in (rng.normal(size=(300, 3)), rng.normal(size=(300, 3)) * [1.0, 0.0, 1.0], np.zeros((3, 3))):
        normals = rng.normal(size=points.shape)
        normals /= np.linalg.norm(normals, axis=1, keepdims=True)
        found = orient(points, normals)
        assert np.allclose(found.rotation @ found.rotation.T, np.eye(3), atol=1e-9)
        assert np.linalg.det(found.rotation) == pytest.approx(1.0)


def test_canonical_space_is_as_promised_and_specks_do_not_count() -> None:
    v, f = dog()
    speck = np.array([[5.0, 5.0, 5.0], [5.001, 5.0, 5.0], [5.0, 5.001, 5.0]])
    spoilt = np.concatenate([f, [[len(v), len(v) + 1, len(v) + 2]]])
    figure = analyse(np.concatenate([7.0 * v + [3.0, 1.0, -2.0], speck]), spoilt)
    low, high = figure.bounds
    assert low[1] == pytest.approx(0.0, abs=1e-9)
    assert max(high[1] - low[1], (high - low).max() / 2.0) == pytest.approx(1.0)
    assert figure.kept.sum() == len(figure.positions) - 3
    assert low[0] == pytest.approx(-high[0], abs=0.02)


def test_two_half_turns_and_four_quarter_turns_change_nothing() -> None:
    (v, f), _ = person(A_POSE)
    figure = analyse(v, f)
    twice = turned_about(turned_about(figure))
    assert np.allclose(twice.frame, figure.frame)
    assert np.allclose(twice.positions, figure.positions)
    assert np.array_equal(twice.solid.inside, figure.solid.inside)
    around = figure
    for _ in range(4):
        around = quarter_turned(around)
    assert np.allclose(around.frame[:3, :3], figure.frame[:3, :3])
    assert around.mirror_residual < 0.05
    assert np.allclose(around.positions, figure.positions @ np.eye(3) + around.positions[0] - figure.positions[0])


def test_turned_figures_keep_solid_points_and_frame_together() -> None:
    (v, f), _ = person(A_POSE)
    figure = quarter_turned(analyse(v, f))
    expected = v @ figure.frame[:3, :3].T + figure.frame[:3, 3]
    assert np.allclose(np.sort(expected, axis=0)[[0, -1]], np.sort(figure.positions, axis=0)[[0, -1]], atol=1e-6)
    voxel = tuple(figure.solid.voxels(figure.middle[None])[0])
    assert figure.solid.inside[voxel]
    assert all(figure.solid.inside[tuple(figure.solid.voxels(tip.point[None])[0])] for tip in figure.tips)
