"""Commands on one file: info, convert, decimate, repair, audit, skin, rig."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from axis_core import door
from axis_core.cli.json_text import plain


Axis = Callable[..., Result]


def as_json(done: Result) -> Any:
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


def test_info_says_what_the_library_says(axis_run: Axis, cube: Path) -> None:
    facts = as_json(axis_run("info", cube, "--json"))
    assert facts == {"file": str(cube), **plain(door.info(cube))}
    text = axis_run("info", cube).stdout
    assert "12 triangles" in text
    assert "0.500 x 0.500 x 0.500 m" in text


@pytest.mark.parametrize("suffix", [".glb", ".gltf", ".obj", ".stl"])
def test_convert_writes_every_built_in_format_and_it_reads_back(axis_run: Axis, cube: Path, suffix: str) -> None:
    target = cube.parent / "new" / f"cube{suffix}"
    files = as_json(axis_run("convert", cube, target, "--json"))["files"]
    assert files[0] == str(target)
    assert all(Path(file).is_file() for file in files)
    assert door.read(target).n_triangles == 12


def test_convert_refuses_a_suffix_that_nobody_writes_before_it_works(axis_run: Axis, cube: Path) -> None:
    done = axis_run("convert", cube, cube.parent / "cube.nope")
    assert done.exit_code == 2
    assert "glb" in done.stderr
    assert not (cube.parent / "cube.nope").exists()


@pytest.mark.parametrize("command", ["convert", "decimate", "repair", "rig", "audit", "render", "skin"])
def test_no_command_writes_onto_its_input(axis_run: Axis, cube: Path, command: str) -> None:
    before = cube.read_bytes()
    more = {"decimate": ["--triangles", "10"], "skin": ["--skeleton", str(cube)]}.get(command, [])
    output = [str(cube)] if command == "convert" else ["-o", str(cube)]
    done = axis_run(command, cube, *more, *output)
    assert done.exit_code == 2
    assert "is the input itself" in done.stderr
    assert cube.read_bytes() == before


def test_decimate_gives_at_most_the_triangles_asked_for(axis_run: Axis, biped: Path) -> None:
    out = biped.parent / "small.glb"
    said = as_json(axis_run("decimate", biped, "-o", out, "--triangles", 500, "--json"))
    assert said["triangles_before"] == door.read(biped).n_triangles > 500
    assert said["triangles"] == door.read(out).n_triangles <= 500


def test_decimate_needs_a_target(axis_run: Axis, cube: Path) -> None:
    done = axis_run("decimate", cube, "-o", cube.parent / "small.glb")
    assert done.exit_code == 2
    assert "--triangles" in done.stderr


def test_repair_mends_and_a_second_time_finds_nothing(axis_run: Axis, cube: Path) -> None:
    broken = cube.parent / "broken.obj"
    broken.write_text(cube.read_text() + "f 1 1 2\nf 1 2 1\n")
    once, twice = cube.parent / "once.glb", cube.parent / "twice.glb"
    dry = as_json(axis_run("repair", broken, "--dry-run", "--json"))
    assert dry["changes"]
    assert dry["files"] == []
    first = as_json(axis_run("repair", broken, "-o", once, "--json"))
    assert first["changes"] == dry["changes"]
    assert as_json(axis_run("repair", once, "-o", twice, "--json"))["changes"] == []


def test_repair_needs_an_output_or_a_dry_run_and_known_names(axis_run: Axis, cube: Path) -> None:
    assert axis_run("repair", cube).exit_code == 2
    done = axis_run("repair", cube, "-o", cube.parent / "x.glb", "--only", "nope")
    assert done.exit_code == 2
    assert "'nope'" in done.stderr
    assert not (cube.parent / "x.glb").exists()


def test_audit_of_a_sound_file_leaves_0_and_of_a_bad_one_1(axis_run: Axis, cube: Path) -> None:
    assert axis_run("audit", cube).exit_code == 0
    bad = cube.parent / "bad.obj"
    bad.write_text(re.sub(r"^v \S+", "v nan", cube.read_text(), count=1, flags=re.MULTILINE))
    done = axis_run("audit", bad)
    assert done.exit_code == 1
    assert "MESH_NON_FINITE" in done.stdout
    assert "resolve_nan" in done.stdout


@pytest.mark.parametrize("form", ["json", "markdown", "html", "csv", "sarif", "junit"])
def test_audit_prints_and_writes_the_same_bytes_in_every_format(axis_run: Axis, cube: Path, form: str) -> None:
    printed = axis_run("audit", cube, "--format", form)
    out = cube.parent / "reports" / f"report.{form}"
    written = axis_run("audit", cube, "--format", form, "-o", out)
    assert printed.exit_code == written.exit_code == 0
    assert out.read_bytes() == printed.stdout_bytes == door.print_report(
        door.audit(cube), form, name=cube.name, scene=door.read(cube)
    )


def test_audit_with_json_is_the_json_format(axis_run: Axis, cube: Path) -> None:
    assert axis_run("audit", cube, "--json").stdout == axis_run("audit", cube, "--format", "json").stdout


def test_audit_refuses_an_unknown_format_before_it_works(axis_run: Axis, cube: Path) -> None:
    done = axis_run("audit", cube, "--format", "papyrus")
    assert done.exit_code == 2
    assert "sarif" in done.stderr


def test_skin_weighs_to_exactly_the_joints_given(axis_run: Axis, cube: Path) -> None:
    joints = [
        {"name": "low", "parent": None, "position": [0, 0, 0]},
        {"name": "high", "parent": "low", "position": [0, 0.25, 0]},
    ]
    skeleton = cube.parent / "joints.json"
    skeleton.write_text(json.dumps(joints))
    out = cube.parent / "skinned.glb"
    said = as_json(axis_run("skin", cube, "--skeleton", skeleton, "-o", out, "--json"))
    assert said["joint_count"] == 2
    read = door.read(out).skeleton()
    assert read.names == ("low", "high")
    assert read.positions.round(6).tolist() == [[0, 0, 0], [0, 0.25, 0]]


def test_skin_refuses_a_skeleton_with_its_place(axis_run: Axis, cube: Path) -> None:
    skeleton = cube.parent / "joints.json"
    skeleton.write_text('[{"name": "a", "parent": "b", "position": [0, 0, 0]}]')
    done = axis_run("skin", cube, "--skeleton", skeleton, "-o", cube.parent / "x.glb")
    assert done.exit_code == 2
    assert "where: /0/parent" in done.stderr
    assert not (cube.parent / "x.glb").exists()


def test_rig_gives_a_mesh_the_bones_of_vrm_and_refuses_a_rig_that_is_there(axis_run: Axis, biped: Path) -> None:
    out = biped.parent / "rigged.glb"
    said = as_json(axis_run("rig", biped, "-o", out, "--json"))
    assert said["rig"]["archetype"] == "humanoid"
    assert {"hips", "head", "leftUpperLeg"} <= set(door.read(out).skeleton().names)
    again = axis_run("rig", out, "-o", biped.parent / "again.glb", "--json")
    assert again.exit_code == 2
    assert json.loads(again.stdout)["error"]["code"] == "already_rigged"
    assert axis_run("rig", out, "-o", biped.parent / "again.glb", "--force").exit_code == 0


def test_a_joint_that_is_given_is_where_it_was_given(axis_run: Axis, biped: Path) -> None:
    out = biped.parent / "rigged.glb"
    assert axis_run("rig", biped, "-o", out, "--joint", "leftKnee=0.105,0.5,0.01").exit_code == 0
    skeleton = door.read(out).skeleton()
    assert skeleton.positions[skeleton.index("leftLowerLeg")].round(4).tolist() == [0.105, 0.5, 0.01]
