"""The digest of a scene: what the hash chain of a contract links."""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Mapping
from typing import Any, Protocol

import attrs
import numpy as np

from axis_core.model.scene import Scene


__all__ = ["scene_digest"]


class _Sink(Protocol):
    def update(self, data: Any, /) -> None: ...


def scene_digest(scene: Scene, *more: Any) -> str:
    """Return the SHA-256 of everything a scene holds, and of ``more`` values of the same kinds."""
    sink = hashlib.sha256()
    for value in (scene, *more):
        _feed(sink, value)
    return sink.hexdigest()


def _feed(sink: _Sink, value: Any) -> None:
    if isinstance(value, np.ndarray):
        sink.update(f"array {value.dtype.str} {value.shape}".encode())
        sink.update(np.ascontiguousarray(value).data.cast("B") if value.size else b"")
    elif attrs.has(type(value)):
        sink.update(type(value).__name__.encode())
        for field in attrs.fields(type(value)):
            sink.update(field.name.encode())
            _feed(sink, getattr(value, field.name))
    elif isinstance(value, Mapping):
        sink.update(f"map {len(value)}".encode())
        for key in sorted(value):
            sink.update(str(key).encode())
            _feed(sink, value[key])
    elif isinstance(value, list | tuple):
        sink.update(f"list {len(value)}".encode())
        for item in value:
            _feed(sink, item)
    elif isinstance(value, bytes):
        sink.update(f"bytes {len(value)}".encode())
        sink.update(value)
    elif isinstance(value, float):
        sink.update(b"float" + struct.pack("<d", value))
    else:
        sink.update(f"{type(value).__name__} {value!r}".encode())
