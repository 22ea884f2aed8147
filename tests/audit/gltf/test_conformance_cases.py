"""Every case of the official corpus beside the checkout gives the report that the official validator gives."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest

from axis_core.audit.gltf import GltfReport, validate


CASES = Path(__file__).resolve().parents[4] / "shared" / "validator-cases"
INDEX: list[dict[str, Any]] = json.loads((CASES / "index.json").read_text()) if CASES.is_dir() else []

every_case = pytest.mark.parametrize("case", INDEX, ids=lambda case: case["file"])


def _validate(case: dict[str, Any]) -> GltfReport:
    path = CASES / case["file"]

    def read(uri: str) -> bytes | None:
        file = path.parent / unquote(uri)
        return file.read_bytes() if file.is_file() else None

    return validate(path.read_bytes(), uri=path.name, resources=read)


def _expected(case: dict[str, Any]) -> dict[str, Any]:
    report: dict[str, Any] = json.loads((CASES / f"{case['file']}.report.json").read_text())
    return report


@every_case
def test_a_case_gives_the_same_codes_severities_and_places_in_the_same_order(case: dict[str, Any]) -> None:
    messages = _validate(case).as_dict()["issues"]["messages"]
    found = [[m["code"], m["severity"], m.get("pointer"), m.get("offset")] for m in messages]
    assert found == case["expect"]


@every_case
def test_a_case_gives_the_same_metrics(case: dict[str, Any]) -> None:
    assert _validate(case).as_dict().get("info") == _expected(case).get("info")


@pytest.mark.parametrize("case", [c for c in INDEX if not c["text_bound"]], ids=lambda case: case["file"])
def test_a_case_gives_the_same_words(case: dict[str, Any]) -> None:
    ours = [m["message"] for m in _validate(case).as_dict()["issues"]["messages"]]
    assert ours == [m["message"] for m in _expected(case)["issues"]["messages"]]
