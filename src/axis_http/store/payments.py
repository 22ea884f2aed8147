"""Rows of payment intents and of events that processors told us. Credits are in the ledger."""

from __future__ import annotations

import time
from typing import Any

from axis_http.store.database import Database, Row


__all__ = ["add_event", "add_intent", "change_intent", "intent"]


def add_intent(db: Database, values: dict[str, Any]) -> None:
    """Add an intent that is about to be opened."""
    db.write(
        "INSERT INTO payment_intent (intent_id, owner, provider, token_pack, tokens, value, currency, status, "
        "created_at) VALUES (:intent_id, :owner, :provider, :token_pack, :tokens, :value, :currency, 'opening', :at)",
        values | {"at": time.time()},
    )


def change_intent(db: Database, intent_id: str, status: str, external_id: str | None = None) -> None:
    """Set the state of an intent; one that is paid stays so."""
    db.write(
        "UPDATE payment_intent SET status = ?2, external_id = COALESCE(?3, external_id) "
        "WHERE intent_id = ?1 AND status <> 'paid'",
        (intent_id, status, external_id),
    )


def intent(db: Database, intent_id: str, provider: str) -> Row | None:
    """Return an intent of a processor, or None."""
    return db.row("SELECT * FROM payment_intent WHERE intent_id = ? AND provider = ?", (intent_id, provider))


def add_event(db: Database, provider: str, event_id: str, kind: str, intent_id: str) -> bool:
    """Add an event; False if it is known."""
    added = db.write(
        "INSERT OR IGNORE INTO payment_event VALUES (?, ?, ?, ?, ?) RETURNING 1",
        (provider, event_id[:255], kind[:100], intent_id[:64], time.time()),
    )
    return bool(added)
