"""Packer: arrays become accessors, buffer views and one buffer; equal arrays are stored once."""

from __future__ import annotations

import hashlib
from typing import Any

import numpy as np
from numpy.typing import NDArray


__all__ = ["ARRAY_BUFFER", "ELEMENT_ARRAY_BUFFER", "Packer"]

ARRAY_BUFFER, ELEMENT_ARRAY_BUFFER = 34962, 34963
_CODES = {"i1": 5120, "u1": 5121, "i2": 5122, "u2": 5123, "u4": 5125, "f4": 5126}
_KINDS = {1: "SCALAR", 2: "VEC2", 3: "VEC3", 4: "VEC4", 16: "MAT4"}


class Packer:
    """Collects the binary part of a file.

    Equality of arrays is equality of bytes, so that the file depends on the values of a scene and not on which of its
    arrays happen to be one object.
    """

    def __init__(self) -> None:
        self.accessors: list[dict[str, Any]] = []
        self.views: list[dict[str, Any]] = []
        self._parts: list[bytes] = []
        self._length = 0
        self._view_of: dict[tuple[Any, ...], int] = {}
        self._accessor_of: dict[tuple[Any, ...], int] = {}

    def buffer(self) -> bytes:
        """Return the buffer, a multiple of 4 bytes."""
        return b"".join(self._parts)

    @property
    def length(self) -> int:
        """Size of the buffer so far, bytes."""
        return self._length

    def view(self, data: bytes, **properties: int) -> int:
        """Return a buffer view of ``data``, aligned to 4 bytes."""
        key = (hashlib.blake2b(data, digest_size=20).digest(), len(data), tuple(sorted(properties.items())))
        if key not in self._view_of:
            self._view_of[key] = len(self.views)
            self.views.append({"buffer": 0, "byteOffset": self._length, "byteLength": len(data), **properties})
            padded = data + bytes(-len(data) % 4)
            self._parts.append(padded)
            self._length += len(padded)
        return self._view_of[key]

    def array(
        self,
        values: NDArray[Any],
        *,
        target: int | None = None,
        bounds: bool = False,
        normalised: bool = False,
        shared: bool = True,
    ) -> int:
        """Return an accessor of (count, n) or (count,) ``values``.

        Parameters
        ----------
        target : int or None
            Of the buffer view. Vertex attributes are padded to a stride of 4 bytes.
        bounds : bool
            Whether to write min and max, exact in float32.
        shared : bool
            Whether an equal accessor may be taken instead; the bytes are shared in any case.
        """
        rows = np.ascontiguousarray(values if values.ndim > 1 else values[:, None])
        item = self._item(rows, bounds)
        if normalised:
            item["normalized"] = True
        properties = {} if target is None else {"target": target}
        width = rows.itemsize * rows.shape[1]
        if target == ARRAY_BUFFER and width % 4:
            raw = np.zeros((len(rows), -(-width // 4) * 4), np.uint8)
            raw[:, :width] = rows.view(np.uint8).reshape(len(rows), width)
            properties["byteStride"] = raw.shape[1]
            rows = raw
        elif not shared:
            properties["byteStride"] = width  # wanted where several accessors use one view
        item["bufferView"] = self.view(rows.tobytes(), **properties)
        if not shared:
            self.accessors.append(item)
            return len(self.accessors) - 1
        return self._accessor(item)

    def displacements(self, values: NDArray[np.float32], *, bounds: bool = False) -> int:
        """Return an accessor of morph displacements (V, 3): sparse where that is smaller."""
        moved = np.flatnonzero((values != 0).any(axis=1))
        if not len(moved):
            moved = np.zeros(1, np.intp)  # a sparse accessor has at least one element
        index = moved.astype(np.uint16 if len(values) <= 0x10000 else np.uint32)
        # 200 bytes: what the JSON of two more buffer views costs.
        if len(moved) * (index.itemsize + 12) + 200 >= values.nbytes:
            return self.array(values, target=ARRAY_BUFFER, bounds=bounds)
        item = self._item(values, bounds)
        item["sparse"] = {
            "count": len(moved),
            "indices": {
                "bufferView": self.view(index.tobytes()),
                "componentType": _CODES[index.dtype.str[1:]],
            },
            "values": {"bufferView": self.view(np.ascontiguousarray(values[moved]).tobytes())},
        }
        return self._accessor(item)

    def _item(self, rows: NDArray[Any], bounds: bool) -> dict[str, Any]:
        code = _CODES[rows.dtype.newbyteorder("<").str[1:]]
        item: dict[str, Any] = {"componentType": code, "count": len(rows), "type": _KINDS[rows.shape[1]]}
        if bounds:
            item["min"], item["max"] = _bounds(rows)
        return item

    def _accessor(self, item: dict[str, Any]) -> int:
        key = _hashable(item)
        if key not in self._accessor_of:
            self._accessor_of[key] = len(self.accessors)
            self.accessors.append(item)
        return self._accessor_of[key]


def _bounds(rows: NDArray[Any]) -> tuple[list[float], list[float]]:
    """Return min and max of the finite values: a scene may hold NaN, JSON may not."""
    low, high = rows.min(axis=0), rows.max(axis=0)
    if not (np.isfinite(low).all() and np.isfinite(high).all()):
        finite = np.isfinite(rows)
        low = np.where(finite, rows, np.inf).min(axis=0)
        high = np.where(finite, rows, -np.inf).max(axis=0)
        low, high = np.where(np.isfinite(low), low, 0), np.where(np.isfinite(high), high, 0)
    return [float(v) for v in low], [float(v) for v in high]


def _hashable(value: Any) -> Any:
    if isinstance(value, dict):
        return tuple((k, _hashable(value[k])) for k in sorted(value))
    return tuple(map(_hashable, value)) if isinstance(value, list) else value
