"""Worker processes: every job ends on its own, a dead worker costs one job, stopping is quick."""

from __future__ import annotations

import multiprocessing
import os
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from axis_core.errors import StoreError
from axis_core.workers import AHEAD, run_jobs, run_on


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


def text_of(number: int) -> str:
    """What is sent for a number; 7 cannot be read."""
    if number == 7:
        raise StoreError("7 cannot be read")
    return str(number)


def shout(text: str) -> str:
    """``text`` with a mark; 4 is a mistake of ours."""
    if text == "4":
        raise RuntimeError("four")
    return f"{text}!"


def test_an_executor_of_the_callers_does_the_work_and_each_job_ends_on_its_own() -> None:
    with ThreadPoolExecutor(3) as executor:
        told = run_on(executor, shout, range(10), load=text_of, failed=lambda n, error: f"{n}: {error.message}")
        results = sorted(told)
    assert len(results) == 10
    assert "4: 4 was given up: RuntimeError: four" in results
    assert "7: 7 cannot be read" in results
    assert {r for r in results if r.endswith("!")} == {f"{n}!" for n in range(10) if n not in (4, 7)}


def test_an_executor_holds_a_bounded_number_of_jobs_and_is_cancelled_when_nobody_listens() -> None:
    loaded: list[int] = []
    gate = threading.Event()

    def load(number: int) -> int:
        loaded.append(number)
        return number

    def work(number: int) -> int:
        if number:
            gate.wait(30)
        return number

    with ThreadPoolExecutor(1) as executor:
        results = run_on(executor, work, range(1000), load=load, failed=lambda n, _: n)
        assert next(results) == 0
        assert len(loaded) <= AHEAD
        results.close()
        gate.set()
    assert len(loaded) <= AHEAD
