"""assimp by its C interface, and its structures as arrays. Only the child process imports this."""

from __future__ import annotations

import ctypes
from functools import lru_cache
from importlib.metadata import distribution
from typing import Any

import numpy as np
from numpy.typing import NDArray

from axis_core.plugin import InputError
from axis_importer_assimp.structures import Scene


__all__ = [
    "each",
    "floats",
    "import_bytes",
    "load_library",
    "matrix",
    "metadata",
    "quaternion_keys",
    "raw_bytes",
    "text",
    "vector_keys",
    "weights",
]

TRIANGULATE = 0x8
VALIDATE = 0x400

# include/assimp/anim.h and mesh.h.
_VECTOR_KEY = np.dtype({"names": ["time", "value"], "formats": ["<f8", ("<f4", 3)], "offsets": [0, 8], "itemsize": 24})
_QUATERNION_KEY = np.dtype(
    {"names": ["time", "value"], "formats": ["<f8", ("<f4", 4)], "offsets": [0, 8], "itemsize": 32}
)
_WEIGHT = np.dtype([("vertex", "<u4"), ("weight", "<f4")])
_METADATA = {1: ctypes.c_int32, 3: ctypes.c_float, 4: ctypes.c_double, 9: ctypes.c_uint32}


@lru_cache(maxsize=1)
def load_library() -> ctypes.CDLL:
    """Return the assimp that cmeel-assimp brings."""
    found = distribution("cmeel-assimp")
    place = next(f for f in found.files or () if f.name in ("libassimp.so", "libassimp.dylib"))
    library = ctypes.CDLL(str(found.locate_file(place)))
    library.aiImportFileFromMemory.restype = ctypes.POINTER(Scene)
    library.aiImportFileFromMemory.argtypes = [ctypes.c_char_p, ctypes.c_uint32, ctypes.c_uint32, ctypes.c_char_p]
    library.aiGetErrorString.restype = ctypes.c_char_p
    return library


def import_bytes(data: bytes, kind: str) -> Scene:
    """Return the scene of ``data``. It is never released: the process that holds it reads one file and ends.

    Raises
    ------
    InputError
        ``parse_failed``: assimp refuses it.
    """
    library = load_library()
    scene = library.aiImportFileFromMemory(data, len(data), TRIANGULATE | VALIDATE, kind.encode())
    if not scene:
        reason = (library.aiGetErrorString() or b"").decode("utf-8", "replace")
        raise InputError(
            f"assimp cannot read this {kind.upper()}: {reason:.200}",
            code="parse_failed",
            hint="Open it where it was made and export it anew.",
        )
    return scene.contents


def each(pointers: Any, count: int) -> list[Any]:
    """Return what ``count`` pointers of an array point to."""
    return [pointers[i].contents for i in range(count)] if pointers else []


def raw_bytes(address: int | None, size: int) -> bytes:
    """Return a copy of ``size`` bytes at an address; nothing for NULL."""
    return ctypes.string_at(address, size) if address and size else b""


def _rows(address: int | None, count: int, dtype: np.dtype[Any]) -> NDArray[Any]:
    return np.frombuffer(raw_bytes(address, count * dtype.itemsize), dtype)


def floats(address: int | None, count: int, width: int) -> NDArray[np.float32]:
    """Return (count, width) float32 of an array of vectors or colours; empty for NULL."""
    return _rows(address, count * width, np.dtype("<f4")).reshape(-1, width)


def vector_keys(address: int | None, count: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return times (T,) in ticks and values (T, 3)."""
    rows = _rows(address, count, _VECTOR_KEY)
    return rows["time"].astype(np.float64), rows["value"].astype(np.float64)


def quaternion_keys(address: int | None, count: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return times (T,) in ticks and quaternions (T, 4), x y z w; assimp has w first."""
    rows = _rows(address, count, _QUATERNION_KEY)
    return rows["time"].astype(np.float64), np.roll(rows["value"].astype(np.float64), -1, axis=1)


def weights(address: int | None, count: int) -> tuple[NDArray[np.uint32], NDArray[np.float32]]:
    """Return the vertices of a bone and their weights."""
    rows = _rows(address, count, _WEIGHT)
    return rows["vertex"], rows["weight"]


def matrix(value: Any) -> NDArray[np.float64]:
    """Return an ``aiMatrix4x4`` as (4, 4), row-major, columns multiplied."""
    return np.array(value, np.float64).reshape(4, 4)


def text(value: Any) -> str:
    """Return an ``aiString``."""
    return bytes(value.data[: value.length]).decode("utf-8", "replace")


def metadata(scene: Scene) -> dict[str, float]:
    """Return the numbers among the scene's metadata."""
    if not scene.mMetaData:
        return {}
    table = scene.mMetaData.contents
    out = {}
    for i in range(table.mNumProperties):
        kind = _METADATA.get(table.mValues[i].mType)
        if kind is not None and table.mValues[i].mData:
            out[text(table.mKeys[i])] = float(kind.from_address(table.mValues[i].mData).value)
    return out
