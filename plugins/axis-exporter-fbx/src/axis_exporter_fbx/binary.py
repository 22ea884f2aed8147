"""The container: a tree of named records with typed values, as binary FBX 7.4 lays them out.

A record is: where it ends, how many values it has and their bytes, its name, the values, the records inside it, and 13
zero bytes after those. All numbers are little-endian. The last block and the two identifiers are fixed: readers of
Autodesk's check that identifier, time and last block fit each other.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Sequence
from typing import Any

import numpy as np


__all__ = ["CREATED", "FILE_ID", "VERSION", "Record", "encoded"]

VERSION = 7400
FILE_ID = bytes.fromhex("28b32aebb624ccc2bfc8b02aa92bfcf1")
CREATED = "1970-01-01 10:00:00:000"

_MAGIC = b"Kaydara FBX Binary  \x00\x1a\x00"
_FOOT_ID = bytes.fromhex("fabcab09d0c8d466b176fb831cf7267e")
_LAST = bytes.fromhex("f85a8c6adef5d97eece90ce3758f290b")
_END = bytes(13)
_ARRAYS = {"d": "<f8", "f": "<f4", "i": "<i4", "l": "<i8"}
_COMPRESSED_FROM = 128
_OPEN = ("AnimationLayer", "AnimationStack")


class Record:
    """A named record.

    ``values`` are Python values: bool (C), int (I, or L beyond 32 bits), float (D), str and bytes (S, R), and pairs of
    a letter and a value where it must be another type: ``("L", 5)``, ``("d", array)``.
    """

    def __init__(self, name: str, *values: Any, inside: Sequence[Record] = ()) -> None:
        self.name, self.values, self.inside = name, values, list(inside)

    def add(self, name: str, *values: Any) -> Record:
        """Append a record inside this one and return it."""
        self.inside.append(Record(name, *values))
        return self.inside[-1]

    def put(self, name: str, kind: str, label: str, flags: str, *values: Any) -> None:
        """Append a property of a ``Properties70`` record."""
        self.inside.append(Record("P", name, kind, label, flags, *values))

    def has_end(self) -> bool:
        """Whether 13 zero bytes close it: where records are inside or could be, and where there is nothing at all."""
        return bool(self.inside) or not self.values or self.name in _OPEN


def encoded(records: Sequence[Record]) -> bytes:
    """Return the file that holds ``records``."""
    out = bytearray(_MAGIC + struct.pack("<I", VERSION))
    for record in records:
        _write(out, record)
    out += _END + _FOOT_ID + bytes(4)
    out += bytes(-len(out) % 16 or 16)
    out += struct.pack("<I", VERSION) + bytes(120) + _LAST
    return bytes(out)


def _write(out: bytearray, record: Record) -> None:
    start = len(out)
    values = b"".join(map(_value, record.values))
    name = record.name.encode("ascii")
    out += bytes(12) + bytes([len(name)]) + name + values
    for inner in record.inside:
        _write(out, inner)
    if record.has_end():
        out += _END
    struct.pack_into("<III", out, start, len(out), len(record.values), len(values))


def _value(value: Any) -> bytes:
    if isinstance(value, tuple):
        return _typed(*value)
    if isinstance(value, bool):
        return b"C" + bytes([value])
    if isinstance(value, int):
        return struct.pack("<ci", b"I", value) if -(2**31) <= value < 2**31 else struct.pack("<cq", b"L", value)
    if isinstance(value, float):
        return struct.pack("<cd", b"D", value)
    data = value.encode() if isinstance(value, str) else value
    return struct.pack("<cI", b"S" if isinstance(value, str) else b"R", len(data)) + data


def _typed(letter: str, value: Any) -> bytes:
    if letter == "L":
        return struct.pack("<cq", b"L", value)
    data = np.ascontiguousarray(value, _ARRAYS[letter])
    raw = data.tobytes()
    packed = zlib.compress(raw, 6) if len(raw) >= _COMPRESSED_FROM else raw
    head = struct.pack("<cIII", letter.encode(), data.size, int(packed is not raw), len(packed))
    return head + packed
