"""Rays against brute force; crossings, parts left out, and rays that graze."""

from __future__ import annotations

import numpy as np
import pytest

from axis_core.errors import InputError
from axis_core.kernels.bvh import build_bvh
from axis_core.kernels.rays import are_occluded, cast_rays, count_crossings


CUBE = np.array([[x, y, z] for x in (0, 1) for y in (0, 1) for z in (0, 1)], float)
CUBE_FACES = np.array(
    [[0, 1, 3], [0, 3, 2], [4, 6, 7], [4, 7, 5], [0, 4, 5], [0, 5, 1], [2, 3, 7], [2, 7, 6], [0, 2, 6], [0, 6, 4],
     [1, 5, 7], [1, 7, 3]]
)


def brute_hits(points: np.ndarray, faces: np.ndarray, origin: np.ndarray, direction: np.ndarray) -> np.ndarray:
    """Where a ray meets each face (infinite: not), by solving three equations in three unknowns."""
    out = np.full(len(faces), np.inf)
    for i, (a, b, c) in enumerate(points[faces]):
        system = np.stack([-direction, b - a, c - a], axis=1)
        if abs(np.linalg.det(system)) < 1e-12:
            continue
        t, u, v = np.linalg.solve(system, origin - a)
        if t >= 0 and u >= 0 and v >= 0 and u + v <= 1:
            out[i] = t
    return out


@pytest.mark.parametrize("seed", range(3))
def test_first_hit_is_the_smallest_of_all_hits(seed: int) -> None:
    rng = np.random.default_rng(seed)
    points, faces = rng.normal(size=(60, 3)), rng.integers(0, 60, (150, 3))
    origins, directions = rng.normal(size=(40, 3)) * 2, rng.normal(size=(40, 3))
    hits = cast_rays(build_bvh(points, faces), origins, directions)
    for q in range(len(origins)):
        expected = brute_hits(points, faces, origins[q], directions[q])
        if np.isinf(expected.min()):
            assert hits.faces[q] == -1
        else:
            assert hits.distances[q] == pytest.approx(expected.min(), abs=1e-9)
            place = hits.barycentric[q] @ points[faces[hits.faces[q]]]
            np.testing.assert_allclose(place, origins[q] + hits.distances[q] * directions[q], atol=1e-9)


def test_a_crossing_through_an_edge_or_a_corner_is_one_place() -> None:
    tree = build_bvh(CUBE, CUBE_FACES)
    starts = np.array([[-1.0, 0.5, 0.5], [-1, -1, -1], [0.3, 0.3, -1]])
    ends = np.array([[0.5, 0.5, 0.5], [2, 2, 2], [0.3, 0.3, 2]])
    assert count_crossings(tree, starts, ends).tolist() == [1, 2, 2]


def test_crossings_count_all_hits_between_the_ends() -> None:
    rng = np.random.default_rng(5)
    points, faces = rng.normal(size=(60, 3)), rng.integers(0, 60, (150, 3))
    starts, ends = rng.normal(size=(50, 3)), rng.normal(size=(50, 3))
    counts = count_crossings(build_bvh(points, faces), starts, ends)
    for q in range(50):
        assert counts[q] == (brute_hits(points, faces, starts[q], ends[q] - starts[q]) <= 1).sum()


def test_occlusion_is_whether_there_is_a_hit_before_the_limit() -> None:
    rng = np.random.default_rng(6)
    points, faces = rng.normal(size=(60, 3)), rng.integers(0, 60, (100, 3))
    tree = build_bvh(points, faces)
    origins, directions = rng.normal(size=(300, 3)), rng.normal(size=(300, 3))
    first = cast_rays(tree, origins, directions)
    for far in (0.3, np.inf):
        hidden = are_occluded(tree, origins, directions, far=far)
        np.testing.assert_array_equal(hidden, first.distances < far)


def test_faces_with_the_ignored_label_do_not_count() -> None:
    shifted = np.concatenate([CUBE, CUBE + np.array([3.0, 0, 0])])
    faces = np.concatenate([CUBE_FACES, CUBE_FACES + 8])
    labels = np.repeat([0, 1], len(CUBE_FACES))
    tree = build_bvh(shifted, faces)
    starts, ends = np.tile([[-1.0, 0.3, 0.4]], (3, 1)), np.tile([[9.0, 0.3, 0.4]], (3, 1))
    counts = count_crossings(tree, starts, ends, face_labels=labels, ignored=[-1, 0, 1])
    assert counts.tolist() == [4, 2, 2]


def test_axis_aligned_rays_in_the_plane_of_flat_boxes_are_not_lost() -> None:
    grid = np.array([[x, y, 0.0] for x in range(9) for y in range(9)])
    quads = [[9 * x + y, 9 * x + y + 9, 9 * x + y + 10] for x in range(8) for y in range(8)]
    tree = build_bvh(grid, quads)
    inner = np.array([[x + 0.6, y + 0.3, 5.0] for x in range(8) for y in range(8)])
    assert (cast_rays(tree, inner, np.tile([[0.0, 0, -1]], (64, 1))).distances == 5.0).all()


def test_a_ray_without_direction_and_an_empty_mesh_give_no_hit() -> None:
    assert cast_rays(build_bvh(CUBE, CUBE_FACES), [[0.5, 0.5, 0.5]], [[0.0, 0, 0]]).faces.tolist() == [-1]
    empty = build_bvh(CUBE, np.zeros((0, 3), int))
    assert cast_rays(empty, CUBE, CUBE + 1).faces.tolist() == [-1] * 8
    assert count_crossings(empty, CUBE, CUBE + 1).tolist() == [0] * 8
    assert not are_occluded(empty, CUBE, CUBE + 1).any()


def test_unequal_numbers_of_ends_are_refused() -> None:
    with pytest.raises(InputError):
        cast_rays(build_bvh(CUBE, CUBE_FACES), CUBE, CUBE[:2])
    with pytest.raises(InputError):
        count_crossings(build_bvh(CUBE, CUBE_FACES), CUBE, CUBE, ignored=np.zeros(8, int))
