"""Rows of API keys. The key itself is not among them: only its SHA-256."""

from __future__ import annotations

import time

from axis_http.nouns import new_id
from axis_http.store.database import Database, Row
from axis_http.store.jobs import encoded


__all__ = ["add_key", "count_keys", "expire_key", "key_by_prefix", "key_of", "keys_of", "revoke_keys"]


def add_key(
    db: Database,
    user_id: str,
    *,
    prefix: str,
    sha256: str,
    last4: str,
    name: str,
    scopes: list[str],
    allowed_ips: list[str],
    expires_at: float | None,
) -> str:
    """Add a key and return its id."""
    key_id = new_id("key")
    db.write(
        "INSERT INTO api_key VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, NULL, ?, NULL)",
        (
            key_id,
            prefix,
            sha256,
            last4,
            user_id,
            name,
            encoded(scopes),
            encoded(allowed_ips),
            time.time(),
            expires_at,
        ),
    )
    return key_id


def key_by_prefix(db: Database, prefix: str) -> Row | None:
    """Return the key of a prefix with its account's plan, role and status, or None."""
    return db.row(
        "SELECT k.*, a.plan, a.role, a.status FROM api_key k JOIN account a USING (user_id) WHERE prefix = ?", (prefix,)
    )


def key_of(db: Database, user_id: str, key_id: str) -> Row | None:
    """Return a key of its owner, or None."""
    return db.row("SELECT * FROM api_key WHERE key_id = ? AND user_id = ?", (key_id, user_id))


def keys_of(db: Database, user_id: str) -> list[Row]:
    """Return the keys of an account, newest first."""
    return db.rows("SELECT * FROM api_key WHERE user_id = ? ORDER BY created_at DESC, key_id", (user_id,))


def count_keys(db: Database, user_id: str) -> int:
    """Return how many keys of an account are valid."""
    return int(
        db.value(
            "SELECT COUNT(*) FROM api_key WHERE user_id = ? AND revoked_at IS NULL "
            "AND (expires_at IS NULL OR expires_at > ?)",
            (user_id, time.time()),
        )
    )


def revoke_keys(db: Database, user_id: str, key_id: str = "") -> int:
    """Revoke one key of an account, or all; what is revoked stays so. Return how many were."""
    revoked = db.write(
        "UPDATE api_key SET revoked_at = ?1 WHERE user_id = ?2 AND (?3 = '' OR key_id = ?3) AND revoked_at IS NULL "
        "RETURNING 1",
        (time.time(), user_id, key_id),
    )
    return len(revoked)


def expire_key(db: Database, user_id: str, key_id: str, at: float) -> None:
    """Let a key end at ``at``, unless it ends sooner."""
    db.write(
        "UPDATE api_key SET expires_at = MIN(COALESCE(expires_at, ?1), ?1) WHERE user_id = ?2 AND key_id = ?3",
        (at, user_id, key_id),
    )
