"""The options choose what is reported, how severe it is and how much of it."""

from __future__ import annotations

import json

import pytest

from axis_core.audit.gltf import ValidationOptions, validate
from axis_core.model.issue import Severity


FILE = json.dumps({"asset": {"version": "2.0"}, "x": 1, "nodes": [{}, {"y": 1}]}).encode()
ALL = ["UNEXPECTED_PROPERTY"] * 2 + ["NODE_EMPTY"] * 2 + ["UNUSED_OBJECT"] * 2


def _codes(**options: object) -> list[str]:
    return [i.code for i in validate(FILE, options=ValidationOptions(**options)).issues]  # type: ignore[arg-type]


def test_without_options_everything_is_reported() -> None:
    assert _codes() == ALL


def test_ignored_codes_are_left_out_and_only_leaves_out_the_others() -> None:
    assert _codes(ignored_issues=["NODE_EMPTY", "UNUSED_OBJECT"]) == ALL[:2]
    assert _codes(only_issues=["NODE_EMPTY"]) == ALL[2:4]
    with pytest.raises(ValueError, match="exclude each other"):
        ValidationOptions(ignored_issues=["A"], only_issues=["B"])


@pytest.mark.parametrize("severity", [0, "error", Severity.ERROR])
def test_a_severity_can_be_overridden(severity: int | str) -> None:
    report = validate(FILE, options=ValidationOptions(severity_overrides={"NODE_EMPTY": severity}))  # type: ignore[dict-item]
    assert report.as_dict()["issues"]["numErrors"] == 2
    assert not report.ok


@pytest.mark.parametrize("limit", [1, 3, 5])
def test_the_limit_stops_the_audit_and_says_so(limit: int) -> None:
    report = validate(FILE, options=ValidationOptions(max_issues=limit))
    assert [i.code for i in report.issues] == ALL[:limit]
    assert report.truncated
    assert report.info is None


def test_a_limit_that_is_just_reached_does_not_truncate() -> None:
    report = validate(FILE, options=ValidationOptions(max_issues=len(ALL)))
    assert not report.truncated
    assert report.info is not None


def test_external_resources_come_from_the_caller_alone() -> None:
    text = json.dumps({"asset": {"version": "2.0"}, "buffers": [{"uri": "a.bin", "byteLength": 2}]}).encode()
    asked: list[str] = []

    def read(uri: str) -> bytes:
        asked.append(uri)
        return b"ab"

    assert "IO_ERROR" in [i.code for i in validate(text).issues]
    report = validate(text, resources=read)
    assert "IO_ERROR" not in [i.code for i in report.issues]
    assert asked == ["a.bin"]
