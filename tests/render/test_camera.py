"""Cameras: everything is in the picture, and what is computed is where OpenGL puts it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from axis_core.errors import InputError
from axis_core.render.camera import VIEWS, frame_views


POINTS = hnp.arrays(np.float64, st.tuples(st.integers(1, 20), st.just(3)), elements=st.floats(-3, 3))


@given(POINTS, st.tuples(st.integers(16, 900), st.integers(16, 900)))
def test_every_point_is_inside_every_view(points: np.ndarray, size: tuple[int, int]) -> None:
    for camera in frame_views(points, list(VIEWS), size):
        pixels = camera.project(points, size)
        assert (pixels >= -1e-6).all()
        assert (pixels <= np.array(size) + 1e-6).all()


@given(POINTS)
def test_all_views_have_one_distance(points: np.ndarray) -> None:
    assert len({c.distance for c in frame_views(points, list(VIEWS), (64, 80))}) == 1


def test_axes_are_right_handed_and_of_unit_length() -> None:
    for camera in frame_views(np.zeros((1, 3)), list(VIEWS), (64, 64)):
        np.testing.assert_allclose(camera.axes @ camera.axes.T, np.eye(3), atol=1e-12)
        assert np.linalg.det(camera.axes) == pytest.approx(1.0)


def test_the_side_view_looks_at_the_left_side_of_the_character() -> None:
    (camera,) = frame_views(np.zeros((1, 3)), ["side"], (64, 64))
    np.testing.assert_allclose(camera.axes[2], [1, 0, 0], atol=1e-12)


def test_the_left_of_the_character_is_on_the_right_of_the_front_view() -> None:
    (camera,) = frame_views(np.array([[-1.0, 0, 0], [1, 0, 0]]), ["front"], (100, 100))
    left, right = camera.project(np.array([[1.0, 0, 0], [-1, 0, 0]]), (100, 100))
    assert left[0] > 50 > right[0]


@pytest.mark.parametrize("views", [["fromt"], []])
def test_an_unknown_view_or_none_is_refused_with_the_list(views: list[str]) -> None:
    with pytest.raises(InputError) as caught:
        frame_views(np.zeros((1, 3)), views, (64, 64))
    assert caught.value.pointer == "/views"
    assert "front" in str(caught.value.hint)
