"""Surface samples: on the surface, even by area, the same for the same seed."""

import numpy as np
import pytest

from axis_core.kernels.sample import sample_surface


V = np.array([[0.0, 0.0, 0.0], [2.0, 0.0, 0.0], [0.0, 2.0, 0.0], [0.0, 0.0, 1.0], [0.0, 1.0, 1.0], [np.nan, 0.0, 0.0]])
F = np.array([[0, 1, 2], [0, 3, 4], [1, 1, 2], [0, 1, 5]])


def test_points_lie_on_their_faces() -> None:
    points, normals, index = sample_surface(V, F, 400, seed=5)
    assert set(index) == {0, 1}
    corners = V[F[index]]
    assert np.abs(((points - corners[:, 0]) * normals).sum(axis=1)).max() < 1e-12
    total = sum(
        np.linalg.norm(np.cross(corners[:, k] - points, corners[:, (k + 1) % 3] - points), axis=1) for k in range(3)
    )
    area = np.linalg.norm(np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]), axis=1)
    assert np.allclose(total, area)
    assert np.allclose(np.linalg.norm(normals, axis=1), 1.0)


def test_counts_follow_the_areas_to_one_point() -> None:
    _, _, index = sample_surface(V, F, 1000)
    assert abs((index == 0).sum() - 800) <= 1


def test_the_seed_decides_and_scale_does_not_matter() -> None:
    one, other = sample_surface(V, F, 50, seed=1)[0], sample_surface(V, F, 50, seed=1)[0]
    assert np.array_equal(one, other)
    assert not np.array_equal(one, sample_surface(V, F, 50, seed=2)[0])
    assert np.allclose(sample_surface(1024.0 * V, F, 50, seed=1)[0], 1024.0 * one)


@pytest.mark.parametrize("faces", [np.zeros((0, 3), int), [[1, 1, 2]], [[0, 1, 5]]])
def test_a_mesh_without_area_gives_no_points(faces: object) -> None:
    points, normals, index = sample_surface(V, faces, 10)
    assert points.shape == normals.shape == (0, 3)
    assert index.shape == (0,)
