"""The lines of an OBJ file, sorted by what they say, as arrays."""

from __future__ import annotations

import re
from typing import Any

import attrs
import numpy as np
from numpy.typing import NDArray

from axis_core.errors import InputError
from axis_core.formats.limits import Limits
from axis_core.formats.text_numbers import select_ranges, token_counts, token_starts, value_rows


__all__ = ["Corners", "ObjLines", "split_lines"]

_INDENT = re.compile(rb"(?m)^[ \t]+")
_OPEN_CORNER = re.compile(rb"/(?=\s)")
_COMMENT = re.compile(rb"[ \t]#[^\n]*")
_BLANK = (ord(" "), ord("\t"))


@attrs.frozen
class Corners:
    """Corners of all faces, one face after the other.

    Attributes
    ----------
    vertex, uv, normal : (C,) int64
        From 0; -1 where a corner has none.
    counts : (P,) int64
        Corners of each face.
    lines : (P,) int
        Line number of each face.
    """

    vertex: NDArray[np.int64]
    uv: NDArray[np.int64]
    normal: NDArray[np.int64]
    counts: NDArray[np.int64]
    lines: NDArray[np.intp]


class ObjLines:
    """An OBJ text, its lines classified."""

    def __init__(self, text: NDArray[np.uint8], limits: Limits) -> None:
        self._text = text = text.copy()
        self._limits = limits
        self._ends = np.flatnonzero(text == 10) + 1
        self._starts = np.concatenate([np.zeros(1, np.intp), self._ends[:-1]])
        first, second, third = (text[np.minimum(self._starts + k, len(text) - 1)] for k in range(3))
        blank_2, blank_3 = np.isin(second, _BLANK), np.isin(third, _BLANK)
        self._lines = {
            "v": np.flatnonzero((first == ord("v")) & blank_2),
            "vt": np.flatnonzero((first == ord("v")) & (second == ord("t")) & blank_3),
            "vn": np.flatnonzero((first == ord("v")) & (second == ord("n")) & blank_3),
            "f": np.flatnonzero((first == ord("f")) & blank_2),
        }
        self._statements = np.flatnonzero(np.isin(first, [ord(c) for c in "gomu"]))
        for keyword, which in self._lines.items():
            for k in range(len(keyword)):
                text[self._starts[which] + k] = _BLANK[0]

    def statements(self) -> list[tuple[int, str, str]]:
        """Return (line index, keyword, argument) of the lines that name groups and materials."""
        out = []
        for i in self._statements.tolist():
            line = self._text[self._starts[i] : self._ends[i]].tobytes().decode("utf-8", "replace")
            key, _, rest = line.strip().replace("\t", " ").partition(" ")
            if key in ("g", "o", "usemtl", "mtllib"):
                out.append((i, key, rest.strip()))
        return out

    def _body(self, keyword: str) -> NDArray[np.uint8]:
        which = self._lines[keyword]
        return select_ranges(self._text, self._starts[which], self._ends[which])

    def rows(self, keyword: str, least: int, most: int) -> NDArray[np.float64]:
        """Return the numbers of all ``v``, ``vt`` or ``vn`` lines, (n, most); NaN where a line has fewer."""
        lines = self._lines[keyword]
        self._limits.check("vertices", len(lines))
        text = self._body(keyword)
        self._limits.check("vertices", int(np.count_nonzero(token_starts(text))) // 8)
        counts = token_counts(text)
        if len(counts) and int(counts.min()) < least:
            bad = int(np.argmin(counts))
            raise InputError(
                f"{keyword}: {int(counts[bad])} numbers, expected {least}",
                code="parse_failed",
                pointer=f"line {lines[bad] + 1}",
            )
        values = value_rows(text, np.float64, int(counts.sum()), keyword, lines + 1)
        if len(counts) and (counts == counts[0]).all():
            return _widened(values.reshape(len(counts), -1)[:, :most], most)
        offsets = np.cumsum(counts) - counts
        places = offsets[:, None] + np.arange(most)
        inside = np.arange(most) < counts[:, None]
        return np.where(inside, values[np.where(inside, places, 0)], np.nan)

    def corners(self, n_vertices: int, n_uvs: int, n_normals: int) -> Corners:
        """Return the corners of all faces, checked against what there is."""
        lines = self._lines["f"]
        text = self._body("f")
        raw = text.tobytes()
        if b"/" in raw:
            raw = _OPEN_CORNER.sub(b"/0", raw.replace(b"//", b"/0/"))
            text = np.frombuffer(raw, np.uint8)
        starts = token_starts(text)
        self._limits.check("triangles", int(np.count_nonzero(starts)) // 8)
        counts = token_counts(text)
        slashes = np.flatnonzero(text == ord("/"))
        parts = np.diff(np.searchsorted(slashes, np.flatnonzero(starts)), append=len(slashes))
        line_of = np.repeat(lines + 1, counts)
        if len(parts) and int(parts.max()) > 2:
            bad = line_of[int(np.argmax(parts))]
            raise InputError("f: a corner has more than 3 numbers", code="parse_failed", pointer=f"line {bad}")
        plain = np.frombuffer(raw.replace(b"/", b" "), np.uint8)
        numbers = value_rows(plain, np.int64, int(parts.sum()) + len(parts), "f", lines + 1)
        offsets = np.cumsum(parts + 1) - (parts + 1)
        sizes = (("v", n_vertices), ("vt", n_uvs), ("vn", n_normals))
        columns = []
        for k, (keyword, n) in enumerate(sizes):
            has = parts >= k
            values = np.where(has, numbers[np.where(has, offsets + k, 0)], 0) if len(numbers) else numbers
            columns.append(self._absolute(values, keyword, n, line_of))
        if (columns[0] < 0).any():
            bad = line_of[int(np.argmin(columns[0]))]
            raise InputError("f: vertex 0; vertices count from 1", code="parse_failed", pointer=f"line {bad}")
        return Corners(columns[0], columns[1], columns[2], counts, lines)

    def _absolute(
        self, values: NDArray[np.int64], keyword: str, n: int, line_of: NDArray[np.intp]
    ) -> NDArray[np.int64]:
        """Return indices from 0: negative ones count back from the last ``v`` above the face."""
        if (values < 0).any():
            above = np.searchsorted(self._lines[keyword], line_of - 1)
            values = np.where(values < 0, np.where(-values <= above, above + values + 1, n + 1), values)
        if len(values) and int(values.max()) > n:
            bad = line_of[int(np.argmax(values))]
            raise InputError(
                f"f: a face names a {keyword} that does not exist, there are {n}",
                code="parse_failed",
                pointer=f"line {bad}",
            )
        return values - 1


def _widened(values: NDArray[np.float64], columns: int) -> NDArray[np.float64]:
    out = np.full((len(values), columns), np.nan)
    out[:, : values.shape[1]] = values
    return out


def split_lines(data: bytes, limits: Limits) -> ObjLines:
    """Return the lines of an OBJ text: continuation lines joined, indents and trailing comments taken off.

    Raises
    ------
    LimitExceeded
        More lines than the limits allow.
    """
    if b"\n" not in data:
        data = data.replace(b"\r", b"\n")
    limits.check("text_lines", data.count(b"\n"))
    if b"\\" in data:
        data = data.replace(b"\\\r\n", b"   ").replace(b"\\\n", b"  ")
    if b"\n " in data or b"\n\t" in data or data[:1] in (b" ", b"\t"):
        data = _INDENT.sub(b"", data)
    if b" #" in data or b"\t#" in data:
        data = _COMMENT.sub(b"", data)
    text: NDArray[Any] = np.frombuffer(data if data.endswith(b"\n") else data + b"\n", np.uint8)
    return ObjLines(text, limits)
