"""How values are spelled in messages: numbers, quoted strings, lists, JSON objects."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any


__all__ = ["listed", "number", "plain", "quoted"]

_FIXED_BELOW = 21  # decimal exponents from here on are written with an exponent
_FIXED_ABOVE = -7
_LINE, _HEAD, _TAIL = 80, 3, 2  # how long a list of choices may get, what is kept of a longer one
_MOST_EXACT = 2**63  # integers beyond it are floats
_LONGEST = 2000  # characters of a value worth showing: a hostile file may hold megabytes in one string


def number(value: float) -> str:
    """Spell a number: the shortest digits that read back, ``1.0`` for a whole float, ``Infinity``, ``NaN``."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int) and abs(value) <= _MOST_EXACT:
        return str(value)
    value = float(value)
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    return _shortest(value)


def _shortest(value: float) -> str:
    """Lay the digits of ``repr`` out: positional between 1e-7 and 1e21, with an exponent outside."""
    mantissa, _, exponent = repr(value).partition("e")
    if not exponent:
        return mantissa
    power = int(exponent)
    sign = "-" if mantissa.startswith("-") else ""
    whole, _, fraction = mantissa.lstrip("-").partition(".")
    digits = whole + fraction.rstrip("0") if fraction.strip("0") else whole
    if _FIXED_ABOVE < power < 0:
        return f"{sign}0.{'0' * (-power - 1)}{digits}"
    if 0 <= power < _FIXED_BELOW:
        return f"{sign}{digits}{'0' * (power + 1 - len(digits))}.0"
    shown = digits if len(digits) == 1 else f"{digits[0]}.{digits[1:]}"
    return f"{sign}{shown}e{'+' if power > 0 else '-'}{abs(power)}"


def plain(value: Any) -> str:
    """Spell any JSON value without quotes: ``[a, 1]``, ``{key: true}``, ``null``."""
    return _cut(_plain(value, _LONGEST))


def _plain(value: Any, room: int) -> str:
    if value is None:
        return "null"
    if isinstance(value, str):
        return value
    if isinstance(value, (bool, int, float)):
        return number(value)
    if not isinstance(value, (Mapping, list, tuple)):
        return str(value)
    parts: list[str] = []
    for item in value.items() if isinstance(value, Mapping) else value:
        text = f"{item[0]}: {_plain(item[1], room)}" if isinstance(value, Mapping) else _plain(item, room)
        parts.append(text)
        room -= len(text) + 2
        if room < 0:
            break
    body = ", ".join(parts)
    return f"{{{body}}}" if isinstance(value, Mapping) else f"[{body}]"


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}..."


def quoted(value: Any) -> str:
    """Spell a value with single quotes if it is a string."""
    return f"'{_cut(value)}'" if isinstance(value, str) else plain(value)


def listed(values: Sequence[Any]) -> str:
    """Spell the valid choices: ``'a', 'b'`` or ``1, 2``; of a long list the first three and the last two."""
    parts = [quoted(v) for v in values]
    if len(parts) <= _HEAD + _TAIL or _width(parts) <= _LINE:
        return ", ".join(parts)
    head, tail = parts[:-_TAIL], parts[-_TAIL:]
    while len(head) > _HEAD and _width([*head, "...", *tail]) > _LINE:
        head.pop()
    return ", ".join([*head, "...", *tail])


def _width(parts: list[str]) -> int:
    return sum(len(p) + 2 for p in parts)
