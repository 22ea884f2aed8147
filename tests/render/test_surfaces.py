"""Surfaces: where vertices are, what they look like, and what damaged input does."""

from __future__ import annotations

import io
import zlib

import attrs
import numpy as np
import pytest
from hypothesis import given, settings
from PIL import Image

from axis_core.errors import NotFound
from axis_core.model.digest import scene_digest
from axis_core.model.material import Material, Texture, TextureUse
from axis_core.model.scene import Scene
from axis_core.render.heat import heat_colors, weight_colors
from axis_core.render.looks import material_look
from axis_core.render.pixels import MAX_SIDE, screen_color, texture_pixels
from axis_core.render.surfaces import draw_scene
from axis_core.testing import capsule_person, cube, skinned_arm, textured_quad
from axis_core.testing.strategies import scenes


def test_at_rest_vertices_are_where_the_model_says() -> None:
    person = capsule_person()
    for pose in ("", "rest"):
        drawing = draw_scene(person, pose=pose)
        for surface, (node, mesh) in zip(drawing.surfaces, person.instances(), strict=True):
            np.testing.assert_allclose(surface.positions, person.world_positions(mesh, node), atol=1e-6)


def test_without_a_pose_the_nodes_decide_and_rest_is_the_bind_pose() -> None:
    arm = skinned_arm()
    turn = (0.0, 0.0, np.sin(np.pi / 4), np.cos(np.pi / 4))  # 90 degrees about z
    bent = attrs.evolve(arm, nodes=(arm.nodes[0], attrs.evolve(arm.nodes[1], rotation=turn), arm.nodes[2]))
    tip = int(np.argmax(arm.meshes[0].positions[:, 0]))
    as_it_stands = draw_scene(bent).surfaces[0].positions[tip]
    at_rest = draw_scene(bent, pose="rest").surfaces[0].positions[tip]
    np.testing.assert_allclose(as_it_stands, [0.3, 0.3, 0.0], atol=1e-5)
    np.testing.assert_allclose(at_rest, [0.6, 0.0, 0.0], atol=1e-5)


@given(scenes(nasty=True))
@settings(deadline=None, max_examples=60)
def test_any_scene_gives_finite_surfaces_and_stays_as_it_was(scene: Scene) -> None:
    before = scene_digest(scene)
    drawing = draw_scene(scene, skeleton=True)
    assert scene_digest(scene) == before
    assert np.isfinite(drawing.points).all()
    for surface in drawing.surfaces:
        assert np.isfinite(surface.positions).all()
        np.testing.assert_allclose(np.linalg.norm(surface.normals, axis=1), 1.0, atol=1e-4)


def test_faces_with_a_vertex_that_is_not_finite_are_left_out() -> None:
    scene = cube()
    positions = scene.meshes[0].positions.copy()
    positions[0] = np.nan
    broken = attrs.evolve(scene, meshes=(attrs.evolve(scene.meshes[0], positions=positions),))
    (surface,) = draw_scene(broken).surfaces
    assert len(surface.faces) == 12 - int((scene.meshes[0].faces == 0).any(axis=1).sum())


def test_morph_weights_of_the_node_move_the_surface() -> None:
    arm = skinned_arm()
    node = attrs.evolve(arm.nodes[2], morph_weights=(1.0,))
    bulged = attrs.evolve(arm, nodes=(*arm.nodes[:2], node))
    width = [np.ptp(draw_scene(s).surfaces[0].positions[:, 1]) for s in (arm, bulged)]
    assert width[1] == pytest.approx(1.4 * width[0], rel=1e-5)


def test_joints_and_bones_are_those_of_the_skin() -> None:
    drawing = draw_scene(skinned_arm(), skeleton=True)
    np.testing.assert_allclose(drawing.joints, [[0, 0, 0], [0.3, 0, 0]], atol=1e-9)
    assert drawing.bones == ((0, 1),)


def test_joints_move_with_the_pose() -> None:
    rest = draw_scene(capsule_person(), skeleton=True, pose="rest")
    up = draw_scene(capsule_person(), skeleton=True, pose="arms_up")
    assert up.joints[:, 1].max() > rest.joints[:, 1].max() + 0.2


