"""Rows of jobs and their events. Each function is one statement or two; the rules are the queue's."""

from __future__ import annotations

import datetime as dt
import time
from typing import Any

import msgspec

from axis_http.nouns import Cost, Event, Job, JobError
from axis_http.store.database import Database, Row


__all__ = ["add_event", "claim", "events", "find", "insert", "listed", "waiting_before"]

_CLAIM = """
UPDATE job SET status = 'running', attempt = attempt + 1, progress = 0, lease_until = :until, worker = :worker,
    started_at = COALESCE(started_at, :now)
WHERE job_id = (
    SELECT job_id FROM job AS j WHERE
        (status = 'running' AND lease_until < :now AND attempt < max_attempts)
        OR (status = 'queued' AND run_after <= :now AND (running_limit IS NULL OR running_limit >
            (SELECT COUNT(*) FROM job AS r WHERE r.owner = j.owner AND r.status = 'running' AND r.lease_until >= :now)))
    ORDER BY status = 'queued', priority DESC, job_id LIMIT 1)
RETURNING *
"""


def insert(db: Database, job: Job) -> None:
    """Add a job."""
    db.write(
        "INSERT INTO job (job_id, owner, kind, params, status, max_attempts, priority, running_limit, created_at, "
        "expires_at, provider, charged) VALUES (?, ?, ?, ?, 'queued', ?, ?, ?, ?, ?, ?, ?)",
        (
            job.job_id,
            job.owner,
            job.kind,
            encoded(job.params),
            job.max_attempts,
            job.priority,
            job.running_limit,
            job.created_at.timestamp(),
            job.expires_at.timestamp() if job.expires_at else None,
            job.provider,
            job.cost.charged,
        ),
    )


def encoded(value: Any) -> str:
    """Return JSON."""
    return msgspec.json.encode(value).decode()


def find(db: Database, job_id: str) -> Job | None:
    """Return a job, or None."""
    row = db.row("SELECT * FROM job WHERE job_id = ?", (job_id,))
    return None if row is None else as_job(row)


def claim(db: Database, worker: str, until: float) -> Job | None:
    """Lease the next job that can run: those whose lease is over first, then by priority and age."""
    row = db.write(_CLAIM, {"worker": worker, "until": until, "now": time.time()})
    return as_job(row[0]) if row else None


def add_event(db: Database, job_id: str, kind: str, data: dict[str, Any]) -> None:
    """Add the next line to a job's story."""
    db.write(
        "INSERT INTO job_event (job_id, seq, type, data, at) "
        "SELECT ?1, COALESCE(MAX(seq), 0) + 1, ?2, ?3, ?4 FROM job_event WHERE job_id = ?1",
        (job_id, kind, encoded(data), time.time()),
    )


def events(db: Database, job_id: str, after: int) -> tuple[Event, ...]:
    """Return the events of a job above ``after``."""
    rows = db.rows("SELECT * FROM job_event WHERE job_id = ? AND seq > ? ORDER BY seq", (job_id, after))
    return tuple(
        Event(seq=r["seq"], type=r["type"], data=msgspec.json.decode(r["data"]), at=_moment(r["at"])) for r in rows
    )


def listed(
    db: Database, owner: str, *, status: str = "", kind: str = "", before: str = "", limit: int = -1
) -> tuple[Job, ...]:
    """Return jobs of an owner, newest first: of a status, of a kind, older than ``before``, at most ``limit``."""
    rows = db.rows(
        "SELECT * FROM job WHERE owner = :owner AND (:status = '' OR status = :status) "
        "AND (:kind = '' OR kind = :kind) AND (:before = '' OR (created_at, job_id) < "
        "(SELECT created_at, job_id FROM job WHERE job_id = :before AND owner = :owner)) "
        "ORDER BY created_at DESC, job_id DESC LIMIT :limit",
        {"owner": owner, "status": status, "kind": kind, "before": before, "limit": limit},
    )
    return tuple(as_job(r) for r in rows)


def finished_of(db: Database, provider: str, limit: int) -> tuple[Job, ...]:
    """Return the last jobs of a provider that succeeded or failed, newest first."""
    rows = db.rows(
        "SELECT * FROM job WHERE provider = ? AND status IN ('succeeded', 'failed') AND started_at IS NOT NULL "
        "ORDER BY finished_at DESC LIMIT ?",
        (provider, limit),
    )
    return tuple(as_job(r) for r in rows)


def waiting_before(db: Database, job_id: str) -> int | None:
    """Return a waiting job's place in the queue, from 1; None if it does not wait."""
    place = db.value(
        "SELECT (SELECT COUNT(*) FROM job AS o WHERE o.status = 'queued' AND "
        "(o.priority > j.priority OR (o.priority = j.priority AND o.job_id <= j.job_id))) "
        "FROM job AS j WHERE j.job_id = ? AND j.status = 'queued'",
        (job_id,),
    )
    return None if place is None else int(place)


def _moment(seconds: float | None) -> Any:
    return None if seconds is None else dt.datetime.fromtimestamp(seconds, dt.UTC)


def as_job(row: Row) -> Job:
    """Return the job of a row."""
    return Job(
        job_id=row["job_id"],
        owner=row["owner"],
        kind=row["kind"],
        params=msgspec.json.decode(row["params"]),
        status=row["status"],
        progress=row["progress"],
        stage=row["stage"],
        message=row["message"],
        attempt=row["attempt"],
        max_attempts=row["max_attempts"],
        priority=row["priority"],
        running_limit=row["running_limit"],
        created_at=_moment(row["created_at"]),
        started_at=_moment(row["started_at"]),
        finished_at=_moment(row["finished_at"]),
        expires_at=_moment(row["expires_at"]),
        provider=row["provider"],
        cost=Cost(charged=row["charged"], refunded=row["refunded"]),
        result=None if row["result"] is None else msgspec.json.decode(row["result"]),
        error=None if row["error"] is None else msgspec.json.decode(row["error"], type=JobError),
        cancel_requested=bool(row["cancel_requested"]),
    )
