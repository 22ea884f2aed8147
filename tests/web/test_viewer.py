"""The viewer page in a browser: it shows, turns, bends and moves what is in the file, and runs nothing else."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import attrs
import numpy as np
import pytest
from PIL import Image

import axis_core
from axis_core import testing
from axis_core.errors import InputError
from axis_core.model.morph import MorphTarget
from axis_core.model.scene import Scene
from axis_core.render.page import PageModel, pose_matrices, viewer_page
from axis_core.render.posing import pose_motions


HOSTILE = "</script><img src=x onerror=alert(1)>"


def _pixels(page: Any) -> np.ndarray[Any, np.dtype[np.int16]]:
    """What the canvas shows, (H, W, 3)."""
    page.evaluate("axisViewer.draw()")
    data = page.locator("canvas").screenshot()
    return np.asarray(Image.open(io.BytesIO(data)).convert("RGB"), np.int16)


def _changed(a: np.ndarray[Any, Any], b: np.ndarray[Any, Any]) -> float:
    return float((np.abs(a - b).max(axis=2) > 24).mean())


def _choose(page: Any, label: str, value: str) -> None:
    page.get_by_label(label, exact=True).select_option(value)


def _with_smile(scene: Scene) -> Scene:
    """Give the first mesh a face shape that widens its top."""
    mesh = scene.meshes[0]
    top = mesh.positions[:, 1] > mesh.positions[:, 1].max() - 0.25
    offsets = np.where(top[:, None], mesh.positions * [0.6, 0, 0], 0).astype(np.float32)
    morph = MorphTarget(name="mouthSmileLeft", positions=offsets)
    return attrs.evolve(scene, meshes=(attrs.evolve(mesh, morphs=(morph,)), *scene.meshes[1:]))


@pytest.fixture(scope="module")
def person() -> Scene:
    """A rigged person with one face shape."""
    return _with_smile(testing.capsule_person())


@pytest.fixture
def file_page(tmp_path: Path, person: Scene) -> str:
    """A page on a disk with two levels, what they were made of, and a hostile title."""
    bare = testing.capsule_person(rigged=False)
    page = axis_core.preview(person, levels=[person], before=bare, title=HOSTILE)
    path = tmp_path / "page.html"
    path.write_text(page, encoding="utf-8")
    return path.as_uri()


def test_a_page_on_a_disk_shows_the_avatar_under_its_own_policy(open_page: Any, file_page: str) -> None:
    page, watch = open_page(file_page)
    assert page.evaluate("document.documentElement.dataset.state") == "ready"
    picture = _pixels(page)
    assert 0.02 < (np.abs(picture - picture[2, 2]).max(axis=2) > 24).mean() < 0.8
    assert page.locator("h1").inner_text() == HOSTILE
    assert page.locator("img").count() == 0
    watch.check()


def test_a_script_that_is_not_the_pages_own_does_not_run(open_page: Any, file_page: str) -> None:
    page, watch = open_page(file_page)
    page.evaluate("document.body.append(Object.assign(document.createElement('script'), {text: 'window.ran = 1'}))")
    assert page.evaluate("window.ran") is None
    assert any("Content Security Policy" in p for p in watch.problems)


def test_looks_poses_shapes_and_turning_change_the_picture(open_page: Any, file_page: str) -> None:
    page, watch = open_page(file_page)
    rest = _pixels(page)
    for look in ("wireframe", "normals", "uv", "weights", "clay"):
        _choose(page, "Look", look)
        assert _changed(rest, _pixels(page)) > 0.01, look
    _choose(page, "Look", "shaded")
    assert _changed(rest, _pixels(page)) < 0.001
    _choose(page, "Pose", "arms_up")
    assert _changed(rest, _pixels(page)) > 0.01
    _choose(page, "Pose", "")
    assert _changed(rest, _pixels(page)) < 0.001
    page.get_by_text("Face (1)").click()
    page.locator("[data-morph=mouthSmileLeft]").fill("1")
    assert _changed(rest, _pixels(page)) > 0.002
    page.get_by_role("button", name="Reset").click()
    page.get_by_label("Skeleton").check()
    assert _changed(rest, _pixels(page)) > 0.001
    page.get_by_label("Skeleton").uncheck()
    page.locator("canvas").press("ArrowRight")
    assert _changed(rest, _pixels(page)) > 0.005
    watch.check()


def test_a_pose_of_the_page_is_the_pose_of_the_library(open_page: Any, file_page: str, person: Scene) -> None:
    page, _ = open_page(file_page)
    _choose(page, "Pose", "squat")
    page.evaluate("axisViewer.draw()")
    script = "Object.fromEntries(axisViewer.model.joints.map(j => [j.name, j.matrixWorld.elements.slice(12, 15)]))"
    seen = page.evaluate(script)
    motions = pose_motions(person, "squat")
    world = person.world_matrices()
    for node in person.skins[0].joints:
        expected = (motions[node] @ world[node])[:3, 3]
        np.testing.assert_allclose(seen[person.nodes[node].name], expected, atol=1e-3)


def test_levels_and_the_divided_view_can_be_chosen(open_page: Any, file_page: str) -> None:
    page, watch = open_page(file_page)
    _choose(page, "Level of detail", "1")
    page.wait_for_function("document.querySelector('.axis-status').textContent.includes('triangles')")
    page.get_by_label("Before and after").check()
    page.wait_for_function("axisViewer.other !== null")
    assert page.evaluate("axisViewer.other.joints.length") == 0
    watch.check()


def test_the_page_works_on_a_phone_and_in_the_dark(open_page: Any, file_page: str) -> None:
    page, watch = open_page(file_page, size=(390, 844), color_scheme="dark")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    red, green, blue = _pixels(page)[2, 2]
    assert max(red, green, blue) < 80
    watch.check()


def test_every_control_has_a_name_and_can_be_reached_by_keyboard(open_page: Any, file_page: str) -> None:
    page, _ = open_page(file_page)
    nameless = page.evaluate(
        "[...document.querySelectorAll('button,select,input')].filter(e => e.offsetParent"
        " && !(e.textContent.trim() || e.labels?.length || e.ariaLabel)).length"
    )
    assert nameless == 0
    seen = set()
    for _step in range(30):
        page.keyboard.press("Tab")
        seen.add(page.evaluate("document.activeElement.tagName"))
    assert {"CANVAS", "BUTTON", "SELECT", "INPUT"} <= seen


def test_poses_are_named_by_nodes_of_the_written_file(person: Scene) -> None:
    data = axis_core.door.write_scene(person, name="a.glb", format=axis_core.default_host().format("glb"))[0].data
    again = axis_core.read(data, name="a.glb")
    assert [n.name for n in again.nodes] == [n.name for n in person.nodes]
    first, second = pose_matrices(person), pose_matrices(again)
    assert first.keys() == second.keys() > {"squat", "run"}
    for pose, nodes in first.items():
        for node, matrix in nodes.items():
            np.testing.assert_allclose(matrix, second[pose][node], atol=1e-4)


def test_a_scene_without_a_rig_has_no_poses() -> None:
    assert pose_matrices(testing.cube()) == {}


def test_an_unknown_clip_and_an_empty_page_are_refused(person: Scene) -> None:
    with pytest.raises(InputError, match="no clip"):
        axis_core.preview(person, clip="walk")
    with pytest.raises(ValueError, match="at least one level"):
        viewer_page([], title="none", poses={})


def test_models_of_a_server_are_linked_not_stored() -> None:
    page = viewer_page([PageModel(name="LOD 0", url="/x.glb?a=1&b=2")], title="x", poses={}, nonce="abc")
    assert '"url": "/x.glb?a=1&b=2"' in page
    assert 'nonce="abc"' in page
    assert "octet-stream" not in page
    assert "Content-Security-Policy" not in page
