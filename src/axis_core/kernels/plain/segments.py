"""Sums over rows that share a number: the array API has no scatter, so rows are sorted and added pair by pair."""

from __future__ import annotations

from typing import Any


__all__ = ["segment_sums"]


def segment_sums(xp: Any, values: Any, labels: Any, count: int) -> Any:
    """Return (count, C): the sums of the rows of ``values`` (N, C) by ``labels`` (N,); 0 where a label has no row.

    Each step adds neighbours twice as far apart within a run of one label, so there are as many as the logarithm of the
    longest run, and small sums lose nothing to large ones, as in differences of running sums they would.
    """
    n = int(labels.shape[0])
    if n == 0:
        return xp.zeros((count, values.shape[1]), dtype=values.dtype)
    order = xp.argsort(labels, stable=True)
    rows, label = xp.take(values, order, axis=0), xp.take(labels, order, axis=0)
    ends = xp.searchsorted(label, xp.arange(count + 1, dtype=labels.dtype))
    starts, lengths = ends[:-1], ends[1:] - ends[:-1]
    place = xp.arange(n, dtype=starts.dtype) - xp.take(starts, label, axis=0)
    longest = int(xp.max(lengths))
    step = 1
    while step < longest:
        ahead = xp.concat([rows[step:, :], xp.zeros((step, rows.shape[1]), dtype=rows.dtype)])
        same = xp.concat([label[step:] == label[:-step], xp.zeros((step,), dtype=xp.bool)])
        taken = same & (place % (2 * step) == 0)
        rows = rows + xp.where(taken[:, None], ahead, xp.zeros_like(ahead))
        step *= 2
    found = xp.take(rows, xp.where(lengths > 0, starts, xp.zeros_like(starts)), axis=0)
    return xp.where((lengths > 0)[:, None], found, xp.zeros_like(found))
