"""Rules about avatar contracts: what no honest run writes, field by field, and where the hash chain breaks."""

from __future__ import annotations

import datetime as dt
import itertools
import re
from collections.abc import Iterator
from pathlib import PurePosixPath

import attrs

from axis_core.model.contract import Contract
from axis_core.model.issue import Issue
from axis_core.model.issue_codes import issue
from axis_core.model.quality import grade_of
from axis_core.model.tier import TIERS


__all__ = ["CONTRACT_CHECKS", "ContractCheck", "chain_problems", "check_contract", "contract_issues"]

STAGES = ("draft", "generated", "processed", "validated", "published")
HASH = re.compile(r"[0-9a-f]{64}")
HEIGHT_TOLERANCE_M = 1e-5
"""Bounds and height are each rounded to a micrometre."""


@attrs.frozen(kw_only=True)
class ContractCheck:
    """One check with what it found.

    Attributes
    ----------
    id : str
        A key of ``CONTRACT_CHECKS``.
    status : str
        ``pass``, ``fail`` or ``skip`` (there was nothing to look at).
    """

    id: str
    status: str
    detail: str = ""


def chain_problems(contract: Contract) -> list[str]:
    """Return where the hash chain of the stages is broken."""
    out = []
    for before, after in itertools.pairwise(contract.stages):
        if before.output_sha256 != after.input_sha256:
            out.append(f"stages: {after.name} does not start where {before.name} ended")
    return out


def _chain(contract: Contract) -> Iterator[Issue]:
    for text in chain_problems(contract):
        yield issue("CONTRACT_CHAIN_BROKEN", text, pointer="/stages")


def _hashes(contract: Contract) -> Iterator[Issue]:
    named = [(f"/stages/{k}/input_sha256", s.input_sha256) for k, s in enumerate(contract.stages)]
    named += [(f"/stages/{k}/output_sha256", s.output_sha256) for k, s in enumerate(contract.stages)]
    named += [(f"/files/{k}/sha256", f.sha256) for k, f in enumerate(contract.files)]
    if contract.source.sha256:
        named.append(("/source/sha256", contract.source.sha256))
    for pointer, value in named:
        if not HASH.fullmatch(value):
            text = f"{value[:20]!r} is no SHA-256"
            yield issue("CONTRACT_HASH_MALFORMED", text, pointer=pointer, value=value[:80])


def _files(contract: Contract) -> Iterator[Issue]:
    names = [f.name for f in contract.files]
    for k, file in enumerate(contract.files):
        pointer = f"/files/{k}"
        if PurePosixPath(file.name).name != file.name or "\\" in file.name or not file.name:
            text = f"{file.name[:60]!r} is no plain file name"
            yield issue("CONTRACT_FILE_INVALID", text, pointer=f"{pointer}/name", value=file.name[:120])
        if names.index(file.name) != k:
            text = f"{file.name[:60]!r} is listed twice"
            yield issue("CONTRACT_FILE_INVALID", text, pointer=f"{pointer}/name", value=file.name[:120])
        if file.bytes <= 0:
            text = f"{file.name[:60]!r} has {file.bytes} bytes"
            yield issue("CONTRACT_FILE_INVALID", text, pointer=f"{pointer}/bytes", value=file.bytes)
    for k, level in enumerate(contract.lods):
        if level.file and level.file not in names:
            text = f"level {level.level} names {level.file[:60]!r}, which is not among the files"
            yield issue("CONTRACT_FILE_INVALID", text, pointer=f"/lods/{k}/file", value=level.file[:120])


def _contradiction(text: str, pointer: str, value: object, limit: object) -> Issue:
    return issue("CONTRACT_INCONSISTENT", text, pointer=pointer, value=value, limit=limit)


def _mesh(contract: Contract) -> Iterator[Issue]:
    mesh = contract.mesh
    for name in ("vertex_count", "triangle_count", "components"):
        if getattr(mesh, name) < 0:
            yield _contradiction(f"{name} is negative", f"/mesh/{name}", getattr(mesh, name), 0)
    if mesh.watertight and not mesh.manifold:
        yield _contradiction("it is watertight and not manifold", "/mesh/watertight", True, False)
    low, high = mesh.bounds
    if len(low) != 3 or len(high) != 3 or any(a > b for a, b in zip(low, high, strict=True)):
        yield _contradiction("the bounds are not two corners in order", "/mesh/bounds", [list(low), list(high)], None)
    elif abs(high[1] - low[1] - mesh.height_m) > HEIGHT_TOLERANCE_M:
        text = f"the height is {mesh.height_m:g} m, the bounds say {high[1] - low[1]:g} m"
        yield _contradiction(text, "/mesh/height_m", mesh.height_m, high[1] - low[1])


