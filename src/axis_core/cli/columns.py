"""Plain text in columns, and text made safe for a terminal."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence


__all__ = ["columns", "printable", "thousands"]

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def printable(text: str) -> str:
    """Return ``text`` with control and direction characters as escapes: names in a file must not steer a terminal."""
    return _CONTROL.sub(lambda match: match.group().encode("unicode_escape").decode("ascii"), text)


def thousands(number: int) -> str:
    """Return ``12345`` as ``12,345``."""
    return f"{number:,}"


def columns(rows: Iterable[Sequence[str]], *, header: Sequence[str] = (), right: Iterable[int] = ()) -> str:
    """Return ``rows`` aligned in columns two spaces apart; the columns of the indices ``right`` stand flush right."""
    cells = [
        [printable(cell).replace("\n", " ") for cell in row] for row in ((header,) if header else ()) + tuple(rows)
    ]
    if not cells:
        return ""
    flush = frozenset(right)
    widths = [max(len(row[i]) for row in cells) for i in range(len(cells[0]))]
    lines = (
        "  ".join(
            cell.rjust(w) if i in flush else cell.ljust(w) for i, (cell, w) in enumerate(zip(row, widths))
        ).rstrip()
        for row in cells
    )
    return "\n".join(lines)
