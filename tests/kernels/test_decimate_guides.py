"""Guides: vertices stay where normals and skin weights bend, and distances are counted without them."""

from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from axis_core.kernels.bvh import build_bvh
from axis_core.kernels.closest import closest_points
from axis_core.kernels.decimate import DecimatedMesh, VertexAttributes, decimate_mesh


def skin_along_x(
    v: NDArray[np.float64], middle: float = 0.5, width: float = 0.04
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Two joints; the weight goes over from one to the other within a narrow band."""
    share = 1 / (1 + np.exp(-(v[:, 0] - middle) / width))
    return np.tile([0, 1], (len(v), 1)), np.stack([1 - share, share], axis=1)


def skin_error(mesh: DecimatedMesh, share: NDArray[np.float64]) -> float:
    """Mean difference between the true weight of joint 1 and the one on the faces of a flat mesh."""
    x, z = np.meshgrid(np.linspace(0.02, 0.98, 97), np.linspace(0.02, 0.98, 31))
    points = np.stack([x.ravel(), np.zeros(x.size), z.ravel()], axis=1)
    hit = closest_points(build_bvh(mesh.positions, mesh.faces), points)
    found = (share[mesh.faces[hit.faces]] * hit.barycentric).sum(axis=1)
    return float(np.abs(found - skin_along_x(points)[1][:, 1]).mean())


def share_of(mesh: DecimatedMesh) -> NDArray[np.float64]:
    joints, weights = np.asarray(mesh.attributes.joints), np.asarray(mesh.attributes.weights)
    return np.where(joints == 1, weights, 0).sum(axis=1)


def test_a_flat_sheet_keeps_vertices_where_its_skin_bends(shapes: SimpleNamespace) -> None:
    v, f = shapes.grid(60, height=0.002)
    joints, weights = skin_along_x(v)
    guided = decimate_mesh(v, f, 120, attributes=VertexAttributes(joints=joints, weights=weights))
    bare = decimate_mesh(v, f, 120)
    index, carried = bare.carry_skin(joints, weights)
    plain = skin_error(bare, np.where(index == 1, carried, 0).sum(axis=1))
    assert skin_error(guided, share_of(guided)) < 0.4 * plain


def test_distance_alone_bounds_and_is_reported(shapes: SimpleNamespace) -> None:
    v, f = shapes.grid(30)
    joints, weights = skin_along_x(v)
    flat = decimate_mesh(v, f, 100, attributes=VertexAttributes(joints=joints, weights=weights))
    assert flat.error < 1e-4
    bound = decimate_mesh(v, f, max_error=1e-4, attributes=VertexAttributes(joints=joints, weights=weights))
    assert len(bound.faces) <= 2 * 4  # the skin does not count as an error: the sheet is flat


@settings(deadline=None, max_examples=5)
@given(st.integers(0, 2**31))
def test_fitted_normals_are_unit_and_near_the_surface(seed: int) -> None:
    rng = np.random.default_rng(seed)
    u, w = np.meshgrid(np.linspace(0, 2 * np.pi, 40), np.linspace(0.15, np.pi - 0.15, 24), indexing="ij")
    v = np.stack([np.sin(w) * np.cos(u), np.cos(w), np.sin(w) * np.sin(u)], -1).reshape(-1, 3)
    i = (np.arange(39)[:, None] * 24 + np.arange(23)).ravel()
    f = np.concatenate([np.stack([i, i + 1, i + 24], 1), np.stack([i + 1, i + 25, i + 24], 1)])
    rough = v + rng.normal(size=v.shape) * 0.02
    noisy = v + rng.normal(size=v.shape) * 0.3
    noisy /= np.linalg.norm(noisy, axis=1, keepdims=True)
    out = decimate_mesh(rough, f, 300, attributes=VertexAttributes(normals=noisy))
    normals = np.asarray(out.attributes.normals)
    assert np.allclose(np.linalg.norm(normals, axis=1), 1)
    true = out.positions / np.linalg.norm(out.positions, axis=1, keepdims=True)
    turned = np.degrees(np.arccos(np.clip((normals * true).sum(1), -1, 1)))
    given_ = np.degrees(np.arccos(np.clip((noisy * v).sum(1), -1, 1)))
    assert turned.mean() < 0.75 * given_.mean()  # the fit averages what a vertex stands for


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_values_that_are_not_numbers_guide_nothing(shapes: SimpleNamespace, bad: float) -> None:
    v, f = shapes.sphere(3)
    normals = v.copy()
    normals[::7] = bad
    joints, weights = skin_along_x(v)
    weights[::5] = bad
    out = decimate_mesh(v, f, 100, attributes=VertexAttributes(normals=normals, joints=joints, weights=weights))
    assert len(out.faces) == 100
    assert np.isfinite(out.positions).all()


def test_hard_edges_keep_the_normals_of_their_sides(shapes: SimpleNamespace) -> None:
    v, f = shapes.grid(10)
    side = v[:, [0, 2, 1]] * [1, -1, 1]  # hangs down from the edge z = 0
    corner = np.concatenate([v, side])
    faces = np.concatenate([f, f[:, ::-1] + len(v)])
    normals = np.concatenate([np.tile([0.0, 1, 0], (len(v), 1)), np.tile([0.0, 0, -1], (len(v), 1))])
    out = decimate_mesh(corner, faces, 60, attributes=VertexAttributes(normals=normals))
    found = np.asarray(out.attributes.normals)
    on_edge = (np.abs(out.positions[:, 1]) < 1e-6) & (np.abs(out.positions[:, 2]) < 1e-6)
    assert on_edge.sum() >= 4
    assert np.allclose(np.abs(found).max(axis=1), 1, atol=1e-6)
