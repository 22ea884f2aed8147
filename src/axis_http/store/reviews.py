"""Rows of reviews. Each function is one statement; who may decide what is the service's."""

from __future__ import annotations

import time
from typing import Any

import msgspec

from axis_http.nouns import new_id
from axis_http.store.database import Database, Row
from axis_http.store.jobs import encoded


__all__ = ["add", "decide", "find", "note", "of_owner", "overdue", "page", "pending_like", "pending_of"]


def add(
    db: Database,
    kind: str,
    owner: str,
    *,
    reasons: list[str],
    quality: dict[str, Any],
    life_s: float,
    job_id: str | None = None,
    asset_id: str | None = None,
    export_id: str | None = None,
    fraud: dict[str, Any] | None = None,
    held: dict[str, Any] | None = None,
) -> str:
    """Add a review that waits for a decision and return its id."""
    review_id, moment = new_id("rev"), time.time()
    db.write(
        "INSERT INTO review (review_id, kind, owner, job_id, asset_id, export_id, reasons, quality, fraud, held, "
        "history, created_at, expires_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, '[]', ?, ?)",
        (
            review_id,
            kind,
            owner,
            job_id,
            asset_id,
            export_id,
            encoded(reasons),
            encoded(quality),
            None if fraud is None else encoded(fraud),
            None if held is None else encoded(held),
            moment,
            moment + life_s,
        ),
    )
    return review_id


def find(db: Database, review_id: str) -> Row | None:
    """Return a review, or None."""
    return db.row("SELECT * FROM review WHERE review_id = ?", (review_id,))


def pending_of(db: Database, asset_id: str, kind: str) -> str | None:
    """Return the review of a kind that waits for an asset's decision, or None."""
    found = db.value(
        "SELECT review_id FROM review WHERE asset_id = ? AND kind = ? AND status = 'pending'", (asset_id, kind)
    )
    return None if found is None else str(found)


def pending_like(db: Database, owner: str, kind: str, reasons: list[str]) -> str | None:
    """Return an owner's review that waits for the same reasons and is about no asset, or None."""
    found = db.value(
        "SELECT review_id FROM review WHERE owner = ? AND kind = ? AND status = 'pending' AND asset_id IS NULL "
        "AND job_id IS NULL AND reasons = ?",
        (owner, kind, encoded(reasons)),
    )
    return None if found is None else str(found)


def page(db: Database, owner: str, limit: int, offset: int) -> Row:
    """Return ``rows`` of a page of what waits, newest first, and their ``total``; of everybody for no owner."""
    where = "status = 'pending' AND (?1 = '' OR owner = ?1)"
    rows = db.rows(
        f"SELECT * FROM review WHERE {where} ORDER BY created_at DESC, review_id LIMIT ?2 OFFSET ?3",  # noqa: S608 - a constant
        (owner, limit, offset),
    )
    total = db.value(f"SELECT COUNT(*) FROM review WHERE {where}", (owner,))  # noqa: S608 - a constant
    return {"rows": rows, "total": int(total)}


def decide(db: Database, review_id: str, status: str, decision: str, decided_by: str) -> bool:
    """Set the end of a review that waits; False if it does not wait any more."""
    return bool(
        db.write(
            "UPDATE review SET status = ?, decision = ?, decided_by = ?, decided_at = ?, held = NULL "
            "WHERE review_id = ? AND status = 'pending' RETURNING 1",
            (status, decision, decided_by, time.time(), review_id),
        )
    )


def note(db: Database, review_id: str, entry: dict[str, Any]) -> None:
    """Add a line to a review's history."""
    row = find(db, review_id)
    assert row is not None
    history = [*msgspec.json.decode(row["history"]), entry]
    db.write("UPDATE review SET history = ? WHERE review_id = ?", (encoded(history), review_id))


def overdue(db: Database) -> list[Row]:
    """Return what waits past its time, or whose job does not wait any more."""
    return db.rows(
        "SELECT r.* FROM review r LEFT JOIN job j USING (job_id) WHERE r.status = 'pending' AND "
        "(r.expires_at < ? OR (r.job_id IS NOT NULL AND r.held IS NOT NULL "
        "AND COALESCE(j.status, '') <> 'awaiting_review'))",
        (time.time(),),
    )


def of_owner(db: Database, owner: str) -> list[Row]:
    """Return what is told of an owner's reviews in the archive of an account."""
    return db.rows(
        "SELECT review_id, kind, job_id, asset_id, status, reasons, decision, history, created_at, expires_at "
        "FROM review WHERE owner = ? ORDER BY created_at",
        (owner,),
    )
