"""Workers for many jobs, here or on a cluster: each job ends well or badly on its own, and stopping stops all."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import Executor, Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from typing import TypeVar

from axis_core.errors import AxisError, StoreError


__all__ = ["run_jobs", "run_on"]

AHEAD = 64
"""Jobs that an executor holds at a time: their inputs and results are in memory until they are handed on."""

_S = TypeVar("_S")
_R = TypeVar("_R")
_T = TypeVar("_T")


def run_jobs(
    work: Callable[[_S], _R], sources: Sequence[_S], *, jobs: int, failed: Callable[[_S, StoreError], _R]
) -> Generator[_R, None, None]:
    """Yield what ``work`` makes of each source as it ends, in any order with ``jobs`` > 1.

    Processes are spawned, not forked: threads and OpenGL contexts do not survive a fork. When the caller stops
    listening (Ctrl-C, ``close()``) no further job is begun and the workers are ended. When a worker dies, for want of
    memory for example, what was in work or waiting is tried again, each on its own.

    Parameters
    ----------
    work : callable (source)
        A function of a module, or a ``functools.partial`` of one. It must not raise.
    failed : callable (source, error)
        What stands for a source whose worker died.
    """
    if jobs <= 1 or len(sources) <= 1:
        yield from map(work, sources)
        return
    for source in (yield from _run_pool(work, sources, jobs)):
        if (yield from _run_pool(work, [source], 1)):
            hint = "It may have run out of memory: use a smaller file."
            yield failed(source, StoreError(f"the process that worked on {source} died.", hint=hint))


def run_on(
    executor: Executor,
    work: Callable[[_T], _R],
    sources: Sequence[_S],
    *,
    load: Callable[[_S], _T],
    failed: Callable[[_S, AxisError], _R],
) -> Generator[_R, None, None]:
    """Yield what ``work`` makes of each source on an executor of the caller's, in any order; no more than 64 at a time.

    The executor may work on other machines (that of a Dask client, say): what is sent is what ``load`` returns. Sending
    a job again when a worker is lost is the executor's business; what it gives up ends as ``failed`` says. When the
    caller stops listening, what has not begun is cancelled.

    Parameters
    ----------
    load : callable (source)
        What is sent for a source, read when its turn comes.
    """
    waiting = list(reversed(sources))
    pending: dict[Future[_R], _S] = {}
    try:
        while waiting or pending:
            while waiting and len(pending) < AHEAD:
                source = waiting.pop()
                try:
                    pending[executor.submit(work, load(source))] = source
                except AxisError as exc:
                    yield failed(source, exc)
            if not pending:
                continue
            future = next(as_completed(tuple(pending)))
            source = pending.pop(future)
            try:
                result = future.result()
            except Exception as exc:  # noqa: BLE001 - the job runner: each executor has its own word for a lost worker
                told = f"{source} was given up: {type(exc).__name__}: {exc}"
                result = failed(source, StoreError(told, hint="The worker may have run out of memory."))
            yield result
    finally:
        for future in pending:
            future.cancel()


def _run_pool(work: Callable[[_S], _R], sources: Sequence[_S], jobs: int) -> Generator[_R, None, list[_S]]:
    """Yield results, and return the sources that were lost when a worker died."""
    before = set(multiprocessing.active_children())
    context = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(min(jobs, len(sources)), mp_context=context, initializer=_leave_signals_to_parent)
    lost: list[_S] = []
    finished = False
    try:
        pending: dict[Future[_R], _S] = {pool.submit(work, source): source for source in sources}
        for future in as_completed(tuple(pending)):
            source = pending.pop(future)  # results are large: none is kept once it is handed on
            try:
                result = future.result()
            except BrokenProcessPool:
                lost.append(source)
            else:
                yield result
        finished = True
    finally:
        pool.shutdown(wait=finished, cancel_futures=True)
        if not finished:
            for process in set(multiprocessing.active_children()) - before:
                process.terminate()
    return lost


def _leave_signals_to_parent() -> None:
    """Ignore Ctrl-C, which a terminal sends to every process: the parent ends its workers."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if os.name == "posix":
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
