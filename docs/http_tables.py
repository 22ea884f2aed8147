"""Fills the tables of docs/http.md and docs/settings.md from the code; ``--check`` only compares."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from pathlib import Path

from axis_http.contract.document import contract, operations, served_document
from axis_http.problems import all_codes
from axis_http.service.access import ACCESS
from axis_http.settings import documented


__all__ = ["filled", "outdated"]

FOLDER = Path(__file__).parent


def _table(header: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    titles = list(header)
    cells = [titles, ["---"] * len(titles), *(list(r) for r in rows)]
    return "".join(f"| {' | '.join(c.replace('|', chr(92) + '|') for c in row)} |\n" for row in cells)


def _access(mark: str) -> str:
    kinds = {"P": "public", "A": "any", "S": "session"}
    return kinds.get(mark) or f"scope `{mark.partition(':')[2]}`"


def operations_table(*, ours: bool) -> str:
    """Return the operations of the contract, or those beyond it."""
    known = {(m, p) for m, p, _ in operations(contract())}
    rows = [
        (f"`{m} {p}`", _access(ACCESS[m, p]), str(o.get("summary") or "").split("\n")[0])
        for m, p, o in operations(served_document())
        if ((m, p) not in known) is ours
    ]
    return _table(("operation", "access", "what it does"), rows)


def settings_table() -> str:
    """Return the settings with their defaults."""
    return _table(("variable", "default", "what it is for"), ((f"`{v}`", d, t) for v, d, t in documented()))


def codes_table() -> str:
    """Return the codes that the service has beside those of the library."""
    return _table(("code", "status", "meaning"), ((f"`{c}`", str(s), m) for c, s, m in all_codes()))


TABLES: dict[str, Callable[[], str]] = {
    "contract": lambda: operations_table(ours=False),
    "ours": lambda: operations_table(ours=True),
    "settings": settings_table,
    "codes": codes_table,
}


def filled(text: str) -> str:
    """Return a page with what stands between ``<!-- table: NAME -->`` and ``<!-- end -->`` printed anew."""
    first, *parts = text.split("<!-- table: ")
    out = [first]
    for part in parts:
        name, _, rest = part.partition(" -->")
        _, end, after = rest.partition("<!-- end -->")
        out.append(f"<!-- table: {name} -->\n\n{TABLES[name]()}\n{end}{after}")
    return "".join(out)


def outdated(*, write: bool) -> list[str]:
    """Return the pages whose tables differ from the code, written anew where ``write``."""
    found = []
    for name in ("http.md", "settings.md"):
        path = FOLDER / name
        text = path.read_text(encoding="utf-8")
        if filled(text) != text:
            found.append(name)
            if write:
                path.write_text(filled(text), encoding="utf-8")
    return found


if __name__ == "__main__":
    checking = "--check" in sys.argv[1:]
    changed = outdated(write=not checking)
    if checking and changed:
        sys.exit(f"{', '.join(changed)}: run python docs/http_tables.py")
