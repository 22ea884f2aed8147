"""The tables of a PLY file as columns."""

from __future__ import annotations

from typing import Any, Literal

import attrs
import numpy as np
from numpy.typing import NDArray

from axis_core.errors import InputError
from axis_core.formats.limits import Limits
from axis_core.formats.ply_header import Element, Header, Property
from axis_core.formats.text_numbers import token_counts, value_rows


__all__ = ["Lists", "Table", "read_tables"]


@attrs.frozen
class Lists:
    """Lists of all rows, one after the other.

    Attributes
    ----------
    values : (sum of counts,) array
    counts : (rows,) int64
    """

    values: NDArray[Any]
    counts: NDArray[np.int64]


@attrs.frozen
class Table:
    """One element.

    Attributes
    ----------
    columns : dict of name to (rows,) array
    lists : dict of name to Lists
    """

    count: int
    columns: dict[str, NDArray[Any]]
    lists: dict[str, Lists]


def read_tables(data: bytes, header: Header, limits: Limits) -> dict[str, Table]:
    """Return the elements up to and including the faces; what stands behind them is not looked at.

    Raises
    ------
    InputError
        ``parse_failed``: the file ends before its tables do, or holds what is no number.
    """
    reader = _Text(data, header, limits) if not header.order else _Binary(data, header)
    out: dict[str, Table] = {}
    for element in header.elements:
        if element.name in out:
            raise InputError(f"the PLY has two elements {element.name!r:.40}", code="parse_failed")
        out[element.name] = reader.table(element)
        if {"vertex", "face"} <= out.keys():
            break
    return out


def _truncated(element: Element) -> InputError:
    return InputError(
        f"the PLY ends inside its {element.count} rows of {element.name!r:.40}",
        code="parse_failed",
        hint="Export or download it again.",
    )


class _Text:
    """Reads an ASCII body, a line a row."""

    def __init__(self, data: bytes, header: Header, limits: Limits) -> None:
        body = data[header.size :]
        if b"\n" not in body:
            body = body.replace(b"\r", b"\n")
        limits.check("text_lines", body.count(b"\n"))
        self._text = np.frombuffer(body if body.endswith(b"\n") else body + b"\n", np.uint8)
        self._ends = np.flatnonzero(self._text == 10) + 1
        self._row = 0
        self._first_line = header.lines + 1

    def table(self, element: Element) -> Table:
        """Return the next rows."""
        if self._row + element.count > len(self._ends):
            raise _truncated(element)
        begin = int(self._ends[self._row - 1]) if self._row else 0
        last = self._row + element.count
        text = self._text[begin : int(self._ends[last - 1]) if last else 0]
        lines = np.arange(self._row, last) + self._first_line
        self._row = last
        counts = token_counts(text)
        values = value_rows(text, np.float64, int(counts.sum()), element.name, lines)
        return self._columns(element, values, counts, lines)

    @staticmethod
    def _columns(
        element: Element, values: NDArray[np.float64], counts: NDArray[np.int64], lines: NDArray[np.intp]
    ) -> Table:
        columns: dict[str, NDArray[Any]] = {}
        lists: dict[str, Lists] = {}
        ends = np.cumsum(counts)
        at = ends - counts
        for item in element.properties:
            _inside(at, ends, element, lines)
            head = values[at]
            if item.count_dtype is None:
                columns[item.name] = head.astype(item.dtype) if item.dtype.kind == "f" else _whole(head, item, lines)
                at = at + 1
                continue
            sizes = np.nan_to_num(head, nan=-1.0).astype(np.int64)
            if len(sizes) and int(sizes.min()) < 0:
                bad = lines[int(np.argmin(sizes))]
                raise InputError("a list of negative length", code="parse_failed", pointer=f"line {bad}")
            _inside(at + sizes, ends, element, lines)
            lists[item.name] = Lists(values[_ranges(at + 1, sizes)], sizes)
            at = at + 1 + sizes
        return Table(element.count, columns, lists)


def _whole(values: NDArray[np.float64], item: Property, lines: NDArray[np.intp]) -> NDArray[Any]:
    info = np.iinfo(item.dtype.name)
    good = (values >= info.min) & (values <= info.max)
    if not good.all():
        bad = int(np.argmin(good))
        raise InputError(
            f"{item.name!r:.40} is {values[bad]:g}, which no {item.dtype.name} can be",
            code="parse_failed",
            pointer=f"line {lines[bad]}",
        )
    return values.astype(item.dtype)


def _inside(at: NDArray[np.int64], ends: NDArray[np.int64], element: Element, lines: NDArray[np.intp]) -> None:
    short = np.flatnonzero(at >= ends)
    if len(short):
        raise InputError(
            f"a row of {element.name!r:.40} has too few numbers", code="parse_failed", pointer=f"line {lines[short[0]]}"
        )


