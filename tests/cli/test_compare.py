"""``axis compare`` says what differs, and draws both."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import attrs
import numpy as np
import pytest
from click.testing import Result

import axis_core
from axis_core.compare import compare_scenes
from axis_core.render import display_problem
from axis_core.testing import capsule_person, cube


Axis = Callable[..., Result]


@pytest.fixture
def two(tmp_path: Path) -> tuple[Path, Path]:
    """A person, and one whose weights all hang on the first joint and who has lost ten triangles."""
    person = capsule_person()
    mesh = person.meshes[0]
    weights = np.zeros_like(np.asarray(mesh.weights))
    weights[:, 0] = 1.0
    other = attrs.evolve(mesh, weights=weights, joints=np.zeros_like(np.asarray(mesh.joints)), faces=mesh.faces[10:])
    axis_core.write(person, tmp_path / "one.glb")
    axis_core.write(attrs.evolve(person, meshes=[other, *person.meshes[1:]]), tmp_path / "two.glb")
    return tmp_path / "one.glb", tmp_path / "two.glb"


def test_what_differs_is_told(axis_run: Axis, two: tuple[Path, Path]) -> None:
    facts = json.loads(axis_run("compare", *two, "--json").stdout)
    assert facts["counts"]["triangles"][0] - facts["counts"]["triangles"][1] == 10
    assert facts["weights"]["moved_share"] > 0.3
    assert facts["budget"] == ["mobile_light", "mobile_light"]
    text = axis_run("compare", *two).stdout
    assert "(-10)" in text
    assert "on other joints" in text


def test_the_same_file_differs_in_nothing(axis_run: Axis, two: tuple[Path, Path]) -> None:
    facts = json.loads(axis_run("compare", two[0], two[0], "--json").stdout)
    assert facts["same_content"] is True
    assert facts["weights"] == {"moved_share": 0.0, "joints": {}}
    assert compare_scenes(cube(), cube())["weights"] is None


@pytest.mark.skipif(bool(display_problem()), reason="there is no OpenGL here")
def test_both_are_drawn_into_one_picture(axis_run: Axis, two: tuple[Path, Path]) -> None:
    picture = two[0].parent / "both.png"
    assert axis_run("compare", *two, "-o", picture).exit_code == 0
    assert picture.read_bytes()[:8] == b"\x89PNG\r\n\x1a\n"
    assert axis_run("compare", *two, "-o", picture.with_suffix(".txt")).exit_code == 2
