"""The ledger: rows are added, never changed; the balance beside them is their sum and never below zero."""

from __future__ import annotations

import time

from axis_http.nouns import new_id
from axis_http.store.database import Database, Row


__all__ = ["balance_of", "entries", "entry_of_key", "post", "sums_that_differ"]


def post(
    db: Database,
    user_id: str,
    kind: str,
    amount: int,
    *,
    operation: str,
    job_id: str | None = None,
    idem_key: str | None = None,
    body_sha256: str | None = None,
    description: str = "",
) -> Row | None:
    """Add ``amount`` (negative for a deduction) to a balance and return the row.

    Both are done in one transaction, the caller's if one is open. None if the balance would be negative; the caller
    rolls back what depends on it. A second row for the same (job, kind) or (account, key) is refused by the database.
    """
    with db.tx():
        changed = db.write(
            "UPDATE account SET balance = balance + ?1 WHERE user_id = ?2 AND balance + ?1 >= 0 RETURNING balance",
            (amount, user_id),
        )
        if not changed:
            return None
        added = db.write(
            "INSERT INTO ledger VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING *",
            (
                new_id("txn"),
                user_id,
                kind,
                amount,
                changed[0]["balance"],
                operation,
                job_id,
                idem_key,
                body_sha256,
                description,
                time.time(),
            ),
        )
        return added[0]


def entry_of_key(db: Database, user_id: str, idem_key: str) -> Row | None:
    """Return the row that was written for an idempotency key, or None."""
    return db.row("SELECT * FROM ledger WHERE user_id = ? AND idem_key = ?", (user_id, idem_key))


def balance_of(db: Database, user_id: str) -> int:
    """Return the tokens of an account."""
    return int(db.value("SELECT balance FROM account WHERE user_id = ?", (user_id,)) or 0)


def entries(db: Database, user_id: str, limit: int, before: str = "", kind: str = "") -> list[Row]:
    """Return rows of an account, newest first, older than the row ``before``."""
    return db.rows(
        "SELECT * FROM ledger WHERE user_id = ?1 AND (?2 = '' OR rowid < (SELECT rowid FROM ledger WHERE id = ?2)) "
        "AND (?3 = '' OR type = ?3) ORDER BY rowid DESC LIMIT ?4",
        (user_id, before, kind, limit),
    )


def sums_that_differ(db: Database) -> list[Row]:
    """Return accounts whose balance is not the sum of their rows; there are none unless something is broken."""
    return db.rows(
        "SELECT a.user_id, a.balance, COALESCE(SUM(l.amount), 0) AS total FROM account a LEFT JOIN ledger l "
        "USING (user_id) GROUP BY a.user_id HAVING a.balance <> COALESCE(SUM(l.amount), 0)"
    )
