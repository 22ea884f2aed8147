"""Rays by Embree against rays by our own tree."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from numpy.typing import NDArray

from axis_core.errors import InputError
from axis_core.kernels import ray_scene
from axis_core.kernels.ray_scene import RayScene


needs_embree = pytest.mark.skipif(not ray_scene.has_embree(), reason="embreex is not installed (extra `rays`)")


def rays_from_around(n: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return rays from a sphere of radius 3 to points near the middle, of lengths from 0.1 to 10."""
    rng = np.random.default_rng(4)
    origins = rng.normal(size=(n, 3))
    origins *= 3.0 / np.linalg.norm(origins, axis=1, keepdims=True)
    return origins, (rng.uniform(-1.2, 1.2, size=(n, 3)) - origins) * rng.uniform(0.1, 2.0, size=(n, 1))


@needs_embree
def test_embree_and_our_tree_meet_the_same_places(shapes: SimpleNamespace) -> None:
    positions, faces = shapes.torus(60)
    origins, directions = rays_from_around(20_000)
    ours = RayScene.of(positions, faces, use_embree=False).cast(origins, directions)
    theirs = RayScene.of(positions, faces, use_embree=True).cast(origins, directions)
    assert 0.1 < np.isfinite(ours.distances).mean() < 0.9
    same = ours.faces == theirs.faces
    assert same.mean() > 0.9995
    hit = same & (ours.faces >= 0)
    np.testing.assert_allclose(theirs.distances[hit], ours.distances[hit], rtol=1e-9)
    np.testing.assert_allclose(theirs.barycentric[hit], ours.barycentric[hit], atol=1e-9)


@needs_embree
def test_a_mesh_far_from_the_origin_is_met_as_well(shapes: SimpleNamespace) -> None:
    positions, faces = shapes.torus(20)
    origins, directions = rays_from_around(2_000)
    here = RayScene.of(positions, faces, use_embree=True).cast(origins, directions)
    there = RayScene.of(positions + 1e5, faces, use_embree=True).cast(origins + 1e5, directions)
    assert (here.faces == there.faces).mean() > 0.998


@pytest.mark.parametrize("use_embree", [False, pytest.param(True, marks=needs_embree)])
def test_rays_that_are_no_rays_and_faces_that_are_no_faces_meet_nothing(use_embree: bool) -> None:
    positions = np.array([[0, 0, 0], [1, 0, 0], [0, 1, 0], [np.nan, 0, 5.0]])
    faces = np.array([[1, 2, 3], [0, 1, 2]])
    scene = RayScene.of(positions, faces, use_embree=use_embree)
    assert scene.engine == ("embree" if use_embree else "bvh")
    origins = np.array([[0.2, 0.2, 3], [0.2, 0.2, 3], [np.nan, 0, 3], [0.2, 0.2, -3], [0.2, 0.2, 3]])
    directions = np.array([[0, 0, -2.0], [0, 0, 0], [0, 0, -1], [0, 0, -1], [0, 0, -1]])
    hits = scene.cast(origins, directions, far=2.0)
    assert hits.faces.tolist() == [1, -1, -1, -1, -1]
    assert hits.distances[0] == pytest.approx(1.5, abs=1e-12)
    assert np.isinf(hits.distances[1:]).all()


@pytest.mark.parametrize("use_embree", [False, None])
def test_a_mesh_without_faces_is_missed(use_embree: bool | None) -> None:
    hits = RayScene.of(np.zeros((0, 3)), np.zeros((0, 3), int), use_embree=use_embree).cast([[0, 0, 0]], [[1, 0, 0]])
    assert hits.faces.tolist() == [-1]


def test_without_embree_our_tree_serves_and_asking_for_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ray_scene, "has_embree", lambda: False)
    triangle = np.eye(3), np.array([[0, 1, 2]])
    assert RayScene.of(*triangle).engine == "bvh"
    with pytest.raises(InputError, match="embreex is not installed"):
        RayScene.of(*triangle, use_embree=True)
