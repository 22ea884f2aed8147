"""JobQueue: the port behind which jobs wait and run, and the in-memory queue of one process.

The durable queues (SQLite, PostgreSQL) implement the same port. Rules: an end state never changes, progress never falls
within an attempt, event numbers have no gaps, a worker that lost its lease changes nothing (``attempt`` is the fence).
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Protocol

import msgspec

from axis_core.errors import NotFound
from axis_http.nouns import END_STATES, Event, Job, JobError, now


__all__ = ["JobQueue", "Lease", "MemoryQueue"]


class Lease(msgspec.Struct, frozen=True, kw_only=True):
    """The right to work on a job until ``until`` (seconds of the monotonic clock)."""

    job: Job
    attempt: int
    worker: str
    until: float


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
        """End the job badly; False if the lease was lost."""

    def cancel(self, job_id: str) -> Job:
        """Cancel a waiting job at once, a running one at its next heartbeat."""

    def get(self, job_id: str) -> Job:
        """Return a job; raise NotFound."""

    def events(self, job_id: str, after: int) -> tuple[Event, ...]:
        """Return the events with a number above ``after``."""

    def wait(self, job_id: str, after: int, seconds: float) -> bool:
        """Wait until there is an event above ``after``; return whether there is one."""

    def jobs(self, owner: str) -> tuple[Job, ...]:
        """Return the jobs of an owner, newest first."""

    def stats(self) -> dict[str, int]:
        """Return how many wait and run, and the limit."""


class MemoryQueue:
    """A queue in the memory of one process, for one server on one machine; what runs is lost when it dies.

    Parameters
    ----------
    limit : int
        Jobs that may wait.
    keep : int
        Ended jobs that are remembered.
    """

    def __init__(self, limit: int = 100, keep: int = 1000) -> None:
        self._limit, self._keep = limit, keep
        self._jobs: dict[str, Job] = {}
        self._events: dict[str, list[Event]] = {}
        self._leases: dict[str, tuple[int, str, float]] = {}
        self._changed = threading.Condition()

    def enqueue(self, job: Job) -> int:
        """Add a job and return its place in the queue.

        Raises
        ------
        Problem
            ``queue_full``.
        """
        from axis_http.problems import problem

        with self._changed:
            waiting = sum(j.status == "queued" for j in self._jobs.values())
            if waiting >= self._limit:
                raise problem("queue_full", f"{waiting} jobs are waiting, the limit is {self._limit}", retry_after=10.0)
            self._jobs[job.job_id] = job
            self._events[job.job_id] = []
            self._emit(job, "accepted", {"job_id": job.job_id})
            self._forget()
            return waiting + 1

    def claim(self, worker: str, lease_s: float, wait_s: float) -> Lease | None:
        """Return the next job: expired leases first, then by priority, then by age."""
        deadline = time.monotonic() + wait_s
        with self._changed:
            while True:
                job = next(iter(self._claimable()), None)
                if job is not None:
                    return self._lease(job, worker, lease_s)
                left = deadline - time.monotonic()
                if left <= 0:
                    return None
                self._changed.wait(left)

    def _claimable(self) -> Iterator[Job]:
        moment = time.monotonic()
        for job_id, (_, _, until) in list(self._leases.items()):
            if until < moment and self._jobs[job_id].status == "running":
                yield self._jobs[job_id]
        queued = [j for j in self._jobs.values() if j.status == "queued"]
        yield from sorted(queued, key=lambda j: (-j.priority, j.job_id))

    def _lease(self, job: Job, worker: str, lease_s: float) -> Lease:
        job.status, job.attempt, job.progress = "running", job.attempt + 1, 0
        job.started_at = job.started_at or now()
        until = time.monotonic() + lease_s
        self._leases[job.job_id] = (job.attempt, worker, until)
        self._changed.notify_all()
        return Lease(job=job, attempt=job.attempt, worker=worker, until=until)

    def _holds(self, lease: Lease) -> bool:
        held = self._leases.get(lease.job.job_id)
        return held is not None and held[:2] == (lease.attempt, lease.worker) and lease.job.status == "running"

    def heartbeat(self, lease: Lease, progress: int, stage: str, message: str) -> bool:
        """Record progress, extend the lease, and say whether to stop."""
        with self._changed:
            if not self._holds(lease):
                return True
            job = lease.job
            span = lease.until - time.monotonic()
            self._leases[job.job_id] = (lease.attempt, lease.worker, time.monotonic() + max(span, 30.0))
            if stage != job.stage:
                self._emit(job, "stage", {"name": stage, "status": "running"})
            job.stage, job.message = stage, message
            if progress > job.progress:
                job.progress = progress
                self._emit(job, "progress", {"pct": progress, "message": message})
            return job.cancel_requested

    def complete(self, lease: Lease, result: dict[str, Any]) -> bool:
        """End the job well."""
        with self._changed:
            if not self._holds(lease):
                return False
            lease.job.result, lease.job.progress = result, 100
            self._end(lease.job, "succeeded", "result", result)
            return True

    def fail(self, lease: Lease, error: JobError) -> bool:
        """End the job badly, or as cancelled where that was asked for."""
        with self._changed:
            if not self._holds(lease):
                return False
            if lease.job.cancel_requested:
                self._end(lease.job, "cancelled", "cancelled", {"job_id": lease.job.job_id})
            else:
                lease.job.error = error
                self._end(lease.job, "failed", "error", msgspec.to_builtins(error))
            return True

    def cancel(self, job_id: str) -> Job:
        """Cancel; what has ended stays as it is."""
        with self._changed:
            job = self.get(job_id)
            if job.status == "queued":
                self._end(job, "cancelled", "cancelled", {"job_id": job_id})
            elif not job.is_over:
                job.cancel_requested = True
            return job

    def get(self, job_id: str) -> Job:
        """Return a job.

        Raises
        ------
        NotFound
        """
        job = self._jobs.get(job_id)
        if job is None:
            raise NotFound(f"there is no job {job_id}")
        return job

    def events(self, job_id: str, after: int) -> tuple[Event, ...]:
        """Return the events above ``after``."""
        with self._changed:
            self.get(job_id)
            return tuple(self._events[job_id][max(after, 0) :])

    def wait(self, job_id: str, after: int, seconds: float) -> bool:
        """Wait for an event above ``after``."""
        with self._changed:
            return self._changed.wait_for(lambda: len(self._events.get(job_id, ())) > after, seconds)

    def wait_over(self, job_id: str, seconds: float) -> Job:
        """Wait until a job has ended, at most ``seconds``, and return it as it is then."""
        with self._changed:
            job = self.get(job_id)
            self._changed.wait_for(lambda: job.is_over, seconds)
            return job

    def jobs(self, owner: str) -> tuple[Job, ...]:
        """Return the jobs of an owner, newest first."""
        with self._changed:
            return tuple(sorted((j for j in self._jobs.values() if j.owner == owner), key=_newest))

    def position(self, job_id: str) -> int | None:
        """Return a waiting job's place, from 1; None when it does not wait."""
        with self._changed:
            queued = [j.job_id for j in self._claimable() if j.status == "queued"]
            return queued.index(job_id) + 1 if job_id in queued else None

    def stats(self) -> dict[str, int]:
        """Return how many wait and run, and the limit."""
        with self._changed:
            states = [j.status for j in self._jobs.values()]
            return {"queued": states.count("queued"), "running": states.count("running"), "limit": self._limit}

    def _end(self, job: Job, status: str, event: str, data: dict[str, Any]) -> None:
        if job.status in END_STATES:
            return
        job.status, job.finished_at = status, now()
        self._leases.pop(job.job_id, None)
        self._emit(job, event, data)
        self._emit(job, "done", {"status": status})

    def _emit(self, job: Job, kind: str, data: dict[str, Any]) -> None:
        story = self._events[job.job_id]
        story.append(Event(seq=len(story) + 1, type=kind, data=data, at=now()))
        self._changed.notify_all()

    def _forget(self) -> None:
        ended = [j for j in self._jobs.values() if j.is_over]
        for job in sorted(ended, key=_oldest)[: max(len(ended) - self._keep, 0)]:
            del self._jobs[job.job_id]
            del self._events[job.job_id]


def _newest(job: Job) -> tuple[float, str]:
    return (-job.created_at.timestamp(), job.job_id)


def _oldest(job: Job) -> tuple[float, str]:
    return (job.created_at.timestamp(), job.job_id)


def drained(queues: Iterable[MemoryQueue], seconds: float, idle: Callable[[float], None] = time.sleep) -> bool:
    """Return whether all queues have nothing running, waiting up to ``seconds``."""
    deadline = time.monotonic() + seconds
    listed = list(queues)
    while any(q.stats()["running"] for q in listed):
        if time.monotonic() > deadline:
            return False
        idle(0.05)
    return True
