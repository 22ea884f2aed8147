"""Values as JSON: what ``--json`` prints."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from pathlib import PurePath
from typing import Any


__all__ = ["json_bytes", "plain"]


def plain(value: Any) -> Any:
    """Return ``value`` as JSON can hold it: records as objects, arrays as lists, NaN and infinities as null."""
    if value is None or isinstance(value, bool | str | int):
        return str(value) if isinstance(value, str) else value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if isinstance(value, set | frozenset):
        return [plain(item) for item in sorted(value)]
    if isinstance(value, PurePath):
        return str(value)
    if hasattr(value, "__attrs_attrs__"):
        return {field.name: plain(getattr(value, field.name)) for field in value.__attrs_attrs__}
    if hasattr(value, "tolist"):  # numpy's arrays and scalars, without importing numpy to ask
        return plain(value.tolist())
    raise TypeError(f"{type(value).__name__} has no JSON form")


def json_bytes(value: Any) -> bytes:
    """Return ``value`` as indented UTF-8 JSON with a final newline.

    A lone surrogate (from a file name that is no text) is written as its ``\\u`` escape, which JSON allows.
    """
    text = json.dumps(plain(value), indent=2, ensure_ascii=False, allow_nan=False)
    return f"{text}\n".encode("utf-8", "backslashreplace")
