"""Plain threads over parts of a mesh, for kernels that release the interpreter's lock.

numba's own threads are not used: two of its parallel regions at a time can abort a process, and these parts are few.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor


__all__ = ["PARALLEL_ABOVE", "n_threads", "run_in_parts"]

PARALLEL_ABOVE = 150_000
"""Faces above which parts are worth their seams and the hand-over between threads."""


def n_threads() -> int:
    """Return how many threads to use: the processors this process may run on, at most 8."""
    available = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(8, available)


def run_in_parts(work: Callable[[int, int], object], n_items: int, *, parallel: bool) -> None:
    """Call ``work(first, stop)`` over ranges that cover ``n_items``, on threads if ``parallel``, else once."""
    count = n_threads() if parallel else 1
    bounds = [n_items * i // count for i in range(count + 1)]
    if count == 1:
        work(0, n_items)
        return
    with ThreadPoolExecutor(count) as pool:
        list(pool.map(work, bounds[:-1], bounds[1:]))
