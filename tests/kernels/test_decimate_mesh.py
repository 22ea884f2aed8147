"""Decimation with attributes: seams, hard edges, groups, skins, morph targets, importance, locks and error bounds."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from numpy.typing import NDArray

from axis_core.errors import InputError
from axis_core.kernels.decimate import DecimatedMesh, VertexAttributes, decimate_mesh
from axis_core.kernels.lod_chain import lod_chain


def cylinder(n: int) -> tuple[NDArray[np.float64], NDArray[np.int64], NDArray[np.float64]]:
    """Return an open cylinder of 2 * n * n triangles, unrolled in UV space: one seam at angle 0, vertices doubled."""
    u, v = np.meshgrid(np.linspace(0, 1, n + 1), np.linspace(0, 1, n + 1))
    angle = 2 * np.pi * (u % 1.0)
    positions = np.stack([np.sin(angle), 2 * v, np.cos(angle)], axis=-1).reshape(-1, 3)
    i = (np.arange(n)[:, None] * (n + 1) + np.arange(n)).ravel()
    faces = np.concatenate([np.stack([i, i + 1, i + n + 2], 1), np.stack([i, i + n + 2, i + n + 1], 1)])
    return positions, faces, np.stack([u.ravel(), v.ravel()], axis=1)


def points_of(mesh: DecimatedMesh) -> NDArray[np.int64]:
    """Return the faces over distinct positions."""
    _, index = np.unique(mesh.positions, axis=0, return_inverse=True)
    return index.reshape(-1)[mesh.faces]


@pytest.mark.parametrize("target", [1500, 600, 120])
def test_both_sides_of_a_seam_stay_together_and_on_the_seam(shapes: SimpleNamespace, target: int) -> None:
    positions, faces, uv = cylinder(32)
    mesh = decimate_mesh(positions, faces, target, attributes=VertexAttributes(uvs=(uv,)))
    assert len(mesh.faces) == target
    assert shapes.euler_characteristic(points_of(mesh)) == 0  # still a closed band, no crack along the seam
    (out,) = mesh.attributes.uvs
    left, right = out[:, 0] < 1e-6, out[:, 0] > 1 - 1e-6
    assert left.sum() == right.sum() >= 3
    assert np.abs(mesh.positions[left | right][:, 0]).max() < 1e-3
    order = [np.argsort(mesh.positions[side, 1]) for side in (left, right)]
    assert np.array_equal(mesh.positions[left][order[0]], mesh.positions[right][order[1]])


def test_uvs_follow_the_surface_and_never_jump_across_the_seam() -> None:
    positions, faces, uv = cylinder(48)
    mesh = decimate_mesh(positions, faces, 500, attributes=VertexAttributes(uvs=(uv,)))
    (out,) = mesh.attributes.uvs
    angle = np.arctan2(mesh.positions[:, 0], mesh.positions[:, 2]) / (2 * np.pi)
    assert np.abs((out[:, 0] - angle + 0.5) % 1.0 - 0.5).max() < 2e-3
    assert np.abs(out[:, 1] - mesh.positions[:, 1] / 2).max() < 2e-3
    assert np.ptp(out[mesh.faces][:, :, 0], axis=1).max() < 0.5


def test_everything_linear_in_space_is_carried_to_where_the_vertices_are(shapes: SimpleNamespace) -> None:
    positions, faces = shapes.sphere(4)
    rng = np.random.default_rng(3)
    linear = rng.normal(size=(5, 3, 3))
    morphs = np.einsum("tij,vj->tvi", linear, positions)
    colors = positions * 0.25 + 0.5
    mesh = decimate_mesh(
        positions, faces, 300, attributes=VertexAttributes(morphs=morphs, colors=colors, normals=positions)
    )
    on_surface = mesh.carry(positions)
    assert np.linalg.norm(on_surface - mesh.positions, axis=1).max() < 0.02
    assert np.allclose(mesh.attributes.morphs, np.einsum("tij,vj->tvi", linear, on_surface))
    assert np.allclose(mesh.attributes.colors, on_surface * 0.25 + 0.5)
    assert np.allclose(np.linalg.norm(mesh.attributes.normals, axis=1), 1.0)
    assert (np.einsum("ij,ij->i", mesh.attributes.normals, mesh.positions) > 0.99).all()


def test_attributes_are_those_of_the_closest_point_of_the_input(shapes: SimpleNamespace) -> None:
    positions, faces = shapes.torus(16)
    mesh = decimate_mesh(positions, faces, 200)
    carried = np.linalg.norm(mesh.carry(positions) - mesh.positions, axis=1)
    closest = shapes.distance_to(mesh.positions, positions, faces)
    assert np.allclose(carried, closest, atol=1e-9)
    assert np.allclose(mesh.source_weights.sum(axis=1), 1.0)
    assert (mesh.source_weights >= -1e-12).all()


def test_skins_keep_four_influences_that_sum_to_one(shapes: SimpleNamespace) -> None:
    positions, faces = shapes.sphere(4)
    centres = np.random.default_rng(4).normal(size=(12, 3))
    near = 1.0 / (0.05 + ((positions[:, None] - centres) ** 2).sum(axis=2))
    joints = np.argsort(-near, axis=1)[:, :4]
    weights = np.take_along_axis(near, joints, axis=1)
    weights /= weights.sum(axis=1, keepdims=True)
    mesh = decimate_mesh(positions, faces, 400, attributes=VertexAttributes(joints=joints, weights=weights))
    got_joints, got = np.asarray(mesh.attributes.joints), np.asarray(mesh.attributes.weights)
    assert got.shape == got_joints.shape == (len(mesh.positions), 4)
    assert np.allclose(got.sum(axis=1), 1.0)
    assert (np.diff(got, axis=1) <= 0).all()
    dense = np.zeros((len(positions), 12))
    np.put_along_axis(dense, joints, weights, axis=1)
    wanted = mesh.carry(dense)
    found = np.zeros_like(wanted)
    np.add.at(found, (np.arange(len(got))[:, None], got_joints), got)
    assert (
        np.abs(found - wanted).sum(axis=1).max() < 2 * (wanted - np.sort(wanted)[:, [-4]] < 0).sum(axis=1).max() * 0.2
    )
    assert np.abs(found - wanted).sum(axis=1).mean() < 0.05


def test_borders_between_groups_are_kept_and_each_face_knows_its_group(shapes: SimpleNamespace) -> None:
    positions, faces = shapes.grid(24)
    groups = (positions[faces].mean(axis=1)[:, 0] > 0.5).astype(int) * 7
    mesh = decimate_mesh(positions, faces, 100, face_groups=groups)
    assert len(mesh.faces) == 100
    assert set(mesh.face_groups.tolist()) == {0, 7}
    assert np.array_equal(mesh.face_groups, groups[mesh.face_source])
    centre = mesh.positions[mesh.faces].mean(axis=1)[:, 0]
    assert (centre[mesh.face_groups == 7] > 0.5).all()
    assert (centre[mesh.face_groups == 0] < 0.5).all()
    assert not set(mesh.faces[mesh.face_groups == 0].ravel()) & set(mesh.faces[mesh.face_groups == 7].ravel())
    assert shapes.euler_characteristic(points_of(mesh)) == 1


def test_a_faceted_mesh_loses_faces_and_keeps_facet_normals(shapes: SimpleNamespace) -> None:
    positions, faces = shapes.sphere(4)
    corners = positions[faces]
    flat = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    flat /= np.linalg.norm(flat, axis=1, keepdims=True)
    soup = np.arange(3 * len(faces)).reshape(-1, 3)
    mesh = decimate_mesh(
        corners.reshape(-1, 3), soup, 400, attributes=VertexAttributes(normals=np.repeat(flat, 3, axis=0))
    )
    assert len(mesh.faces) == 400
    assert shapes.euler_characteristic(points_of(mesh)) == 2
    out = mesh.positions[mesh.faces]
    now = np.cross(out[:, 1] - out[:, 0], out[:, 2] - out[:, 0])
    now /= np.linalg.norm(now, axis=1, keepdims=True)
    assert (np.einsum("fkj,fj->fk", np.asarray(mesh.attributes.normals)[mesh.faces], now) > 0.8).all()


def test_a_mesh_of_nothing_but_seams_still_reaches_its_target(shapes: SimpleNamespace) -> None:
    positions, faces = shapes.sphere(3)
    soup = np.arange(3 * len(faces)).reshape(-1, 3)
    uv = np.random.default_rng(5).random((3 * len(faces), 2))
    mesh = decimate_mesh(positions[faces].reshape(-1, 3), soup, 128, attributes=VertexAttributes(uvs=(uv,)))
    assert len(mesh.faces) == 128
    assert shapes.euler_characteristic(points_of(mesh)) == 2


def test_locked_vertices_stay_where_they_are(shapes: SimpleNamespace) -> None:
    positions, faces = shapes.sphere(4)
    locked = positions[:, 1] > 0.6
    mesh = decimate_mesh(positions, faces, 500, locked=locked)
    kept = {tuple(row) for row in mesh.positions.tolist()}
    assert all(tuple(row) in kept for row in positions[locked].tolist())


def test_importance_moves_triangles_to_where_it_is_high(shapes: SimpleNamespace) -> None:
    positions, faces = shapes.sphere(5)
    high = positions[:, 1] > 0.5
    even = decimate_mesh(positions, faces, 600)
    shifted = decimate_mesh(positions, faces, 600, importance=np.where(high, 16.0, 1.0))
    count = [(m.positions[:, 1] > 0.5).sum() for m in (even, shifted)]
    assert count[1] > 1.5 * count[0]
    assert len(shifted.faces) == 600


def test_the_error_bound_stops_the_run_and_holds(shapes: SimpleNamespace) -> None:
    positions, faces = shapes.sphere(5)
    counts = []
    for bound in (0.003, 0.01, 0.03):
        mesh = decimate_mesh(positions, faces, max_error=bound)
        assert 0 < mesh.error <= bound * 1.0001
        radii = np.linalg.norm(mesh.positions[mesh.faces].mean(axis=1), axis=1)
        assert np.sqrt(np.mean((radii - 1) ** 2)) < 2 * bound
        counts.append(len(mesh.faces))
    assert counts[0] > 1.5 * counts[1] > 2 * counts[2] > 8


def test_the_sheets_of_a_double_sided_cloth_are_decimated_as_two(shapes: SimpleNamespace) -> None:
    positions, faces = shapes.grid(16, height=0.1)
    both = np.concatenate([faces, faces[:, ::-1] + len(positions)])
    mesh = decimate_mesh(np.concatenate([positions, positions]), both, 200)
    assert len(mesh.faces) == 200
    assert (
        shapes.edge_counts(mesh.faces) > 2
    ).sum() <= 2  # the cut corners of the square, where both sheets have one edge


def test_levels_of_a_chain_equal_their_targets_and_refer_to_the_input(shapes: SimpleNamespace) -> None:
    positions, faces = shapes.sphere(4)
    uv = positions[:, :2]
    levels = lod_chain(
        positions, faces, [len(faces), 1000, 250, 60], attributes=VertexAttributes(uvs=(uv,), morphs=positions[None])
    )
    assert [len(level.faces) for level in levels] == [len(faces), 1000, 250, 60]
    assert np.allclose(levels[0].positions[levels[0].faces], positions[faces])
    for level in levels:
        assert np.linalg.norm(level.attributes.morphs[0] - level.positions, axis=1).max() < 0.12
        assert shapes.euler_characteristic(level.faces) == 2
    assert levels[0].error == 0.0
    assert levels[1].error <= levels[2].error <= levels[3].error


@pytest.mark.parametrize(
    "wrong",
    [
        {"importance": np.zeros(4)},
        {"locked": np.zeros(3, dtype=bool)},
        {"face_groups": [0, 1, 2]},
        {"attributes": VertexAttributes(normals=np.zeros((3, 3)))},
        {"attributes": VertexAttributes(joints=np.zeros((4, 4), dtype=int))},
        {"attributes": VertexAttributes(morphs=np.zeros((2, 3, 3)))},
        {"max_error": -1.0},
    ],
)
def test_wrong_attributes_are_named(wrong: dict[str, object]) -> None:
    with pytest.raises(InputError) as caught:
        decimate_mesh(np.eye(4)[:, :3], [[0, 1, 2], [0, 2, 3]], 1, **wrong)  # type: ignore[arg-type]
    assert caught.value.code == "invalid_request"


def test_a_chain_refuses_targets_that_grow() -> None:
    with pytest.raises(InputError):
        lod_chain(np.eye(3), [[0, 1, 2]], [1, 2])


def test_neither_target_nor_error_is_refused() -> None:
    with pytest.raises(InputError):
        decimate_mesh(np.eye(3), [[0, 1, 2]])


def test_an_empty_mesh_comes_back_empty() -> None:
    mesh = decimate_mesh(np.zeros((0, 3)), np.zeros((0, 3), dtype=int), 10)
    assert len(mesh.positions) == len(mesh.faces) == 0
