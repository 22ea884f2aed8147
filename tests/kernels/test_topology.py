"""Weld, edges, components, boundary loops and normals, against plain NumPy and scipy on random and nasty meshes."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from axis_core.errors import InputError
from axis_core.kernels.adjacency import (
    edge_table,
    face_neighbours,
    half_edge_twins,
    vertex_faces,
    vertex_neighbours,
)
from axis_core.kernels.boundary import boundary_edges, boundary_loops
from axis_core.kernels.components import face_components, vertex_components
from axis_core.kernels.normals import face_area_vectors, face_normals, vertex_normals
from axis_core.kernels.weld import weld, weld_vertices


soups = st.tuples(st.integers(0, 2**32 - 1), st.integers(1, 30), st.integers(0, 60))


def soup(spec: tuple[int, int, int]) -> tuple[np.ndarray, int]:
    """Return random faces, repeated corners and all."""
    seed, n_vertices, n_faces = spec
    return np.random.default_rng(seed).integers(0, n_vertices, (n_faces, 3)), n_vertices


@settings(max_examples=50, deadline=None)
@given(spec=soups)
def test_edges_are_those_that_sorting_finds(spec: tuple[int, int, int]) -> None:
    faces, n = soup(spec)
    table = edge_table(faces, n)
    half = np.stack([faces, np.roll(faces, -1, axis=1)], axis=-1).reshape(-1, 2)
    unique, counts = np.unique(np.sort(half, axis=1), axis=0, return_counts=True)
    assert np.array_equal(table.edges, unique.reshape(-1, 2))
    assert np.array_equal(table.face_counts, counts)
    assert np.array_equal(table.edges[table.face_edges.ravel()], np.sort(half, axis=1))


@settings(max_examples=50, deadline=None)
@given(spec=soups)
def test_twins_point_at_each_other_and_run_against_each_other(spec: tuple[int, int, int]) -> None:
    faces, n = soup(spec)
    twins = half_edge_twins(faces, n)
    ends = np.stack([faces, np.roll(faces, -1, axis=1)], axis=-1).reshape(-1, 2)
    paired = np.flatnonzero(twins >= 0)
    assert np.array_equal(twins[twins[paired]], paired)
    assert np.array_equal(ends[twins[paired]], ends[paired][:, ::-1])
    counts = edge_table(faces, n)
    per_half = counts.face_counts[counts.face_edges.ravel()]
    assert (per_half[twins == -1] == 1).all()
    assert (per_half[paired] == 2).all()


@settings(max_examples=50, deadline=None)
@given(spec=soups)
def test_components_are_those_of_scipy(spec: tuple[int, int, int]) -> None:
    faces, n = soup(spec)
    count, labels = vertex_components(faces, n)
    rows, cols = faces.ravel(), np.roll(faces, 1, axis=1).ravel()
    _, wanted = connected_components(coo_matrix((np.ones(len(rows)), (rows, cols)), shape=(n, n)), directed=False)
    used = np.unique(faces)
    assert count == len(np.unique(wanted[used]))
    assert len(set(zip(labels[used].tolist(), wanted[used].tolist()))) == count
    assert (np.delete(labels, used) == -1).all()
    assert np.array_equal(face_components(faces, n)[1], labels[faces[:, 0]] if len(faces) else [])


def test_rows_around_vertices_hold_every_corner(shapes: SimpleNamespace) -> None:
    positions, faces = shapes.sphere(2)
    offsets, rows = vertex_faces(faces, len(positions))
    assert all((faces[rows[offsets[v] : offsets[v + 1]]] == v).sum() == offsets[v + 1] - offsets[v] for v in range(66))
    offsets, around = vertex_neighbours(faces, len(positions))
    assert len(around) == 2 * len(edge_table(faces, len(positions)).edges)
    assert all((np.diff(around[offsets[v] : offsets[v + 1]]) > 0).all() for v in range(len(positions)))
    assert (face_neighbours(faces, len(positions)) >= 0).all()


def test_boundary_loops_run_along_the_border_once(shapes: SimpleNamespace) -> None:
    positions, faces = shapes.grid(6)
    hole = np.delete(faces, [14, 50], axis=0)  # the two halves of a square inside
    loops = boundary_loops(hole, len(positions))
    edges = {tuple(e) for e in boundary_edges(hole, len(positions)).tolist()}
    assert sorted(len(loop) for loop in loops) == [4, 24]
    walked = {(a, b) for loop in loops for a, b in zip(loop.tolist(), np.roll(loop, -1).tolist())}
    assert walked == edges
    assert boundary_loops(*[shapes.sphere(1)[1], 18]) == []


def test_two_holes_that_touch_in_a_point_stay_two_loops(shapes: SimpleNamespace) -> None:
    positions, faces = shapes.grid(4)
    centre = 12
    around = np.flatnonzero((faces == centre).any(axis=1))
    x = positions[faces[around]].mean(axis=1)[:, 0]
    corner_pairs = [around[x == x.min()], around[x == x.max()]]
    loops = boundary_loops(np.delete(faces, np.concatenate(corner_pairs), axis=0), len(positions))
    assert sum(centre in loop for loop in loops) == 2


def test_exact_welding_joins_what_is_equal_and_nothing_else(shapes: SimpleNamespace) -> None:
    positions, faces = shapes.sphere(3)
    corners = faces.ravel()
    first, remap = weld_vertices(positions[corners])
    assert len(first) == len(positions)
    assert np.array_equal(positions[corners][first][remap], positions[corners])
    assert (np.diff(first) > 0).all()
    assert len(weld_vertices([[0.0, 0, 0], [-0.0, 0, 0], [np.nan, 0, 0], [np.nan, 0, 0]])[0]) == 3


def test_keys_keep_vertices_apart() -> None:
    points = np.zeros((4, 3))
    assert len(weld_vertices(points, keys=[np.array([[0.0, 1], [0, 1], [0, 2], [0, 1]])])[0]) == 2
    assert len(weld_vertices(points, tolerance=0.1, keys=[np.array([0, 0, 0, 5])])[0]) == 2


@settings(max_examples=50, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), tolerance=st.floats(1e-3, 0.3), n=st.integers(0, 80))
def test_welding_within_a_tolerance_joins_the_earliest_in_reach(seed: int, tolerance: float, n: int) -> None:
    points = np.random.default_rng(seed).random((n, 3))
    first, remap = weld_vertices(points, tolerance=tolerance)
    wanted: list[int] = []
    for v in range(n):
        near = [i for i, w in enumerate(wanted) if np.linalg.norm(points[v] - points[w]) <= tolerance]
        if not near:
            wanted.append(v)
        assert remap[v] == (near[0] if near else len(wanted) - 1)
    assert first.tolist() == wanted


def test_a_weld_drops_faces_that_lose_a_corner() -> None:
    points, faces = weld([[0, 0, 0], [1, 0, 0], [0, 1, 0], [1, 0, 1e-9]], [[0, 1, 2], [0, 3, 1]], tolerance=1e-6)
    assert points.shape == (3, 3)
    assert faces.tolist() == [[0, 1, 2]]


def test_normals_of_a_sphere_point_outwards_and_areas_cancel(shapes: SimpleNamespace) -> None:
    positions, faces = shapes.sphere(4)
    for weighting in ("angle", "area"):
        out = vertex_normals(positions, faces, weighting=weighting)
        assert (np.einsum("ij,ij->i", out, positions) > 0.999).all()
    assert np.allclose(face_area_vectors(positions, faces).sum(axis=0), 0.0, atol=1e-12)
    assert np.allclose(np.linalg.norm(face_normals(positions, faces), axis=1), 1.0)


def test_angle_weights_do_not_depend_on_how_a_cube_is_cut() -> None:
    corner = np.array([[0.0, 0, 0], [1, 0, 0], [1, 1, 0], [0, 1, 0], [0, 0, 1], [0, 1, 1], [1, 0, 1]])
    one = [[0, 1, 2], [0, 2, 3], [0, 3, 5], [0, 5, 4], [0, 4, 6], [0, 6, 1]]
    other = [[0, 1, 3], [1, 2, 3], [0, 3, 4], [3, 5, 4], [0, 4, 1], [4, 6, 1]]
    a, b = (vertex_normals(corner, faces)[0] for faces in (one, other))
    assert np.allclose(a, b)
    assert np.allclose(np.abs(a), 3**-0.5)


def test_degenerate_and_infinite_faces_have_no_normal_and_spoil_no_other() -> None:
    points = np.array([[0.0, 0, 0], [1, 0, 0], [0, 1, 0], [2, 0, 0], [np.nan, 0, 0]])
    faces = [[0, 1, 2], [0, 1, 3], [0, 1, 4]]
    assert face_normals(points, faces).tolist() == [[0, 0, 1], [0, 0, 0], [0, 0, 0]]
    for weighting in ("angle", "area"):
        out = vertex_normals(points, faces, weighting=weighting)
        assert out[:3].tolist() == [[0, 0, 1]] * 3
        assert out[3:].tolist() == [[0, 0, 0]] * 2


@pytest.mark.parametrize("order", ["C", "F"])
def test_read_only_and_strided_arrays_are_taken(shapes: SimpleNamespace, order: str) -> None:
    positions, faces = shapes.sphere(2)
    wanted = vertex_normals(positions, faces)
    p = np.array(np.repeat(positions, 2, axis=0), order=order)[::2]
    f = np.array(faces[::-1], order=order)[::-1]
    p.setflags(write=False)
    f.setflags(write=False)
    assert np.array_equal(vertex_normals(p, f), wanted)
    assert np.array_equal(vertex_normals(p, f.astype(np.int32)), wanted)


def test_wrong_input_is_named() -> None:
    with pytest.raises(InputError, match="outside"):
        edge_table([[0, 1, 2]], 2)
    with pytest.raises(InputError, match="tolerance"):
        weld_vertices(np.eye(3), tolerance=-1.0)
    with pytest.raises(InputError, match="weighting"):
        vertex_normals(np.eye(3), [[0, 1, 2]], weighting="size")  # type: ignore[arg-type]
    with pytest.raises(InputError, match="rows"):
        weld_vertices(np.eye(3), keys=[np.zeros(2)])
