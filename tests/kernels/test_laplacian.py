"""The Laplacian's promises on good and bad meshes."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.sparse.linalg import eigsh

from axis_core.kernels.laplacian import laplacian, vertex_areas


def bad_mesh(kind: str) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(0)
    points = rng.normal(size=(40, 3))
    if kind == "soup":
        return points, rng.integers(0, 40, (150, 3))
    if kind == "fan of three":
        return points[:5], np.array([[0, 1, 2], [0, 1, 3], [0, 1, 4]])
    if kind == "doubled":
        return points[:3], np.array([[0, 1, 2], [0, 1, 2], [2, 1, 0]])
    if kind == "flat":
        return points * [1, 0, 0], np.array([[0, 1, 2], [1, 2, 3]])
    if kind == "tiny":
        return points * 1e-12, rng.integers(0, 40, (80, 3))
    return points, np.array([[0, 1, 2]])


@pytest.mark.parametrize("kind", ["soup", "fan of three", "doubled", "flat", "tiny", "one and loose vertices"])
def test_rows_sum_to_zero_and_no_eigenvalue_is_negative(kind: str) -> None:
    matrix, mass = laplacian(*bad_mesh(kind))
    dense = matrix.toarray()
    assert np.isfinite(dense).all()
    size = np.abs(dense).max()
    np.testing.assert_allclose(dense.sum(1), 0.0, atol=1e-9 * size)
    np.testing.assert_allclose(dense, dense.T, atol=1e-12 * size)
    assert np.linalg.eigvalsh(dense).min() > -1e-9 * size
    assert (mass > 0).all()
    assert (np.where(np.eye(len(dense), dtype=bool), 0, dense) <= 1e-9 * size).all()


def test_linear_functions_on_a_flat_sheet_are_harmonic_inside() -> None:
    n = 8
    x, y = np.meshgrid(np.arange(n + 1.0), np.arange(n + 1.0))
    points = np.stack([x.ravel(), y.ravel(), 0 * x.ravel()], axis=1)
    a = (np.arange(n)[:, None] * (n + 1) + np.arange(n)).ravel()
    faces = np.concatenate([np.stack([a, a + 1, a + n + 2], 1), np.stack([a, a + n + 2, a + n + 1], 1)])
    matrix, mass = laplacian(points, faces)
    inner = ((points[:, :2] > 0) & (points[:, :2] < n)).all(1)
    np.testing.assert_allclose((matrix @ (points[:, 0] + 3 * points[:, 1]))[inner], 0.0, atol=1e-4)
    assert mass.sum() == pytest.approx(n * n, rel=1e-4)
    np.testing.assert_allclose(vertex_areas(points, faces).sum(), n * n)


def test_the_smallest_eigenvalues_of_a_unit_ball_are_those_of_the_sphere() -> None:
    golden = np.pi * (3 - np.sqrt(5)) * np.arange(800)
    height = 1 - 2 * (np.arange(800) + 0.5) / 800
    ring = np.sqrt(1 - height**2)
    points = np.stack([ring * np.cos(golden), height, ring * np.sin(golden)], axis=1)
    from scipy.spatial import ConvexHull

    matrix, mass = laplacian(points, ConvexHull(points).simplices)
    from scipy.sparse import diags_array

    values = eigsh(matrix, k=9, M=diags_array(mass).tocsc(), sigma=-0.1, return_eigenvectors=False)
    np.testing.assert_allclose(np.sort(values), [0, 2, 2, 2, 6, 6, 6, 6, 6], atol=0.15)


def test_size_only_scales_the_mass() -> None:
    points, faces = bad_mesh("soup")
    small, small_mass = laplacian(points, faces)
    large, large_mass = laplacian(points * 1000, faces)
    np.testing.assert_allclose(large.toarray(), small.toarray(), rtol=1e-6, atol=1e-9)
    np.testing.assert_allclose(large_mass, small_mass * 1e6, rtol=1e-9)


def test_a_mesh_without_faces_has_an_empty_matrix_and_unit_mass() -> None:
    matrix, mass = laplacian(np.eye(3), np.zeros((0, 3), int))
    assert matrix.nnz == 0
    assert mass.tolist() == [1, 1, 1]
