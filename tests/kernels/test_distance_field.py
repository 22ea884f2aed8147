"""Distance fields against brute force."""

import numpy as np
import pytest
from scipy.ndimage import distance_transform_edt

from axis_core.kernels.distance_field import distance_field, sample_field


def test_distances_equal_brute_force() -> None:
    rng = np.random.default_rng(0)
    solid = rng.random((7, 8, 6)) < 0.7
    field = distance_field(solid, 0.5)
    padded = np.pad(solid, 1)
    outside = np.argwhere(~padded) - 1
    for voxel in np.argwhere(solid):
        assert field[tuple(voxel)] == pytest.approx(0.5 * np.sqrt(((outside - voxel) ** 2).sum(axis=1).min()), rel=1e-6)
    assert (field[~solid] == 0).all()


def test_a_full_grid_ends_at_its_border_and_an_empty_one_is_zero() -> None:
    assert distance_field(np.ones((5, 5, 5), bool), 1.0)[2, 2, 2] == 3.0
    assert not distance_field(np.zeros((3, 3, 3), bool), 1.0).any()
    assert distance_field(np.zeros((0, 3, 3), bool), 1.0).shape == (0, 3, 3)


def test_samples_are_exact_on_linear_fields_and_zero_outside() -> None:
    x, y, z = np.meshgrid(np.arange(6.0), np.arange(5.0), np.arange(4.0), indexing="ij")
    field = 2.0 * x - y + 0.5 * z
    origin, spacing = np.array([1.0, 2.0, 3.0]), 0.25
    inside = np.random.default_rng(1).random((50, 3)) * [5.0, 4.0, 3.0]
    values = sample_field(field, origin, spacing, origin + spacing * inside)
    assert np.allclose(values, inside @ [2.0, -1.0, 0.5])
    assert sample_field(field, origin, spacing, [[-9.0, 0.0, 0.0]]).tolist() == [0.0]


def test_an_unbounded_grid_knows_nothing_beyond_its_border() -> None:
    solid = np.ones((6, 5, 4), bool)
    solid[1, 2, 3] = False
    field = distance_field(solid, 2.0, is_bounded=False)
    expected = 2.0 * np.linalg.norm(np.argwhere(np.ones_like(solid)) - [1, 2, 3], axis=1).reshape(solid.shape)
    assert np.allclose(field, expected, rtol=1e-5)
    assert distance_field(np.ones((3, 3, 3), bool), 1.0, is_bounded=False).min() > 1e6


def test_distances_equal_those_of_another_library_on_a_body() -> None:
    ball = np.linalg.norm(np.argwhere(np.ones((23, 31, 17))) - [11, 15, 8], axis=1).reshape(23, 31, 17)
    solid = (ball < 7.5) | (np.abs(ball - 12.0) < 2.2)
    assert np.allclose(
        distance_field(solid, 1.0), distance_transform_edt(np.pad(solid, 1))[1:-1, 1:-1, 1:-1], atol=1e-4
    )
