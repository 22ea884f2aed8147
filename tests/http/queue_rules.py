"""What every queue must keep, as a hypothesis state machine over the port, beside a model of a few lines."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, initialize, invariant, multiple, rule

from axis_http.nouns import END_STATES, Job, JobError, new_id
from axis_http.problems import Problem
from axis_http.service.queue import JobQueue, Lease


LIMIT = 6


class QueueRules(RuleBasedStateMachine):
    """Any order of calls, some with leases that are over at once or lost."""

    jobs = Bundle("jobs")
    leases = Bundle("leases")

    def make(self) -> JobQueue:
        """Return an empty queue for ``LIMIT`` waiting jobs."""
        raise NotImplementedError

    @initialize()
    def begin(self) -> None:
        self.queue = self.make()
        self.status: dict[str, str] = {}
        self.attempts: dict[str, int] = {}
        self.holders: dict[str, int] = {}
        self.priorities: dict[str, int] = {}
        self.expired: set[str] = set()
        self.asked_to_stop: set[str] = set()
        self.stories: dict[str, list[Any]] = {}

    @rule(target=jobs, priority=st.integers(0, 2))
    def enqueue(self, priority: int) -> Any:
        job = Job(job_id=new_id("job"), owner="ann", kind="rig", params={}, priority=priority)
        waiting = sum(s == "queued" for s in self.status.values())
        try:
            place = self.queue.enqueue(job)
        except Problem as full:
            assert (full.code, waiting) == ("queue_full", LIMIT)  # noqa: PT017 - both ways are right, each at its time
            return multiple()
        assert waiting < LIMIT
        assert place == waiting + 1
        self.status[job.job_id], self.attempts[job.job_id] = "queued", 0
        self.priorities[job.job_id] = priority
        return job.job_id

    @rule(target=leases, over=st.booleans())
    def claim(self, over: bool) -> Any:
        lease = self.queue.claim("worker", -1.0 if over else 3600.0, 0.0)
        queued = [j for j, s in self.status.items() if s == "queued"]
        if lease is None:
            assert not queued
            assert not self.expired
            return multiple()
        name = lease.job.job_id
        if name not in self.expired:
            assert not self.expired
            assert self.priorities[name] == max(self.priorities[j] for j in queued)
        self.attempts[name] += 1
        assert lease.attempt == self.attempts[name]
        self.status[name], self.holders[name] = "running", lease.attempt
        (self.expired.add if over else self.expired.discard)(name)
        return lease

    def _holds(self, lease: Lease) -> bool:
        name = lease.job.job_id
        return self.status[name] == "running" and self.holders[name] == lease.attempt

    @rule(lease=leases, progress=st.integers(0, 99))
    def heartbeat(self, lease: Lease, progress: int) -> None:
        name = lease.job.job_id
        stop = self.queue.heartbeat(lease, progress, "rig", "placing")
        assert stop == (not self._holds(lease) or name in self.asked_to_stop)
        if self._holds(lease):
            self.expired.discard(name)

    @rule(lease=consumes(leases))
    def complete(self, lease: Lease) -> None:
        held = self._holds(lease)
        assert self.queue.complete(lease, {"attempt": lease.attempt}) == held
        if held:
            self._ended(lease.job.job_id, "succeeded")
            assert (self.queue.get(lease.job.job_id).result or {})["attempt"] == lease.attempt

    @rule(lease=consumes(leases))
    def fail(self, lease: Lease) -> None:
        held, name = self._holds(lease), lease.job.job_id
        assert self.queue.fail(lease, JobError(code="rig_failed", message="no")) == held
        if held:
            self._ended(name, "cancelled" if name in self.asked_to_stop else "failed")

    @rule(name=jobs)
    def cancel(self, name: str) -> None:
        self.queue.cancel(name)
        if self.status[name] == "queued":
            self._ended(name, "cancelled")
        elif self.status[name] == "running":
            self.asked_to_stop.add(name)

    def _ended(self, name: str, status: str) -> None:
        self.status[name] = status
        self.expired.discard(name)

    @invariant()
    def states_are_those_of_the_model(self) -> None:
        for name, status in self.status.items():
            job = self.queue.get(name)
            assert job.status == status
            assert job.attempt == self.attempts[name]
            assert (job.finished_at is not None) == (status in END_STATES)
        stats = self.queue.stats()
        counted = list(self.status.values())
        assert (stats["queued"], stats["running"]) == (counted.count("queued"), counted.count("running"))

    @invariant()
    def stories_have_no_gaps_and_are_never_rewritten(self) -> None:
        for name in self.status:
            story = list(self.queue.events(name, 0))
            assert [e.seq for e in story] == list(range(1, len(story) + 1))
            before = self.stories.get(name, [])
            assert [(e.type, e.data) for e in story[: len(before)]] == before
            self.stories[name] = [(e.type, e.data) for e in story]
            ends = [e.type for e in story].count("done")
            assert ends == (self.status[name] in END_STATES)
            assert ends == 0 or story[-1].type == "done"
