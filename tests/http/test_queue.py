"""Queues keep their rules in any order of calls."""

from __future__ import annotations

from hypothesis import HealthCheck, settings
from tests.http.queue_rules import LIMIT, QueueRules

from axis_http.service.queue import JobQueue, MemoryQueue


class MemoryQueueRules(QueueRules):
    def make(self) -> JobQueue:
        return MemoryQueue(LIMIT)


TestMemoryQueue = MemoryQueueRules.TestCase
TestMemoryQueue.settings = settings(
    max_examples=40, stateful_step_count=30, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck)
)
