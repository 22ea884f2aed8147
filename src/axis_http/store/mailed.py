"""Rows of tokens that were sent by mail: their SHA-256, what for, and until when."""

from __future__ import annotations

import time
from typing import Any

from axis_http.store.database import Database, Row
from axis_http.store.jobs import encoded


__all__ = ["add", "find", "forget", "forget_of", "take"]


def add(
    db: Database,
    token_sha256: str,
    purpose: str,
    email: str,
    user_id: str | None,
    life_s: float,
    detail: dict[str, Any] | None = None,
) -> None:
    """Add a token; older ones of the same purpose and address end."""
    moment = time.time()
    with db.tx():
        db.write("DELETE FROM mailed_token WHERE purpose = ? AND email = ?", (purpose, email))
        db.write(
            "INSERT INTO mailed_token VALUES (?, ?, ?, ?, ?, ?, ?)",
            (token_sha256, purpose, email, user_id, encoded(detail or {}), moment, moment + life_s),
        )


def find(db: Database, token_sha256: str, purpose: str) -> Row | None:
    """Return a token that has not ended, or None."""
    return db.row(
        "SELECT * FROM mailed_token WHERE token_sha256 = ? AND purpose = ? AND expires_at > ?",
        (token_sha256, purpose, time.time()),
    )


def take(db: Database, token_sha256: str, purpose: str) -> Row | None:
    """Return a token and end it: the second who takes it gets None."""
    taken = db.write(
        "DELETE FROM mailed_token WHERE token_sha256 = ? AND purpose = ? AND expires_at > ? RETURNING *",
        (token_sha256, purpose, time.time()),
    )
    return taken[0] if taken else None


def forget(db: Database) -> int:
    """Remove tokens that have ended; return how many."""
    return len(db.write("DELETE FROM mailed_token WHERE expires_at <= ? RETURNING 1", (time.time(),)))


def forget_of(db: Database, user_id: str, email: str) -> None:
    """Remove the tokens of an account and of its address."""
    db.write("DELETE FROM mailed_token WHERE user_id = ? OR email = ?", (user_id, email))
