"""Rows of answers that are given again for the same idempotency key."""

from __future__ import annotations

import time

from axis_http.store.database import Database, Row


__all__ = ["begin", "finish", "forget"]

DAY_S = 86_400.0
STUCK_S = 900.0


def begin(db: Database, owner: str, route: str, key: str, body_sha256: str) -> Row | None:
    """Note that a request has begun, or return what is known of the first one under this key.

    One that began long ago and never ended (its process was killed) is begun again: its job, if there is one, was
    accepted in one transaction with its charge, and is listed among the caller's jobs.
    """
    with db.tx():
        db.write(
            "DELETE FROM idempotency WHERE owner = ? AND route = ? AND idem_key = ? "
            "AND (at < ? OR (status IS NULL AND at < ?))",
            (owner, route, key, time.time() - DAY_S, time.time() - STUCK_S),
        )
        known = db.row("SELECT * FROM idempotency WHERE owner = ? AND route = ? AND idem_key = ?", (owner, route, key))
        if known is None:
            db.write(
                "INSERT INTO idempotency VALUES (?, ?, ?, ?, NULL, NULL, NULL, ?)",
                (owner, route, key, body_sha256, time.time()),
            )
        return known


def finish(db: Database, owner: str, route: str, key: str, status: int, media_type: str, body: bytes | None) -> None:
    """Keep an answer, or, without a body, forget that there was a request."""
    at = (owner, route, key)
    if body is None:
        db.write("DELETE FROM idempotency WHERE owner = ? AND route = ? AND idem_key = ?", at)
        return
    db.write(
        "UPDATE idempotency SET status = ?, media_type = ?, body = ? WHERE owner = ? AND route = ? AND idem_key = ?",
        (status, media_type, body, *at),
    )


def forget(db: Database) -> int:
    """Remove answers that are older than a day; return how many."""
    return len(db.write("DELETE FROM idempotency WHERE at < ? RETURNING 1", (time.time() - DAY_S,)))
