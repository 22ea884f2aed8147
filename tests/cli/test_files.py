"""Inputs are found, outputs are never half-written and never the input."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from axis_core.cli.files import INPUT, OUTPUT, find_inputs, refuse_overwriting, write_atomically
from axis_core.errors import InputError, NotFound


SUFFIXES = (".glb", ".obj")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("a.glb", "b.OBJ", "notes.txt", ".hidden/c.glb", "deep/d.glb", "done/avatar.glb", "done/contract.json"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.touch()
    return tmp_path


def names(folder: Path, *patterns: str) -> list[str]:
    return [p.relative_to(folder).as_posix() for p in find_inputs([str(folder / p) for p in patterns], SUFFIXES)]


def test_a_folder_gives_what_can_be_read_but_not_hidden_files_and_earlier_results(folder: Path) -> None:
    assert names(folder, "") == ["a.glb", "b.OBJ", "deep/d.glb"]


def test_a_result_that_is_named_is_taken(folder: Path) -> None:
    assert names(folder, "done/avatar.glb") == ["done/avatar.glb"]


def test_a_quoted_pattern_is_expanded(folder: Path) -> None:
    assert names(folder, "*.glb") == ["a.glb"]
    assert names(folder, "deep/**/*") == ["deep/d.glb"]


def test_a_file_named_twice_is_taken_once(folder: Path) -> None:
    assert names(folder, "a.glb", "*", "./a.glb")[0] == "a.glb"
    assert names(folder, "a.glb", "*").count("a.glb") == 1


def test_a_file_whose_name_looks_like_a_pattern_is_a_file(folder: Path) -> None:
    (folder / "x[1].glb").touch()
    assert names(folder, "x[1].glb") == ["x[1].glb"]


def test_a_missing_file_stays_in_the_list_to_be_reported_on_its_own(folder: Path) -> None:
    assert names(folder, "missing.glb", "a.glb") == ["missing.glb", "a.glb"]


def test_a_pattern_without_files_is_refused_with_what_was_looked_for(folder: Path) -> None:
    with pytest.raises(NotFound) as caught:
        names(folder, "*.fbx")
    assert ".glb" in (caught.value.hint or "")


def test_a_missing_input_names_its_neighbour(folder: Path) -> None:
    with pytest.raises(NotFound) as caught:
        INPUT.convert(str(folder / "aa.glb"), None, None)
    assert str(folder / "a.glb") in (caught.value.hint or "")


def test_a_missing_folder_is_named(folder: Path) -> None:
    with pytest.raises(NotFound, match="does not exist"):
        INPUT.convert(str(folder / "no" / "a.glb"), None, None)


@pytest.mark.parametrize("kind", [INPUT, OUTPUT])
def test_a_folder_is_no_file(folder: Path, kind: object) -> None:
    with pytest.raises(InputError, match="is a folder"):
        kind.convert(str(folder), None, None)  # type: ignore[attr-defined]


def test_the_input_is_never_the_output_by_whatever_name(folder: Path) -> None:
    source = folder / "a.glb"
    link = folder / "link.glb"
    os.link(source, link)
    for output in (source, folder / "deep" / ".." / "a.glb", link):
        with pytest.raises(InputError, match="is the input itself"):
            refuse_overwriting(output, folder / "b.OBJ", source)
    refuse_overwriting(folder / "new.glb", source)


def test_writing_makes_folders_and_replaces_whole_files(tmp_path: Path) -> None:
    path = tmp_path / "a" / "b" / "c.bin"
    write_atomically(path, b"one")
    write_atomically(path, b"two")
    assert path.read_bytes() == b"two"
    assert [p.name for p in path.parent.iterdir()] == ["c.bin"]


def test_a_write_that_fails_leaves_the_old_file_and_no_remains(tmp_path: Path) -> None:
    path = tmp_path / "c.bin"
    path.write_bytes(b"old")
    with pytest.raises(TypeError):
        write_atomically(path, "text")  # type: ignore[arg-type]
    assert path.read_bytes() == b"old"
    assert [p.name for p in tmp_path.iterdir()] == ["c.bin"]
