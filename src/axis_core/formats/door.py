"""The door of the room: bytes or a path in, a Scene out; a Scene in, artefacts out."""

from __future__ import annotations

import inspect
import os
import stat
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from axis_core.errors import BackendUnavailable, InputError, NotFound, StoreError
from axis_core.formats.archive import open_archive
from axis_core.formats.limits import DEFAULT_LIMITS, Limits
from axis_core.formats.sniff import HEAD_BYTES, find_format, is_zip, refuse_impostor
from axis_core.model.artefact import Artefact
from axis_core.model.scene import Scene
from axis_core.plugin.kinds import Companions, Format, no_companions


__all__ = ["folder_companions", "open_path", "read_path", "read_scene", "write_scene"]


def read_scene(
    data: bytes,
    *,
    name: str,
    formats: Iterable[Format],
    companions: Companions = no_companions,
    limits: Limits = DEFAULT_LIMITS,
) -> Scene:
    """Return the scene that ``data`` holds.

    Content decides which reader is used, the suffix of ``name`` only where content does not tell. A zip is opened and
    its one mesh read, with the rest of the archive as its companions.

    Parameters
    ----------
    name : str
        File name, for its suffix and for messages. It is never opened.
    companions : callable
        Gives files beside it by name.

    Raises
    ------
    InputError
        ``parse_failed``, ``unsupported_format``, ``external_uri``, ``lfs_pointer``, ``empty_geometry``.
    LimitExceeded
        It asks for more than ``limits``; nothing of that size was allocated.
    BackendUnavailable
        ``not_installed``: the hint names what to install.
    """
    limits.check("file_bytes", len(data))
    formats = tuple(formats)
    refuse_impostor(data[:HEAD_BYTES], name)
    if is_zip(data[:HEAD_BYTES]) and not any(f.sniff(data[:HEAD_BYTES]) for f in formats):
        archive = open_archive(data, formats=formats, limits=limits)
        data, name, companions = archive.data, archive.name, archive.companions
        refuse_impostor(data[:HEAD_BYTES], name)
    record = find_format(data, name, formats)
    return _read(record, data, name, companions, limits)


def _read(record: Format, data: bytes, name: str, companions: Companions, limits: Limits) -> Scene:
    assert record.read is not None
    scene: Scene = record.read(data, name=name, companions=companions, **_accepted(record.read, limits=limits))
    limits.check("vertices", scene.n_vertices)
    limits.check("triangles", scene.n_triangles)
    limits.check("nodes", len(scene.nodes))
    return scene


def _accepted(function: Callable[..., Any], **options: Any) -> dict[str, Any]:
    """Return the options that a plugin's function takes: those it has no parameter for are not its business."""
    known = inspect.signature(function).parameters
    return {k: v for k, v in options.items() if k in known}


def read_path(path: str | os.PathLike[str], *, formats: Iterable[Format], limits: Limits = DEFAULT_LIMITS) -> Scene:
    """Return the scene in a file; its companions are files of the same folder, by exact name.

    Raises
    ------
    NotFound
        There is no such file.
    StoreError
        The system does not let it be read.
    InputError, LimitExceeded, BackendUnavailable
        As ``read_scene``.
    """
    data, companions = open_path(path, limits)
    return read_scene(data, name=Path(path).name, formats=formats, companions=companions, limits=limits)


def open_path(path: str | os.PathLike[str], limits: Limits = DEFAULT_LIMITS) -> tuple[bytes, Companions]:
    """Return the bytes of a file and its companions: what ``read_scene`` takes.

    Raises
    ------
    NotFound, StoreError, InputError, LimitExceeded
        As ``read_path``.
    """
    place = Path(path)
    return _file_bytes(place, limits), folder_companions(place, limits)


def _file_bytes(path: Path, limits: Limits) -> bytes:
    try:
        status = path.stat()  # before opening: to open a pipe is to wait for it
        if stat.S_ISDIR(status.st_mode):
            raise InputError(f"{path} is a folder", hint="Name the file in it.")
        if not stat.S_ISREG(status.st_mode):
            raise InputError(f"{path} is not a regular file")
        limits.check("file_bytes", status.st_size)
        with path.open("rb") as file:
            data = file.read(limits.file_bytes + 1)
    except FileNotFoundError as exc:
        raise NotFound(f"there is no file {path}") from exc
    except (OSError, ValueError) as exc:  # ValueError: a NUL in the name
        raise StoreError(f"{path} cannot be read: {exc}") from exc
    limits.check("file_bytes", len(data))
    return data


def folder_companions(path: Path, limits: Limits = DEFAULT_LIMITS) -> Companions:
    """Return a function that gives files beside ``path`` by their exact base name, and None for all else.

    A name with a separator, a name that differs in case, a symbolic link that leads out of the folder, and what is not
    a regular file are not given.
    """
    folder = path.parent

    def companion(name: str) -> bytes | None:
        if name in ("", ".", "..") or "/" in name or "\\" in name or "\0" in name:
            return None
        try:
            if name not in os.listdir(folder):  # noqa: PTH208 - exact case, also where the file system forgives
                return None
            real = (folder / name).resolve(strict=True)
            if real.parent != folder.resolve(strict=True) or not real.is_file():
                return None
        except (OSError, RuntimeError):  # RuntimeError: a loop of links, before Python 3.13
            return None
        return _file_bytes(real, limits)

    return companion


def write_scene(
    scene: Scene, *, name: str, format: Format, asset_extras: Mapping[str, Any] | None = None
) -> tuple[Artefact, ...]:
    """Return ``scene`` as files: the first artefact is the file, the others its companions.

    Parameters
    ----------
    name : str
        Of the file, with or without suffix.
    asset_extras : mapping, optional
        For formats that can carry it (glTF): goes into ``asset.extras``.

    Raises
    ------
    InputError
        ``unsupported_format``: the format can only be read; else what the writer says.
    BackendUnavailable
        ``not_installed``.
    """
    if format.write is None:
        raise InputError(f"{format.name} can be read but not written", code="unsupported_format")
    missing = format.available()
    if missing:
        raise BackendUnavailable(f"{format.name} cannot be written now", hint=missing)
    options = _accepted(format.write, asset_extras=asset_extras) if asset_extras else {}
    return format.write(scene, name=name, **options)
