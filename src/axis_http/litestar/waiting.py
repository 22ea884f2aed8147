"""Waiting for jobs without holding a thread: a server has some dozens of threads, and hundreds may wait."""

from __future__ import annotations

import time

import anyio

from axis_http.nouns import Job
from axis_http.service.state import Service


__all__ = ["job_over"]

FIRST_S, LONGEST_S = 0.02, 0.25


async def job_over(service: Service, job_id: str, seconds: float) -> Job:
    """Return a job when it has ended or awaits a review, or as it is after ``seconds``, or when the server stops."""
    deadline, pause = time.monotonic() + seconds, FIRST_S
    while True:
        job = service.queue.get(job_id)
        left = deadline - time.monotonic()
        if job.rests or left <= 0 or service.stopping.is_set():
            return job
        await anyio.sleep(min(pause, left))
        pause = min(pause * 1.5, LONGEST_S)
