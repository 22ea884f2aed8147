"""Winding numbers on closed, open and turned-out meshes."""

from __future__ import annotations

import numpy as np
import pytest

from axis_core.kernels.winding import winding_numbers


def ball(rings: int = 24) -> tuple[np.ndarray, np.ndarray]:
    """A closed sphere of radius 1, counter-clockwise from outside."""
    polar, turn = np.linspace(0, np.pi, rings + 1)[1:-1], np.linspace(0, 2 * np.pi, 2 * rings, endpoint=False)
    body = [[np.sin(p) * np.cos(t), np.cos(p), -np.sin(p) * np.sin(t)] for p in polar for t in turn]
    points = np.array([[0, 1, 0], *body, [0, -1, 0]])
    m, last = 2 * rings, len(points) - 1
    faces = []
    for k in range(m):
        n = (k + 1) % m
        faces += [[0, 1 + k, 1 + n], [last, last - m + n, last - m + k]]
        for r in range(rings - 2):
            a, b, c, d = 1 + r * m + k, 1 + r * m + n, 1 + (r + 1) * m + k, 1 + (r + 1) * m + n
            faces += [[a, c, b], [b, c, d]]
    return points, np.array(faces)


def test_inside_is_one_and_outside_is_zero_closely() -> None:
    points, faces = ball()
    queries = np.random.default_rng(0).normal(size=(2000, 3))
    radius = np.linalg.norm(queries, axis=1)
    clear = np.abs(radius - 1) > 0.02
    found = winding_numbers(points, faces, queries)[clear]
    np.testing.assert_allclose(found, radius[clear] < 1, atol=1e-2)


def test_the_inside_out_mesh_is_minus_one() -> None:
    points, faces = ball()
    np.testing.assert_allclose(winding_numbers(points, faces[:, ::-1], [[0.0, 0, 0]]), -1.0, atol=1e-2)


def test_a_shell_in_a_shell_adds_up() -> None:
    points, faces = ball()
    both = np.concatenate([points, 2 * points])
    found = winding_numbers(both, np.concatenate([faces, faces + len(points)]), [[0.0, 0, 0], [1.5, 0, 0], [3, 0, 0]])
    np.testing.assert_allclose(found, [2, 1, 0], atol=2e-2)


def test_half_a_ball_is_half_around_its_middle() -> None:
    points, faces = ball()
    upper = faces[(points[faces][:, :, 1].mean(1)) > 0]
    assert winding_numbers(points, upper, [[0.0, 0, 0]])[0] == pytest.approx(0.5, abs=0.02)


def test_no_faces_and_no_queries_are_fine() -> None:
    assert winding_numbers(np.eye(3), np.zeros((0, 3), int), np.eye(3)).tolist() == [0, 0, 0]
    assert winding_numbers(*ball(4), np.zeros((0, 3))).shape == (0,)
