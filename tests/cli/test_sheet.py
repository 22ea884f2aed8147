"""``axis sheet``: many files on one page, and what cannot be drawn is named."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from PIL import Image

from axis_core import door, testing
from axis_core.render import display_problem


Axis = Callable[..., Result]

needs_display = pytest.mark.skipif(bool(display_problem()), reason="there is no OpenGL")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "in"
    place.mkdir()
    for name in ("one", "two"):
        door.write(testing.cube(0.5), place / f"{name}.obj")
    return place


@needs_display
def test_a_folder_becomes_one_page_and_broken_files_and_poses_without_a_rig_are_named(
    axis_run: Axis, folder: Path, tmp_path: Path
) -> None:
    (folder / "broken.glb").write_bytes(b"no model")
    output = tmp_path / "sheet.png"
    options = ("--poses", "rest,squat", "--weights", "--columns", "2", "--size", "64x64", "--json")
    done = axis_run("sheet", folder, "-o", output, *options)
    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout)
    assert told["pictures"] == 2
    assert [(Path(s["file"]).name, s["pose"]) for s in told["skipped"]] == [
        ("broken.glb", ""),
        ("one.obj", "squat"),
        ("two.obj", "squat"),
    ]
    page = Image.open(io.BytesIO(output.read_bytes()))
    assert page.width > 2 * 64 > page.height


def test_a_page_without_a_picture_is_refused(axis_run: Axis, tmp_path: Path) -> None:
    broken = tmp_path / "broken.glb"
    broken.write_bytes(b"no model")
    assert axis_run("sheet", broken, "-o", tmp_path / "sheet.png").exit_code == 2
    assert not (tmp_path / "sheet.png").exists()
    assert axis_run("sheet", broken, "-o", tmp_path / "sheet.jpg").exit_code == 2
