"""Fields of parsed JSON, with their type and range checked and a JSON pointer in every complaint."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, NoReturn

from axis_core.errors import InputError


__all__ = [
    "flag",
    "index",
    "indices",
    "integer",
    "mapping",
    "number",
    "numbers",
    "objects",
    "raw_mapping",
    "refuse",
    "text",
]


def refuse(message: str, pointer: str, hint: str | None = None) -> NoReturn:
    """Raise InputError ``parse_failed``."""
    raise InputError(message, code="parse_failed", pointer=pointer, hint=hint)


def _kind(value: Any) -> str:
    names = {dict: "an object", list: "an array", str: "a string", bool: "a boolean", type(None): "null"}
    return names.get(type(value), f"{value!r:.40}")


def objects(parent: Mapping[str, Any], key: str, pointer: str) -> list[dict[str, Any]]:
    """Return an array of objects, empty if absent."""
    value = parent.get(key, [])
    if not isinstance(value, list):
        refuse(f"{key} is {_kind(value)}, expected an array", f"{pointer}/{key}")
    for i, item in enumerate(value):
        if not isinstance(item, dict):
            refuse(f"{key} holds {_kind(item)}, expected an object", f"{pointer}/{key}/{i}")
    return value


def mapping(parent: Mapping[str, Any], key: str, pointer: str) -> dict[str, Any]:
    """Return an object, empty if absent."""
    value = parent.get(key, {})
    if not isinstance(value, dict):
        refuse(f"{key} is {_kind(value)}, expected an object", f"{pointer}/{key}")
    return value


def raw_mapping(parent: Mapping[str, Any], key: str) -> dict[str, Any]:
    """Return an object as it is, and an empty one for anything else (``extras`` may be of any type)."""
    value = parent.get(key)
    return value if isinstance(value, dict) else {}


def _integral(value: Any) -> int | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return value
    return int(value) if isinstance(value, float) and value.is_integer() else None


def integer(
    parent: Mapping[str, Any],
    key: str,
    pointer: str,
    *,
    default: int | None = None,
    low: int = 0,
    high: int = 2**53,
) -> int:
    """Return a whole number in low..high; ``default`` None makes it required."""
    if key not in parent:
        if default is None:
            refuse(f"{key} is missing", pointer)
        return default
    value = _integral(parent[key])
    if value is None:
        refuse(f"{key} is {_kind(parent[key])}, expected a whole number", f"{pointer}/{key}")
    if not low <= value <= high:
        refuse(f"{key} is {value}, expected {low} to {high}", f"{pointer}/{key}")
    return value


def index(parent: Mapping[str, Any], key: str, pointer: str, n: int) -> int | None:
    """Return an index below ``n``, or None if absent."""
    if key not in parent:
        return None
    value = _integral(parent[key])
    if value is None or not 0 <= value < n:
        refuse(f"{key} is {_kind(parent[key])}, there are {n}", f"{pointer}/{key}")
    return value


def indices(parent: Mapping[str, Any], key: str, pointer: str, n: int) -> tuple[int, ...]:
    """Return an array of indices below ``n``, empty if absent."""
    value = parent.get(key, [])
    if not isinstance(value, list):
        refuse(f"{key} is {_kind(value)}, expected an array", f"{pointer}/{key}")
    out = tuple(map(_integral, value))
    for i, item in enumerate(out):
        if item is None or not 0 <= item < n:
            refuse(f"{key} holds {_kind(value[i])}, there are {n}", f"{pointer}/{key}/{i}")
    return out  # type: ignore[return-value]


def _finite(value: Any) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    out = float(value) if abs(value) < 2**1023 else math.inf
    return out if math.isfinite(out) else None


def number(parent: Mapping[str, Any], key: str, pointer: str, default: float) -> float:
    """Return a finite number."""
    out = _finite(parent.get(key, default))
    if out is None:
        refuse(f"{key} is {_kind(parent[key])}, expected a number", f"{pointer}/{key}")
    return out


def numbers(
    parent: Mapping[str, Any], key: str, pointer: str, *, n: int | None = None, default: tuple[float, ...] = ()
) -> tuple[float, ...]:
    """Return an array of ``n`` finite numbers (any count for None)."""
    if key not in parent:
        return default
    value = parent[key]
    if not isinstance(value, list) or (n is not None and len(value) != n):
        refuse(f"{key} is {value!r:.60}, expected an array of {n if n is not None else 'numbers'}", f"{pointer}/{key}")
    out = tuple(map(_finite, value))
    if None in out:
        refuse(f"{key} is {value!r:.60}, expected numbers", f"{pointer}/{key}")
    return out  # type: ignore[return-value]


def text(parent: Mapping[str, Any], key: str, pointer: str, default: str = "") -> str:
    """Return a string."""
    value = parent.get(key, default)
    if not isinstance(value, str):
        refuse(f"{key} is {_kind(value)}, expected a string", f"{pointer}/{key}")
    return value


def flag(parent: Mapping[str, Any], key: str, pointer: str) -> bool:
    """Return a boolean, False if absent."""
    value = parent.get(key, False)
    if not isinstance(value, bool):
        refuse(f"{key} is {_kind(value)}, expected true or false", f"{pointer}/{key}")
    return value
