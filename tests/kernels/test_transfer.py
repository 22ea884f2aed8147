"""Attributes and weights carried over the surface."""

from __future__ import annotations

import numpy as np
import pytest

from axis_core.errors import InputError
from axis_core.kernels.transfer import blend_weight_rows, transfer_attributes, transfer_weights


def sheet(n: int) -> tuple[np.ndarray, np.ndarray]:
    """A flat square of n by n quads in z = 0, corners at 0 and 1."""
    x, y = np.meshgrid(np.linspace(0, 1, n + 1), np.linspace(0, 1, n + 1))
    points = np.stack([x.ravel(), y.ravel(), np.zeros(x.size)], axis=1)
    a = (np.arange(n)[:, None] * (n + 1) + np.arange(n)).ravel()
    faces = np.concatenate([np.stack([a, a + 1, a + n + 2], 1), np.stack([a, a + n + 2, a + n + 1], 1)])
    return points, faces


def test_linear_values_are_reproduced_exactly() -> None:
    points, faces = sheet(5)
    targets = np.random.default_rng(0).random((100, 3)) * [1, 1, 0] + [0, 0, 0.3]
    values = points @ [2.0, -1.0, 0.0] + 0.5
    np.testing.assert_allclose(transfer_attributes(points, faces, values, targets), targets @ [2, -1, 0] + 0.5)


def test_a_mesh_transferred_to_itself_is_unchanged() -> None:
    points, faces = sheet(6)
    rng = np.random.default_rng(1)
    weights = -np.sort(-rng.dirichlet(np.ones(4), len(points)), axis=1)
    indices = np.argsort(rng.random((len(points), 12)), axis=1)[:, :4].astype(np.uint16)
    index, weight = transfer_weights(points, faces, indices, weights, points)
    np.testing.assert_array_equal(index, indices)
    np.testing.assert_allclose(weight, weights, atol=1e-12)


def test_blended_rows_add_up_joints_of_the_same_name_and_keep_the_strongest() -> None:
    indices, weights = [[0, 1], [1, 2]], [[0.5, 0.5], [0.8, 0.2]]
    index, weight = blend_weight_rows([[0, 1]], [[0.5, 0.5]], indices, weights, 2)
    assert index.tolist() == [[1, 0]]
    np.testing.assert_allclose(weight, [[0.65 / 0.9, 0.25 / 0.9]])


def test_transferred_rows_sum_to_one_and_stay_within_the_joints_around() -> None:
    points, faces = sheet(4)
    rng = np.random.default_rng(2)
    indices, weights = rng.integers(0, 40, (len(points), 4)), rng.dirichlet(np.ones(4), len(points))
    index, weight = transfer_weights(points, faces, indices, weights, rng.random((200, 3)), max_influences=3)
    assert weight.shape == (200, 3)
    np.testing.assert_allclose(weight.sum(1), 1.0, atol=1e-12)
    assert set(index[weight > 0].tolist()) <= set(indices.ravel().tolist())


def test_a_source_without_faces_gives_the_nearest_vertex() -> None:
    values = transfer_attributes(np.eye(3), np.zeros((0, 3), int), [[1.0], [2.0], [3.0]], [[0.1, 0.9, 0], [0, 0, 9.0]])
    assert values.tolist() == [[2.0], [3.0]]


def test_targets_that_are_not_finite_do_not_spoil_the_others() -> None:
    points, faces = sheet(2)
    values = transfer_attributes(points, faces, points[:, 0], [[np.nan, 0, 0], [0.25, 0.5, 0]])
    assert values[1] == pytest.approx(0.25)
    assert np.isfinite(values[0])


def test_empty_sources_and_missing_values_are_refused() -> None:
    with pytest.raises(InputError):
        transfer_attributes(np.zeros((0, 3)), np.zeros((0, 3), int), np.zeros((0, 1)), np.eye(3))
    points, faces = sheet(2)
    with pytest.raises(InputError):
        transfer_attributes(points, faces, [1.0], np.eye(3))
    with pytest.raises(InputError):
        transfer_weights(points, faces, [[0, 1]], [[1.0, 0.0]], np.eye(3))
