"""Which fingers a hand has: by the gaps between them, and by what the detector reads where there are none to see."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


__all__ = ["FINGERS", "fingers_there", "gap_count"]

FINGERS = ("Thumb", "Index", "Middle", "Ring", "Little")

_MITTEN, _GAPLESS = -1.0, 0.6
"""Mean log-odds of the four fingers under which a hand is a mitten: where gaps are seen, and where none are. Full hands
are read at 0 to 8, mittens and fists mostly below -2, those of a few faces up to 1.3."""
_THUMB = 0.0
_DOUBT = 0.5  # log-odds of a finger from which it is believed against the gaps
_EVEN = 1.6  # widest over narrowest finger; a pair that touches is twice as wide as one
_COLUMNS = 3  # pixel columns that must agree on a number below four


def fingers_there(odds: NDArray[np.float64], covered: NDArray[np.bool_]) -> tuple[str, ...]:
    """Return the fingers of a hand; a mitten or fist has a Middle finger that stands for all.

    Parameters
    ----------
    odds : (5,) float64
        The detector's log-odds for each of ``FINGERS``.
    covered : (X, Y) bool
        Pixels that the finger region covers, along the hand and across it.
    """
    thumb = ("Thumb",) if odds[0] > _THUMB else ()
    count = gap_count(covered)
    has_gaps = sum(len(_runs(column)) > 1 for column in covered) >= 2
    if count == 0 and float(odds[1:].mean()) < (_MITTEN if has_gaps else _GAPLESS):
        return (*thumb, "Middle")
    if count in (0, 4) or float(odds[2:].min()) > _DOUBT:  # most hands have four; closed or curled ones show fewer
        return thumb + FINGERS[1:]
    doubted = sorted((2, 3, 4), key=lambda k: float(odds[k]))[: 4 - count]
    return thumb + tuple(FINGERS[k] for k in (1, 2, 3, 4) if k not in doubted)


def gap_count(covered: NDArray[np.bool_]) -> int:
    """Return how many fingers, 2 to 4, the gaps between them show; 0 if they do not show a number beyond doubt.

    Four runs of pixels across the hand in two columns are four fingers. Two or three are believed only where no column
    has more and none of them is wide enough for a pair that touches.
    """
    runs = [_runs(column) for column in covered]
    most = [len(lengths) for lengths in runs]
    if sum(n >= 4 for n in most) >= 2:
        return 4
    for count in (3, 2):
        columns = [lengths for lengths in runs if len(lengths) == count and min(lengths) >= 2]
        if sum(n == count for n in most) == 0:
            continue
        even = [max(lengths) <= _EVEN * min(lengths) for lengths in columns]
        return count if len(columns) >= _COLUMNS and all(even) and max(most) == count else 0
    return 0


def _runs(column: NDArray[np.bool_]) -> list[int]:
    """Lengths of the runs of covered pixels."""
    edges = np.flatnonzero(np.diff(np.concatenate([[False], column, [False]]).astype(np.int8)))
    return [int(n) for n in edges[1::2] - edges[::2]]
