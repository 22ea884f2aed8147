"""Compiled triangular solves with many right sides at once."""

from __future__ import annotations

from typing import Any

from axis_core.kernels.cpu.jit import njit


__all__ = ["solve_factored"]


@njit
def solve_factored(starts: Any, rows: Any, values: Any, pivots: Any, right: Any, first: int, last: int) -> None:
    """Solve ``L D L^T X = B`` in place for the columns ``first`` to ``last`` of ``right`` (N, K).

    starts, rows, values : L by columns, unit diagonal included and first in each column, rows ascending.
    pivots : (N,) the diagonal of D.
    """
    n = pivots.shape[0]
    for j in range(n):
        for at in range(starts[j] + 1, starts[j + 1]):
            i, value = rows[at], values[at]
            for k in range(first, last):
                right[i, k] -= value * right[j, k]
    for back in range(n):
        j = n - 1 - back
        for k in range(first, last):
            right[j, k] /= pivots[j]
        for at in range(starts[j] + 1, starts[j + 1]):
            i, value = rows[at], values[at]
            for k in range(first, last):
                right[j, k] -= value * right[i, k]
