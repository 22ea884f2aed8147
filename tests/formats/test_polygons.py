"""Polygons to triangles."""

from __future__ import annotations

import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from axis_core.errors import InputError
from axis_core.formats.polygons import triangulate


def star(n: int, inner: float, plane: np.ndarray) -> np.ndarray:
    """Return (2 n, 3) corners of a star, counter-clockwise, in a plane given by two orthonormal axes (2, 3)."""
    angles = np.arange(2 * n) * np.pi / n
    radii = np.where(np.arange(2 * n) % 2, inner, 1.0)
    return np.stack([radii * np.cos(angles), radii * np.sin(angles)], axis=1) @ plane


def area_vectors(points: np.ndarray, triangles: np.ndarray) -> np.ndarray:
    corners = points[triangles]
    return np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]) / 2


@settings(max_examples=60, deadline=None)
@given(st.integers(2, 12), st.floats(0.05, 1.0), st.integers(0, 2**32 - 1))
def test_stars_in_any_plane_are_cut_inside(n: int, inner: float, seed: int) -> None:
    plane = np.linalg.qr(np.random.default_rng(seed).normal(size=(3, 3)))[0][:2]
    points = star(n, inner, plane)
    triangles, owner = triangulate(points, np.arange(2 * n), np.array([2 * n]))
    normal = np.cross(plane[0], plane[1])
    areas = area_vectors(points, triangles) @ normal
    assert len(triangles) == 2 * n - 2
    assert (owner == 0).all()
    assert (areas >= -1e-12).all()  # none is turned over, so none leaves the polygon
    assert areas.sum() == pytest.approx(n * inner * np.sin(np.pi / n), rel=1e-9)


def test_polygons_stay_in_order_and_small_ones_vanish() -> None:
    points = np.array([[0, 0, 0], [1, 0, 0], [1, 1, 0], [0, 1, 0]], float)
    corners = np.array([0, 1, 2, 0, 1, 0, 1, 2, 3, 2, 0, 1, 2])
    triangles, owner = triangulate(points, corners, np.array([3, 2, 4, 1, 3]))
    assert owner.tolist() == [0, 2, 2, 4]
    assert corners[triangles].tolist() == [[0, 1, 2], [0, 1, 2], [0, 2, 3], [0, 1, 2]]


def test_a_polygon_that_crosses_itself_still_ends() -> None:
    rng = np.random.default_rng(2)
    for _ in range(50):
        triangles, _ = triangulate(rng.normal(size=(9, 3)), np.arange(9), np.array([9]))
        assert len(triangles) == 7


def test_large_concave_polygons_do_not_take_the_square_of_their_size() -> None:
    points = star(4000, 0.5, np.eye(3)[:2])
    start = time.process_time()
    triangles, _ = triangulate(points, np.arange(8000), np.array([8000]))
    assert len(triangles) == 7998
    assert time.process_time() - start < 1.0


def test_counts_that_do_not_match_the_corners_are_refused() -> None:
    with pytest.raises(InputError):
        triangulate(np.zeros((3, 3)), np.arange(3), np.array([4]))
