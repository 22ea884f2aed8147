"""Reviews: what waits for a person, and what their decision does to the job, the result and the tokens."""

from __future__ import annotations

import datetime as dt
from typing import Any

import msgspec

from axis_core.errors import NotFound
from axis_http.nouns import JobError, Principal, now, timestamp
from axis_http.problems import invalid, problem
from axis_http.service import gallery
from axis_http.service.state import Service
from axis_http.store import accounts, assets, files
from axis_http.store import reviews as rows
from axis_http.store.database import Row


__all__ = ["Decision", "decide", "detail", "pending"]

STATUS_OF = {"approve": "approved", "reject": "rejected", "request_changes": "changes_requested"}
EDITS = frozenset({"name", "category", "tags"})
PREVIEW_S = 300
NEEDED_BY_FOUR_EYES = 2


class Decision(msgspec.Struct, kw_only=True):
    """What ``POST /api/review/decide`` takes."""

    review_id: str
    decision: str
    reason: str = ""
    edits: dict[str, Any] = {}


def _time(seconds: float | None) -> str | None:
    return None if seconds is None else timestamp(dt.datetime.fromtimestamp(seconds, dt.UTC))


def _shown(service: Service, caller: Principal, row: Row) -> dict[str, Any]:
    decided = {k: row[k] for k in ("decision", "decided_by")} | {"decided_at": _time(row["decided_at"])}
    return {
        "review_id": row["review_id"],
        "status": row["status"],
        "kind": row["kind"],
        "user_id": row["owner"],
        "asset_id": row["asset_id"],
        "job_id": row["job_id"],
        "reason_codes": msgspec.json.decode(row["reasons"]),
        "quality": msgspec.json.decode(row["quality"]),
        "fraud": None if row["fraud"] is None else msgspec.json.decode(row["fraud"]),
        "preview_url": _preview(service, caller, row),
        "created_at": _time(row["created_at"]),
        "expires_at": _time(row["expires_at"]),
        "history": msgspec.json.decode(row["history"]),
        **(decided if row["decision"] else {}),
    }


def _preview(service: Service, caller: Principal, row: Row) -> str | None:
    """An address of what is to be judged, for those who judge."""
    export_id = row["export_id"]
    if "review:read" not in caller.scopes or not export_id or row["status"] != "pending":
        return None
    path = f"/api/export/{export_id}"
    return f"{path}?{service.signer.query(path, PREVIEW_S)}"


def pending(service: Service, caller: Principal, limit: int, offset: int) -> dict[str, Any]:
    """Return a page of what waits: everybody's for reviewers, one's own for others."""
    owner = "" if "review:read" in caller.scopes else caller.user_id
    page = rows.page(service.db, owner, limit, offset)
    items = [_shown(service, caller, r) for r in page["rows"]]
    return {"items": items, "count": len(items), "total": page["total"], "limit": limit, "offset": offset}


def detail(service: Service, caller: Principal, review_id: str) -> dict[str, Any]:
    """Return one review.

    Raises
    ------
    NotFound
        If there is none, or it is another's and the caller is no reviewer.
    """
    row = rows.find(service.db, review_id)
    if row is None or (row["owner"] != caller.user_id and "review:read" not in caller.scopes):
        raise NotFound("there is no such review")
    return _shown(service, caller, row)


def decide(service: Service, caller: Principal, given: Decision) -> dict[str, Any]:
    """Decide a review: approving gives the result to its owner, anything else fails the job and refunds it.

    With four eyes, a first approval is noted and the item waits for a second one of another reviewer.

    Raises
    ------
    Problem
        400 for a decision that there is not, no reason, edits that do not fit; ``already_decided``; 403 for one's own
        with four eyes.
    NotFound
    """
    _checked(given)
    with service.db.tx():
        row = rows.find(service.db, given.review_id)
        if row is None:
            raise NotFound("there is no such review")
        if row["status"] != "pending":
            raise problem("already_decided", f"the review is {row['status']}")
        last = _is_last(service, caller, row, given)
        entry = {"at": timestamp(now()), "actor": caller.user_id, "action": given.decision, "reason": given.reason}
        rows.note(service.db, row["review_id"], entry | ({"edits": given.edits} if given.edits else {}))
        accounts.note(service.db, caller.user_id, row["owner"], f"review.{given.decision}", review_id=row["review_id"])
        asset_id = row["asset_id"]
        if last:
            rows.decide(service.db, row["review_id"], STATUS_OF[given.decision], given.decision, caller.user_id)
            asset_id = _carried_out(service, row, given, _columns(_earlier_edits(row) | given.edits))
    return _answer(service, row["review_id"], asset_id)


