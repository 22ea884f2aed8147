"""Avatar contracts: what an honest run writes is sound, and whatever is changed in it is found."""

from __future__ import annotations

import attrs
import pytest

import axis_core
from axis_core.audit.contract import CONTRACT_CHECKS, check_contract, contract_issues
from axis_core.model.contract import Contract, FileRecord, LodRecord
from axis_core.testing import capsule_person


@pytest.fixture(scope="module")
def honest() -> Contract:
    """The contract of a real run."""
    return axis_core.process(capsule_person(rigged=False), platform="unity").contract


def test_an_honest_contract_passes_every_check(honest: Contract) -> None:
    checks, issues = check_contract(honest)
    assert issues == ()
    assert {c.id for c in checks} == {*CONTRACT_CHECKS, "signature"}
    assert {c.status for c in checks if c.id != "signature"} <= {"pass", "skip"}
    assert next(c for c in checks if c.id == "chain").status == "pass"


def changed(contract: Contract, part: str, **values: object) -> Contract:
    return attrs.evolve(contract, **{part: attrs.evolve(getattr(contract, part), **values)})


def test_each_change_of_a_stage_breaks_the_chain(honest: Contract) -> None:
    for k in range(len(honest.stages)):
        stages = list(honest.stages)
        stages[k] = attrs.evolve(stages[k], output_sha256="0" * 64)
        found = contract_issues(attrs.evolve(honest, stages=stages))
        last = k == len(stages) - 1
        assert [i.code for i in found] == ([] if last else ["CONTRACT_CHAIN_BROKEN"])
    left_out = attrs.evolve(honest, stages=[*honest.stages[:3], *honest.stages[5:]])
    moved = honest.stages[4].output_sha256 != honest.stages[2].output_sha256
    assert ("CONTRACT_CHAIN_BROKEN" in {i.code for i in contract_issues(left_out)}) == moved


@pytest.mark.parametrize(
    ("part", "values", "pointer"),
    [
        ("mesh", {"quality_grade": "Z"}, "/mesh/quality_grade"),
        ("mesh", {"quality_score": 140.0}, "/mesh/quality_score"),
        ("mesh", {"height_m": 9.0}, "/mesh/height_m"),
        ("mesh", {"components": -1}, "/mesh/components"),
        ("mesh", {"watertight": True, "manifold": False}, "/mesh/watertight"),
        ("budget", {"used": 1}, "/budget/used"),
        ("budget", {"limit": 1}, "/budget/ok"),
    ],
)
def test_figures_that_contradict_each_other_are_found(
    honest: Contract, part: str, values: dict[str, object], pointer: str
) -> None:
    found = contract_issues(changed(honest, part, **values))
    assert pointer in {i.pointer for i in found}
    assert {i.code for i in found} == {"CONTRACT_INCONSISTENT"}


def test_files_that_cannot_be_are_found(honest: Contract) -> None:
    record = honest.files[0]
    for bad in (
        attrs.evolve(record, name="../escape.glb"),
        attrs.evolve(record, name="a\\b.glb"),
        attrs.evolve(record, bytes=0),
        record,
    ):
        found = contract_issues(attrs.evolve(honest, files=[*honest.files, bad]))
        assert {i.code for i in found} == {"CONTRACT_FILE_INVALID"}
    odd = FileRecord(name="x.bin", role="extra", media_type="x/y", bytes=1, sha256="f" * 63)
    assert [i.code for i in contract_issues(attrs.evolve(honest, files=[*honest.files, odd]))] == [
        "CONTRACT_HASH_MALFORMED"
    ]


def test_levels_of_detail_only_go_down(honest: Contract) -> None:
    n = honest.mesh.triangle_count
    good = [LodRecord(level=0, triangle_count=n), LodRecord(level=1, triangle_count=n // 2)]
    assert contract_issues(attrs.evolve(honest, lods=good)) == ()
    for bad in ([good[1]], [good[0], attrs.evolve(good[1], triangle_count=n + 1)], [attrs.evolve(good[0], file="no")]):
        assert contract_issues(attrs.evolve(honest, lods=bad))
