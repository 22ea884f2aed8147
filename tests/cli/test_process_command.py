"""``axis process``: one file and many, good ones and bad ones."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from axis_core import door


Axis = Callable[..., Result]


def results(done: Result) -> list[dict[str, Any]]:
    said = json.loads(done.stdout)
    assert set(said) == {"ok", "results"}
    return said["results"]  # type: ignore[no-any-return]


def test_one_file_gives_the_avatar_its_record_and_its_report(axis_run: Axis, biped: Path, tmp_path: Path) -> None:
    out = tmp_path / "deep" / "out"
    done = axis_run("process", biped, "-o", out, "--platform", "unity", "--json")
    assert done.exit_code == 0, done.output
    (row,) = results(done)
    assert row["status"] == "done"
    assert {"avatar.glb", "contract.json", "report.json"} <= set(row["files"]) == {p.name for p in out.iterdir()}
    assert axis_run("contract", "verify", out).exit_code == 0
    assert axis_run("contract", "verify", out / "avatar.glb").exit_code == 0
    assert json.loads(axis_run("contract", "show", out / "contract.json", "--json").stdout)["platform"] == "unity"


def test_a_flipped_byte_is_found_in_the_folder_and_in_the_file(axis_run: Axis, biped: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert axis_run("process", biped, "-o", out).exit_code == 0
    avatar = out / "avatar.glb"
    data = bytearray(avatar.read_bytes())
    data[-20] ^= 1
    avatar.write_bytes(data)
    for target in (out, out / "contract.json", avatar):
        done = axis_run("contract", "verify", target, "--json")
        assert done.exit_code == 1
        assert json.loads(done.stdout)["problems"]


def test_one_bad_file_stops_none_and_each_result_has_its_folder(axis_run: Axis, biped: Path, tmp_path: Path) -> None:
    inputs = tmp_path / "in"
    (inputs / "more").mkdir(parents=True)
    (inputs / "a.obj").write_bytes(biped.read_bytes())
    (inputs / "more" / "A.obj").write_bytes(biped.read_bytes())
    (inputs / "b.glb").write_bytes(b"glTF\x02\x00\x00\x00\xff\xff\xff\x7f")
    out = tmp_path / "out"
    done = axis_run("process", inputs, inputs / "missing.obj", "-o", out, "--json")
    assert done.exit_code == 2
    rows = results(done)
    assert [Path(row["source"]).name for row in rows] == ["a.obj", "b.glb", "A.obj", "missing.obj"]
    assert [row["status"] for row in rows] == ["done", "refused", "done", "refused"]
    assert sorted(p.name for p in out.iterdir()) == ["A_2", "a"]
    assert rows[1]["error"]["message"]
    text = axis_run("process", inputs, "-o", out).stdout
    assert "2 done, 1 refused" in text


def test_an_input_named_like_a_result_is_not_overwritten(axis_run: Axis, biped: Path, tmp_path: Path) -> None:
    own = tmp_path / "avatar.obj"
    own.write_bytes(biped.read_bytes())
    done = axis_run("process", own, "-o", tmp_path)
    assert done.exit_code == 2
    assert "overwritten by its own result" in done.stderr


def test_a_run_that_fails_its_profile_leaves_1_and_no_avatar(axis_run: Axis, biped: Path, tmp_path: Path) -> None:
    bad = tmp_path / "bad.obj"
    bad.write_text(re.sub(r"^v \S+", "v nan", biped.read_text(), count=1, flags=re.MULTILINE))
    out = tmp_path / "out"
    done = axis_run("process", bad, "-o", out, "--profile", "strict", "--json")
    assert done.exit_code in (1, 2)
    assert not (out / "avatar.glb").exists()


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (["--platform", "nope"], "unity"),
        (["--format", "nope"], "glb"),
        (["--tier", "nope"], "mobile_light"),
        (["--option", "nope.key=1"], "lods"),
        (["--option", "lods.nope=1"], "count"),
        (["--option", "lods.count=many"], "lods.count"),
        (["--profile", "nope"], "strict"),
    ],
)
def test_a_wrong_word_is_refused_before_the_work_with_those_that_exist(
    axis_run: Axis, biped: Path, tmp_path: Path, arguments: list[str], word: str
) -> None:
    done = axis_run("process", biped, "-o", tmp_path / "out", *arguments)
    assert done.exit_code == 2
    assert word in done.stderr
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("empty.glb", b""),
        ("cut.glb", b"glTF\x02\x00\x00\x00"),
        ("pointer.glb", b"version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n"),
        ("noise.obj", bytes(range(256))),
        ("wrong.glb", b"solid x\nendsolid x\n"),
        ("none.obj", b"# nothing\n"),
    ],
)
def test_a_file_that_is_none_is_refused_and_nothing_is_written(
    axis_run: Axis, tmp_path: Path, name: str, data: bytes
) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    out = tmp_path / "out"
    done = axis_run("process", path, "-o", out, "--json")
    assert done.exit_code == 2
    error = json.loads(done.stdout)["error"]
    assert error["message"]
    assert error["code"] != "internal_error"
    assert not out.exists()


def test_the_same_command_writes_the_same_avatar(axis_run: Axis, biped: Path, tmp_path: Path) -> None:
    for name in ("one", "two"):
        assert axis_run("process", biped, "-o", tmp_path / name).exit_code == 0
    assert (tmp_path / "one" / "avatar.glb").read_bytes() == (tmp_path / "two" / "avatar.glb").read_bytes()


def test_several_processes_give_what_one_gives(biped: Path, tmp_path: Path) -> None:
    from click.testing import CliRunner

    from axis_core.cli.app import axis

    other = tmp_path / "other.obj"
    other.write_bytes(biped.read_bytes())
    arguments = ["process", str(biped), str(other), "-o", str(tmp_path / "out"), "--jobs", "2", "--json"]
    done = CliRunner().invoke(axis, arguments)
    assert done.exit_code == 0, done.output
    assert [row["status"] for row in results(done)] == ["done", "done"]
    one = door.read(tmp_path / "out" / "biped" / "avatar.glb")
    two = door.read(tmp_path / "out" / "other" / "avatar.glb")
    assert one.n_triangles == two.n_triangles > 0
