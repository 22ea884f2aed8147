"""Zip archives: a mesh with what it needs, unpacked in memory within limits."""

from __future__ import annotations

import io
import posixpath
import stat
import zipfile
import zlib
from collections.abc import Iterable
from pathlib import PurePosixPath

import attrs

from axis_core.errors import BackendUnavailable, InputError, LimitExceeded
from axis_core.formats.limits import DEFAULT_LIMITS, Limits
from axis_core.plugin.kinds import Companions, Format


__all__ = ["Archive", "open_archive"]

_NESTED = (".zip", ".7z", ".rar", ".gz", ".tar", ".usdz", ".xz", ".bz2")
_USD = (".usd", ".usda", ".usdc")


@attrs.frozen
class Archive:
    """The mesh of an archive.

    Attributes
    ----------
    name : str
        Base name of the mesh's file.
    companions : callable
        Gives other files of the archive by their path from the mesh's folder.
    """

    name: str
    data: bytes = attrs.field(repr=False)
    companions: Companions


def open_archive(data: bytes, *, formats: Iterable[Format], limits: Limits = DEFAULT_LIMITS) -> Archive:
    """Return the one mesh in a zip.

    Raises
    ------
    InputError
        ``parse_failed``: damaged, encrypted, or with paths that lead out of it; ``unsupported_format``: no mesh, or
        more than one.
    LimitExceeded
        Too many files, or larger once unpacked than the limits allow.
    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OverflowError) as exc:
        raise InputError(f"the zip cannot be read: {exc}", code="parse_failed", hint="Pack it again.") from exc
    entries = _checked(archive, limits)
    main = _mesh_entry(list(entries), tuple(formats))
    folder = posixpath.dirname(main)

    def companion(name: str) -> bytes | None:
        path = posixpath.join(folder, name)
        return _unpacked(archive, entries[path], limits) if path in entries else None

    return Archive(PurePosixPath(main).name, _unpacked(archive, entries[main], limits), companion)


def _checked(archive: zipfile.ZipFile, limits: Limits) -> dict[str, zipfile.ZipInfo]:
    infos = [i for i in archive.infolist() if not i.is_dir()]
    limits.check("archive_entries", len(archive.infolist()))
    limits.check("file_bytes", sum(i.file_size for i in infos))
    out: dict[str, zipfile.ZipInfo] = {}
    for info in infos:
        parts = PurePosixPath(info.filename).parts
        if info.filename.startswith("/") or ".." in parts or "\\" in info.filename or ":" in info.filename:
            raise InputError(f"the zip holds a path that leads out of it: {info.filename!r:.120}", code="parse_failed")
        if stat.S_ISLNK(info.external_attr >> 16):
            raise InputError(f"the zip holds a symbolic link: {info.filename!r:.120}", code="parse_failed")
        if info.flag_bits & 0x1:
            raise InputError("the zip is encrypted", code="parse_failed", hint="Pack it without a password.")
        if info.file_size > limits.archive_ratio * max(info.compress_size, 1024):
            raise LimitExceeded(
                f"{info.filename!r:.120} says {info.file_size:,} bytes packed into {info.compress_size:,}: "
                f"more than {limits.archive_ratio} times",
                hint="Send the file unpacked.",
            )
        if parts[0] != "__MACOSX":
            out[info.filename] = info
    return out


def _mesh_entry(names: list[str], formats: tuple[Format, ...]) -> str:
    suffixes = {name: PurePosixPath(name).suffix.lower() for name in names}
    if names and suffixes[names[0]] in _USD:
        raise BackendUnavailable(
            "the archive is USDZ, which needs a plugin",
            hint="Install the plugin: pip install axis-importer-usd. Or convert it to GLB.",
        )
    nested = next((name for name in names if suffixes[name] in _NESTED), None)
    for record in formats:
        found = sorted(n for n in names if suffixes[n] in record.suffixes) if record.read is not None else []
        if len(found) > 1:
            shown = ", ".join(found[:5])
            raise InputError(
                f"the zip holds {len(found)} {record.name} files: {shown:.300}",
                code="unsupported_format",
                hint="Send one at a time.",
            )
        if found:
            return found[0]
    if nested:
        raise InputError(f"the zip holds an archive, {nested!r:.120}, and no mesh", code="unsupported_format")
    shown = ", ".join(sorted(names)[:5]) or "nothing"
    raise InputError(f"the zip holds no mesh, but {shown:.300}", code="unsupported_format")


def _unpacked(archive: zipfile.ZipFile, info: zipfile.ZipInfo, limits: Limits) -> bytes:
    try:
        with archive.open(info) as file:
            data = file.read(info.file_size + 1)  # never more than was declared and checked
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError) as exc:
        raise InputError(f"{info.filename!r:.120} cannot be unpacked: {exc}", code="parse_failed") from exc
    limits.check("file_bytes", len(data))
    if len(data) != info.file_size:
        raise InputError(f"{info.filename!r:.120} is larger than the zip says", code="parse_failed")
    return data
