"""What is the same for every avatar, painted once on a machine and kept in the user's cache.

::

    <user cache>/paint/<digest of the sources and their versions>/<name>-<side>-<digest of the mesh>.npz

Plain arrays with a checksum each, never pickled. A file is written whole under another name and renamed, so that
processes may race: the last one wins with the same bytes. A damaged file counts as none, and a cache that cannot be
written costs time, nothing else.
"""

from __future__ import annotations

import contextlib
import hashlib
import secrets
import shutil
import zipfile
from collections.abc import Callable, Mapping
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from axis_core.assets import cache_root
from axis_core.body.data import BodyMesh


__all__ = ["Arrays", "kept_arrays", "kept_bytes", "paint_folder"]

Arrays = Mapping[str, NDArray[Any]]
_FOLDERS_LEFT = 2
"""Folders of other versions that stay: two installations side by side do not empty each other's."""


def kept_arrays(name: str, mesh: BodyMesh | None, side: int, make: Callable[[], Arrays]) -> Arrays:
    """Return what ``make()`` returns, from the cache where it is.

    Parameters
    ----------
    name : str
        Letters, digits and hyphens; with ``mesh`` and ``side`` it says all that the arrays depend on.
    mesh : BodyMesh or None
        What the arrays belong to, if anything.
    side : int
        Texels.
    make : callable () -> mapping of str to array
        Plain numbers, no objects.
    """
    path = paint_folder() / f"{name}-{side}-{_mesh_digest(mesh) if mesh else 'any'}.npz"
    found = _read(path)
    if found is None:
        found = make()
        _write(path, found)
    return found


def kept_bytes(name: str, mesh: BodyMesh | None, side: int, make: Callable[[], bytes]) -> bytes:
    """Return the bytes (a picture) that ``make()`` returns, from the cache where they are; as :func:`kept_arrays`."""
    arrays = kept_arrays(name, mesh, side, lambda: {"bytes": np.frombuffer(make(), dtype=np.uint8)})
    return np.asarray(arrays["bytes"], dtype=np.uint8).tobytes()


def paint_folder() -> Path:
    """Return the folder of what these sources paint; it need not exist."""
    return cache_root() / "paint" / _sources_digest()


@lru_cache(maxsize=1)
def _sources_digest() -> str:
    """Return a digest of the room's sources and of the libraries that decide the numbers."""
    digest = hashlib.sha256()
    root = Path(__file__).parents[1]
    for source in sorted(root.rglob("*.py")):
        digest.update(source.relative_to(root).as_posix().encode())
        digest.update(source.read_bytes())
    for library in ("numpy", "scipy", "pillow"):
        digest.update(f"{library} {version(library)}".encode())
    return digest.hexdigest()[:16]


@lru_cache(maxsize=4)
def _mesh_digest(mesh: BodyMesh) -> str:
    digest = hashlib.sha256()
    for array in (mesh.vertices, mesh.uvs, mesh.quads, mesh.quad_uvs, mesh.quad_groups, *mesh.masks.values()):
        digest.update(np.ascontiguousarray(array).tobytes())
    return digest.hexdigest()[:16]


def _read(path: Path) -> Arrays | None:
    """Return the arrays of a file, None where it is missing or damaged; numpy's zip members carry a checksum."""
    try:
        with path.open("rb") as stream, np.load(stream, allow_pickle=False) as file:
            return {name: file[name] for name in file.files}
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
        return None


def _write(path: Path, arrays: Arrays) -> None:
    partial = path.with_name(f".new-{secrets.token_hex(8)}")
    try:
        new = not path.parent.exists()
        path.parent.mkdir(parents=True, exist_ok=True)
        with partial.open("wb") as stream:
            np.savez(stream, allow_pickle=False, **dict(arrays))
        partial.replace(path)
    except OSError:
        return
    finally:
        with contextlib.suppress(OSError):
            partial.unlink()
    if new:
        _forget_old(path.parent)


def _forget_old(current: Path) -> None:
    """Delete the folders of other versions but the youngest."""
    others = [f for f in current.parent.iterdir() if f.is_dir() and f != current]
    for folder in sorted(others, key=_changed, reverse=True)[_FOLDERS_LEFT:]:
        shutil.rmtree(folder, ignore_errors=True)


def _changed(folder: Path) -> float:
    try:
        return folder.stat().st_mtime
    except OSError:  # another process deleted it
        return 0.0
