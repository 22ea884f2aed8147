"""The queue keeps its rules in any order of calls, and what it has accepted in any crash."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from tests.http.queue_rules import LIMIT, QueueRules

from axis_http.nouns import Job, JobError, new_id
from axis_http.service.queue import DurableQueue, JobQueue
from axis_http.store.database import Database


class DurableQueueRules(QueueRules):
    def make(self) -> JobQueue:
        self.folder = tempfile.TemporaryDirectory(prefix="axis-queue-")
        self.db = Database(Path(self.folder.name) / "axis.db")
        return DurableQueue(self.db, LIMIT)

    def teardown(self) -> None:
        if hasattr(self, "db"):
            self.db.close()
            self.folder.cleanup()


TestDurableQueue = DurableQueueRules.TestCase
TestDurableQueue.settings = settings(
    max_examples=25, stateful_step_count=25, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck)
)


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    opened = Database(tmp_path / "axis.db")
    yield opened
    opened.close()


def a_job(**fields: object) -> Job:
    return Job(job_id=new_id("job"), owner="ann", kind="rig", params={"n": 1}, **fields)  # type: ignore[arg-type]


def test_what_was_accepted_is_there_for_another_process(db: Database) -> None:
    first = DurableQueue(db)
    job = a_job()
    first.enqueue(job)
    again = Database(db.path)
    try:
        lease = DurableQueue(again).claim("other", 30.0, 0.0)
        assert lease is not None
        assert lease.job.params == {"n": 1}
        assert first.get(job.job_id).status == "running"
    finally:
        again.close()


def test_a_retry_waits_and_then_runs_until_no_try_is_left(db: Database) -> None:
    queue = DurableQueue(db)
    queue.enqueue(a_job(max_attempts=2))
    lease = queue.claim("w", 30.0, 0.0)
    assert lease is not None
    assert queue.fail(lease, JobError(code="disk_low", message="no room", is_retryable=True))
    assert queue.get(lease.job.job_id).status == "queued"
    assert queue.claim("w", 30.0, 0.0) is None  # not before its time
    db.write("UPDATE job SET run_after = 0")
    second = queue.claim("w", 30.0, 0.0)
    assert second is not None
    assert second.attempt == 2
    assert queue.fail(second, JobError(code="disk_low", message="no room", is_retryable=True))
    assert queue.get(lease.job.job_id).status == "failed"


def test_a_worker_that_is_lost_too_often_fails_the_job(db: Database) -> None:
    ended: list[tuple[str, str]] = []
    queue = DurableQueue(db, settle=lambda job, status: ended.append((job.job_id, status)))
    queue.enqueue(a_job(max_attempts=2))
    for _ in range(2):
        lease = queue.claim("w", -1.0, 0.0)
        assert lease is not None
    assert queue.claim("w", 30.0, 0.0) is None
    assert queue.reap() == 1
    over = queue.get(lease.job.job_id)
    assert (over.status, over.error and over.error.code) == ("failed", "worker_lost")
    assert queue.reap() == 0
    assert ended == [(over.job_id, "failed")]


def test_release_is_no_try_and_a_late_reply_does_not_pass(db: Database) -> None:
    queue = DurableQueue(db)
    queue.enqueue(a_job(max_attempts=1))
    lease = queue.claim("w", 30.0, 0.0)
    assert lease is not None
    assert queue.release(lease)
    again = queue.claim("w", 30.0, 0.0)
    assert again is not None
    assert again.attempt == 2
    assert not queue.complete(lease, {})
    assert queue.complete(again, {})


def test_what_waits_past_its_time_expires(db: Database) -> None:
    from axis_http.nouns import now

    queue = DurableQueue(db)
    queue.enqueue(a_job(expires_at=now()))
    time.sleep(0.002)  # the clock must have moved
    assert queue.reap() == 1
    assert queue.claim("w", 30.0, 0.0) is None


def test_an_account_runs_no_more_at_once_than_it_may(db: Database) -> None:
    queue = DurableQueue(db)
    for _ in range(2):
        queue.enqueue(a_job(running_limit=1))
    lease = queue.claim("w", 30.0, 0.0)
    assert lease is not None
    assert queue.claim("w", 30.0, 0.0) is None
    assert queue.complete(lease, {})
    assert queue.claim("w", 30.0, 0.0) is not None


def test_progress_never_falls_within_an_attempt(db: Database) -> None:
    queue = DurableQueue(db)
    queue.enqueue(a_job())
    lease = queue.claim("w", 0.001, 0.0)  # so short that every heartbeat is written
    assert lease is not None
    for progress in (10, 40, 20, 60):
        assert not queue.heartbeat(lease, progress, "rig", "")
        time.sleep(0.001)
    seen = [e.data["pct"] for e in queue.events(lease.job.job_id, 0) if e.type == "progress"]
    assert seen == sorted(seen)
