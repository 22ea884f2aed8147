"""The header of a PLY file (Turk, 1994): elements and their properties."""

from __future__ import annotations

from collections.abc import Mapping

import attrs
import numpy as np

from axis_core.errors import InputError
from axis_core.formats.limits import Limits


__all__ = ["Element", "Header", "Property", "read_header"]

_TYPES = {
    **dict.fromkeys(("char", "int8"), "i1"),
    **dict.fromkeys(("uchar", "uint8"), "u1"),
    **dict.fromkeys(("short", "int16"), "i2"),
    **dict.fromkeys(("ushort", "uint16"), "u2"),
    **dict.fromkeys(("int", "int32"), "i4"),
    **dict.fromkeys(("uint", "uint32"), "u4"),
    **dict.fromkeys(("float", "float32"), "f4"),
    **dict.fromkeys(("double", "float64"), "f8"),
}
_ORDERS = {"ascii": "", "binary_little_endian": "<", "binary_big_endian": ">"}
_MAX_HEADER = 65_536


@attrs.frozen
class Property:
    """A column of an element.

    Attributes
    ----------
    dtype : numpy dtype
        Of the value, or of the items of a list.
    count_dtype : numpy dtype or None
        Of the length of a list; None for a single value.
    """

    name: str
    dtype: np.dtype[np.generic]
    count_dtype: np.dtype[np.generic] | None = None


@attrs.frozen
class Element:
    """A table of the file."""

    name: str
    count: int
    properties: tuple[Property, ...]

    @property
    def has_lists(self) -> bool:
        """Whether rows differ in length."""
        return any(p.count_dtype is not None for p in self.properties)

    @property
    def record(self) -> np.dtype[np.void]:
        """The dtype of a row without lists."""
        return np.dtype([(p.name, p.dtype) for p in self.properties])


@attrs.frozen
class Header:
    """What the file says of itself.

    Attributes
    ----------
    order : str
        ``<``, ``>`` or "" for ASCII.
    size : int
        Bytes of the header.
    lines : int
        Lines of the header.
    textures : tuple of str
        Names in ``comment TextureFile``.
    """

    order: str
    elements: tuple[Element, ...]
    size: int
    lines: int
    textures: tuple[str, ...] = ()


def _refuse(message: str, line: int) -> InputError:
    return InputError(message, code="parse_failed", pointer=f"line {line}")


def read_header(data: bytes, limits: Limits) -> Header:
    """Return the header of a PLY file.

    Raises
    ------
    InputError
        ``parse_failed`` with the line.
    LimitExceeded
        More vertices or faces than the limits allow: before any is read.
    """
    end = data.find(b"end_header", 0, _MAX_HEADER)
    if not data.startswith(b"ply") or end < 0:
        raise InputError("the PLY has no whole header", code="parse_failed", pointer="byte 0")
    size = end + len(b"end_header")
    size += 2 if data[size : size + 2] == b"\r\n" else 1
    lines = data[:end].decode("latin-1").splitlines()
    order: str | None = None
    tables: list[tuple[str, int, list[Property]]] = []
    textures: list[str] = []
    for number, line in enumerate(lines, start=1):
        words = line.split()
        match words:
            case ["format", kind, *_]:
                if kind not in _ORDERS:
                    raise _refuse(f"format {kind!r:.40}, expected one of {', '.join(_ORDERS)}", number)
                order = _ORDERS[kind]
            case ["element", name, count]:
                tables.append((name, _count(name, count, limits, number), []))
            case ["property", *rest] if tables:
                tables[-1][2].append(_property(rest, order or "", number))
            case ["comment", "TextureFile", *name]:
                textures.append(" ".join(name))
            case ["ply"] | ["comment" | "obj_info", *_] | []:
                pass
            case _:
                raise _refuse(f"{line!r:.60} is no line of a PLY header", number)
    if order is None:
        raise _refuse("the format line is missing", 1)
    elements = tuple(Element(name, count, _distinct(properties, name)) for name, count, properties in tables)
    return Header(order, elements, size, len(lines) + 1, tuple(textures))


def _count(name: str, text: str, limits: Limits, line: int) -> int:
    if not text.isdecimal() or len(text) > 18:
        raise _refuse(f"element {name!r:.40}: {text!r:.40} is no count", line)
    limits.check({"vertex": "vertices"}.get(name, "triangles"), int(text), pointer=f"line {line}")
    return int(text)


def _property(words: list[str], order: str, line: int) -> Property:
    types: Mapping[str, str] = _TYPES
    match words:
        case ["list", count, item, name] if count in types and item in types and types[count][0] != "f":
            return Property(name, np.dtype(order + types[item]), np.dtype(order + types[count]))
        case [item, name] if item in types:
            return Property(name, np.dtype(order + types[item]))
    raise _refuse(f"property {' '.join(words)!r:.60} is not understood", line)


def _distinct(properties: list[Property], element: str) -> tuple[Property, ...]:
    if len({p.name for p in properties}) != len(properties):
        raise InputError(f"element {element!r:.40} has two properties of one name", code="parse_failed")
    return tuple(properties)