def test_screen_colours_keep_black_white_and_order() -> None:
    ramp = screen_color(np.linspace(0, 1, 100))
    assert ramp[0] == 0
    assert ramp[-1] == pytest.approx(1.0)
    assert (np.diff(ramp) > 0).all()
    assert screen_color([0.214])[0] == pytest.approx(0.5, abs=0.001)
    np.testing.assert_allclose(screen_color([np.nan, -1, 5]), [0, 0, 1], atol=1e-12)


def test_a_texture_is_decoded_upper_left_first() -> None:
    pixels = texture_pixels(textured_quad().textures[0])
    assert pixels is not None
    assert pixels[0, 0].tolist() == [255, 0, 0, 255]
    assert pixels[0, 1].tolist() == [0, 255, 0, 255]


@pytest.mark.parametrize("data", [b"", b"not an image", textured_quad().textures[0].data[:60]])
def test_a_texture_that_cannot_be_decoded_leaves_the_plain_colour(data: bytes) -> None:
    scene = attrs.evolve(textured_quad(), textures=(Texture(data=data, media_type="image/png"),))
    (surface,) = draw_scene(scene).surfaces
    assert surface.look.image is None
    assert surface.uv is None


def test_the_texture_transform_is_applied_in_the_order_of_the_extension() -> None:
    transform = {"offset": [0.25, 0.5], "rotation": np.pi / 2, "scale": [2.0, 3.0]}
    use = TextureUse(texture=0, extensions={"KHR_texture_transform": transform})
    look = material_look(textured_quad(), Material(base_color_texture=use))
    # (1, 0) scaled to (2, 0), turned counter-clockwise on the image (v grows downwards) to (0, -2), moved
    np.testing.assert_allclose(look.uv_transform @ [1, 0, 1], [0.25, -1.5, 1], atol=1e-12)


def test_weights_of_one_joint_run_from_cold_to_hot() -> None:
    arm = skinned_arm()
    colors = weight_colors(arm, 2, arm.meshes[0], "lower")
    x = arm.meshes[0].positions[:, 0]
    cold, hot = heat_colors(np.array([0.0, 1.0]))
    assert (colors[x < 0.2] == cold).all()
    assert (colors[x > 0.4] == hot).all()


def test_the_strongest_joint_gives_the_colour() -> None:
    arm = skinned_arm()
    colors = weight_colors(arm, 2, arm.meshes[0], "*")
    assert len(np.unique(colors, axis=0)) == 2


def test_what_has_no_skin_is_grey_in_a_weight_map() -> None:
    person = capsule_person()
    bare = attrs.evolve(person.meshes[0], joints=None, weights=None)
    assert len(np.unique(weight_colors(person, len(person.nodes) - 1, bare, "head"), axis=0)) == 1


def test_an_unknown_joint_is_met_with_its_neighbours() -> None:
    with pytest.raises(NotFound) as caught:
        draw_scene(capsule_person(), weights_of="leftUperArm")
    assert "leftUpperArm" in str(caught.value.hint)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_large_textures_are_made_smaller_and_keep_their_colours(kind: str) -> None:
    out = io.BytesIO()
    image = Image.new("RGB", (3000, 1500), (200, 40, 40))
    image.paste((40, 40, 200), (1500, 0, 3000, 1500))
    image.save(out, kind)
    pixels = texture_pixels(Texture(data=out.getvalue(), media_type=f"image/{kind.lower()}"))
    assert pixels is not None
    assert max(pixels.shape[:2]) <= MAX_SIDE
    assert pixels.shape[1] == 2 * pixels.shape[0]
    np.testing.assert_allclose(pixels[100, 100, :3], (200, 40, 40), atol=6)
    np.testing.assert_allclose(pixels[100, -100, :3], (40, 40, 200), atol=6)


def test_an_image_that_claims_to_be_huge_is_not_decoded() -> None:
    data = bytearray(textured_quad().textures[0].data)
    data[16:24] = (60_000).to_bytes(4, "big") * 2  # the size in the PNG's header
    data[29:33] = zlib.crc32(bytes(data[12:29])).to_bytes(4, "big")
    assert texture_pixels(Texture(data=bytes(data), media_type="image/png")) is None
