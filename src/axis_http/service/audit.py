"""Use cases of audits: an avatar contract, a GLB, and what repairs they call for. Nothing is stored."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import attrs
import msgspec

from axis_core.audit.contract import ContractCheck, check_contract
from axis_core.audit.gltf.codes import CODES
from axis_core.contracts import read_contract
from axis_core.door import default_host
from axis_core.errors import InputError
from axis_core.model.contract import SCHEMA_VERSION
from axis_core.model.issue import Issue, Severity
from axis_core.model.issue_codes import ISSUE_CODES, issue
from axis_core.model.quality import make_report
from axis_core.plugin.host import PluginHost
from axis_core.repairs.suggest import contract_codes, suggest_repairs
from axis_http.nouns import Principal, Upload
from axis_http.problems import invalid, problem
from axis_http.service.audit_task import plain_suggestion, printed
from axis_http.service.state import Service


__all__ = ["audit_contract", "audit_glb", "checked_options", "contract_in", "suggest", "suggest_for_upload"]

MAX_CONTRACT = 1024 * 1024
PLATFORMS = ("unity", "unreal", "godot", "roblox", "axis_engine")
MAX_ISSUES = 1000


def _host(service: Service) -> PluginHost:
    return default_host(installed=service.settings.plugins)


def checked_options(service: Service, given: dict[str, Any]) -> dict[str, str]:
    """Return ``platform`` and ``format``, checked.

    Raises
    ------
    Problem
        400 naming the parameter.
    """
    out = {}
    for name, known in (("platform", PLATFORMS), ("format", [f.name for f in _host(service).audit_formats])):
        value = given.get(name) or ""
        if value and value not in known:
            raise invalid(name, f"is {value!r:.60}, expected one of {', '.join(known)}")
        out[name] = str(value)
    return out


def contract_in(body: dict[str, Any]) -> dict[str, Any]:
    """Return the avatar contract in a body: what ``contract`` holds, else the body itself.

    Raises
    ------
    Problem
        400 if it is no object, or empty, or larger than 1 MB.
    """
    contract = body["contract"] if "contract" in body else {k: v for k, v in body.items() if k != "format"}
    if not isinstance(contract, dict) or not contract:
        raise invalid("contract", "expected an avatar contract: an object")
    size = len(msgspec.json.encode(contract))
    if size > MAX_CONTRACT:
        raise invalid("contract", f"has {size:,} bytes, allowed are {MAX_CONTRACT:,}")
    return contract


def audit_contract(service: Service, body: dict[str, Any]) -> dict[str, Any]:
    """Return whether an avatar contract is sound; one that is wrong is an answer, no failure.

    Raises
    ------
    Problem
        400 for no object, too large, an unknown report format.
    """
    options = checked_options(service, {"format": body.get("format") if isinstance(body.get("format"), str) else ""})
    contract = contract_in(body)
    checks, issues = _contract_checks(contract)
    report = make_report(issues)
    name = contract.get("id") if isinstance(contract.get("id"), str) else "contract"
    text = printed(report, options["format"], str(name), _host(service))
    version = contract.get("schema_version")
    return {
        "valid": report.ok,
        "schema_version": version if isinstance(version, str) else None,
        "errors": [_told(i) for i in report.issues if i.severity is Severity.ERROR],
        "warnings": [_told(i) for i in report.issues if i.severity is not Severity.ERROR],
        "checks": [attrs.asdict(c) for c in checks],
        "score": report.score,
        "grade": report.grade,
        **({"report": text} if text else {}),
    }


def _contract_checks(contract: dict[str, Any]) -> tuple[tuple[ContractCheck, ...], tuple[Issue, ...]]:
    try:
        parsed = read_contract(msgspec.json.encode(contract))
    except InputError as exc:
        found = issue("CONTRACT_SCHEMA", exc.message, pointer=f"/{exc.pointer}" if exc.pointer else "")
        return (ContractCheck(id="schema", status="fail", detail=exc.message),), (found,)
    checks, issues = check_contract(parsed)
    return (ContractCheck(id="schema", status="pass", detail=f"it fits schema {SCHEMA_VERSION}"), *checks), issues


def _told(found: Issue) -> dict[str, str]:
    return {"path": found.pointer, "code": found.code, "message": found.message}


def audit_glb(service: Service, upload: Upload, options: dict[str, str]) -> dict[str, Any]:
    """Return what is wrong with a GLB and which platforms take it.

    Raises
    ------
    Problem
        400 for what is no GLB, or is cut off.
    """
    with Path(upload.path).open("rb") as file:
        head = file.read(12)
    if head[:4] != b"glTF" or len(head) < 12:
        raise problem("parse_failed", f"the file starts with {head[:4]!r}, expected a GLB")
    declared = int.from_bytes(head[8:12], "little")
    if declared > upload.size_bytes:
        raise problem("parse_failed", f"the GLB says {declared:,} bytes and has {upload.size_bytes:,}: it is cut off")
    return service.run_now("audit_glb", upload, dict(options))


def suggest_for_upload(service: Service, upload: Upload) -> dict[str, Any]:
    """Return the repairs that a mesh calls for, each tried."""
    return _counted(service.run_now("suggest", upload, {})["suggestions"])


def suggest(service: Service, caller: Principal, body: dict[str, Any]) -> dict[str, Any]:
    """Return the repairs that an asset, an export, a contract's figures or a list of issues call for.

    Raises
    ------
    Problem
        400 where there is none of these, or a code that there is not.
    NotFound
    """
    export_id = body.get("export_id")
    if isinstance(body.get("asset_id"), str):
        export_id = service.export_of_asset(caller, body["asset_id"])
    if isinstance(export_id, str):
        export = service.exports.get(caller.user_id, export_id)
        return suggest_for_upload(service, service.upload_of_export(export, caller.user_id))
    if "issues" in body:
        return _for_codes(service, _given_issues(body["issues"]))
    if "contract" in body:
        return _for_codes(service, [issue(code) for code in contract_codes(contract_in(body))])
    raise invalid("body", "expected contract, asset_id, export_id, issues, source, or a mesh")


def _given_issues(given: Any) -> list[Issue]:
    if not isinstance(given, list) or not given:
        raise invalid("issues", "expected a list of codes, or of issues with a code")
    if len(given) > MAX_ISSUES:
        raise invalid("issues", f"has {len(given)} entries, allowed are {MAX_ISSUES}")
    return [_given_issue(k, entry) for k, entry in enumerate(given)]


def _given_issue(k: int, entry: Any) -> Issue:
    code = entry.get("code") if isinstance(entry, dict) else entry
    if not isinstance(code, str) or (code not in ISSUE_CODES and code not in CODES):
        raise invalid(f"issues[{k}].code", f"{code!r:.60} is no issue code")
    place = entry.get("pointer") or entry.get("path") or "" if isinstance(entry, dict) else ""
    pointer = place[:200] if isinstance(place, str) else ""
    if code in ISSUE_CODES:
        return issue(code, pointer=pointer)
    return Issue(code=code, severity=Severity.ERROR, message=code, pointer=pointer)


def _for_codes(service: Service, issues: Sequence[Issue]) -> dict[str, Any]:
    found = suggest_repairs(issues, _host(service).repairs)
    return _counted([plain_suggestion(s, k) for k, s in enumerate(found)])


def _counted(suggestions: list[dict[str, Any]]) -> dict[str, Any]:
    can = bool(suggestions) and all(s["auto_fixable"] for s in suggestions)
    return {"suggestions": suggestions, "count": len(suggestions), "can_auto_repair": can}
