"""Closest points against brute force, and on meshes with nothing to find."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from axis_core.errors import InputError
from axis_core.kernels.bvh import build_bvh
from axis_core.kernels.closest import closest_points


def soup(seed: int, n_vertices: int = 40, n_faces: int = 120) -> tuple[np.ndarray, np.ndarray]:
    """Random triangles; some degenerate, some double."""
    rng = np.random.default_rng(seed)
    points = rng.normal(size=(n_vertices, 3))
    points[: n_vertices // 8] = points[0]  # a heap of vertices in one place
    faces = rng.integers(0, n_vertices, (n_faces, 3))
    return points, np.concatenate([faces, faces[:5]])


def sampled_distance(points: np.ndarray, faces: np.ndarray, query: np.ndarray, steps: int = 24) -> float:
    """An upper bound of the distance, from a grid of points on each triangle: independent of the kernel's algebra."""
    u, v = (x.ravel() for x in np.meshgrid(np.linspace(0, 1, steps), np.linspace(0, 1, steps)))
    inside = u + v <= 1 + 1e-12
    u, v = u[inside], v[inside]
    a, b, c = (points[faces[:, k]] for k in range(3))
    grid = a[:, None] + u[None, :, None] * (b - a)[:, None] + v[None, :, None] * (c - a)[:, None]
    return float(np.linalg.norm(grid - query, axis=2).min())


@pytest.mark.parametrize("seed", range(4))
def test_no_sampled_point_of_the_mesh_is_nearer_than_the_closest_point(seed: int) -> None:
    points, faces = soup(seed)
    queries = np.random.default_rng(seed + 100).normal(size=(20, 3)) * 2
    found = closest_points(build_bvh(points, faces), queries)
    longest = np.ptp(points, axis=0).max() * 3
    for query, distance in zip(queries, found.distances):
        nearest = sampled_distance(points, faces, query)
        assert distance <= nearest + 1e-12
        assert nearest - distance < longest / 24


@pytest.mark.parametrize("seed", range(4))
def test_barycentric_coordinates_give_the_point_and_the_point_gives_the_distance(seed: int) -> None:
    points, faces = soup(seed)
    queries = np.random.default_rng(seed).normal(size=(200, 3))
    found = closest_points(build_bvh(points, faces), queries)
    rebuilt = np.einsum("qk,qkx->qx", found.barycentric, points[faces[found.faces]])
    np.testing.assert_allclose(rebuilt, found.points, atol=1e-12)
    np.testing.assert_allclose(np.linalg.norm(found.points - queries, axis=1), found.distances, atol=1e-9)
    assert (found.barycentric >= -1e-12).all()
    np.testing.assert_allclose(found.barycentric.sum(1), 1.0, atol=1e-12)


def test_every_vertex_of_a_mesh_is_at_distance_zero_of_it() -> None:
    points, faces = soup(7, n_vertices=500, n_faces=4000)
    used = np.unique(faces)
    np.testing.assert_allclose(closest_points(build_bvh(points, faces), points[used]).distances, 0.0, atol=1e-9)


@given(st.lists(st.tuples(*[st.integers(-2, 2)] * 3), min_size=3, max_size=12), st.data())
@settings(max_examples=40, deadline=None)
def test_lattice_triangles_with_ties_and_needles_are_no_farther_than_samples(cells: list, data: st.DataObject) -> None:
    points = np.array(cells, float)
    corner = st.integers(0, len(points) - 1)
    faces = np.array(data.draw(st.lists(st.tuples(corner, corner, corner), min_size=1, max_size=10)))
    query = np.array(data.draw(st.tuples(*[st.integers(-3, 3)] * 3)), float)
    found = closest_points(build_bvh(points, faces), query[None])
    to_corners = np.linalg.norm(points[faces.ravel()] - query, axis=1).min()
    assert found.distances[0] <= to_corners + 1e-12
    assert found.distances[0] <= sampled_distance(points, faces, query) + 1e-12


def test_nothing_is_found_beyond_reach_or_in_an_empty_mesh() -> None:
    points = np.eye(3)
    tree = build_bvh(points, [[0, 1, 2]])
    far = closest_points(tree, [[50.0, 0, 0], [1.0, 0, 0]], reach=1.0)
    assert far.faces.tolist() == [-1, 0]
    assert far.distances[0] == np.inf
    assert far.points[0].tolist() == [50.0, 0, 0]
    none = closest_points(build_bvh(points, np.zeros((0, 3), int)), points)
    assert (none.faces == -1).all()


def test_faces_that_are_not_finite_are_left_out_and_such_queries_find_nothing() -> None:
    points = np.array([[0, 0, 0], [1, 0, 0], [0, 1, 0], [np.nan, 0, 0]])
    tree = build_bvh(points, [[0, 1, 3], [0, 1, 2]])
    found = closest_points(tree, [[0.2, 0.2, 1.0], [np.nan, 0, 0]])
    assert found.faces.tolist() == [1, -1]


def test_read_only_strided_and_integer_input_is_taken_and_left_alone() -> None:
    points = np.asfortranarray(np.random.default_rng(0).normal(size=(20, 3)))
    points.flags.writeable = False
    faces = np.random.default_rng(1).integers(0, 20, (30, 6)).astype(np.int32)[:, ::2]
    queries = np.random.default_rng(2).normal(size=(10, 6)).astype(np.float32)[:, ::2]
    same = closest_points(build_bvh(points.copy(), faces.astype(np.int64).copy()), queries.astype(np.float64))
    np.testing.assert_array_equal(closest_points(build_bvh(points, faces), queries).distances, same.distances)


def test_wrong_shapes_and_indices_say_what_was_expected() -> None:
    with pytest.raises(InputError) as bad_index:
        build_bvh(np.eye(3), [[0, 1, 3]])
    assert bad_index.value.code == "invalid_request"
    with pytest.raises(InputError):
        closest_points(build_bvh(np.eye(3), [[0, 1, 2]]), [1.0, 2.0])
