"""Scenes: always dressed, whole, and the same each time."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image
from scipy.spatial import cKDTree

from axis_core.body import (
    RIG_NAMES,
    Colours,
    Phenotype,
    RigName,
    Surface,
    body_skeleton,
    body_weights,
    demo_scene,
    dressed_scene,
    dressed_surfaces,
    shape_body,
)
from axis_core.body.data import load_mesh
from axis_core.body.surfaces import covered_by_suit
from axis_core.body.texture_space import covered_texels
from axis_core.model.humanoid import ARKIT_52


pytestmark = pytest.mark.usefixtures("body_pack")
PARTS = ["skin", "suit", "eyes", "teeth", "tongue", "lashes"]
SMALL = 64
BARE = ("head", "neck", "Hand", "Thumb", "Index", "Middle", "Ring", "Little", "Eye")


def _dominant(vertices: np.ndarray) -> set[str]:
    names = body_skeleton(shape_body(), "humanoid").names
    return {names[j] for j in body_weights("humanoid")[0][vertices, 0]}


def test_skin_shows_only_on_head_neck_hands_and_at_the_cuffs() -> None:
    skin = next(s for s in dressed_surfaces(load_mesh()) if s.name == "skin")
    names = _dominant(skin.vertices)
    others = {n for n in names if not any(word in n for word in BARE)}
    assert others <= {"leftLowerArm", "rightLowerArm", "upperChest"}
    wrists = body_skeleton(shape_body(), "humanoid")
    shape = shape_body()
    joints = body_weights("humanoid")[0]
    for name, joint, limit in (("leftLowerArm", "leftHand", 0.05), ("upperChest", "neck", 0.08)):
        part = skin.vertices[joints[skin.vertices, 0] == wrists.index(name)]
        if len(part):
            away = np.linalg.norm(shape.positions[part] - wrists.positions[wrists.index(joint)], axis=1)
            assert away.max() < limit


@pytest.mark.parametrize("years", [1.0, 6.0, 13.0, 17.0, 35.0])
@pytest.mark.parametrize("rig", [None, "humanoid"])
def test_nobody_of_any_age_is_undressed(years: float, rig: RigName | None) -> None:
    scene = dressed_scene(shape_body(Phenotype(age_years=years)), rig=rig, texture_side=SMALL)
    assert [m.name for m in scene.meshes] == PARTS
    skin, suit = scene.meshes[:2]
    height = scene.meshes[0].positions[:, 1].max()
    body = skin.positions
    trunk = body[(np.abs(body[:, 0]) < 0.12 * height) & (body[:, 1] < 0.76 * height)]
    assert len(trunk) == 0
    assert suit.positions[:, 1].min() == pytest.approx(0.0, abs=1e-6)
    assert suit.positions[:, 1].max() > 0.78 * height


def test_the_suit_covers_every_vertex_of_the_trunk_and_legs() -> None:
    mesh = load_mesh()
    covered = covered_by_suit(mesh)
    joints = body_weights("humanoid")[0]
    names = body_skeleton(shape_body(), "humanoid").names
    for part in ("hips", "spine", "chest", "leftUpperLeg", "rightUpperLeg", "leftLowerLeg", "leftFoot", "leftUpperArm"):
        vertices = np.flatnonzero(joints[:13_380, 0] == names.index(part))
        assert covered[vertices].all()
    assert not covered[13_380:].any()


def _open_edges(surface: Surface) -> np.ndarray:
    corners = surface.vertices[surface.faces]
    edges = np.sort(np.concatenate([corners[:, [0, 1]], corners[:, [1, 2]], corners[:, [2, 0]]]), axis=1)
    unique, counts = np.unique(edges, axis=0, return_counts=True)
    return np.unique(unique[counts == 1])


def test_the_skin_ends_under_the_suit_in_every_shape() -> None:
    surfaces = {s.name: s for s in dressed_surfaces(load_mesh())}
    ends = _open_edges(surfaces["skin"])
    assert len(ends) > 60
    cloth = surfaces["suit"].vertices[surfaces["suit"].faces]
    rng = np.random.default_rng(5)
    for years, gender, weight, muscle, height in rng.random((15, 5)).tolist():
        person = Phenotype(
            age_years=1 + 89 * years, gender=gender, weight=weight, muscle=muscle, height_m=1.0 + 1.2 * height
        )
        positions = shape_body(person).positions
        corners = positions[cloth]
        normals = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
        normals /= np.linalg.norm(normals, axis=1, keepdims=True)
        centres = corners.mean(axis=1)
        nearest = cKDTree(centres).query(positions[ends])[1]
        above = np.einsum("ij,ij->i", positions[ends] - centres[nearest], normals[nearest])
        assert above.max() < 0.0


def test_the_demo_is_raw_dressed_and_stands_on_the_floor() -> None:
    scene = demo_scene()
    assert [m.name for m in scene.meshes] == PARTS
    assert not scene.skins
    assert not any(m.is_skinned or m.morphs for m in scene.meshes)
    low = min(m.positions[:, 1].min() for m in scene.meshes)
    high = max(m.positions[:, 1].max() for m in scene.meshes)
    assert low == pytest.approx(0.0, abs=1e-6)
    assert 1.6 < high < 1.8
    assert 15_000 < scene.n_triangles < 25_000


@pytest.mark.parametrize("rig", RIG_NAMES)
def test_a_rigged_scene_rests_where_it_was_shaped(rig: RigName) -> None:
    scene = dressed_scene(shape_body(), rig=rig, texture_side=SMALL)
    skins = scene.skin_matrices(0)
    np.testing.assert_allclose(skins, np.broadcast_to(np.eye(4), skins.shape), atol=1e-6)
    skeleton = scene.skeleton(0)
    assert set(skeleton.names) == set(body_skeleton(shape_body(), rig).names)
    for mesh in scene.meshes:
        np.testing.assert_allclose(mesh.weights.sum(axis=1), 1.0, atol=1e-6)


def test_meshes_are_sound() -> None:
    for mesh in dressed_scene(shape_body(), texture_side=SMALL).meshes:
        corners = mesh.positions[mesh.faces].astype(np.float64)
        area = np.linalg.norm(np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]), axis=1)
        assert (area > 0).all()
        np.testing.assert_allclose(np.linalg.norm(mesh.normals, axis=1), 1.0, atol=1e-5)
        assert np.unique(mesh.faces).size == mesh.n_vertices, "no vertex without a face"
        assert (mesh.uvs[0] >= 0).all()
        assert (mesh.uvs[0] <= 1).all()


@pytest.mark.parametrize("part", ["skin", "suit", "eyes"])
def test_faces_turn_outwards(part: str) -> None:
    mesh = next(m for m in dressed_scene(shape_body(), rig=None, texture_side=SMALL).meshes if m.name == part)
    corners = mesh.positions[mesh.faces].astype(np.float64) - mesh.positions.mean(axis=0)
    six = np.einsum("ij,ij->i", corners[:, 0], np.cross(corners[:, 1], corners[:, 2]))
    assert six.sum() > 0


def test_face_shapes_become_morph_targets_of_the_parts_they_move() -> None:
    scene = dressed_scene(shape_body(), face=True, texture_side=SMALL)
    assert tuple(m.name for m in scene.meshes[0].morphs) == ARKIT_52
    moved = {m.name: {t.name: float(np.abs(t.positions).max()) for t in m.morphs} for m in scene.meshes}
    for mesh in scene.meshes[1:]:
        assert mesh.morph_weights == (0.0,) * len(mesh.morphs)
        assert all(moved[mesh.name].values()), "no empty targets beside the skin's"
    assert moved["suit"] == {}
    assert moved["skin"]["jawOpen"] > 0.01
    assert moved["teeth"]["jawOpen"] > 0.005
    assert moved["tongue"]["tongueOut"] > 0.005
    assert moved["lashes"]["eyeBlinkLeft"] > 0.003
    assert "jawOpen" not in moved["eyes"]
    assert "eyeLookUpLeft" in moved["eyes"]


def test_textures_are_png_of_the_side_asked_for_and_reproducible() -> None:
    scene = dressed_scene(shape_body(), rig=None, texture_side=128)
    again = dressed_scene(shape_body(Phenotype(age_years=60)), rig=None, texture_side=128)
    assert [t.data for t in scene.textures] == [t.data for t in again.textures]
    sizes = {t.name: Image.open(io.BytesIO(t.data)).size for t in scene.textures}
    assert sizes["skin"] == sizes["suit"] == (128, 128)


def test_colours_reach_the_textures() -> None:
    plain = dressed_scene(shape_body(), rig=None, texture_side=SMALL, colours=Colours(hair=None, skin=(0.3, 0.2, 0.15)))
    skin = np.asarray(Image.open(io.BytesIO(plain.textures[0].data)), dtype=float) / 255.0
    np.testing.assert_allclose(np.median(skin.reshape(-1, 3), axis=0), (0.3, 0.2, 0.15), atol=0.03)
    hairy = dressed_scene(shape_body(), rig=None, texture_side=SMALL, colours=Colours(skin=(0.3, 0.2, 0.15)))
    assert hairy.textures[0].data != plain.textures[0].data


def test_texels_know_where_they_are() -> None:
    mesh = load_mesh()
    suit = next(s for s in dressed_surfaces(mesh) if s.name == "suit")
    texels = covered_texels(mesh, suit, 256)
    rest = mesh.vertices[suit.vertices]
    assert (texels.positions >= rest.min(axis=0) - 1e-9).all()
    assert (texels.positions <= rest.max(axis=0) + 1e-9).all()
    near = texels.nearest[texels.rows, texels.columns]
    np.testing.assert_array_equal(near, np.arange(len(near)))
    # a vertex and the texel under its UV are at the same place, to the size of a texel
    column, row = (np.clip((suit.uvs.T * 256).astype(int), 0, 255))
    there = texels.positions[texels.nearest[row, column]]
    assert np.median(np.linalg.norm(there - rest, axis=1)) < 0.012
