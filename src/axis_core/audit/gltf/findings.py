"""The findings of one audit as they are made: where we are in the JSON, and what was found there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from axis_core.audit.gltf.codes import CODES
from axis_core.audit.gltf.limits import MOST_FINDINGS, WORK
from axis_core.audit.gltf.options import ValidationOptions
from axis_core.audit.gltf.spelling import listed, plain
from axis_core.model.issue import Issue


__all__ = ["Findings", "FindingsFull"]


class FindingsFull(Exception):
    """Raised when the number of findings asked for has been reached."""


class Findings:
    """Collects issues at the place the audit has reached, under the caller's options."""

    def __init__(self, options: ValidationOptions) -> None:
        self.options = options
        self.issues: list[Issue] = []
        self.path: list[str] = []
        self.truncated = False
        self._work = WORK
        self._limit = options.max_issues or MOST_FINDINGS

    @contextmanager
    def at(self, *parts: str | int) -> Iterator[None]:
        """Go down into a property or an element for the time of a ``with`` block."""
        depth = len(self.path)
        self.path.extend(map(str, parts))
        try:
            yield
        finally:
            del self.path[depth:]

    def pointer(self, *parts: str | int) -> str:
        """Return the JSON pointer of the place reached, or of something below it; the root is ``/``."""
        return "/" + "/".join(_escaped(str(p)) for p in (*self.path, *parts))

    def add(self, code: str, *args: Any, name: str | int | None = None, valid: Sequence[Any] | None = None) -> None:
        """Report a code at the place reached, or at its property or element ``name``."""
        if self.options.wants(code):
            self.add_at(self.pointer() if name is None else self.pointer(name), code, *args, valid=valid)

    def add_at(self, pointer: str, code: str, *args: Any, valid: Sequence[Any] | None = None) -> None:
        """Report a code at a pointer."""
        self._keep(code, args, valid, pointer, None)

    def add_offset(self, offset: int, code: str, *args: Any) -> None:
        """Report a code at a byte offset of the container."""
        self._keep(code, args, None, "", offset)

    def spend(self, amount: int) -> bool:
        """Take work from the budget of the audit; if it is used up, mark the report truncated and return False."""
        self._work -= amount
        self.truncated |= self._work < 0
        return self._work >= 0

    def _keep(
        self, code: str, args: Sequence[Any], valid: Sequence[Any] | None, pointer: str, offset: int | None
    ) -> None:
        options = self.options
        if not options.wants(code):
            return
        if len(self.issues) >= self._limit:
            self.truncated = True
            raise FindingsFull
        known = CODES[code]
        self.issues.append(
            Issue(
                code=code,
                severity=options.severity_overrides.get(code, known.severity),
                message=_message(known.message, args, valid),
                pointer=pointer,
                offset=offset,
            )
        )


def _message(template: str, args: Sequence[Any], valid: Sequence[Any] | None) -> str:
    """Fill the slots of a template; what is filled in may hold braces itself."""
    before, _, after = template.partition("{*}")
    values = [plain(arg) for arg in args]
    if valid is None:
        return before.format(*values)
    return f"{before.format(*values)}{listed(valid)}{after.format(*values)}"


def _escaped(part: str) -> str:
    return part.replace("~", "~0").replace("/", "~1") if "~" in part or "/" in part else part