def _quality(contract: Contract) -> Iterator[Issue]:
    score, grade = contract.mesh.quality_score, contract.mesh.quality_grade
    if not 0.0 <= score <= 100.0:
        yield _contradiction(f"the score is {score:g}, expected 0 to 100", "/mesh/quality_score", score, [0, 100])
    elif grade != grade_of(score):
        text = f"a score of {score:g} is grade {grade_of(score)}, the contract says {grade[:10]}"
        yield _contradiction(text, "/mesh/quality_grade", grade[:10], grade_of(score))


def _budget(contract: Contract) -> Iterator[Issue]:
    budget = contract.budget
    if budget.ok != (budget.used <= budget.limit):
        text = f"{budget.used} of {budget.limit} triangles cannot be ok={budget.ok}"
        yield _contradiction(text, "/budget/ok", budget.ok, budget.used <= budget.limit)
    if budget.used != contract.mesh.triangle_count:
        text = f"the budget counts {budget.used} triangles, the mesh {contract.mesh.triangle_count}"
        yield _contradiction(text, "/budget/used", budget.used, contract.mesh.triangle_count)


def _levels(contract: Contract) -> Iterator[Issue]:
    counts = [level.triangle_count for level in contract.lods]
    if [level.level for level in contract.lods] != list(range(len(counts))):
        yield _contradiction("levels of detail are not counted from 0", "/lods", [x.level for x in contract.lods], None)
    if any(b > a for a, b in itertools.pairwise(counts)):
        yield _contradiction("a level has more triangles than the one before", "/lods", counts, None)
    if counts and counts[0] != contract.mesh.triangle_count:
        text = f"level 0 has {counts[0]} triangles, the mesh {contract.mesh.triangle_count}"
        yield _contradiction(text, "/lods/0/triangle_count", counts[0], contract.mesh.triangle_count)


def _words(contract: Contract) -> Iterator[Issue]:
    if contract.stage not in STAGES:
        yield _contradiction(f"there is no stage {contract.stage[:40]!r}", "/stage", contract.stage[:40], list(STAGES))
    if contract.polygon_tier and contract.polygon_tier not in TIERS:
        text = f"there is no tier {contract.polygon_tier[:40]!r}"
        yield _contradiction(text, "/polygon_tier", contract.polygon_tier[:40], list(TIERS))
    if contract.created_at:
        try:
            dt.datetime.fromisoformat(contract.created_at.replace("Z", "+00:00"))
        except ValueError:
            text = f"{contract.created_at[:40]!r} is no time"
            yield _contradiction(text, "/created_at", contract.created_at[:40], None)


CONTRACT_CHECKS = {
    "chain": (_chain, "each stage starts where the one before it ended"),
    "hashes": (_hashes, "every hash is a SHA-256"),
    "files": (_files, "files are listed once, by plain names"),
    "mesh": (_mesh, "the figures of the mesh agree"),
    "quality": (_quality, "the grade is that of the score"),
    "budget": (_budget, "the budget agrees with the mesh"),
    "lods": (_levels, "levels of detail go down"),
    "words": (_words, "stage, tier and time are known ones"),
}
"""Checks by id, with what each makes sure of."""

_NEEDS = {"chain": "stages", "files": "files", "lods": "lods"}


def check_contract(contract: Contract) -> tuple[tuple[ContractCheck, ...], tuple[Issue, ...]]:
    """Return every check with its status, and the findings of all."""
    checks: list[ContractCheck] = []
    found: list[Issue] = []
    for name, (check, meaning) in CONTRACT_CHECKS.items():
        if name in _NEEDS and not getattr(contract, _NEEDS[name]):
            checks.append(ContractCheck(id=name, status="skip", detail=f"there are no {_NEEDS[name]}"))
            continue
        issues = tuple(check(contract))
        found += issues
        status = "fail" if issues else "pass"
        checks.append(ContractCheck(id=name, status=status, detail=issues[0].message if issues else meaning))
    signed = "signed by a key that this service does not know" if contract.signature else "the contract is not signed"
    checks.append(ContractCheck(id="signature", status="skip", detail=signed))
    return tuple(checks), tuple(found)


def contract_issues(contract: Contract) -> tuple[Issue, ...]:
    """Return what is wrong with a contract."""
    return check_contract(contract)[1]
