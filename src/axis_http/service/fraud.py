"""Fraud checks: one file against what it shows by itself, its contract, and everybody's earlier assets."""

from __future__ import annotations

import datetime as dt
import time
from collections import Counter
from pathlib import Path
from typing import Any

import msgspec

from axis_core.audit.contract import contract_issues
from axis_core.audit.fraud import SUSPICIOUS_SCORE, Indicator, Match, Traces, matching_indicators, score_of, verdict_of
from axis_core.contracts import read_contract
from axis_core.errors import InputError
from axis_core.model.issue import Severity
from axis_http.nouns import Export, Principal, Upload, timestamp
from axis_http.service.audit_task import plain_indicator
from axis_http.service.state import Service
from axis_http.store import assets, reviews, traces
from axis_http.store.database import Row


__all__ = ["check_asset", "check_contract_only", "check_export", "check_upload", "stats"]

MADE_BY_US = "parametric"
"""Two people who ask for the same preset get the same avatar: what this provider makes is nobody's copy."""


def check_asset(service: Service, caller: Principal, asset_id: str) -> dict[str, Any]:
    """Check an asset of one's own, with its contract and the hashes of its files.

    Raises
    ------
    NotFound
    """
    export = service.exports.get(caller.user_id, service.export_of_asset(caller, asset_id))
    row = assets.asset(service.db, asset_id, caller.user_id)
    assert row is not None
    contract = msgspec.json.decode(row["contract"])
    signs = [*_contract_signs(contract), *_file_signs(contract, export)]
    upload = service.upload_of_export(export, caller.user_id)
    return _checked(service, caller, upload, contract, signs, row)


def check_export(service: Service, caller: Principal, export_id: str) -> dict[str, Any]:
    """Check an export of one's own.

    Raises
    ------
    NotFound
    """
    export = service.exports.get(caller.user_id, export_id)
    upload = service.upload_of_export(export, caller.user_id)
    return _checked(service, caller, upload, None, [], None, before=export.created_at.timestamp())


def check_upload(service: Service, caller: Principal, upload: Upload, contract: Any = None) -> dict[str, Any]:
    """Check a file that was sent, with its contract if one came along."""
    plain = contract if isinstance(contract, dict) else None
    return _checked(service, caller, upload, plain, _contract_signs(plain) if plain else [], None)


def check_contract_only(service: Service, caller: Principal, contract: dict[str, Any]) -> dict[str, Any]:
    """Check an avatar contract without its files."""
    listed = contract.get("files")
    hashes = [f.get("sha256") for f in listed if isinstance(f, dict)] if isinstance(listed, list) else []
    found: list[Match] = []
    for value in hashes[:64]:
        if isinstance(value, str) and value:
            found += service.trace_index.matches(Traces(file_sha256=value, shape=[]))
    return _concluded(service, caller, _contract_signs(contract), found, None)


def _contract_signs(contract: dict[str, Any]) -> list[Indicator]:
    try:
        parsed = read_contract(msgspec.json.encode(contract))
    except (InputError, ValueError) as exc:
        return [Indicator(id="tampered_contract", score=0.5, detail=f"the contract cannot be read: {exc}"[:300])]
    issues = contract_issues(parsed)
    broken = [i for i in issues if i.severity is Severity.ERROR]
    if not issues:
        return []
    first = (broken or list(issues))[0]
    text = f"{first.message}{f' and {len(issues) - 1} more' if len(issues) > 1 else ''}"
    return [Indicator(id="tampered_contract", score=0.9 if broken else 0.5, detail=text)]


def _file_signs(contract: dict[str, Any], export: Export) -> list[Indicator]:
    """Files of an export whose hash is not the one of the contract."""
    known = {f["name"]: f["sha256"] for f in contract.get("files", ())}
    differing = [n for n, path in export.files.items() if n in known and Path(path).name != known[n]]
    if not differing:
        return []
    text = f"{', '.join(differing[:3])}: not the bytes that the contract records"
    return [Indicator(id="tampered_contract", score=0.95, detail=text)]


def _checked(
    service: Service,
    caller: Principal,
    upload: Upload,
    contract: dict[str, Any] | None,
    signs: list[Indicator],
    asset: Row | None,
    *,
    before: float | None = None,
) -> dict[str, Any]:
    raw = service.run_now("fraud", upload, {"contract": contract} if contract else {})
    shown = [Indicator(id=i["id"], score=i["score"], detail=i["detail"]) for i in raw["indicators"]]
    found = service.trace_index.matches(traces.as_traces(raw["traces"]))
    return _concluded(service, caller, [*signs, *shown], list(found), asset, before=before)


