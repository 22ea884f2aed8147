"""Joints from the command line and from files."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from axis_core.cli import joints
from axis_core.cli.joints import LANDMARKS, parse_joint, read_markers, read_skeleton
from axis_core.errors import AxisError, InputError, LimitExceeded
from axis_core.model.humanoid import HUMANOID_BONES


HIPS = {"name": "hips", "parent": None, "position": [0, 0.9, 0]}
SPINE = {"name": "spine", "parent": "hips", "position": [0, 1.0, 0]}


def write(folder: Path, value: Any) -> Path:
    path = folder / "joints.json"
    path.write_text(value if isinstance(value, str) else json.dumps(value), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("joints")


@given(st.tuples(*[st.floats(-1e6, 1e6)] * 3))
def test_a_joint_comes_back_as_it_was_printed(point: tuple[float, float, float]) -> None:
    assert parse_joint(f"hips={','.join(map(repr, point))}") == ("hips", point)


def test_a_joint_may_be_named_as_people_name_it() -> None:
    assert parse_joint("leftKnee=0.1, 0.5, -0.02") == ("leftLowerLeg", (0.1, 0.5, -0.02))


def test_every_landmark_is_the_start_of_a_bone_that_exists() -> None:
    assert set(LANDMARKS.values()) <= set(HUMANOID_BONES)


@pytest.mark.parametrize(
    "text", ["leftKnee", "=1,2,3", "hips=1,2", "hips=1,2,3,4", "hips=a,b,c", "hips=nan,0,0", "hips="]
)
def test_a_bad_joint_is_refused_with_its_text(text: str) -> None:
    with pytest.raises(InputError) as caught:
        parse_joint(text)
    assert caught.value.code == "invalid_request"


@pytest.mark.parametrize(
    "value", [{"leftKnee": [1, 2, 3]}, [{"name": "leftKnee", "position": [1, 2, 3]}]], ids=["object", "list"]
)
def test_markers_are_an_object_or_a_list(tmp_path: Path, value: Any) -> None:
    assert read_markers(write(tmp_path, value)) == {"leftLowerLeg": (1.0, 2.0, 3.0)}


@pytest.mark.parametrize(
    ("value", "pointer"),
    [
        ({"hips": [1, 2]}, "/hips"),
        ({"hips": "123"}, "/hips"),
        ({"hips": {"x": 1, "y": 2, "z": 3}}, "/hips"),
        ({"hips": [True, 0, 0]}, "/hips"),
        ([{"name": "hips"}], "/0"),
        ([1], "/0"),
        (3, None),
        ("{", None),
        ("[" * 100_000, None),
    ],
)
def test_bad_markers_are_refused_with_their_place(tmp_path: Path, value: Any, pointer: str | None) -> None:
    with pytest.raises(InputError) as caught:
        read_markers(write(tmp_path, value))
    assert caught.value.pointer == pointer


def test_a_skeleton_is_read_with_its_parents_and_places(tmp_path: Path) -> None:
    skeleton = read_skeleton(write(tmp_path, [HIPS, SPINE]))
    assert skeleton.names == ("hips", "spine")
    assert skeleton.parents.tolist() == [-1, 0]
    np.testing.assert_array_equal(skeleton.positions, [[0, 0.9, 0], [0, 1, 0]])


@pytest.mark.parametrize(
    ("value", "pointer", "words"),
    [
        ([SPINE, HIPS], "/0/parent", "parents come first"),
        ([HIPS, {**SPINE, "parent": "root"}], "/1/parent", "no joint of this file"),
        ([HIPS, HIPS], "/1/name", "twice"),
        ([HIPS, {**SPINE, "name": ""}], "/1/name", "not a text"),
        ([HIPS, {**SPINE, "name": 3}], "/1/name", "not a text"),
        ([{"name": "hips", "position": [0, 0, 0]}], "/0", "no 'parent'"),
        ([{**HIPS, "position": [0, 0]}], "/0/position", "three numbers"),
        ([{**HIPS, "position": [0, 0, 1e400]}], "/0/position", "not finite"),
        ([{**HIPS, "parent": 0}], "/0/parent", "no joint of this file"),
        ([], None, "no JSON list"),
        ({"hips": HIPS}, None, "no JSON list"),
        ("not json", None, "no JSON file"),
    ],
)
def test_a_bad_skeleton_is_refused_with_its_place(tmp_path: Path, value: Any, pointer: str | None, words: str) -> None:
    with pytest.raises(InputError, match=words) as caught:
        read_skeleton(write(tmp_path, value))
    assert caught.value.pointer == pointer


def test_a_joint_file_is_measured_before_it_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(joints, "MAX_BYTES", 10)
    with pytest.raises(LimitExceeded, match="the most is 10"):
        read_skeleton(write(tmp_path, [HIPS]))


def test_there_is_a_most_of_joints(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(joints, "MAX_JOINTS", 1)
    with pytest.raises(LimitExceeded, match="2 joints"):
        read_skeleton(write(tmp_path, [HIPS, SPINE]))


@settings(max_examples=60)
@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(max_size=9),
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(["name", "parent", "x"]), inner),
        max_leaves=8,
    )
)
def test_no_json_at_all_gives_anything_but_a_skeleton_or_a_refusal(folder: Path, value: Any) -> None:
    path = write(folder, value)
    for read in (read_markers, read_skeleton):
        try:
            read(path)
        except AxisError as exc:
            assert exc.message  # noqa: PT017 - either outcome is right, this one must explain itself
