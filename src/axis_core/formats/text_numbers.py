"""Numbers in text, many at once: what OBJ, STL and PLY files consist of."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
from numpy.typing import NDArray

from axis_core.errors import InputError


__all__ = ["line_number_of", "select_ranges", "token_counts", "token_starts", "value_rows"]

_NEWLINE = 10


def token_starts(text: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """Return a mask of the bytes where a word begins."""
    solid = text > 32
    out = solid.copy()
    out[1:] &= ~solid[:-1]
    return out


def token_counts(text: NDArray[np.uint8]) -> NDArray[np.int64]:
    """Return the number of words of each line; every line, the last included, ends in a newline."""
    ends = np.flatnonzero(text == _NEWLINE)
    before = np.searchsorted(np.flatnonzero(token_starts(text)), ends)
    return np.diff(before, prepend=0)


def select_ranges(text: NDArray[np.uint8], starts: NDArray[np.intp], ends: NDArray[np.intp]) -> NDArray[np.uint8]:
    """Return the bytes of ``starts[i]:ends[i]`` one after the other; ranges are in order and do not overlap."""
    if not len(starts):
        return text[:0]
    apart = starts[1:] != ends[:-1]
    starts, ends = starts[np.concatenate([[True], apart])], ends[np.concatenate([apart, [True]])]
    if len(starts) <= 1000:
        return np.concatenate([text[a:b] for a, b in zip(starts.tolist(), ends.tolist())])
    bounds = np.stack([starts, ends], axis=1).ravel()
    keep = np.zeros(len(bounds) + 1, bool)
    keep[1::2] = True
    mask = np.repeat(keep, np.diff(bounds, prepend=0, append=len(text)))
    chosen: NDArray[np.uint8] = text[mask]
    return chosen


def value_rows(
    text: NDArray[np.uint8], dtype: type[np.float64 | np.int64], n_values: int, what: str, lines: NDArray[np.intp]
) -> NDArray[Any]:
    """Return the ``n_values`` numbers that ``text`` consists of.

    Parameters
    ----------
    text : (n,) uint8
        Words between blanks and newlines.
    what : str
        For the message: ``v``, ``f``, ``vertex``.
    lines : (L,) int
        Numbers in the file (from 1) of the lines of ``text``.

    Raises
    ------
    InputError
        ``parse_failed`` with the first line that does not hold numbers.
    """
    raw = text.tobytes()
    values: NDArray[Any] = np.empty(0, dtype)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # numpy stops at what is no number; the count tells
        try:
            values = np.fromstring(raw, dtype=dtype, sep=" ") if raw.strip() else values
        except ValueError:
            values = np.empty(0, dtype)
    if len(values) != n_values:
        _complain(raw, float if dtype is np.float64 else int, what, lines)
    return values


def _complain(raw: bytes, number: type[float | int], what: str, lines: NDArray[np.intp]) -> None:
    for line, text in zip(lines.tolist(), raw.split(b"\n")):
        for word in text.split():
            try:
                number(word)
            except ValueError:
                seen = f"{what}: {word.decode('latin-1')!r:.40} is not a number"
                raise InputError(seen, code="parse_failed", pointer=f"line {line}") from None
    raise InputError(f"{what}: the numbers cannot be read", code="parse_failed")


def line_number_of(data: bytes, offset: int) -> int:
    """Return the number (from 1) of the line that holds byte ``offset``."""
    return data.count(b"\n", 0, offset) + 1
