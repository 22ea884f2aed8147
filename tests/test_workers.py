"""Worker processes: every job ends on its own, a dead worker costs one job, stopping is quick."""

from __future__ import annotations

import multiprocessing
import os
import time

import pytest

from axis_core.errors import StoreError
from axis_core.workers import run_jobs


def double(number: int) -> int:
    """Twice ``number``."""
    return 2 * number


def die_at_three(number: int) -> int:
    """``number``, but for 3: then the process is gone at once, as if it had been killed."""
    if number == 3:
        os._exit(1)
    return number


def sleep(seconds: float) -> float:
    """``seconds``, that much later."""
    time.sleep(seconds)
    return seconds


def lost(source: int, error: StoreError) -> int:
    """What stands for a lost job."""
    assert str(source) in error.message
    return -source


@pytest.mark.parametrize("jobs", [1, 2])
def test_every_source_has_its_result(jobs: int) -> None:
    assert sorted(run_jobs(double, range(5), jobs=jobs, failed=lost)) == [0, 2, 4, 6, 8]


def test_a_dead_worker_costs_its_own_job_only() -> None:
    assert sorted(run_jobs(die_at_three, [1, 2, 3, 4], jobs=2, failed=lost)) == [-3, 1, 2, 4]


def test_no_sources_give_no_results() -> None:
    assert list(run_jobs(double, [], jobs=2, failed=lost)) == []


def test_when_the_caller_stops_listening_the_workers_end() -> None:
    started = time.monotonic()
    results = run_jobs(sleep, [0.0, 600.0, 600.0], jobs=2, failed=lambda source, _: source)
    assert next(results) == 0.0
    results.close()
    for process in multiprocessing.active_children():
        process.join(30)
    assert not multiprocessing.active_children()
    assert time.monotonic() - started < 60
