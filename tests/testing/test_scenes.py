"""The tiny scenes are what they say."""

from __future__ import annotations

import io

import numpy as np
import pytest
from hypothesis import given, settings
from PIL import Image

from axis_core.model.humanoid import HUMANOID_BONES, REQUIRED_BONES
from axis_core.model.mesh import Mesh
from axis_core.model.recognise import is_humanoid, recognise_humanoid
from axis_core.model.scene import Scene
from axis_core.model.soup import scene_soup
from axis_core.testing import capsule_person, checker_png, cube, person_joints, skinned_arm, textured_quad
from axis_core.testing.strategies import meshes, scenes


def edge_balance(scene: Scene) -> int:
    """Return how many directed edges have no opposite: 0 for closed surfaces of one orientation."""
    soup = scene_soup(scene)
    _, weld = np.unique(soup.positions.round(6), axis=0, return_inverse=True)
    faces = weld.reshape(-1)[soup.faces]
    edges = np.concatenate([faces[:, [0, 1]], faces[:, [1, 2]], faces[:, [2, 0]]])
    forward, backward = ({tuple(e) for e in edges}, {tuple(e[::-1]) for e in edges})
    return len(forward ^ backward)


@pytest.mark.parametrize("scene", [cube(), skinned_arm(), capsule_person()], ids=lambda s: s.name)
def test_solids_are_closed_and_face_outward(scene: Scene) -> None:
    soup = scene_soup(scene)
    a, b, c = (soup.positions[soup.faces[:, k]] for k in range(3))
    assert edge_balance(scene) == 0
    assert np.einsum("ij,ij->", a, np.cross(b, c)) > 0


def test_the_cube_stands_on_the_floor() -> None:
    low, high = scene_soup(cube(2.0)).bounds
    np.testing.assert_allclose([low, high], [[-1, 0, -1], [1, 2, 1]])


def test_the_person_stands_on_the_floor_and_is_a_person_high() -> None:
    low, high = scene_soup(capsule_person()).bounds
    assert low[1] == pytest.approx(0.0, abs=0.01)
    assert high[1] == pytest.approx(1.72, abs=0.02)


def test_the_person_has_all_required_bones_at_their_parents() -> None:
    skeleton = capsule_person().skeleton(0)
    bones = recognise_humanoid(skeleton)
    assert is_humanoid(bones)
    assert set(REQUIRED_BONES) <= set(bones)
    for name, (parent, at) in person_joints().items():
        j = skeleton.index(name)
        np.testing.assert_allclose(skeleton.positions[j], at, atol=1e-6)
        assert (skeleton.names[skeleton.parents[j]] if skeleton.parents[j] >= 0 else "") == parent
        assert name in HUMANOID_BONES


def test_the_person_without_a_rig_has_the_same_surface() -> None:
    rigged, bare = scene_soup(capsule_person()), scene_soup(capsule_person(rigged=False))
    np.testing.assert_allclose(rigged.positions, bare.positions, atol=1e-6)
    assert not capsule_person(rigged=False).skins


def test_the_checker_is_a_png_that_others_read() -> None:
    image = Image.open(io.BytesIO(checker_png(4)))
    assert image.size == (4, 4)
    assert image.getpixel((0, 0)) == (255, 0, 0)
    assert image.getpixel((1, 0)) == (0, 255, 0)


def test_the_quad_faces_the_viewer() -> None:
    soup = scene_soup(textured_quad())
    a, b, c = (soup.positions[soup.faces[0, k]] for k in range(3))
    assert np.cross(b - a, c - a)[2] > 0


@given(meshes(n_joints=3))
@settings(deadline=None, max_examples=40)
def test_drawn_weights_sum_to_one(mesh: Mesh) -> None:
    assert mesh.weights is not None
    np.testing.assert_allclose(mesh.weights.sum(axis=1), 1.0, atol=1e-5)


@given(scenes())
@settings(deadline=None, max_examples=40)
def test_drawn_scenes_rest_in_their_bind_pose(scene: Scene) -> None:
    for node, mesh in scene.instances():
        np.testing.assert_allclose(scene.world_positions(mesh, node), scene.meshes[mesh].positions, atol=1e-4)
