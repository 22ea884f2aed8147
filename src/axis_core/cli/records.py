"""The record of an avatar, as plain JSON, and as dotted paths."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from axis_core.cli.json_text import plain
from axis_core.errors import LimitExceeded, NotFound


__all__ = ["dotted", "read_record"]


def read_record(path: Path) -> dict[str, Any]:
    """Return the record in a ``contract.json`` (or the folder of one), or the summary that a GLB carries.

    Raises
    ------
    InputError
        If the file is no record.
    NotFound
        If the file carries none.
    """
    from axis_core import door
    from axis_core.contracts import CONTRACT_FILE, MAX_CONTRACT_BYTES, read_contract

    file = path / CONTRACT_FILE if path.is_dir() else path
    if file.suffix.lower() != ".json":
        summary = door.info(file).get("contract")
        if not summary:
            raise NotFound(f"{file} carries no record.", hint="`axis process` writes one into every avatar.")
        return dict(summary)
    if not file.is_file():
        raise NotFound(f"there is no file {file}.")
    if file.stat().st_size > MAX_CONTRACT_BYTES:
        raise LimitExceeded(f"{file} has {file.stat().st_size:,} bytes; the most is {MAX_CONTRACT_BYTES:,}.")
    return dict(plain(read_contract(file.read_bytes())))


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
