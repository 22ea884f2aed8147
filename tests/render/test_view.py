"""Pictures: what is where, in which colour; sizes, bytes and refusals."""

from __future__ import annotations

import ctypes
import io
import sys

import attrs
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from axis_core.errors import BackendUnavailable, InputError
from axis_core.model.material import Material
from axis_core.model.scene import Scene
from axis_core.render import POSES, VIEWS, contact_sheet, display_problem, render
from axis_core.render.camera import frame_views
from axis_core.render.display import prepare_display
from axis_core.testing import capsule_person, cube, skinned_arm, textured_quad


draws = pytest.mark.skipif(bool(display_problem()), reason=display_problem() or "there is an OpenGL library")
on_linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="elsewhere the system has it all")
SMALL = (96, 120)


def image(scene: Scene, view: str = "front", **choices: object) -> NDArray[np.uint8]:
    """Return the RGBA picture of one view."""
    return render(scene, views=(view,), size=SMALL, background="#ffffff", **choices).image()  # type: ignore[arg-type]


def shown(picture: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """Return where something is drawn."""
    return np.asarray((picture[..., :3] < 250).any(axis=2))


@draws
def test_views_stand_side_by_side_as_one_png() -> None:
    data = render(capsule_person(), size=SMALL).png()
    picture = Image.open(io.BytesIO(data))
    assert picture.format == "PNG"
    assert picture.size == (3 * SMALL[0], SMALL[1])
    assert picture.mode == "RGB"


@draws
def test_the_same_scene_gives_the_same_bytes() -> None:
    first, second = (render(capsule_person(), size=SMALL, pose="run").png() for _ in range(2))
    assert first == second


@draws
@pytest.mark.parametrize("view", sorted(VIEWS))
def test_the_camera_puts_points_where_opengl_draws_them(view: str) -> None:
    arm = skinned_arm()
    picture = render(arm, views=(view,), size=(300, 240), background="#ffffff").image()
    (camera,) = frame_views(arm.meshes[0].positions.astype(float), [view], (300, 240))
    row, column = np.nonzero(shown(picture))
    pixels = camera.project(arm.meshes[0].positions, (300, 240))
    drawn = np.array([[column.min(), row.min()], [column.max() + 1, row.max() + 1]])
    np.testing.assert_allclose(drawn, [pixels.min(axis=0), pixels.max(axis=0)], atol=2.0)


@draws
def test_a_texture_is_upright_and_not_mirrored() -> None:
    picture = image(textured_quad())
    row, column = np.nonzero(shown(picture))
    top, left = row.min(), column.min()
    cell = (row.max() + 1 - top) / 8
    for y, x in ((0, 0), (0, 1), (1, 0), (6, 7), (7, 7)):
        red, green, _ = picture[int(top + (y + 0.5) * cell), int(left + (x + 0.5) * cell), :3].astype(int)
        assert (red > green) == ((x + y) % 2 == 0), (x, y)


@draws
@pytest.mark.parametrize("double_sided", [False, True])
def test_the_back_of_a_surface_shows_only_if_it_is_double_sided(double_sided: bool) -> None:
    quad = textured_quad()
    quad = attrs.evolve(quad, materials=(attrs.evolve(quad.materials[0], double_sided=double_sided),))
    assert shown(image(quad, "back")).any() == double_sided


@draws
def test_masked_pixels_are_left_out() -> None:
    quad = textured_quad()
    out = io.BytesIO()
    half = np.full((8, 8, 4), 255, np.uint8)
    half[:, :4, 3] = 0
    half[..., :3] = 40
    Image.fromarray(half).save(out, "PNG")
    masked = attrs.evolve(
        quad,
        materials=(attrs.evolve(quad.materials[0], alpha_mode="MASK"),),
        textures=(attrs.evolve(quad.textures[0], data=out.getvalue()),),
    )
    there = shown(image(masked))
    assert there[:, SMALL[0] // 2 + 4 :].sum() > 20 * there[:, : SMALL[0] // 2 - 4].sum()
    assert there.any()


@draws
def test_base_colour_and_vertex_colours_multiply() -> None:
    scene = cube()
    green = np.tile(np.array([0, 1, 0, 1], np.float32), (8, 1))
    mesh = attrs.evolve(scene.meshes[0], colors=(green,))
    white = Material(name="white", metallic=0.0)
    yellow = attrs.evolve(white, base_color=(1.0, 1.0, 0.0, 1.0))
    for material in (white, yellow):
        picture = image(attrs.evolve(scene, meshes=(mesh,), materials=(material,)))
        r, g, b = picture[SMALL[1] // 2, SMALL[0] // 2, :3].astype(int)
        assert g > 100
        assert r < 60
        assert b < 60


@draws
def test_an_unlit_material_shows_its_colour_as_it_is() -> None:
    material = Material(base_color=(0.214, 0.0, 1.0, 1.0), extensions={"KHR_materials_unlit": {}})
    picture = image(attrs.evolve(cube(), materials=(material,)))
    np.testing.assert_allclose(picture[SMALL[1] // 2, SMALL[0] // 2, :3], [127, 0, 255], atol=2)


@draws
def test_a_transparent_background_has_no_alpha_and_the_figure_has_all() -> None:
    view = render(cube(), views=("front",), size=SMALL, background="transparent")
    picture = view.image()
    assert picture[0, 0, 3] == 0
    assert picture[SMALL[1] // 2, SMALL[0] // 2, 3] == 255
    assert Image.open(io.BytesIO(view.png())).mode == "RGBA"


@draws
def test_the_skeleton_is_drawn_over_the_body() -> None:
    plain, boned = image(capsule_person()), image(capsule_person(), skeleton=True)
    changed = (plain != boned).any(axis=2)
    assert 0.002 < changed.mean() < 0.2
    assert changed[shown(plain)].any()


@draws
@pytest.mark.parametrize("pose", sorted(set(POSES) - {"rest", "fist"}))
def test_every_pose_changes_the_picture(pose: str) -> None:
    assert (image(capsule_person(), "three_quarter", pose=pose) != image(capsule_person(), "three_quarter")).any()


@draws
def test_weights_are_shown_by_colour() -> None:
    picture = image(capsule_person(), weights_of="head").astype(int)
    head = picture[shown(picture)][:, :3]
    hot = head[(head[:, 0] > 2 * head[:, 2]) & (head[:, 0] > 100)]
    cold = head[head[:, 2] > 1.3 * head[:, 0]]
    assert len(hot) > 20
    assert len(cold) > 20 * len(hot) / 10


@draws
def test_an_empty_scene_gives_an_empty_picture() -> None:
    assert not shown(image(Scene())).any()


@draws
def test_a_contact_sheet_has_a_cell_for_each_view() -> None:
    cells = [(name, render(cube(), views=(name,), size=(40, 50))) for name in ("front", "side", "back")]
    picture = Image.open(io.BytesIO(contact_sheet(cells, columns=2, label_height=20)))
    assert picture.size == (2 * (40 + 6) + 6, 2 * (70 + 6) + 6)


@draws
def test_a_view_shows_itself_in_a_notebook() -> None:
    view = render(cube(), views=("front",), size=(32, 32))
    assert view._repr_png_() == view.png()


def test_a_contact_sheet_of_nothing_is_refused() -> None:
    with pytest.raises(InputError):
        contact_sheet([])


@pytest.mark.parametrize("size", [(0, 100), (100, 9000), (15, 15)])
def test_a_size_out_of_range_is_refused(size: tuple[int, int]) -> None:
    with pytest.raises(InputError) as caught:
        render(cube(), size=size)
    assert caught.value.pointer == "/size"


def test_an_unknown_colour_is_refused() -> None:
    with pytest.raises(InputError) as caught:
        render(cube(), background="#12345")
    assert caught.value.pointer == "/background"


def test_unknown_views_are_refused_before_anything_is_drawn() -> None:
    with pytest.raises(InputError):
        render(cube(), views=("fromt",))


@on_linux
def test_without_an_opengl_library_the_error_names_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str, *_: object) -> None:
        raise OSError(f"{name}: cannot open shared object file")

    monkeypatch.setattr(ctypes, "CDLL", missing)
    monkeypatch.delenv("DISPLAY", raising=False)
    display_problem.cache_clear()
    try:
        with pytest.raises(BackendUnavailable) as caught:
            prepare_display()
    finally:
        display_problem.cache_clear()
    assert caught.value.code == "no_display"
    assert "libegl1" in str(caught.value.hint)


@on_linux
def test_a_window_needs_a_display(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    with pytest.raises(BackendUnavailable) as caught:
        render(cube()).plot()
    assert caught.value.code == "no_display"
    assert "png()" in str(caught.value.hint)
