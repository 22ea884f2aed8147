"""KHR_draco_mesh_compression: what Draco has packed becomes plain accessors, before anything else is read.

Draco is a large native decoder: it runs in a child process with limits of memory and time, one a file.

References
----------
.. Khronos Group, KHR_draco_mesh_compression, 2018.
"""

from __future__ import annotations

import importlib.util
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import attrs
import numpy as np
from numpy.typing import NDArray

from axis_core.errors import BackendUnavailable, InputError
from axis_core.sandbox import Sandbox


__all__ = ["DRACO", "Packed", "decode", "require_draco", "unpack"]

DRACO = "KHR_draco_mesh_compression"
MEMORY_MB = 4096
SECONDS = 120.0


def require_draco() -> None:
    """Check that the codec is installed.

    Raises
    ------
    BackendUnavailable
    """
    if importlib.util.find_spec("DracoPy") is None:
        raise BackendUnavailable(
            f"the file is compressed with {DRACO}",
            hint="Install the codecs: pip install 'axis-avatars[codecs]'. Or export it without compression.",
        )


@attrs.frozen(kw_only=True)
class Packed:
    """One primitive as Draco holds it.

    Attributes
    ----------
    data : bytes
    pointer : str
        Where it stands, for messages.
    """

    data: bytes = attrs.field(repr=False)
    pointer: str


def unpack(packed: list[Packed], max_bytes: int) -> list[dict[str, NDArray[Any]]]:
    """Return for each primitive its corners under ``indices`` and its attributes under their unique ids.

    Raises
    ------
    InputError
        ``parse_failed``: Draco refuses the bytes, or died on them.
    LimitExceeded
        It took too long, or needs more memory or bytes than allowed.
    BackendUnavailable
        ``not_installed``.
    """
    require_draco()
    if not packed:
        return []
    with tempfile.TemporaryDirectory(prefix="axis-draco-") as folder:
        places = []
        for k, item in enumerate(packed):
            places.append(Path(folder) / f"{k}.drc")
            places[-1].write_bytes(item.data)
        sandbox = Sandbox("axis_core.formats.codecs.draco:decode", memory_mb=MEMORY_MB, seconds=SECONDS)
        try:
            told = sandbox.run(
                {"files": [str(p) for p in places], "pointers": [p.pointer for p in packed], "max_bytes": max_bytes}
            )
        finally:
            sandbox.close()
        return [
            {name: _array(Path(folder) / f"{k}.bin", place) for name, place in table.items()}
            for k, table in enumerate(told["tables"])
        ]


def _array(path: Path, place: Mapping[str, Any]) -> NDArray[Any]:
    shape = tuple(int(n) for n in place["shape"])
    dtype = np.dtype(str(place["dtype"]))
    count = int(np.prod(shape))
    return np.fromfile(path, dtype, count=count, offset=int(place["offset"])).reshape(shape)


def decode(
    arguments: Mapping[str, Any],
    progress: Callable[[float, str], None],
    cancelled: Callable[[], bool],  # noqa: ARG001 - the signature is the sandbox's
) -> dict[str, Any]:
    """Decode files: the child's side. Arrays go into a file beside each, the table of them is returned."""
    import DracoPy

    tables: list[dict[str, Any]] = []
    spent = 0
    for k, (name, pointer) in enumerate(zip(arguments["files"], arguments["pointers"], strict=True)):
        path = Path(name)
        try:
            mesh = DracoPy.decode(path.read_bytes())
        except (DracoPy.FileTypeException, ValueError, RuntimeError, OverflowError) as exc:
            message = f"Draco refuses the bytes: {exc}"
            raise InputError(message, code="parse_failed", pointer=pointer, hint="Export it again.") from exc
        arrays = {str(item["unique_id"]): np.ascontiguousarray(item["data"]) for item in mesh.attributes}
        if not hasattr(mesh, "faces"):
            raise InputError("Draco holds points without faces", code="parse_failed", pointer=pointer)
        arrays["indices"] = np.ascontiguousarray(mesh.faces, np.uint32).reshape(-1)
        spent += sum(a.nbytes for a in arrays.values())
        if spent > int(arguments["max_bytes"]):
            raise InputError(f"it unpacks to more than {arguments['max_bytes']} bytes", code="limit_exceeded")
        tables.append(_written(path.with_suffix(".bin"), arrays))
        progress((k + 1) / len(arguments["files"]), "Draco")
    return {"tables": tables}


def _written(path: Path, arrays: Mapping[str, NDArray[Any]]) -> dict[str, Any]:
    table: dict[str, Any] = {}
    with path.open("wb") as file:
        for name, array in arrays.items():
            table[name] = {"offset": file.tell(), "shape": list(array.shape), "dtype": array.dtype.str}
            file.write(array.tobytes())
    return table
