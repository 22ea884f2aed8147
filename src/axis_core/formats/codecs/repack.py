"""Repack: the arrays of a finished glTF file, changed one by one and packed anew."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from axis_core.formats.codecs.meshopt import encode_triangles, encode_vertices


__all__ = ["ELEMENT_TYPES", "Repacker", "component_code", "padded"]

ELEMENT_TYPES = {1: "SCALAR", 2: "VEC2", 3: "VEC3", 4: "VEC4", 16: "MAT4"}
_CODES = {"i1": 5120, "u1": 5121, "i2": 5122, "u2": 5123, "u4": 5125, "f4": 5126}


def component_code(dtype: np.dtype[Any]) -> int:
    """Return glTF's number of a component type."""
    return _CODES[dtype.newbyteorder("<").str[1:]]


def padded(rows: NDArray[Any]) -> NDArray[np.uint8]:
    """Return (count, n) rows as bytes, each row a multiple of 4."""
    raw = np.ascontiguousarray(rows).view(np.uint8).reshape(len(rows), -1)
    extra = -raw.shape[1] % 4
    return np.pad(raw, ((0, 0), (0, extra))) if extra else raw


class Repacker:
    """Collects views and accessors of the new file.

    Parameters
    ----------
    extension : str
        The compression of the views that ``packed`` and ``triangles`` make.
    """

    def __init__(self, extension: str) -> None:
        self._extension = extension
        self.accessors: list[dict[str, Any]] = []
        self.views: list[dict[str, Any]] = []
        self._parts: list[bytes] = []
        self._length = 0
        self._fallback = 0
        self._streams: dict[tuple[str, str, int, int | None], tuple[int, list[NDArray[Any]]]] = {}

    @property
    def buffers(self) -> list[dict[str, Any]]:
        """The buffers: the bytes, and where views are packed an empty one for where they unpack to."""
        out: list[dict[str, Any]] = [{"byteLength": self._length}]
        if self._fallback:
            fallback = {"byteLength": self._fallback, "extensions": {self._extension: {"fallback": True}}}
            out.append(fallback)
        return out

    def data(self) -> bytes:
        """Return the bytes of the first buffer."""
        return b"".join(self._parts)

    def _append(self, data: bytes) -> int:
        offset = self._length
        self._parts += [data, bytes(-len(data) % 4)]
        self._length += len(data) + -len(data) % 4
        return offset

    def plain(self, data: bytes, **properties: Any) -> int:
        """Return a view of bytes as they are."""
        offset = self._append(data)
        self.views.append({"buffer": 0, "byteOffset": offset, "byteLength": len(data), **properties})
        return len(self.views) - 1

    def _stream(self, raw: NDArray[Any], mode: str, filtered: str, target: int | None) -> tuple[int, int]:
        """Return the view and the offset in it of rows that join all others of their kind: a view costs JSON."""
        key = (mode, filtered, raw.shape[1], target)
        if key not in self._streams:
            self._streams[key] = (len(self.views), [])
            self.views.append({})
        view, parts = self._streams[key]
        offset = sum(map(len, parts)) * raw.shape[1]
        parts.append(raw)
        return view, offset

    def close(self) -> None:
        """Pack the streams; call it once, after the last array."""
        for (mode, filtered, stride, target), (view, parts) in self._streams.items():
            rows = np.concatenate(parts)
            data = encode_vertices(rows) if mode == "ATTRIBUTES" else encode_triangles(_corners(rows))
            coded: dict[str, Any] = {"buffer": 0, "byteOffset": self._append(data), "byteLength": len(data)}
            coded |= {"byteStride": stride, "count": len(rows), "mode": mode}
            if filtered != "NONE":
                coded["filter"] = filtered
            item: dict[str, Any] = {"buffer": 1, "byteOffset": self._fallback, "byteLength": rows.size}
            if target == 34962:
                item["byteStride"] = stride
            if target is not None:
                item["target"] = target
            self._fallback += rows.size + -rows.size % 4
            self.views[view] = item | {"extensions": {self._extension: coded}}

    def packed(
        self,
        rows: NDArray[Any],
        like: dict[str, Any],
        *,
        dtype: np.dtype[Any] | None = None,
        width: int | None = None,
        normalised: bool = False,
        filtered: str = "NONE",
        target: int | None = None,
    ) -> int:
        """Return an accessor of rows that are compressed as vertices.

        Parameters
        ----------
        like : mapping
            The old accessor: its name and extras are kept.
        dtype, width
            What a row means, where a filter has made bytes of it.
        """
        raw = padded(rows)
        view, offset = self._stream(raw, "ATTRIBUTES", filtered, target)
        kept = {k: v for k, v in like.items() if k in ("name", "extras")}
        item = {
            **kept,
            "bufferView": view,
            "componentType": component_code(dtype or rows.dtype),
            "count": len(rows),
            "type": ELEMENT_TYPES[width or rows.shape[1]],
        }
        if offset:
            item["byteOffset"] = offset
        if normalised:
            item["normalized"] = True
        self.accessors.append(item)
        return len(self.accessors) - 1

    def triangles(self, corners: NDArray[np.uint32], n_vertices: int) -> int:
        """Return an accessor of the corners of triangles, (3 F,)."""
        dtype = np.dtype("<u2" if n_vertices <= 0xFFFF else "<u4")
        raw = corners.astype(dtype).view(np.uint8).reshape(-1, dtype.itemsize)
        view, offset = self._stream(raw, "TRIANGLES", "NONE", 34963)
        item = {"bufferView": view, "componentType": component_code(dtype), "count": len(corners), "type": "SCALAR"}
        self.accessors.append(item | ({"byteOffset": offset} if offset else {}))
        return len(self.accessors) - 1

    def loose(self, rows: NDArray[Any], like: dict[str, Any]) -> int:
        """Return an accessor of rows as they are."""
        view = self.plain(np.ascontiguousarray(rows).tobytes())
        kept = {k: v for k, v in like.items() if k not in ("bufferView", "byteOffset", "sparse")}
        self.accessors.append({**kept, "bufferView": view, "count": len(rows)})
        return len(self.accessors) - 1

    def sparse(self, rows: NDArray[Any], like: dict[str, Any]) -> int:
        """Return an accessor of (N, 3) rows of which only those that are not 0 have bytes."""
        moved = np.flatnonzero((rows != 0).any(axis=1))
        if not len(moved):
            moved = np.zeros(1, np.intp)  # a sparse accessor has at least one element
        index = moved.astype(np.dtype("<u2" if len(rows) <= 0xFFFF else "<u4"))
        kept = {k: v for k, v in like.items() if k not in ("bufferView", "byteOffset")}
        kept["sparse"] = {
            "count": len(moved),
            "indices": {"bufferView": self.plain(index.tobytes()), "componentType": component_code(index.dtype)},
            "values": {"bufferView": self.plain(np.ascontiguousarray(rows[moved]).tobytes())},
        }
        self.accessors.append({**kept, "count": len(rows)})
        return len(self.accessors) - 1

    def declare(self, item: dict[str, Any]) -> int:
        """Return an accessor without bytes of its own: an extension holds them."""
        self.accessors.append(item)
        return len(self.accessors) - 1


def _corners(raw: NDArray[np.uint8]) -> NDArray[np.uint32]:
    return np.ascontiguousarray(raw).view("<u2" if raw.shape[1] == 2 else "<u4").reshape(-1).astype(np.uint32)