def _ranges(starts: NDArray[np.int64], sizes: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the places starts[i] .. starts[i] + sizes[i], one range after the other."""
    begin = np.cumsum(sizes) - sizes
    return np.repeat(starts - begin, sizes) + np.arange(int(sizes.sum()))


class _Binary:
    """Reads a binary body."""

    def __init__(self, data: bytes, header: Header) -> None:
        self._data = data
        self._at = header.size
        self._order: Literal["big", "little"] = "big" if header.order == ">" else "little"

    def table(self, element: Element) -> Table:
        """Return the next rows."""
        if not element.properties:
            return Table(element.count, {}, {})
        if not element.has_lists:
            return self._plain(element)
        return self._uniform(element) or self._walked(element)

    def _plain(self, element: Element) -> Table:
        record = element.record
        if self._at + record.itemsize * element.count > len(self._data):
            raise _truncated(element)
        rows = np.frombuffer(self._data, record, element.count, self._at)
        self._at += record.itemsize * element.count
        columns = {p.name: rows[p.name].astype(p.dtype.newbyteorder("=")) for p in element.properties}
        return Table(element.count, columns, {})

    def _uniform(self, element: Element) -> Table | None:
        """Read the rows as an array if all lists are as long as those of the first row (a mesh of triangles)."""
        sizes = self._sizes_at(element, self._at)
        if sizes is None or not element.count:
            return None
        fields: list[Any] = []
        for item, n in zip(element.properties, sizes):
            if item.count_dtype is not None:
                fields.append((f"{item.name} count", item.count_dtype))
            fields.append((item.name, item.dtype, (n,)) if item.count_dtype is not None else (item.name, item.dtype))
        record = np.dtype(fields)
        if self._at + record.itemsize * element.count > len(self._data):
            return None
        rows = np.frombuffer(self._data, record, element.count, self._at)
        for item, n in zip(element.properties, sizes):
            if item.count_dtype is not None and (rows[f"{item.name} count"] != n).any():
                return None
        self._at += record.itemsize * element.count
        columns, lists = {}, {}
        for item, n in zip(element.properties, sizes):
            values = rows[item.name].astype(item.dtype.newbyteorder("="))
            if item.count_dtype is None:
                columns[item.name] = values
            else:
                lists[item.name] = Lists(values.reshape(-1), np.full(element.count, n, np.int64))
        return Table(element.count, columns, lists)

    def _sizes_at(self, element: Element, at: int) -> list[int] | None:
        """Return the length of each property of the row at byte ``at``; None where the file ends before."""
        sizes = []
        for item in element.properties:
            n = 1
            if item.count_dtype is not None:
                if at + item.count_dtype.itemsize > len(self._data):
                    return None
                n = int(np.frombuffer(self._data, item.count_dtype, 1, at)[0])
                at += item.count_dtype.itemsize
                if n < 0:
                    raise InputError("a list of negative length", code="parse_failed", pointer=f"byte {at}")
            at += n * item.dtype.itemsize
            if at > len(self._data):
                return None
            sizes.append(n)
        return sizes

    def _walked(self, element: Element) -> Table:
        """Read row by row, for polygons of different sizes."""
        spans: list[list[tuple[int, int]]] = [[] for _ in element.properties]
        data, at, end = self._data, self._at, len(self._data)
        plan = [
            (spans[k], item.dtype.itemsize, item.count_dtype.itemsize if item.count_dtype is not None else 0)
            for k, item in enumerate(element.properties)
        ]
        signed = [item.count_dtype is not None and item.count_dtype.kind == "i" for item in element.properties]
        for _ in range(element.count):
            for (rows, size, count_size), sign in zip(plan, signed):
                n = 1
                if count_size:
                    n = int.from_bytes(data[at : at + count_size], self._order, signed=sign)
                    at += count_size
                if n < 0:
                    raise InputError("a list of negative length", code="parse_failed", pointer=f"byte {at}")
                if at + n * size > end:
                    raise _truncated(element)
                rows.append((at, n))
                at += n * size
        self._at = at
        return self._gathered(element, spans)

    def _gathered(self, element: Element, spans: list[list[tuple[int, int]]]) -> Table:
        raw = np.frombuffer(self._data, np.uint8)
        columns: dict[str, NDArray[Any]] = {}
        lists: dict[str, Lists] = {}
        for item, rows in zip(element.properties, spans):
            table = np.array(rows, np.int64).reshape(-1, 2)
            places = _ranges(table[:, 0], table[:, 1] * item.dtype.itemsize)
            values = raw[places].view(item.dtype).astype(item.dtype.newbyteorder("="))
            if item.count_dtype is None:
                columns[item.name] = values
            else:
                lists[item.name] = Lists(values, table[:, 1])
        return Table(element.count, columns, lists)

