"""Runs a compiled kernel over slices of its rows in Python threads.

Our kernels drop the interpreter's lock, so plain threads are as parallel as numba's own and have none of their traps:
numba's fallback thread pool aborts the process when two Python threads enter it, and a parallel kernel compiles for
seconds. Rows are independent, so the result does not depend on the number of threads.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise


__all__ = ["n_threads", "run_ranges"]


def n_threads() -> int:
    """Return how many cores this process may use; ``AXIS_THREADS`` lowers it."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    asked = os.environ.get("AXIS_THREADS", "")
    return max(1, min(cores, int(asked))) if asked.isdigit() else cores


def run_ranges(kernel: Callable[[int, int], None], n_rows: int, *, least: int = 2048) -> None:
    """Call ``kernel(start, stop)`` so that the slices cover ``range(n_rows)``, in threads where it pays."""
    threads = n_threads()
    pieces = min(4 * threads, n_rows // least) if threads > 1 else 1
    if pieces <= 1:
        kernel(0, n_rows)
        return
    edges = [n_rows * k // pieces for k in range(pieces + 1)]
    with ThreadPoolExecutor(threads) as pool:
        for done in [pool.submit(kernel, a, b) for a, b in pairwise(edges)]:
            done.result()
