"""Component types and element types of accessors: sizes, ranges, names, and the formats that rules speak of.

References
----------
The Khronos Group, glTF 2.0 Specification, section 3.6.2 "Accessors".
"""

from __future__ import annotations

from typing import Any

import attrs
import numpy as np


__all__ = [
    "COMPONENT_NAMES",
    "COMPONENT_SIZES",
    "DTYPES",
    "FLOAT",
    "RANGES",
    "TYPE_SIZES",
    "UNSIGNED_BYTE",
    "UNSIGNED_INT",
    "UNSIGNED_SHORT",
    "Format",
    "element_length",
]

BYTE, UNSIGNED_BYTE, SHORT, UNSIGNED_SHORT, UNSIGNED_INT, FLOAT = 5120, 5121, 5122, 5123, 5125, 5126

COMPONENT_SIZES = {BYTE: 1, UNSIGNED_BYTE: 1, SHORT: 2, UNSIGNED_SHORT: 2, UNSIGNED_INT: 4, FLOAT: 4}
COMPONENT_NAMES = {
    BYTE: "BYTE",
    UNSIGNED_BYTE: "UNSIGNED_BYTE",
    SHORT: "SHORT",
    UNSIGNED_SHORT: "UNSIGNED_SHORT",
    UNSIGNED_INT: "UNSIGNED_INT",
    FLOAT: "FLOAT",
}
RANGES = {
    BYTE: (-128, 127),
    UNSIGNED_BYTE: (0, 255),
    SHORT: (-32768, 32767),
    UNSIGNED_SHORT: (0, 65535),
    UNSIGNED_INT: (0, 4294967295),
}
DTYPES: dict[int, np.dtype[Any]] = {
    BYTE: np.dtype("<i1"),
    UNSIGNED_BYTE: np.dtype("<u1"),
    SHORT: np.dtype("<i2"),
    UNSIGNED_SHORT: np.dtype("<u2"),
    UNSIGNED_INT: np.dtype("<u4"),
    FLOAT: np.dtype("<f4"),
}
TYPE_SIZES = {"SCALAR": 1, "VEC2": 2, "VEC3": 3, "VEC4": 4, "MAT2": 4, "MAT3": 9, "MAT4": 16}
MATRIX_COLUMNS = {"MAT2": 2, "MAT3": 3, "MAT4": 4}

_ALIGNMENT = 4  # each column of a matrix starts on a multiple of it


def element_length(type_name: str, component_type: int) -> int:
    """Return the bytes of one element, the padding of matrix columns included."""
    size = COMPONENT_SIZES[component_type]
    columns = MATRIX_COLUMNS.get(type_name)
    if columns is None:
        return TYPE_SIZES[type_name] * size
    return columns * (-(-columns * size // _ALIGNMENT) * _ALIGNMENT)


@attrs.frozen
class Format:
    """An accessor's format as the rules compare it and the messages spell it: ``{VEC4, UNSIGNED_BYTE normalized}``."""

    type: str | None
    component_type: int
    normalized: bool = False

    @property
    def is_float(self) -> bool:
        """Whether the components are floats."""
        return self.component_type == FLOAT

    def __str__(self) -> str:
        name = COMPONENT_NAMES.get(self.component_type, "null")
        return f"{{{'null' if self.type is None else self.type}, {name}{' normalized' if self.normalized else ''}}}"
