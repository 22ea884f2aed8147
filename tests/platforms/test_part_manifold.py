"""Sheets on each other are parted until no edge has more than two faces, and nothing that is seen moves."""

from __future__ import annotations

import numpy as np
import pytest
import trimesh
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from axis_core.platforms.part_cutting import welded_ids
from axis_core.platforms.part_manifold import GAP, crowded_edges, parted_sheets


def sheet(width: int, height: int) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    """Return a flat grid drawn from both sides with one set of vertices: a closed surface without thickness."""
    x, y = np.meshgrid(np.arange(width + 1), np.arange(height + 1), indexing="ij")
    points = np.stack([x, y, 0 * x], axis=-1).reshape(-1, 3).astype(np.float32)
    a = (np.arange(width)[:, None] * (height + 1) + np.arange(height)).reshape(-1)
    b, c, d = a + height + 1, a + height + 2, a + 1
    front = np.concatenate([np.stack([a, b, c], 1), np.stack([a, c, d], 1)])
    return points, np.concatenate([front, front[:, ::-1]]).astype(np.int64)


def touching_boxes() -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    """Return two boxes that share one edge."""
    box = trimesh.creation.box()
    other = box.copy()
    other.apply_translation([1, 1, 0])
    both = trimesh.util.concatenate([box, other])
    both.merge_vertices()
    return both.vertices.astype(np.float32), both.faces.astype(np.int64)


def assert_closed(positions: NDArray[np.float64], faces: NDArray[np.int64]) -> None:
    solid = trimesh.Trimesh(positions.astype(np.float32), faces, process=False)
    solid.merge_vertices(merge_tex=True, merge_norm=True)
    assert solid.is_watertight
    assert solid.is_winding_consistent


@pytest.mark.parametrize("size", [(1, 1), (1, 5), (2, 2), (4, 3)])
def test_a_cloth_drawn_from_both_sides_becomes_a_closed_pocket(size: tuple[int, int]) -> None:
    points, faces = sheet(*size)
    out = parted_sheets(points, faces, welded_ids(points))
    assert_closed(out.positions, out.faces)
    assert trimesh.Trimesh(out.positions, out.faces, process=False).volume >= 0


def test_boxes_that_share_an_edge_are_two_closed_boxes() -> None:
    points, faces = touching_boxes()
    assert crowded_edges(faces)
    out = parted_sheets(points, faces, welded_ids(points))
    assert_closed(out.positions, out.faces)
    assert len(trimesh.Trimesh(out.positions, out.faces, process=False).split()) == 2


@settings(max_examples=25, deadline=None)
@given(st.integers(1, 4), st.integers(1, 4), st.integers(0, 2**16))
def test_nothing_moves_by_more_than_a_hair_and_copies_know_their_source(width: int, height: int, seed: int) -> None:
    points, faces = sheet(width, height)
    order = np.random.default_rng(seed).permutation(len(points))
    points, faces = points[order], np.argsort(order)[faces]
    out = parted_sheets(points, faces, welded_ids(points))
    source = (points[out.first].astype(np.float64) + points[out.second]) / 2
    hair = 8 * GAP * float(np.linalg.norm(np.ptp(points, axis=0)))
    assert np.linalg.norm(out.positions - source, axis=1).max() <= hair
    assert_closed(out.positions, out.faces)


def test_a_clean_surface_stays_as_it_is() -> None:
    ball = trimesh.creation.icosphere(1)
    points, faces = ball.vertices.astype(np.float32), ball.faces.astype(np.int64)
    out = parted_sheets(points, faces, welded_ids(points))
    np.testing.assert_array_equal(points[out.first][out.faces], points[faces])
    np.testing.assert_array_equal(out.positions[out.faces].astype(np.float32), points[faces])
