"""Linear blend and dual quaternion skinning against the formula, and where both must agree."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from axis_core.errors import InputError
from axis_core.kernels.deform import dual_quaternion, linear_blend


def skinned(seed: int, n: int = 400, joints: int = 9) -> tuple[np.ndarray, ...]:
    rng = np.random.default_rng(seed)
    matrices = np.tile(np.eye(4), (joints, 1, 1))
    matrices[:, :3, :3] = Rotation.random(joints, random_state=seed).as_matrix()
    matrices[:, :3, 3] = rng.normal(size=(joints, 3))
    normals = rng.normal(size=(n, 3))
    normals /= np.linalg.norm(normals, axis=1, keepdims=True)
    weights = rng.dirichlet(np.ones(4), n)
    return rng.normal(size=(n, 3)), rng.integers(0, joints, (n, 4)), weights, matrices, normals


def test_linear_blend_is_the_weighted_sum_of_matrices() -> None:
    points, index, weight, matrices, normals = skinned(0)
    moved, turned = linear_blend(points, index, weight, matrices, normals=normals)
    blended = np.einsum("vk,vkab->vab", weight, matrices[index])
    expected = np.einsum("vab,vb->va", blended[:, :3], np.c_[points, np.ones(len(points))])
    np.testing.assert_allclose(moved, expected, atol=2e-6)
    direction = np.einsum("vab,vb->va", blended[:, :3, :3], normals)
    direction /= np.linalg.norm(direction, axis=1, keepdims=True)
    np.testing.assert_allclose(turned, direction, atol=2e-5)


@pytest.mark.parametrize("skin", [linear_blend, dual_quaternion])
def test_the_rest_pose_gives_the_input_back(skin) -> None:
    points, index, weight, matrices, normals = skinned(1)
    moved, turned = skin(points, index, weight, np.tile(np.eye(4), (len(matrices), 1, 1)), normals=normals)
    np.testing.assert_allclose(moved, points, atol=1e-6)
    np.testing.assert_allclose(turned, normals, atol=1e-6)


@pytest.mark.parametrize("scale", [1.0, 1.7])
def test_with_one_joint_a_vertex_both_ways_agree_with_the_matrix_mirrors_and_scale_included(scale: float) -> None:
    points, index, _, matrices, normals = skinned(2)
    matrices[:, :3, :3] *= scale
    matrices[::2, :3, 0] *= -1
    one = np.tile([1.0, 0, 0, 0], (len(points), 1))
    straight = linear_blend(points, index, one, matrices, normals=normals)
    dual = dual_quaternion(points, index, one, matrices, normals=normals)
    np.testing.assert_allclose(dual[0], straight[0], atol=1e-5)
    np.testing.assert_allclose(dual[1], straight[1], atol=1e-5)


def test_dual_quaternions_move_rigidly_where_linear_blend_collapses() -> None:
    """Half way between rest and half a turn the linear blend shrinks to the axis; the other keeps its distance."""
    half_turn = np.eye(4)
    half_turn[:3, :3] = Rotation.from_rotvec([0, 3.1, 0]).as_matrix()
    points, both = np.array([[1.0, 0, 0], [1.0, 2, 0]]), [[0.5, 0.5]] * 2
    matrices = np.stack([np.eye(4), half_turn])
    straight = linear_blend(points, [[0, 1]] * 2, both, matrices)[0]
    dual = dual_quaternion(points, [[0, 1]] * 2, both, matrices)[0]
    assert np.linalg.norm(straight[0, [0, 2]]) < 0.05
    np.testing.assert_allclose(np.linalg.norm(dual[:, [0, 2]], axis=1), 1.0, atol=1e-6)
    assert np.linalg.norm(dual[1] - dual[0]) == pytest.approx(2.0, abs=1e-6)


def test_opposite_quaternions_of_one_rotation_do_not_cancel() -> None:
    turn = np.eye(4)
    turn[:3, :3] = Rotation.from_rotvec([0, 0, np.pi - 1e-3]).as_matrix()
    back = np.eye(4)
    back[:3, :3] = Rotation.from_rotvec([0, 0, -np.pi + 1e-3]).as_matrix()
    moved = dual_quaternion([[1.0, 0, 0]], [[0, 1]], [[0.5, 0.5]], np.stack([turn, back]))[0]
    np.testing.assert_allclose(moved, [[-1, 0, 0]], atol=1e-5)


def test_a_vertex_without_weight_goes_to_the_origin_as_in_a_viewer() -> None:
    assert linear_blend([[1.0, 2, 3]], [[0]], [[0.0]], [np.eye(4)])[0].tolist() == [[0, 0, 0]]


def test_read_only_wide_and_strided_input_is_taken_and_left_alone() -> None:
    points, index, weight, matrices, _ = skinned(3)
    expected = linear_blend(points, index, weight, matrices)[0]
    wide = np.repeat(points, 2, axis=1)[:, ::2]
    frozen = weight.copy()
    frozen.flags.writeable = False
    np.testing.assert_array_equal(linear_blend(wide, index.astype(np.int64), frozen, matrices)[0], expected)


def test_an_empty_mesh_stays_empty() -> None:
    moved, turned = linear_blend(np.zeros((0, 3)), np.zeros((0, 4), int), np.zeros((0, 4)), [np.eye(4)])
    assert moved.shape == turned.shape == (0, 3)


@pytest.mark.parametrize(
    ("index", "weight", "matrices"),
    [
        ([[1]], [[1.0]], [np.eye(4)]),
        ([[-1]], [[1.0]], [np.eye(4)]),
        ([[0, 0]], [[1.0]], [np.eye(4)]),
        ([[0]], [[1.0]], np.eye(4)),
    ],
)
def test_indices_and_shapes_that_do_not_fit_are_refused(index: list, weight: list, matrices: list) -> None:
    with pytest.raises(InputError):
        linear_blend([[0.0, 0, 0]], index, weight, matrices)
