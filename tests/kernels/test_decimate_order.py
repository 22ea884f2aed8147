"""The order of faces, costs in lanes, and the kinds of vertices that a decimation starts from."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from axis_core.kernels.cpu import decimate_lanes as lanes
from axis_core.kernels.cpu.decimate_order import is_torn
from axis_core.kernels.cpu.decimate_quadric import AREA, BORDER, IMPORTANCE, ROW, edge_optimum
from axis_core.kernels.decimate_state import DecimationState


NONE = np.zeros(0, dtype=np.uint32)


def grid(n: int) -> tuple[NDArray[np.uint32], NDArray[np.uint32]]:
    """Return the lower and the upper triangles of n x n squares, row by row."""
    i = (np.arange(n)[:, None] * (n + 1) + np.arange(n)).ravel()
    lower, upper = np.stack([i, i + 1, i + n + 2], axis=1), np.stack([i, i + n + 2, i + n + 1], axis=1)
    return lower.astype(np.uint32), upper.astype(np.uint32)


def test_lower_triangles_before_all_upper_ones_are_torn_and_pairs_are_not() -> None:
    lower, upper = grid(60)
    pairs = np.stack([lower, upper], axis=1).reshape(-1, 3)
    assert is_torn(np.concatenate([lower, upper]), NONE, 61 * 61)
    assert not is_torn(pairs, NONE, 61 * 61)


def test_faces_are_torn_by_the_points_they_meet_in_not_by_split_vertices() -> None:
    lower, upper = grid(60)
    pairs = np.stack([lower, upper], axis=1).reshape(-1, 3)
    split = np.arange(pairs.size, dtype=np.uint32).reshape(-1, 3)
    assert not is_torn(split, pairs.ravel(), pairs.size)
    torn = np.concatenate([lower, upper])
    assert is_torn(split, torn.ravel(), torn.size)


@pytest.mark.parametrize("seed", range(5))
def test_costs_in_lanes_are_those_of_one_edge(seed: int) -> None:
    rng = np.random.default_rng(seed)
    rows = np.zeros((2 * lanes.LANES, ROW), dtype=np.float32)
    rows[:, :3] = rng.normal(size=(len(rows), 3))
    for _ in range(5):  # quadrics of planes near the vertex, of any rank from a plane to a corner
        normal = rng.normal(size=(len(rows), 3)) * rng.choice([1.0, 0.3], size=(len(rows), 1))
        off = 0.1 * rng.normal(size=len(rows))
        rows[:, 3:9] += normal[:, [0, 0, 0, 1, 1, 2]] * normal[:, [0, 1, 2, 1, 2, 2]]
        rows[:, 9:12] += off[:, None] * normal
        rows[:, 12] += off**2
    rows[:, AREA] = 1.0
    rows[:, IMPORTANCE] = rng.choice([1.0, 4.0], size=len(rows))
    block = np.zeros(lanes.SIZE, dtype=np.float32)
    for i in range(lanes.LANES):
        lanes.pack_edge(rows, 2 * i, 2 * i + 1, block, i)
    lanes.price_lanes(block)
    one = np.array([edge_optimum(rows, 2 * i, 2 * i + 1)[0] for i in range(lanes.LANES)])
    importance = rows[:, IMPORTANCE].reshape(-1, 2).max(axis=1)
    np.testing.assert_allclose(block[lanes.COSTS :], one * importance, rtol=1e-3, atol=1e-5)
    assert one.max() > 0.1


def bipyramid(n: int) -> tuple[NDArray[np.float64], NDArray[np.uint32]]:
    """Return two closed cones of n sides base to base; their tips come last."""
    angle = 2 * np.pi * np.arange(n) / n
    ring = np.stack([np.cos(angle), np.zeros(n), np.sin(angle)], axis=1)
    i = np.arange(n)
    upper, lower = np.stack([(i + 1) % n, i, i * 0 + n], axis=1), np.stack([i, (i + 1) % n, i * 0 + n + 1], axis=1)
    return np.concatenate([ring, [[0, 1, 0], [0, -1, 0]]]), np.concatenate([upper, lower]).astype(np.uint32)


@pytest.mark.parametrize("n", [3, 6, 15, 16, 40])
def test_closed_fans_of_any_size_are_free_and_a_missing_face_marks_its_corners(n: int) -> None:
    positions, faces = bipyramid(n)
    closed = DecimationState.of_faces(positions, faces)
    assert not closed.kinds.any()
    opened = DecimationState.of_faces(positions, faces[1:])
    on_border = opened.vertex_of[np.flatnonzero(opened.kinds & BORDER)]
    assert set(on_border.tolist()) == set(faces[0].tolist())


def test_an_edge_of_four_faces_is_no_closed_fan() -> None:
    positions, faces = bipyramid(5)
    twice = np.concatenate([faces, np.where(faces < 5, faces, faces + 2)]).astype(np.uint32)
    state = DecimationState.of_faces(np.concatenate([positions, 2 * positions[5:]]), twice)
    marked = state.vertex_of[np.flatnonzero(state.kinds)]
    assert set(marked.tolist()) == set(range(5))
