"""The record of an avatar, as plain JSON, and as dotted paths."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from axis_core.errors import InputError, LimitExceeded, NotFound


__all__ = ["dotted", "read_record"]

MAX_BYTES = 64 * 1024 * 1024


def read_record(file: Path) -> dict[str, Any]:
    """Return the record in a ``contract.json``, or the summary that a GLB carries.

    Raises
    ------
    InputError
        ``parse_failed`` if the file is JSON but no record.
    NotFound
        If the file carries none.
    """
    if file.suffix.lower() == ".json":
        return _parsed(file)
    from axis_core import door

    record = door.info(file).get("contract")
    if not record:
        raise NotFound(f"{file} carries no record.", hint="`axis process` writes one into every avatar.")
    return dict(record)


def _parsed(file: Path) -> dict[str, Any]:
    size = file.stat().st_size
    if size > MAX_BYTES:
        raise LimitExceeded(f"{file} has {size:,} bytes; the most is {MAX_BYTES:,}.")
    try:
        record = json.loads(file.read_bytes())
    except (ValueError, RecursionError) as exc:
        raise InputError(f"{file} is no JSON file: {exc}.", code="parse_failed") from exc
    if not isinstance(record, dict) or "schema_version" not in record:
        raise InputError(f"{file} is no avatar contract: it has no schema_version.", code="parse_failed")
    return record


def dotted(value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Yield ``(dotted.path, text)`` of every leaf; lists of numbers stay on one line."""
    if isinstance(value, dict) and value:
        for key, item in value.items():
            yield from dotted(item, f"{path}.{key}" if path else str(key))
    elif isinstance(value, list) and any(isinstance(item, dict | list) for item in value):
        for i, item in enumerate(value):
            yield from dotted(item, f"{path}.{i}")
    else:
        yield path, value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
