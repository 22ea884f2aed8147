"""The table of codes is the official one, and what the registry gets of it can be read."""

from __future__ import annotations

from collections import Counter

from axis_core.audit.gltf import CODES, issue_codes
from axis_core.audit.gltf.vrm import VRM_CODES
from axis_core.model.issue import Severity


def test_there_are_170_codes_in_six_families() -> None:
    families = Counter(code.family for code in CODES.values())
    assert families == {
        "IoError": 1,
        "SchemaError": 16,
        "SemanticError": 53,
        "LinkError": 51,
        "DataError": 33,
        "GlbError": 16,
    }


def test_the_severities_are_the_official_ones() -> None:
    severities = Counter(code.severity for code in CODES.values())
    assert severities == {Severity.ERROR: 123, Severity.WARNING: 30, Severity.INFO: 16, Severity.HINT: 1}


def test_summaries_have_no_slots_left_and_no_code_is_shared_with_vrm() -> None:
    records = {record.code: record for record in issue_codes()}
    assert len(records) == len(CODES)
    assert not any("{" in record.summary for record in records.values())
    assert not records.keys() & VRM_CODES.keys()
