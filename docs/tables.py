"""Writes the pages that are printed from the code: ``python docs/tables.py``; ``--check`` only compares."""

from __future__ import annotations

import importlib
import inspect
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from axis_core import errors
from axis_core.model import ISSUE_CODES, Severity


__all__ = ["PAGES", "api_page", "errors_page", "issues_page", "outdated"]

FOLDER = Path(__file__).parent
DOORS = ("axis_core", "axis_core.plugin", "axis_core.testing", "axis_core.render")
KERNELS = ("decimate", "lod_chain", "skin_weights", "deform", "weld", "transfer", "closest", "rays")
_NOTICE = "<!-- Printed from the code by docs/tables.py: change it there. -->\n\n"


def _table(header: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    cells = [list(header), ["---"] * len(list(header)), *(list(r) for r in rows)]
    return "".join(f"| {' | '.join(c.replace('|', chr(92) + '|') for c in row)} |\n" for row in cells)


def issues_page() -> str:
    """Return docs/issues.md: every issue code that an audit can report."""
    parts = [
        _NOTICE + "# Issue codes\n\n",
        "What `axis audit` and the pipeline can say about an avatar. A bad avatar gives issues, never an exception. "
        "Codes are stable; severities may be overridden. Repairs named here are applied by the `default` profile.\n",
    ]
    for severity in Severity:
        rows = [
            (f"`{c.code}`", c.summary, c.why, ", ".join(f"`{r}`" for r in c.fixed_by) or "by hand")
            for c in ISSUE_CODES.values()
            if c.severity is severity
        ]
        if rows:
            table = _table(("code", "found", "why it matters", "fixed by"), rows)
            parts += [f"\n## {severity.value.capitalize()}\n\n", table]
    return "".join(parts)


def errors_page() -> str:
    """Return docs/errors.md: the tree of exceptions and every code they carry."""
    tree = inspect.cleandoc(errors.__doc__ or "").split("::\n\n", 1)[1].split("\n\n", 1)[0]
    classes = [getattr(errors, n) for n in errors.__all__ if inspect.isclass(getattr(errors, n))]
    defaults: dict[str, list[str]] = {}
    for cls in classes:
        if "default_code" in vars(cls) and cls is not errors.AxisError:
            defaults.setdefault(cls.default_code, []).append(f"`{cls.__name__}`")
    rows = [(f"`{code}`", text, ", ".join(defaults.get(code, ()))) for code, text in errors.CODES.items()]
    return (
        _NOTICE + "# Errors\n\nExceptions are sorted by what the caller can do about them:\n\n"
        f"```text\n{inspect.cleandoc(tree)}\n```\n\n"
        "Every one carries a stable `code`, a `message` with the value seen and the value expected, a `pointer` "
        "(where) and a `hint` (what to do). `axis ... --json` prints the same fields. What is wrong with an avatar is "
        "no exception: see [issues](issues.md).\n\n## Codes\n\n" + _table(("code", "meaning", "default of"), rows)
    )


def _entry(name: str, value: Any) -> tuple[str, str]:
    documented = inspect.isclass(value) or inspect.isroutine(value) or inspect.ismodule(value)
    summary = (inspect.getdoc(value) or "").partition("\n")[0] if documented else ""
    if not inspect.isroutine(value):
        return f"`{name}`", summary
    return f"`{name}{_signature(value)}`", summary


def _signature(value: Callable[..., Any]) -> str:
    signature = inspect.signature(value)
    names = []
    star = False
    for parameter in signature.parameters.values():
        if parameter.kind is parameter.KEYWORD_ONLY and not star:
            names.append("*")
            star = True
        default = "" if parameter.default is parameter.empty else f"={_default(parameter.default)}"
        stars = {parameter.VAR_POSITIONAL: "*", parameter.VAR_KEYWORD: "**"}.get(parameter.kind, "")
        star = star or stars == "*"
        names.append(f"{stars}{parameter.name}{default}")
    result = signature.return_annotation
    text = result if isinstance(result, str) else inspect.formatannotation(result)
    return f"({', '.join(names)})" + ("" if result is signature.empty else f" -> {text}")


def _default(value: Any) -> str:
    if callable(value) or type(value).__repr__ is object.__repr__:
        return "..."
    return repr(value)


def api_page() -> str:
    """Return docs/api.md: the public names of every door, with the first line of their docstrings."""
    parts = [
        _NOTICE + "# The library's doors\n\nImport from these modules; everything else may move. "
        "`help(axis_core.process)` prints the whole docstring.\n"
    ]
    for door in DOORS:
        module = importlib.import_module(door)
        lead = (inspect.getdoc(module) or "").partition("\n")[0]
        names = [n for n in module.__all__ if not n.startswith("_")]
        parts += [f"\n## `{door}`\n\n{lead}\n\n", _table(("name", ""), (_entry(n, getattr(module, n)) for n in names))]
    parts.append("\n## Kernels: arrays in, arrays out\n")
    for name in KERNELS:
        module = importlib.import_module(f"axis_core.kernels.{name}")
        lead = (inspect.getdoc(module) or "").partition("\n")[0]
        rows = [_entry(n, getattr(module, n)) for n in module.__all__]
        parts += [f"\n### `axis_core.kernels.{name}`\n\n{lead}\n\n", _table(("name", ""), rows)]
    return "".join(parts)


PAGES: dict[str, Callable[[], str]] = {"api.md": api_page, "errors.md": errors_page, "issues.md": issues_page}
"""Every printed page and the function that prints it."""


def outdated() -> list[str]:
    """Return the pages that differ from what the code prints now."""
    return [
        name
        for name, page in PAGES.items()
        if not (FOLDER / name).is_file() or (FOLDER / name).read_text(encoding="utf-8") != page()
    ]


def main(arguments: list[str]) -> int:
    """Write the pages, or say which would change."""
    changed = outdated()
    if "--check" in arguments:
        for name in changed:
            sys.stderr.write(f"docs/{name} is out of date: run python docs/tables.py\n")
        return 1 if changed else 0
    for name in changed:
        (FOLDER / name).write_text(PAGES[name](), encoding="utf-8")
        sys.stdout.write(f"wrote docs/{name}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
