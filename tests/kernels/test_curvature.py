"""Curvature on shapes whose curvature is known."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.spatial import ConvexHull

from axis_core.kernels.curvature import gaussian_curvature, mean_curvature


def ball(radius: float, n: int = 1500) -> tuple[np.ndarray, np.ndarray]:
    """A golden spiral of points on a sphere, faces wound outwards."""
    height = 1 - 2 * (np.arange(n) + 0.5) / n
    turn, ring = np.pi * (3 - np.sqrt(5)) * np.arange(n), np.sqrt(1 - height**2)
    points = radius * np.stack([ring * np.cos(turn), height, ring * np.sin(turn)], axis=1)
    faces = ConvexHull(points).simplices
    a, b, c = (points[faces[:, k]] for k in range(3))
    inwards = (np.cross(b - a, c - a) * a).sum(1) < 0
    return points, np.where(inwards[:, None], faces[:, ::-1], faces)


@pytest.mark.parametrize("radius", [0.01, 1.0, 30.0])
def test_a_ball_has_the_curvature_of_its_radius_everywhere(radius: float) -> None:
    points, faces = ball(radius)
    np.testing.assert_allclose(np.median(gaussian_curvature(points, faces)), radius**-2, rtol=0.02)
    np.testing.assert_allclose(np.median(mean_curvature(points, faces)), 1 / radius, rtol=0.02)


def test_turned_inside_out_the_mean_changes_sign_and_the_gaussian_does_not() -> None:
    points, faces = ball(1.0)
    np.testing.assert_allclose(mean_curvature(points, faces[:, ::-1]), -mean_curvature(points, faces), atol=1e-6)
    np.testing.assert_allclose(gaussian_curvature(points, faces[:, ::-1]), gaussian_curvature(points, faces), atol=1e-9)


def test_total_gaussian_curvature_is_twice_pi_times_the_euler_number() -> None:
    from axis_core.kernels.laplacian import vertex_areas

    points, faces = ball(1.0, 300)
    points = points * [1.0, 2.5, 0.4]  # any closed shape without handles
    total = (gaussian_curvature(points, faces) * vertex_areas(points, faces)).sum()
    assert total == pytest.approx(4 * np.pi, rel=1e-9)


def test_a_flat_sheet_with_a_boundary_is_flat() -> None:
    x, y = np.meshgrid(np.arange(6.0), np.arange(6.0))
    points = np.stack([x.ravel(), y.ravel(), 0 * x.ravel()], axis=1)
    a = (np.arange(5)[:, None] * 6 + np.arange(5)).ravel()
    faces = np.concatenate([np.stack([a, a + 1, a + 7], 1), np.stack([a, a + 7, a + 6], 1)])
    edge = (points[:, :2] % 5 == 0).any(1)
    corner = (points[:, :2] % 5 == 0).all(1)
    np.testing.assert_allclose(gaussian_curvature(points, faces)[edge & ~corner], 0.0, atol=1e-9)
    np.testing.assert_allclose(gaussian_curvature(points, faces)[~edge], 0.0, atol=1e-9)
    np.testing.assert_allclose(mean_curvature(points, faces)[~edge], 0.0, atol=1e-9)


def test_degenerate_meshes_give_finite_numbers() -> None:
    points = np.array([[0, 0, 0], [1, 0, 0], [2, 0, 0], [np.nan, 0, 0], [5, 5, 5]])
    for faces in (np.array([[0, 1, 2], [0, 0, 1], [1, 2, 3]]), np.zeros((0, 3), int)):
        assert np.isfinite(gaussian_curvature(points, faces)).all()
        assert np.isfinite(mean_curvature(points, faces)).all()
