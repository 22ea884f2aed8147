"""EXT_meshopt_compression and KHR_meshopt_compression: buffer views as meshoptimizer packs them.

The decoder is written for bytes from outside: it checks every read, and what it is asked for is counted before.

References
----------
.. Kapoulkine, "EXT_meshopt_compression", Khronos glTF extensions, 2021; "KHR_meshopt_compression", 2025.
"""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from axis_core.errors import BackendUnavailable, InputError


__all__ = ["EXTENSIONS", "decode_view", "encode_triangles", "encode_vertices", "meshopt_library"]

EXTENSIONS = ("EXT_meshopt_compression", "KHR_meshopt_compression")
_MODES = ("ATTRIBUTES", "TRIANGLES", "INDICES")
_FILTERS = {
    "EXT_meshopt_compression": ("NONE", "OCTAHEDRAL", "QUATERNION", "EXPONENTIAL"),
    "KHR_meshopt_compression": ("NONE", "OCTAHEDRAL", "QUATERNION", "EXPONENTIAL", "COLOR"),
}


def meshopt_library(name: str = EXTENSIONS[0]) -> Any:
    """Return the module ``meshopt``, which packs and unpacks the extension ``name``.

    Raises
    ------
    BackendUnavailable
    """
    try:
        return importlib.import_module("meshopt")
    except ImportError as exc:
        raise BackendUnavailable(
            f"there is no codec for {name}",
            hint="Install the codecs: pip install 'axis-avatars[codecs]'. Or export it without compression.",
        ) from exc


def decode_view(name: str, extension: Mapping[str, Any], source: memoryview, size: int, pointer: str) -> memoryview:
    """Return the bytes of a compressed buffer view.

    Parameters
    ----------
    name : str
        Of the extension.
    extension : mapping
        Its object in the buffer view.
    source : memoryview
        The compressed bytes.
    size : int
        What the buffer view says it has, bytes; already counted against the limits.

    Raises
    ------
    InputError
        ``parse_failed``: a field does not fit, or the bytes are damaged.
    BackendUnavailable
        ``not_installed``.
    """
    library = meshopt_library(name)
    stride, count = extension.get("byteStride"), extension.get("count")
    mode, filtered = extension.get("mode"), extension.get("filter", "NONE")
    if not isinstance(stride, int) or not isinstance(count, int) or stride < 1 or count < 1 or stride * count != size:
        raise _bad(f"count {count!r:.20} x byteStride {stride!r:.20} is not the byteLength {size}", pointer)
    if mode not in _MODES or filtered not in _FILTERS[name]:
        raise _bad(f"mode {mode!r:.20} with filter {filtered!r:.20} is not known", pointer)
    try:
        rows = library.decode_gltf_buffer(bytes(source), count, stride, mode, filtered)
    except (ValueError, RuntimeError) as exc:
        raise _bad(f"the compressed bytes are damaged: {exc}", pointer) from exc
    return memoryview(np.ascontiguousarray(rows).tobytes())


def _bad(message: str, pointer: str) -> InputError:
    return InputError(message, code="parse_failed", pointer=pointer, hint="Export or download it again.")


def encode_vertices(rows: NDArray[Any]) -> bytes:
    """Return (count, n) rows, a multiple of 4 bytes each, compressed."""
    return bytes(meshopt_library().encode_gltf_buffer(np.ascontiguousarray(rows), "ATTRIBUTES", 0))


def encode_triangles(corners: NDArray[Any]) -> bytes:
    """Return the corners of triangles compressed; which corner comes first may change, the winding does not."""
    return bytes(meshopt_library().encode_gltf_buffer(corners, "TRIANGLES"))
