"""Subdivision: four for one, closed seams, everything carried."""

from __future__ import annotations

import attrs
import numpy as np
import pytest

from axis_core.body import AvatarRecipe, build
from axis_core.body.subdivision import subdivide_mesh
from axis_core.errors import InputError
from axis_core.kernels.weld import weld_vertices
from axis_core.model import Mesh, MorphTarget


OCTAHEDRON = np.array([(1, 0, 0), (-1, 0, 0), (0, 1, 0), (0, -1, 0), (0, 0, 1), (0, 0, -1)], float)
FACES = np.array([(0, 2, 4), (2, 1, 4), (1, 3, 4), (3, 0, 4), (2, 0, 5), (1, 2, 5), (3, 1, 5), (0, 3, 5)])


def _mesh(**fields) -> Mesh:
    return Mesh(name="ball", positions=OCTAHEDRON, faces=FACES, normals=OCTAHEDRON, **fields)


def test_every_triangle_becomes_four_and_a_closed_surface_stays_closed() -> None:
    fine = subdivide_mesh(_mesh(), 2)
    assert fine.n_triangles == 16 * 8
    edges = np.sort(np.concatenate([fine.faces[:, [0, 1]], fine.faces[:, [1, 2]], fine.faces[:, [2, 0]]]), axis=1)
    assert (np.unique(edges, axis=0, return_counts=True)[1] == 2).all()


def test_loops_masks_on_an_octahedron() -> None:
    fine = subdivide_mesh(_mesh())
    # valence 4: 1 - 4 * 3/32 of itself, the neighbours cancel; an edge's point: 3/8 of both ends, 1/8 of both tips
    assert np.allclose(fine.positions[0], (0.625, 0, 0))
    assert np.isclose(np.abs(fine.positions[6:]).max(axis=1), 0.375).all()


def test_a_flat_border_keeps_its_line() -> None:
    grid = np.array([(x, 0, z) for z in range(4) for x in range(4)], float)
    quads = np.array([(i, i + 1, i + 5, i + 4) for i in range(11) if i % 4 < 3])
    faces = np.concatenate([quads[:, [0, 2, 1]], quads[:, [0, 3, 2]]])
    fine = subdivide_mesh(Mesh(name="sheet", positions=grid, faces=faces), 1)
    assert np.allclose(fine.positions[:, 1], 0)
    low, high = fine.positions.min(axis=0), fine.positions.max(axis=0)
    assert np.allclose(low[[0, 2]], 0, atol=1e-6)
    assert np.allclose(high[[0, 2]], 3, atol=1e-6)


def test_shaping_then_subdividing_is_subdividing_then_shaping() -> None:
    moved = np.random.default_rng(1).normal(size=OCTAHEDRON.shape)
    morphs = [MorphTarget(name="m", positions=moved)]
    fine = subdivide_mesh(_mesh(morphs=morphs, morph_weights=(0.0,)))
    other = subdivide_mesh(attrs.evolve(_mesh(), positions=OCTAHEDRON + moved))
    assert np.allclose(fine.positions + fine.morphs[0].positions, other.positions, atol=1e-6)


def test_weights_of_the_middle_are_between_and_sum_to_one() -> None:
    joints = np.tile([0, 1, 0, 0], (6, 1))
    weights = np.array([(1 - t, t, 0, 0) for t in np.linspace(0, 1, 6)])
    fine = subdivide_mesh(_mesh(joints=joints, weights=weights))
    assert np.allclose(fine.weights.sum(axis=1), 1)
    assert np.array_equal(fine.weights[:6], weights.astype(np.float32))


def test_what_is_not_carried_is_refused() -> None:
    with pytest.raises(InputError):
        subdivide_mesh(_mesh(colors=(np.ones((6, 4)),)))


@pytest.mark.usefixtures("body_pack")
def test_seams_of_a_body_stay_closed() -> None:
    skin = next(m for m in build(AvatarRecipe(), rig=None, texture_side=0).meshes if m.name == "skin")
    fine = subdivide_mesh(skin)

    def open_edges(mesh: Mesh) -> int:
        _, point = weld_vertices(mesh.positions)
        corners = point[mesh.faces]
        edges = np.sort(np.concatenate([corners[:, [0, 1]], corners[:, [1, 2]], corners[:, [2, 0]]]), axis=1)
        return int((np.unique(edges, axis=0, return_counts=True)[1] == 1).sum())

    assert open_edges(fine) == 2 * open_edges(skin)
