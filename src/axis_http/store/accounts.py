"""Rows of accounts and their sessions, and what was done to them."""

from __future__ import annotations

import time
from typing import Any

from axis_http.nouns import new_id
from axis_http.store.database import Database, Row
from axis_http.store.jobs import encoded


__all__ = [
    "account",
    "account_by_email",
    "add_account",
    "add_session",
    "end_sessions",
    "forget_sessions",
    "note",
    "session_by_token",
    "sessions",
    "update_account",
]

CHANGEABLE = frozenset(
    {
        "email",
        "email_verified",
        "password_hash",
        "display_name",
        "company",
        "locale",
        "avatar_id",
        "marketing_opt_in",
        "plan",
        "role",
        "status",
        "last_login_at",
        "erase_by",
    }
)


def add_account(db: Database, email: str, password_hash: str, display_name: str, plan: str) -> str | None:
    """Add an account and return its id, or None if the address is taken."""
    user_id, moment = new_id("usr"), time.time()
    added = db.write(
        "INSERT INTO account (user_id, email, password_hash, display_name, plan, created_at, updated_at) "
        "VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (email) DO NOTHING RETURNING user_id",
        (user_id, email, password_hash, display_name, plan, moment, moment),
    )
    return user_id if added else None


def account(db: Database, user_id: str) -> Row | None:
    """Return an account, or None."""
    return db.row("SELECT * FROM account WHERE user_id = ?", (user_id,))


def account_by_email(db: Database, email: str) -> Row | None:
    """Return the account of an address, or None."""
    return db.row("SELECT * FROM account WHERE email = ?", (email,))


def update_account(db: Database, user_id: str, changes: dict[str, Any]) -> bool:
    """Change columns that may be changed (never the balance); False if an address is taken or there is no account."""
    names = [n for n in changes if n in CHANGEABLE]
    assert len(names) == len(changes)
    assignments = ", ".join(f"{n} = :{n}" for n in names)
    sql = f"UPDATE OR IGNORE account SET {assignments}, updated_at = :at WHERE user_id = :user_id RETURNING 1"  # noqa: S608 - names are of the list above
    return bool(db.write(sql, {**changes, "at": time.time(), "user_id": user_id}))


def add_session(db: Database, user_id: str, token_sha256: str, agent: str, life_s: float) -> tuple[str, float]:
    """Add a session and return its id and its end, in seconds since 1970."""
    session_id, moment = new_id("ses"), time.time()
    db.write(
        "INSERT INTO session VALUES (?, ?, ?, ?, ?, ?, ?)",
        (session_id, token_sha256, user_id, agent[:200], moment, moment, moment + life_s),
    )
    return session_id, moment + life_s


def session_by_token(db: Database, token_sha256: str) -> Row | None:
    """Return a session with its account's plan, role and status, or None."""
    return db.row(
        "SELECT s.*, a.plan, a.role, a.status FROM session s JOIN account a USING (user_id) WHERE token_sha256 = ?",
        (token_sha256,),
    )


def sessions(db: Database, user_id: str) -> list[Row]:
    """Return the sessions of an account that have not ended, newest first, without their tokens."""
    return db.rows(
        "SELECT session_id, agent, created_at, last_used_at, expires_at FROM session "
        "WHERE user_id = ? AND expires_at > ? ORDER BY created_at DESC, session_id",
        (user_id, time.time()),
    )


def end_sessions(db: Database, user_id: str, *, only: str = "", but: str = "") -> int:
    """End the sessions of an account: one, all, or all but one; return how many."""
    ended = db.write(
        "DELETE FROM session WHERE user_id = ?1 AND (?2 = '' OR session_id = ?2) AND session_id <> ?3 RETURNING 1",
        (user_id, only, but),
    )
    return len(ended)


def forget_sessions(db: Database) -> int:
    """Remove sessions that have ended; return how many."""
    return len(db.write("DELETE FROM session WHERE expires_at <= ? RETURNING 1", (time.time(),)))


def note(db: Database, actor: str, user_id: str, action: str, **detail: Any) -> None:
    """Add a line to the audit log."""
    db.write(
        "INSERT INTO audit_log (at, actor, user_id, action, detail) VALUES (?, ?, ?, ?, ?)",
        (time.time(), actor, user_id, action, encoded(detail)),
    )
