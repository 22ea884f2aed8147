"""Strict JSON text to Python values, with limits: RFC 8259, UTF-8, no BOM, no NaN, bounded nesting."""

from __future__ import annotations

import json
import re
from typing import Any, NoReturn

from axis_core.audit.gltf.limits import MOST_DEPTH


__all__ = ["BOM", "BOM_FOUND", "JsonTextError", "parse_json"]

_INTEGER_DIGITS = 19  # what fits 64 bits; longer ones are floats
BOM = b"\xef\xbb\xbf"
"""The byte order mark of UTF-8, which JSON must not start with."""

BOM_FOUND = "BOM found at the beginning of UTF-8 stream."
"""What is said of it."""
_STRING_OR_BRACKET = re.compile(rb'"(?:[^"\\]|\\.)*"|[\[{]|[\]}]', re.DOTALL)


class JsonTextError(Exception):
    """The bytes are not JSON; the message says why."""


def parse_json(data: bytes) -> Any:
    """Return the value that JSON text spells.

    Raises
    ------
    JsonTextError
        For invalid UTF-8, anything outside the grammar, or nesting deeper than ``MOST_DEPTH``.
    """
    if _depth(data) > MOST_DEPTH:
        raise JsonTextError(f"Nesting is deeper than {MOST_DEPTH} levels")
    try:
        return json.loads(data.decode("utf-8"), parse_int=_integer, parse_constant=_constant)
    except UnicodeDecodeError as error:
        raise JsonTextError(f"FormatException: Invalid UTF-8 byte (at offset {error.start})") from error
    except json.JSONDecodeError as error:
        if error.pos >= len(data.decode("utf-8")):
            raise JsonTextError(f"FormatException: Unexpected end of input (at offset {error.pos})") from error
        raise JsonTextError(f"FormatException: Unexpected character (at offset {error.pos})") from error


def _integer(digits: str) -> int | float:
    return int(digits) if len(digits) <= _INTEGER_DIGITS else float(digits)


def _constant(name: str) -> NoReturn:
    raise JsonTextError(f"FormatException: Unexpected character ({name} is no JSON number)")


def _depth(data: bytes) -> int:
    """Return how deep brackets nest, skipping strings; a cheap bound first spares most files the scan."""
    if data.count(b"[") + data.count(b"{") <= MOST_DEPTH:
        return 0
    deepest = depth = 0
    for match in _STRING_OR_BRACKET.finditer(data):
        symbol = data[match.start()]
        if symbol in b"[{":
            depth += 1
            deepest = max(deepest, depth)
        elif symbol in b"]}":
            depth -= 1
    return deepest
