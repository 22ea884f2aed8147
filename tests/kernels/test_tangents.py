"""Tangents: along u, square to the normal, one per chart side, continuous inside a chart."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from axis_core.errors import InputError
from axis_core.kernels.tangents import corner_tangents, vertex_tangents


def test_tangents_follow_u_and_the_bitangent_follows_v_upwards(shapes: SimpleNamespace) -> None:
    positions, faces = shapes.grid(8)
    normals = np.tile([0.0, 1.0, 0.0], (len(positions), 1))
    uv = np.stack([positions[:, 0], positions[:, 2]], axis=1)  # v grows with z: downwards in a glTF image
    out = vertex_tangents(positions, faces, normals, uv)
    assert np.allclose(out[:, :3], [1.0, 0.0, 0.0])
    bitangent = out[:, 3:] * np.cross(normals, out[:, :3])
    assert np.allclose(bitangent, [0.0, 0.0, -1.0])
    flipped = vertex_tangents(positions, faces, normals, uv, uv_origin="bottom")
    assert np.array_equal(flipped[:, 3], -out[:, 3])


def test_tangents_are_unit_vectors_square_to_the_normals(shapes: SimpleNamespace) -> None:
    positions, faces = shapes.sphere(3)
    uv = positions[:, :2] + 0.3 * positions[:, 2:]
    out = corner_tangents(positions, faces, positions, uv)
    assert np.allclose(np.linalg.norm(out[..., :3], axis=2), 1.0)
    assert np.abs(np.einsum("fkj,fkj->fk", out[..., :3], positions[faces])).max() < 1e-9
    assert set(np.unique(out[..., 3])) <= {-1.0, 1.0}


def test_mirrored_charts_do_not_share_a_tangent(shapes: SimpleNamespace) -> None:
    positions, faces = shapes.grid(8)
    normals = np.tile([0.0, 1.0, 0.0], (len(positions), 1))
    uv = np.stack([np.abs(positions[:, 0] - 0.5), positions[:, 2]], axis=1)
    out = corner_tangents(positions, faces, normals, uv)
    left = positions[faces].mean(axis=1)[:, 0] < 0.5
    assert np.allclose(out[left][..., 0], -1.0)
    assert np.allclose(out[~left][..., 0], 1.0)
    assert (out[left][..., 3] == -out[~left][..., 3][0, 0]).all()


def test_copies_of_a_vertex_get_the_same_tangent(shapes: SimpleNamespace) -> None:
    positions, faces = shapes.sphere(2)
    uv = positions[:, :2] + 0.3 * positions[:, 2:]
    whole = corner_tangents(positions, faces, positions, uv)
    soup = np.arange(3 * len(faces)).reshape(-1, 3)
    corners = faces.ravel()
    split = corner_tangents(positions[corners], soup, positions[corners], uv[corners])
    assert np.allclose(whole, split)


def test_uvs_without_area_give_some_frame_and_no_nan(shapes: SimpleNamespace) -> None:
    positions, faces = shapes.sphere(2)
    out = vertex_tangents(positions, faces, positions, np.zeros((len(positions), 2)))
    assert np.allclose(np.linalg.norm(out[:, :3], axis=1), 1.0)
    assert np.abs(np.einsum("ij,ij->i", out[:, :3], positions)).max() < 1e-9


def test_empty_meshes_and_unused_vertices_are_taken() -> None:
    none = np.zeros((0, 3))
    assert vertex_tangents(none, np.zeros((0, 3), dtype=int), none, np.zeros((0, 2))).shape == (0, 4)
    out = vertex_tangents(np.eye(4)[:, :3], [[0, 1, 2]], np.tile([0, 0, 1.0], (4, 1)), np.eye(4)[:, :2])
    assert out[3].tolist() == [1, 0, 0, 1]


def test_wrong_shapes_are_named() -> None:
    with pytest.raises(InputError):
        vertex_tangents(np.eye(3), [[0, 1, 2]], np.eye(3)[:2], np.zeros((3, 2)))
    with pytest.raises(InputError):
        vertex_tangents(np.eye(3), [[0, 1, 2]], np.eye(3), np.zeros((3, 2)), uv_origin="left")  # type: ignore[arg-type]
