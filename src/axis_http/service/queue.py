"""JobQueue: the port behind which jobs wait and run, and the durable queue in the service's database.

Rules: an end state never changes, progress never falls within an attempt, event numbers have no gaps, a worker that
lost its lease changes nothing (``attempt`` is the fence: it only rises). An accepted job survives any crash: its row is
the only truth, and a lease that is over makes it claimable again.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any, Protocol

import msgspec

from axis_core.errors import NotFound
from axis_http.nouns import Event, Job, JobError
from axis_http.problems import problem
from axis_http.store import jobs as rows
from axis_http.store.database import Database


__all__ = ["DurableQueue", "JobQueue", "Lease"]


class Lease(msgspec.Struct, frozen=True, kw_only=True):
    """The right to work on a job until ``until`` (seconds since 1970); each heartbeat gives ``span`` seconds more."""

    job: Job
    attempt: int
    worker: str
    until: float
    span: float = 30.0


class JobQueue(Protocol):
    """What a queue must do."""

    def enqueue(self, job: Job) -> int:
        """Add a job and return its place in the queue; raise queue_full past the limit."""

    def claim(self, worker: str, lease_s: float, wait_s: float) -> Lease | None:
        """Return the next job for ``worker``, waiting up to ``wait_s``, or None."""

    def heartbeat(self, lease: Lease, progress: int, stage: str, message: str) -> bool:
        """Record progress; return whether the worker should stop (cancelled, or the lease is lost)."""

    def complete(self, lease: Lease, result: dict[str, Any]) -> bool:
        """End the job well; False if the lease was lost and the result is to be dropped."""

    def fail(self, lease: Lease, error: JobError) -> bool:
        """End the job badly, or queue it again where a retry may help; False if the lease was lost."""

    def hold(self, lease: Lease, data: dict[str, Any]) -> bool:
        """Set the job aside until a person decides; False if the lease was lost."""

    def decide(self, job_id: str, outcome: dict[str, Any] | JobError) -> bool:
        """End a job that awaits a review, well or badly; False if it awaits none."""

    def release(self, lease: Lease) -> bool:
        """Give the job back, not counted as a try; False if the lease was lost."""

    def reap(self) -> int:
        """End what waits past its time and what no worker can finish; return how many."""

    def cancel(self, job_id: str) -> Job:
        """Cancel a waiting job at once, a running one at its next heartbeat."""

    def get(self, job_id: str) -> Job:
        """Return a job; raise NotFound."""

    def events(self, job_id: str, after: int) -> tuple[Event, ...]:
        """Return the events with a number above ``after``."""

    def wait(self, job_id: str, after: int, seconds: float) -> bool:
        """Wait until there is an event above ``after``; return whether there is one."""

    def wait_over(self, job_id: str, seconds: float) -> Job:
        """Wait until a job has ended, at most ``seconds``, and return it as it is then."""

    def position(self, job_id: str) -> int | None:
        """Return a waiting job's place, from 1; None when it does not wait."""

    def jobs(self, owner: str) -> tuple[Job, ...]:
        """Return the jobs of an owner, newest first."""

    def stats(self) -> dict[str, int]:
        """Return how many wait and run, and the limit."""


POLL_S = 0.25
"""How often a waiter looks for what other processes did; what this process does wakes it at once."""

QUIET_S = 0.25
"""Progress of one stage is written at most this often: a commit that survives a power cut costs milliseconds."""

BACKOFF_S = (2.0, 60.0)

_HELD = "job_id = :job_id AND status = 'running' AND attempt = :attempt AND worker = :worker"


def _unpriced(job: Job, status: str) -> None:
    """Settle nothing."""


