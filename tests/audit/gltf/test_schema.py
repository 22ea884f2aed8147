"""Properties of the wrong kind are found where they stand, once, and nothing else is made of them."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from axis_core.audit.gltf import validate
from axis_core.audit.gltf.spelling import listed, number, plain


Codes = Callable[..., list[tuple[str, str]]]
MakeAsset = Callable[..., dict[str, Any]]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, "TYPE_MISMATCH"),
        (True, "TYPE_MISMATCH"),
        ("0", "TYPE_MISMATCH"),
        (1.5, "TYPE_MISMATCH"),
        (-1, "INVALID_INDEX"),
        (7, "UNRESOLVED_REFERENCE"),
        (1e30, "UNRESOLVED_REFERENCE"),
    ],
)
def test_an_index_must_be_one(codes: Codes, asset: MakeAsset, value: Any, expected: str) -> None:
    assert codes(asset(scene=value)) == [(expected, "/scene")]


@pytest.mark.parametrize(
    ("rotation", "expected"),
    [
        ([], ("EMPTY_ENTITY", "/nodes/0/rotation")),
        ([0, 0, 1], ("ARRAY_LENGTH_NOT_IN_LIST", "/nodes/0/rotation")),
        ([0, 0, "x", 1], ("ARRAY_TYPE_MISMATCH", "/nodes/0/rotation")),
        ([0, 0, 2, 0], ("VALUE_NOT_IN_RANGE", "/nodes/0/rotation/2")),
        ([0, 0, 1, 1], ("ROTATION_NON_UNIT", "/nodes/0/rotation")),
        ({}, ("TYPE_MISMATCH", "/nodes/0/rotation")),
    ],
)
def test_a_rotation_must_be_a_unit_quaternion(
    codes: Codes, asset: MakeAsset, rotation: Any, expected: tuple[str, str]
) -> None:
    assert codes(asset(nodes=[{"rotation": rotation, "extras": {}}])) == [expected]


def test_members_that_do_not_exist_are_found_with_their_names_escaped(codes: Codes, asset: MakeAsset) -> None:
    assert codes(asset(**{"a/b~c": 1})) == [("UNEXPECTED_PROPERTY", "/a~1b~0c")]


@pytest.mark.parametrize(
    ("version", "expected"),
    [("2.0", []), ("2.1", ["UNKNOWN_ASSET_MINOR_VERSION"]), ("3.0", ["UNKNOWN_ASSET_MAJOR_VERSION"])]
    + [(wrong, ["PATTERN_MISMATCH"]) for wrong in ("2", "2.0\n", "v2.0", "", "٢.٠")],
)
def test_the_version_is_judged(version: str, expected: list[str]) -> None:
    report = validate(json.dumps({"asset": {"version": version}}).encode())
    assert [i.code for i in report.issues] == expected
    assert (report.info is None) == (version not in ("2.0", "2.1"))


@pytest.mark.parametrize(
    "text",
    [b"", b"{", b'{"a":NaN}', b'{"a":01}', b'{"a":"\n"}', b"{}x", b'{"\xff":1}', b'{"a":1,}', b"[" * 100_000],
)
def test_text_that_is_not_json_is_one_finding(text: bytes) -> None:
    report = validate(text)
    assert [i.code for i in report.issues] == ["INVALID_JSON"]
    assert report.info is None


@pytest.mark.parametrize("text", [b"[]", b"null", b"5", b'"x"'])
def test_a_root_that_is_no_object_is_a_type_error(text: bytes) -> None:
    assert [i.code for i in validate(text).issues] == ["TYPE_MISMATCH"]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1, "1"),
        (1.0, "1.0"),
        (-0.5, "-0.5"),
        (1e-7, "1e-7"),
        (1.5e-6, "0.0000015"),
        (1e20, "100000000000000000000.0"),
        (1e21, "1e+21"),
        (1.25e300, "1.25e+300"),
        (float("nan"), "NaN"),
        (float("-inf"), "-Infinity"),
        (True, "true"),
    ],
)
def test_numbers_are_spelled_as_the_validator_spells_them(value: float, text: str) -> None:
    assert number(value) == text


def test_values_are_spelled_without_quotes_and_cut_when_long() -> None:
    assert plain({"a": [1, None, "x"]}) == "{a: [1, null, x]}"
    assert len(plain(["x" * 1_000_000] * 50)) < 10_000


def test_a_long_list_of_choices_keeps_its_head_and_tail() -> None:
    assert listed([1, 2, 3]) == "1, 2, 3"
    shown = listed([f"{'c' * 18}{i}" for i in range(9)])
    assert shown.count("...") == 1
    assert shown.endswith("8'")
