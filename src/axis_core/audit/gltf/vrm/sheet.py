"""A careful way into raw JSON: whatever is not there or of the wrong type reads as empty."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import attrs

from axis_core.audit.gltf.vrm.codes import VRM_CODES
from axis_core.model.issue import Issue


__all__ = ["Sheet", "entries", "items", "table"]


def table(value: Any) -> dict[str, Any]:
    """Return an object, an empty one if the value is none."""
    return value if isinstance(value, dict) else {}


def items(value: Any) -> list[Any]:
    """Return a list, an empty one if the value is none."""
    return value if isinstance(value, list) else []


def entries(value: Any) -> Iterator[tuple[int, dict[str, Any]]]:
    """Give the objects of a list with their indices."""
    for i, item in enumerate(items(value)):
        if isinstance(item, dict):
            yield i, item


@attrs.define
class Sheet:
    """The JSON of one file and the findings about it."""

    root: dict[str, Any]
    issues: list[Issue] = attrs.field(factory=list)

    def extension(self, name: str) -> dict[str, Any]:
        """Return an extension of the root."""
        return table(table(self.root.get("extensions")).get(name))

    def nodes(self) -> list[Any]:
        """Return the nodes."""
        return items(self.root.get("nodes"))

    def index(self, collection: str, value: Any) -> int | None:
        """Return an index that refers to an element of a collection of the root, None for any other value."""
        good = isinstance(value, int) and not isinstance(value, bool)
        return value if good and 0 <= value < len(items(self.root.get(collection))) else None

    def report(self, code: str, pointer: str, detail: str = "", value: Any = None, limit: Any = None) -> None:
        """Report a code at a pointer."""
        known = VRM_CODES[code]
        message = f"{known.summary} {detail}".rstrip()
        self.issues.append(
            Issue(code=code, severity=known.severity, message=message, pointer=pointer, value=value, limit=limit)
        )