def _checked(given: Decision) -> None:
    if given.decision not in STATUS_OF:
        raise invalid("decision", f"is {given.decision!r:.40}, expected one of {', '.join(STATUS_OF)}")
    if len(given.reason) > 2000:
        raise invalid("reason", f"has {len(given.reason)} characters, allowed are 2000")
    if given.decision == "reject" and not given.reason.strip():
        raise invalid("reason", "is needed to reject")
    stray = sorted(set(given.edits) - EDITS)
    if stray:
        raise invalid(f"edits.{stray[0][:60]}", f"expected one of {', '.join(sorted(EDITS))}")
    _columns(given.edits)


def _columns(edits: dict[str, Any]) -> dict[str, Any]:
    """Return what edits set of an asset."""
    try:
        change = msgspec.convert(edits, gallery.AssetChange, strict=True)
    except msgspec.ValidationError as exc:
        raise invalid("edits", str(exc)) from exc
    return gallery.checked_change(change)


def _earlier_edits(row: Row) -> dict[str, Any]:
    """What the approvals before this one have changed (four eyes); a later one may change it again."""
    out: dict[str, Any] = {}
    for entry in msgspec.json.decode(row["history"]):
        out |= entry.get("edits") or {}
    return out


def _is_last(service: Service, caller: Principal, row: Row, given: Decision) -> bool:
    """Whether this decision ends the review."""
    if not service.settings.four_eyes:
        return True
    if row["owner"] == caller.user_id:
        raise problem("missing_scope", "with four eyes, nobody decides about what is their own")
    approvers = {e["actor"] for e in msgspec.json.decode(row["history"]) if e["action"] == "approve"}
    if given.decision == "approve" and caller.user_id in approvers:
        raise invalid("decision", "you have approved it; somebody else must, too")
    return given.decision != "approve" or len(approvers) + 1 >= NEEDED_BY_FOUR_EYES


def _carried_out(service: Service, row: Row, given: Decision, edits: dict[str, Any]) -> str | None:
    """Do what a decision means, in the open transaction; return the asset it is about."""
    if row["job_id"] is None or row["held"] is None:
        return _about_asset(service, row, given, edits)
    if given.decision != "approve":
        text = given.reason.strip() or "a reviewer has asked for changes"
        service.queue.decide(row["job_id"], JobError(code="review_rejected", message=text))
        service.exports.forget([row["export_id"]] if row["export_id"] else [])
        return None
    job = service.queue.get(row["job_id"])
    if job.status != "awaiting_review":
        raise problem("already_decided", f"the job is {job.status}")
    export = None
    if row["export_id"]:
        service.db.write("UPDATE export SET owner = ? WHERE export_id = ?", (job.owner, row["export_id"]))
        export = files.find_export(service.db, service.blobs, row["export_id"])
    result = service.delivered(job, msgspec.json.decode(row["held"]), export)
    asset_id = result.get("asset_id")
    if asset_id is not None:
        service.db.write("UPDATE review SET asset_id = ? WHERE review_id = ?", (asset_id, row["review_id"]))
        assets.change_asset(service.db, job.owner, asset_id, {"stage": "validated", **edits})
    service.queue.decide(row["job_id"], result)
    return asset_id


def _about_asset(service: Service, row: Row, given: Decision, edits: dict[str, Any]) -> str | None:
    """An asset that was approved is validated; one that was not is private again."""
    asset_id = row["asset_id"]
    if asset_id is None:
        return None
    state = {"stage": "validated"} if given.decision == "approve" else {"visibility": "private", "stage": "processed"}
    assets.change_asset(service.db, row["owner"], asset_id, {**edits, **state})
    return str(asset_id)


def _answer(service: Service, review_id: str, asset_id: str | None) -> dict[str, Any]:
    row = rows.find(service.db, review_id)
    assert row is not None
    history = msgspec.json.decode(row["history"])
    job = None if row["job_id"] is None else service.queue.get(row["job_id"])
    return {
        "review_id": review_id,
        "status": row["status"],
        "decision": row["decision"] or history[-1]["action"],
        "decided_by": row["decided_by"] or history[-1]["actor"],
        "decided_at": _time(row["decided_at"]) or history[-1]["at"],
        "job_id": row["job_id"],
        "asset_id": asset_id,
        "job_status": None if job is None else job.status,
    }
