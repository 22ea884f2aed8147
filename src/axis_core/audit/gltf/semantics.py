"""Attribute semantics of mesh primitives: valid names, and the formats each may have.

References
----------
The Khronos Group, glTF 2.0 Specification, section 3.7.2.1 "Overview" (attributes) and 3.7.2.2 "Morph Targets".
The Khronos Group, KHR_mesh_quantization.
"""

from __future__ import annotations

import re

from axis_core.audit.gltf.formats import BYTE, FLOAT, SHORT, UNSIGNED_BYTE, UNSIGNED_SHORT, Format


__all__ = [
    "ATTRIBUTE_FORMATS",
    "MORPH_FORMATS",
    "QUANTIZED_ATTRIBUTE_FORMATS",
    "QUANTIZED_MORPH_FORMATS",
    "base_semantic",
    "format_key",
    "set_index",
]

_INDEXED = re.compile(r"(COLOR|JOINTS|TEXCOORD|WEIGHTS)_(0|[1-9][0-9]*)")
_PLAIN = ("POSITION", "NORMAL", "TANGENT")


def base_semantic(name: str) -> str | None:
    """Return the semantic without its set index, "" for an application's own, None for an invalid name."""
    if name.startswith("_"):
        return ""
    if name in _PLAIN:
        return name
    match = _INDEXED.fullmatch(name)
    return match[1] if match else None


def set_index(name: str) -> int:
    """Return the set index of an indexed semantic, -1 for the others."""
    match = _INDEXED.fullmatch(name)
    return int(match[2]) if match else -1


def format_key(name: str) -> str:
    """Return what formats are looked up by: the name before its first underscore, even if the name is invalid."""
    return name.partition("_")[0]


def _formats(types: str, *components: tuple[int, bool]) -> list[Format]:
    return [Format(t, component, normalized) for t in types.split() for component, normalized in components]


_F, _B, _UB, _S, _US = FLOAT, BYTE, UNSIGNED_BYTE, SHORT, UNSIGNED_SHORT
_UNSIGNED = ((_F, False), (_UB, True), (_US, True))
_EITHER_SIGN = ((_F, False), (_B, True), (_UB, True), (_S, True), (_US, True))
_DIRECTIONS = ((_B, True), (_S, True))

ATTRIBUTE_FORMATS: dict[str, list[Format]] = {
    "POSITION": _formats("VEC3", (_F, False)),
    "NORMAL": _formats("VEC3", (_F, False)),
    "TANGENT": _formats("VEC4", (_F, False)),
    "TEXCOORD": _formats("VEC2", *_UNSIGNED),
    "COLOR": _formats("VEC3 VEC4", *_UNSIGNED),
    "JOINTS": _formats("VEC4", (_UB, False), (_US, False)),
    "WEIGHTS": _formats("VEC4", *_UNSIGNED),
}

MORPH_FORMATS: dict[str, list[Format]] = {
    "POSITION": _formats("VEC3", (_F, False)),
    "NORMAL": _formats("VEC3", (_F, False)),
    "TANGENT": _formats("VEC3", (_F, False)),
    "TEXCOORD": _formats("VEC2", *_EITHER_SIGN),
    "COLOR": _formats("VEC3 VEC4", *_EITHER_SIGN),
}

QUANTIZED_ATTRIBUTE_FORMATS: dict[str, list[Format]] = {
    "POSITION": _formats("VEC3", *((c, n) for c in (_B, _UB, _S, _US) for n in (False, True))),
    "NORMAL": _formats("VEC3", *_DIRECTIONS),
    "TANGENT": _formats("VEC4", *_DIRECTIONS),
    "TEXCOORD": _formats("VEC2", (_B, False), (_B, True), (_UB, False), (_S, False), (_S, True), (_US, False)),
}
"""What KHR_mesh_quantization adds to the attributes."""

QUANTIZED_MORPH_FORMATS: dict[str, list[Format]] = {
    "POSITION": _formats("VEC3", (_B, False), (_B, True), (_S, False), (_S, True)),
    "NORMAL": _formats("VEC3", *_DIRECTIONS),
    "TANGENT": _formats("VEC3", *_DIRECTIONS),
    "TEXCOORD": _formats("VEC2", (_B, False), (_S, False)),
}
"""What KHR_mesh_quantization adds to morph targets."""
