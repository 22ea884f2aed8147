"""Rows that count: failures that block for a while, and allowances that fill up again. Both outlive a restart."""

from __future__ import annotations

import time

from axis_http.store.database import Database


__all__ = ["blocked_for", "clear_failures", "count_failure", "forget", "take_allowance", "take_back"]


def blocked_for(db: Database, name: str) -> float:
    """Return the seconds for which ``name`` is still blocked; 0 if it is not."""
    until = db.value("SELECT blocked_until FROM throttle WHERE name = ?", (name,))
    return max(float(until or 0.0) - time.time(), 0.0)


def count_failure(db: Database, name: str, *, allowed: int, window_s: float, longest_s: float = 3600.0) -> float:
    """Count one failure; past ``allowed`` in ``window_s`` block, each time twice as long. Return how many seconds."""
    moment = time.time()
    with db.tx():
        row = db.row("SELECT * FROM throttle WHERE name = ?", (name,))
        fresh = row is None or (moment - row["since"] > window_s and row["blocked_until"] < moment - window_s)
        failures = 1 if row is None or fresh else row["failures"] + 1
        since = moment if row is None or fresh else row["since"]
        over = failures - allowed
        blocked = min(30.0 * 2.0 ** min(over - 1, 20), longest_s) if over > 0 else 0.0
        db.write(
            "INSERT INTO throttle VALUES (?1, ?2, ?3, ?4) ON CONFLICT (name) DO UPDATE SET failures = ?2, since = ?3, "
            "blocked_until = ?4",
            (name, failures, since, moment + blocked),
        )
    return blocked


def take_back(db: Database, name: str) -> None:
    """Count one failure less: it was none."""
    db.write("UPDATE throttle SET failures = MAX(failures - 1, 0), blocked_until = 0 WHERE name = ?", (name,))


def clear_failures(db: Database, name: str) -> None:
    """Forget the failures of ``name``."""
    db.write("DELETE FROM throttle WHERE name = ?", (name,))


def forget(db: Database, older_s: float = 86400.0) -> int:
    """Remove counters and allowances that have not been used for ``older_s`` and block nobody; return how many."""
    old = time.time() - older_s
    with db.tx():
        gone = db.write("DELETE FROM throttle WHERE since < ?1 AND blocked_until < ?1 RETURNING 1", (old,))
        return len(gone) + len(db.write("DELETE FROM allowance WHERE at < ? RETURNING 1", (old,)))


def take_allowance(db: Database, name: str, *, per_minute: float, block: int) -> tuple[int, float]:
    """Take up to ``block`` of an allowance that fills at ``per_minute`` and holds one minute's worth.

    Returns how many were taken, and the seconds until there is one again if none was.
    """
    moment = time.time()
    with db.tx():
        row = db.row("SELECT left, at FROM allowance WHERE name = ?", (name,))
        left = per_minute if row is None else min(per_minute, row["left"] + (moment - row["at"]) * per_minute / 60.0)
        taken = min(block, int(left))
        db.write(
            "INSERT INTO allowance VALUES (?1, ?2, ?3) ON CONFLICT (name) DO UPDATE SET left = ?2, at = ?3",
            (name, left - taken, moment),
        )
    return taken, 0.0 if taken else (1.0 - left) * 60.0 / per_minute