def _concluded(
    service: Service,
    caller: Principal,
    signs: list[Indicator],
    found: list[Match],
    asset: Row | None,
    *,
    before: float | None = None,
) -> dict[str, Any]:
    """Note the check, open a review where it is suspicious, and return what was seen."""
    made_at = asset["created_at"] if asset else time.time() if before is None else before
    others = [] if asset and _is_ours(asset) else _of_others(service, caller, found, before=made_at)
    signs = [*signs, *matching_indicators([m for m, _ in others])]
    score = score_of(signs)
    verdict, asset_id = verdict_of(score), asset["asset_id"] if asset else None
    indicators = [plain_indicator(s) for s in sorted(signs, key=lambda s: -s.score)]
    with service.db.tx():
        check_id, moment = traces.add_check(
            service.db,
            caller.user_id,
            asset_id=asset_id,
            verdict=verdict,
            score=score,
            indicators=sorted({s.id for s in signs}),
        )
        review_id = None
        if score >= SUSPICIOUS_SCORE:
            fraud = {"check_id": check_id, "verdict": verdict, "score": score, "indicators": indicators}
            review_id = _reviewed(service, caller, fraud, asset)
    return {
        "check_id": check_id,
        "verdict": verdict,
        "score": score,
        "indicators": indicators,
        "duplicates": [_duplicate(match, row) for match, row in others if match.kind != "image"],
        "review_id": review_id,
        "checked_at": _time(moment),
    }


def _reviewed(service: Service, caller: Principal, fraud: dict[str, Any], asset: Row | None) -> str:
    """Open a review of what is suspicious; an asset has one at a time, and so have an account's files of one kind."""
    reasons = sorted({i["id"] for i in fraud["indicators"]})
    if asset:
        known = reviews.pending_of(service.db, asset["asset_id"], "fraud")
    else:
        known = reviews.pending_like(service.db, caller.user_id, "fraud", reasons)
    if known is not None:
        return known
    return reviews.add(
        service.db,
        "fraud",
        caller.user_id,
        reasons=reasons,
        quality=msgspec.json.decode(asset["quality"]) if asset else {},
        life_s=service.settings.review_days * 86400.0,
        asset_id=asset["asset_id"] if asset else None,
        export_id=asset["export_id"] if asset else None,
        fraud=fraud,
    )


def _is_ours(asset: Row) -> bool:
    provenance = msgspec.json.decode(asset["contract"]).get("provenance") or {}
    return provenance.get("provider") == MADE_BY_US


def _of_others(service: Service, caller: Principal, found: list[Match], *, before: float) -> list[tuple[Match, Row]]:
    """Matches with other accounts' earlier assets, each with its row."""
    out = []
    for match in found:
        row = traces.trace_of(service.db, match.id)
        if row is None or row["owner"] == caller.user_id or row["provider"] == MADE_BY_US:
            continue
        if row["created_at"] < before:
            out.append((match, row))
    return out


def _duplicate(match: Match, row: Row) -> dict[str, Any]:
    """What may be told of a duplicate: of a private one not which it is."""
    public = row["visibility"] == "public"
    return {"asset_id": match.id if public else None, "kind": match.kind, "similarity": match.similarity}


def _time(seconds: float) -> str | None:
    return timestamp(dt.datetime.fromtimestamp(seconds, dt.UTC))


def stats(service: Service, caller: Principal, window_days: int) -> dict[str, Any]:
    """Return figures over the caller's own checks; over everybody's for an admin."""
    owner = "" if "admin" in caller.scopes else caller.user_id
    made = traces.checks(service.db, owner, time.time() - window_days * 86400.0)
    flagged = [r for r in made if r["verdict"] != "clear"]
    indicators = Counter(name for r in made for name in msgspec.json.decode(r["indicators"]))
    verdicts = Counter(r["verdict"] for r in made)
    return {
        "window_days": window_days,
        "checked": len(made),
        "flagged": len(flagged),
        "rate": round(len(flagged) / len(made), 4) if made else 0.0,
        "by_indicator": dict(sorted(indicators.items())),
        "by_verdict": {v: verdicts[v] for v in ("clear", "suspicious", "fraudulent")},
        "last_check_at": _time(made[0]["checked_at"]) if made else None,
    }
