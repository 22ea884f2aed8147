"""Rows of webhooks and of what was, or will be, delivered to them."""

from __future__ import annotations

import time

from axis_http.nouns import new_id
from axis_http.store.database import Database, Row
from axis_http.store.jobs import encoded


__all__ = [
    "add",
    "add_delivery",
    "claim",
    "deliveries",
    "delivery",
    "end_attempt",
    "forget_deliveries",
    "listeners",
    "remove",
    "rotate",
    "webhook",
    "webhooks_of",
]


def add(db: Database, owner: str, url: str, events: list[str]) -> str:
    """Add a webhook and return its id."""
    webhook_id = new_id("whk")
    db.write(
        "INSERT INTO webhook (webhook_id, owner, url, events, created_at) VALUES (?, ?, ?, ?, ?)",
        (webhook_id, owner, url, encoded(events), time.time()),
    )
    return webhook_id


def webhook(db: Database, owner: str, webhook_id: str) -> Row | None:
    """Return a webhook of its owner, or None."""
    return db.row("SELECT * FROM webhook WHERE webhook_id = ? AND owner = ?", (webhook_id, owner))


def webhooks_of(db: Database, owner: str) -> list[Row]:
    """Return the webhooks of an owner, newest first."""
    return db.rows("SELECT * FROM webhook WHERE owner = ? ORDER BY created_at DESC, webhook_id", (owner,))


def listeners(db: Database, owner: str, event: str) -> list[str]:
    """Return the ids of an owner's webhooks that want an event."""
    found = db.rows(
        "SELECT webhook_id FROM webhook, json_each(webhook.events) AS wanted WHERE owner = ? AND wanted.value = ?",
        (owner, event),
    )
    return [str(r["webhook_id"]) for r in found]


def rotate(db: Database, owner: str, webhook_id: str) -> None:
    """Give a webhook its next secret; the one before stays valid for a while from now."""
    db.write(
        "UPDATE webhook SET version = version + 1, rotated_at = ? WHERE webhook_id = ? AND owner = ?",
        (time.time(), webhook_id, owner),
    )


def remove(db: Database, owner: str, webhook_id: str = "") -> int:
    """Remove one webhook of an owner, or all, with their deliveries; return how many."""
    gone = db.write(
        "DELETE FROM webhook WHERE owner = ?1 AND (?2 = '' OR webhook_id = ?2) RETURNING 1", (owner, webhook_id)
    )
    return len(gone)


def add_delivery(db: Database, webhook_id: str, message_id: str, event: str, payload: str) -> str:
    """Add a delivery that is due now and return its id."""
    delivery_id, moment = new_id("dlv"), time.time()
    db.write(
        "INSERT INTO webhook_delivery (delivery_id, webhook_id, message_id, event, payload, run_after, created_at) "
        "VALUES (?, ?, ?, ?, ?, ?, ?)",
        (delivery_id, webhook_id, message_id, event, payload, moment, moment),
    )
    return delivery_id


def claim(db: Database, lease_s: float) -> Row | None:
    """Return the next delivery that is due, with its webhook, and keep it from others for ``lease_s``.

    Whoever dies while it sends leaves it due again: the attempt is counted before it is made.
    """
    moment = time.time()
    due = (
        "SELECT delivery_id FROM webhook_delivery WHERE status = 'pending' AND run_after <= ? "
        "ORDER BY run_after LIMIT 1"
    )
    if db.row(due, (moment,)) is None:
        return None
    with db.tx():
        taken = db.write(
            f"UPDATE webhook_delivery SET attempt = attempt + 1, run_after = ? WHERE delivery_id = ({due}) "  # noqa: S608
            "RETURNING *",
            (moment + lease_s, moment),
        )
        if not taken:
            return None
        hook = db.row("SELECT url, version, rotated_at FROM webhook WHERE webhook_id = ?", (taken[0]["webhook_id"],))
    return taken[0] | (hook or {})


def end_attempt(
    db: Database, delivery_id: str, attempt: int, status: str, *, answer: int | None, reason: str, after_s: float
) -> None:
    """Write how an attempt went; one that somebody else has taken over meanwhile changes nothing."""
    moment = time.time()
    db.write(
        "UPDATE webhook_delivery SET status = ?, answer = ?, reason = ?, run_after = ?, ended_at = ? "
        "WHERE delivery_id = ? AND attempt = ?",
        (status, answer, reason[:200], moment + after_s, None if status == "pending" else moment, delivery_id, attempt),
    )


def deliveries(db: Database, webhook_id: str, limit: int, before: str) -> list[Row]:
    """Return deliveries of a webhook, newest first, older than ``before``."""
    return db.rows(
        "SELECT * FROM webhook_delivery WHERE webhook_id = ?1 AND (?2 = '' OR (created_at, delivery_id) < "
        "(SELECT created_at, delivery_id FROM webhook_delivery WHERE delivery_id = ?2)) "
        "ORDER BY created_at DESC, delivery_id DESC LIMIT ?3",
        (webhook_id, before, limit),
    )


def delivery(db: Database, webhook_id: str, delivery_id: str) -> Row | None:
    """Return a delivery of a webhook, or None."""
    return db.row(
        "SELECT * FROM webhook_delivery WHERE delivery_id = ? AND webhook_id = ?", (delivery_id, webhook_id)
    )


def forget_deliveries(db: Database, before: float) -> int:
    """Remove deliveries that ended before ``before``; return how many."""
    return len(db.write("DELETE FROM webhook_delivery WHERE ended_at < ? RETURNING 1", (before,)))