class DurableQueue:
    """The queue in the database: it survives kill -9, and any number of processes may share it.

    Parameters
    ----------
    db : Database
    limit : int
        Jobs that may wait.
    workers : int
        Local workers, for the hint how long to wait when the queue is full.
    settle : callable (job, status)
        Called in the transaction in which a job ends, before the row is written: refunds.
    """

    def __init__(
        self, db: Database, limit: int = 100, *, workers: int = 1, settle: Callable[[Job, str], None] = _unpriced
    ) -> None:
        self._db, self._limit, self._workers, self._settle = db, limit, workers, settle
        self._changed = threading.Condition()
        self._written: dict[tuple[str, int], tuple[float, str, int]] = {}

    def _ring(self) -> None:
        with self._changed:
            self._changed.notify_all()

    def _emit(self, job_id: str, kind: str, data: dict[str, Any]) -> None:
        rows.add_event(self._db, job_id, kind, data)
        self._db.after_commit(self._ring)

    def enqueue(self, job: Job) -> int:
        """Add a job and return its place in the queue; what else the caller's transaction holds is kept with it.

        Raises
        ------
        Problem
            ``queue_full``, with how long to wait.
        """
        with self._db.tx():
            waiting = int(self._db.value("SELECT COUNT(*) FROM job WHERE status = 'queued'"))
            if waiting >= self._limit:
                text = f"{waiting} jobs are waiting, the limit is {self._limit}"
                raise problem("queue_full", text, retry_after=self._patience(waiting))
            rows.insert(self._db, job)
            self._emit(job.job_id, "accepted", {"job_id": job.job_id})
        return waiting + 1

    def _patience(self, waiting: int) -> float:
        """Seconds until there may be room: the queue times the mean time of late jobs over the workers, 2 to 300."""
        mean = self._db.value(
            "SELECT AVG(finished_at - started_at) FROM (SELECT finished_at, started_at FROM job "
            "WHERE status = 'succeeded' ORDER BY finished_at DESC LIMIT 50)"
        )
        return float(min(max(round(waiting * (mean or 5.0) / max(self._workers, 1)), 2), 300))

    def claim(self, worker: str, lease_s: float, wait_s: float) -> Lease | None:
        """Return the next job: expired leases first, then by priority, then by age."""
        deadline = time.monotonic() + wait_s
        while True:
            until = time.time() + lease_s
            job = rows.claim(self._db, worker, until) if self._has_work() else None
            if job is not None:
                span = lease_s if lease_s > 0 else 30.0
                return Lease(job=job, attempt=job.attempt, worker=worker, until=until, span=span)
            left = deadline - time.monotonic()
            if left <= 0:
                return None
            with self._changed:
                self._changed.wait(min(left, POLL_S))

    def _has_work(self) -> bool:
        """Whether a claim is worth the write lock."""
        return bool(
            self._db.value(
                "SELECT EXISTS (SELECT 1 FROM job WHERE status = 'queued') OR "
                "EXISTS (SELECT 1 FROM job WHERE status = 'running' AND lease_until < ?)",
                (time.time(),),
            )
        )

    def _held(self, lease: Lease) -> Job | None:
        row = self._db.row(f"SELECT * FROM job WHERE {_HELD}", self._key(lease))  # noqa: S608 - a constant
        return None if row is None else rows.as_job(row)

    @staticmethod
    def _key(lease: Lease) -> dict[str, Any]:
        return {"job_id": lease.job.job_id, "attempt": lease.attempt, "worker": lease.worker}

    def heartbeat(self, lease: Lease, progress: int, stage: str, message: str) -> bool:
        """Record progress, extend the lease, and say whether to stop."""
        key, moment = (lease.job.job_id, lease.attempt), time.time()
        at, known, shown = self._written.get(key, (0.0, "", -1))
        if known == stage and moment - at < min(QUIET_S, lease.span / 4):
            held = self._held(lease)
            return held is None or held.cancel_requested
        with self._db.tx():
            job = self._held(lease)
            if job is None:
                self._written.pop(key, None)
                return True
            self._advance(lease, job, max(progress, job.progress), stage, message)
        self._written[key] = (moment, stage, max(progress, shown))
        return job.cancel_requested

    def _advance(self, lease: Lease, job: Job, progress: int, stage: str, message: str) -> None:
        values = {"until": time.time() + lease.span, "progress": progress, "stage": stage, "message": message}
        self._db.write(
            "UPDATE job SET lease_until = :until, progress = :progress, stage = :stage, message = :message "
            "WHERE job_id = :job_id",
            values | {"job_id": job.job_id},
        )
        if stage != job.stage:
            self._emit(job.job_id, "stage", {"name": stage, "status": "running"})
        if progress > job.progress:
            self._emit(job.job_id, "progress", {"pct": progress, "message": message})

    def renew(self, lease: Lease) -> bool:
        """Extend a lease without news; return whether it is still held."""
        values = self._key(lease) | {"until": time.time() + lease.span}
        return bool(self._db.write(f"UPDATE job SET lease_until = :until WHERE {_HELD} RETURNING 1", values))  # noqa: S608

    def complete(self, lease: Lease, result: dict[str, Any]) -> bool:
        """End the job well; with the caller's open transaction, so that effects and end are one."""
        with self._db.tx():
            job = self._held(lease)
            if job is None:
                return False
            self._end(job, "succeeded", "result", result, result=result)
            return True

    def fail(self, lease: Lease, error: JobError) -> bool:
        """End the job badly, as cancelled where that was asked for, or queue it again where a retry may help."""
        with self._db.tx():
            job = self._held(lease)
            if job is None:
                return False
            if job.cancel_requested:
                self._end(job, "cancelled", "cancelled", {"job_id": job.job_id})
            elif error.is_retryable and job.attempt < job.max_attempts:
                self._requeue(job, min(BACKOFF_S[0] ** job.attempt, BACKOFF_S[1]), job.max_attempts)
                self._emit(job.job_id, "retry", {"code": error.code, "attempt": job.attempt})
            else:
                self._end(job, "failed", "error", msgspec.to_builtins(error), error=error)
            return True

    def hold(self, lease: Lease, data: dict[str, Any]) -> bool:
        """Set the job aside until a person decides (``decide``); False if the lease was lost."""
        with self._db.tx():
            job = self._held(lease)
            if job is None:
                return False
            self._db.write(
                "UPDATE job SET status = 'awaiting_review', progress = 99, stage = 'review', lease_until = NULL, "
                "worker = NULL WHERE job_id = ?",
                (job.job_id,),
            )
            self._emit(job.job_id, "review", data)
            self._emit(job.job_id, "done", {"status": "awaiting_review"})
            return True

    def decide(self, job_id: str, outcome: dict[str, Any] | JobError) -> bool:
        """End a job that awaits a review: with its result, or with why not. False if it awaits none any more."""
        with self._db.tx():
            job = rows.find(self._db, job_id)
            if job is None or job.status != "awaiting_review":
                return False
            if isinstance(outcome, JobError):
                self._end(job, "failed", "error", msgspec.to_builtins(outcome), error=outcome)
            else:
                self._end(job, "succeeded", "result", outcome, result=outcome)
            return True

    def ended_at_once(self, job: Job, result: dict[str, Any]) -> None:
        """Add a job that has ended well already: there was nothing to do."""
        with self._db.tx():
            rows.insert(self._db, job)
            self._emit(job.job_id, "accepted", {"job_id": job.job_id})
            self._db.write(
                "UPDATE job SET status = 'running', attempt = 1, started_at = created_at WHERE job_id = ?",
                (job.job_id,),
            )
            self._end(job, "succeeded", "result", result, result=result)

    def release(self, lease: Lease) -> bool:
        """Give the job back: ``attempt`` stays (a late reply must not pass), so one more try is allowed."""
        with self._db.tx():
            job = self._held(lease)
            if job is not None:
                self._requeue(job, 0.0, job.max_attempts + 1)
        return job is not None

    def _requeue(self, job: Job, delay_s: float, max_attempts: int) -> None:
        self._db.write(
            "UPDATE job SET status = 'queued', lease_until = NULL, worker = NULL, run_after = ?, max_attempts = ? "
            "WHERE job_id = ?",
            (time.time() + delay_s if delay_s else 0.0, max_attempts, job.job_id),
        )
        self._db.after_commit(self._ring)

    def cancel(self, job_id: str) -> Job:
        """Cancel: at once what waits or is reviewed, at its next heartbeat what runs; what has ended stays as it is."""
        with self._db.tx():
            job = self.get(job_id)
            if job.status in ("queued", "awaiting_review"):
                self._end(job, "cancelled", "cancelled", {"job_id": job_id})
            elif not job.is_over:
                self._db.write("UPDATE job SET cancel_requested = 1 WHERE job_id = ?", (job_id,))
            return self.get(job_id)

    def reap(self) -> int:
        """End what waits past its time (``expired``) and what lost its last lease (``failed``, or ``cancelled``)."""
        moment, ended = time.time(), 0
        with self._db.tx():
            for row in self._db.rows("SELECT * FROM job WHERE status = 'queued' AND expires_at < ?", (moment,)):
                self._end(rows.as_job(row), "expired", "expired", {"job_id": row["job_id"]})
                ended += 1
            lost = self._db.rows(
                "SELECT * FROM job WHERE status = 'running' AND lease_until < ? "
                "AND (attempt >= max_attempts OR cancel_requested)",
                (moment,),
            )
            for row in lost:
                job, ended = rows.as_job(row), ended + 1
                if job.cancel_requested:
                    self._end(job, "cancelled", "cancelled", {"job_id": job.job_id})
                else:
                    error = JobError(code="worker_lost", message=f"the worker was lost {job.attempt} times")
                    self._end(job, "failed", "error", msgspec.to_builtins(error), error=error)
        return ended

    def forget(self, before: float) -> int:
        """Remove jobs that ended before ``before`` (seconds since 1970), with their events; return how many."""
        gone = self._db.write(
            "DELETE FROM job WHERE finished_at < ? AND status IN ('succeeded', 'failed', 'cancelled', 'expired') "
            "RETURNING job_id",
            (before,),
        )
        return len(gone)

    def get(self, job_id: str) -> Job:
        """Return a job.

        Raises
        ------
        NotFound
        """
        job = rows.find(self._db, job_id)
        if job is None:
            raise NotFound(f"there is no job {job_id}")
        return job

    def events(self, job_id: str, after: int) -> tuple[Event, ...]:
        """Return the events above ``after``; none of a job that is not there any more."""
        return rows.events(self._db, job_id, max(after, 0))

    def wait(self, job_id: str, after: int, seconds: float) -> bool:
        """Wait for an event above ``after``."""
        return self._until(lambda: bool(self.events(job_id, after)), seconds)

    def wait_over(self, job_id: str, seconds: float) -> Job:
        """Wait until a job has ended or awaits a review, at most ``seconds``, and return it as it is then."""
        self._until(lambda: self.get(job_id).rests, seconds)
        return self.get(job_id)

    def _until(self, met: Callable[[], bool], seconds: float) -> bool:
        deadline = time.monotonic() + seconds
        while not met():
            left = deadline - time.monotonic()
            if left <= 0:
                return False
            with self._changed:
                self._changed.wait(min(left, POLL_S))
        return True

    def jobs(self, owner: str) -> tuple[Job, ...]:
        """Return the jobs of an owner, newest first."""
        return rows.listed(self._db, owner)

    def page(self, owner: str, *, status: str, kind: str, before: str, limit: int) -> tuple[Job, ...]:
        """Return a page of an owner's jobs, newest first, older than the job ``before``."""
        return rows.listed(self._db, owner, status=status, kind=kind, before=before, limit=limit)

    def position(self, job_id: str) -> int | None:
        """Return a waiting job's place, from 1; None when it does not wait."""
        return rows.waiting_before(self._db, job_id)

    def stats(self) -> dict[str, int]:
        """Return how many wait and run, and the limit."""
        counted = {
            r["status"]: r["n"]
            for r in self._db.rows(
                "SELECT status, COUNT(*) AS n FROM job WHERE status IN ('queued', 'running') GROUP BY status"
            )
        }
        return {"queued": counted.get("queued", 0), "running": counted.get("running", 0), "limit": self._limit}

    def _end(
        self,
        job: Job,
        status: str,
        event: str,
        data: dict[str, Any],
        *,
        result: dict[str, Any] | None = None,
        error: JobError | None = None,
    ) -> None:
        self._settle(job, status)
        self._db.write(
            "UPDATE job SET status = ?, progress = CASE WHEN ? = 'succeeded' THEN 100 ELSE progress END, "
            "finished_at = ?, lease_until = NULL, result = ?, error = ? WHERE job_id = ?",
            (
                status,
                status,
                time.time(),
                None if result is None else rows.encoded(result),
                None if error is None else rows.encoded(error),
                job.job_id,
            ),
        )
        self._emit(job.job_id, event, data)
        self._emit(job.job_id, "done", {"status": status})
        self._written.pop((job.job_id, job.attempt), None)
