"""The cache of converted packs: one folder a pack and version, with a manifest of digests.

::

    <user cache>/packs/<name>/<version>-r<revision>/manifest.json
                                                    <files of the pack>

A folder is written whole under another name, synced to disk and renamed: it is there entirely or not at all.
``AXIS_CACHE_DIR`` moves the user cache.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Literal

import attrs
import platformdirs

from axis_core.assets.lock import file_lock
from axis_core.assets.pack import DataPack
from axis_core.errors import BackendUnavailable, InputError, NotFound, StoreError


__all__ = [
    "PackStatus",
    "cache_root",
    "list_packs",
    "lock_of",
    "pack_folder",
    "pack_path",
    "pack_status",
    "read_pack",
    "remove",
    "verify",
    "write_pack",
]

_MANIFEST = "manifest.json"


@attrs.frozen(kw_only=True)
class PackStatus:
    """What the cache holds of one pack.

    Attributes
    ----------
    pack : DataPack
    state : {"installed", "missing", "damaged"}
        ``damaged``: a file is missing, or its size or digest is not the recorded one.
    folder : Path
        Where the files are, or would be.
    n_bytes : int
        Size of the files on disk.
    problem : str
        Why the state is ``damaged``, else empty.
    """

    pack: DataPack
    state: Literal["installed", "missing", "damaged"]
    folder: Path
    n_bytes: int = 0
    problem: str = ""


def cache_root() -> Path:
    """Return the folder of all caches: ``AXIS_CACHE_DIR``, or the platform's place for the user's caches."""
    return Path(os.environ.get("AXIS_CACHE_DIR") or platformdirs.user_cache_dir("axis", appauthor=False))


def pack_folder(pack: DataPack) -> Path:
    """Return the folder of this version of ``pack``; it need not exist."""
    return cache_root() / "packs" / pack.name / f"{pack.version}-r{pack.revision}"


def lock_of(pack: DataPack) -> Path:
    """Return the file whose lock guards changes to ``pack``."""
    return cache_root() / "packs" / f"{pack.name}.lock"


def pack_status(pack: DataPack, *, deep: bool = False) -> PackStatus:
    """Return whether ``pack`` is installed; sizes are compared, and with ``deep`` every byte is digested."""
    folder = pack_folder(pack)
    if not folder.is_dir():
        return PackStatus(pack=pack, state="missing", folder=folder)
    problem = ""
    n_bytes = 0
    try:
        recorded = _read_manifest(pack)
        for name in pack.files:
            size, digest = recorded[name]
            n_bytes += (folder / name).stat().st_size
            _check_file(folder / name, size, digest if deep else None)
    except StoreError as exc:
        problem = exc.message
    except OSError as exc:
        problem = f"{exc.filename or folder}: {exc.strerror}"
    return PackStatus(
        pack=pack, state="damaged" if problem else "installed", folder=folder, n_bytes=n_bytes, problem=problem
    )


def list_packs(packs: Iterable[DataPack]) -> tuple[PackStatus, ...]:
    """Return the status of each pack, in the order of their names."""
    return tuple(pack_status(pack) for pack in sorted(packs, key=lambda p: p.name))


def verify(pack: DataPack) -> PackStatus:
    """Return the status of ``pack`` after every byte was compared with its digest.

    Raises
    ------
    BackendUnavailable
        ``not_installed`` if it is missing.
    StoreError
        ``digest_mismatch`` if it is damaged.
    """
    status = pack_status(pack, deep=True)
    _demand_installed(status)
    return status


def pack_path(pack: DataPack, file: str | None = None) -> Path:
    """Return where ``file`` of the installed ``pack`` is; the first file if none is named.

    Raises
    ------
    BackendUnavailable
        ``not_installed``: the pack is missing; the hint names the command.
    StoreError
        ``digest_mismatch`` if a file is missing or its size is not the recorded one.
    NotFound
        If the pack has no such file.
    """
    name = _known_file(pack, file)
    status = pack_status(pack)
    _demand_installed(status)
    return status.folder / name


def read_pack(pack: DataPack, file: str | None = None) -> bytes:
    """Return the bytes of ``file`` (default: the first) of the installed ``pack``, digest checked.

    Raises
    ------
    BackendUnavailable, StoreError, NotFound
        As :func:`pack_path`.
    """
    path = pack_path(pack, file)
    _, digest = _read_manifest(pack)[path.name]
    try:
        data = path.read_bytes()
    except OSError as exc:
        raise StoreError(f"{path} cannot be read: {exc.strerror}.") from exc
    if hashlib.sha256(data).hexdigest() != digest:
        raise StoreError(f"{path} does not match its digest.", code="digest_mismatch", hint=_repair_hint(pack))
    return data


def remove(pack: DataPack) -> bool:
    """Delete every cached version of ``pack`` and return whether there was one.

    Raises
    ------
    StoreError
        If the files cannot be deleted.
    """
    folder = cache_root() / "packs" / pack.name
    if not folder.is_dir():
        return False
    try:
        with file_lock(lock_of(pack)):
            shutil.rmtree(folder)
    except OSError as exc:
        raise StoreError(f"{folder} cannot be removed: {exc.strerror}.") from exc
    return True


def write_pack(pack: DataPack, files: Mapping[str, bytes]) -> Path:
    """Store ``files`` as the content of ``pack`` and return its folder. The caller holds the lock.

    Raises
    ------
    StoreError
        If the disk refuses (full, read-only, no permission); nothing half-written stays behind.
    InputError
        If the converter gave other files than the pack names.
    """
    if sorted(files) != sorted(pack.files):
        raise InputError(f"the converter of {pack.name!r} gave {sorted(files)}, not {sorted(pack.files)}.")
    folder = pack_folder(pack)
    partial = folder.parent / f".new-{secrets.token_hex(8)}"
    try:
        partial.mkdir(parents=True)
        for name, data in files.items():
            _write_synced(partial / name, data)
        _write_synced(partial / _MANIFEST, _manifest(pack, files))
        if folder.exists():
            shutil.rmtree(folder)
        partial.rename(folder)
    except OSError as exc:
        shutil.rmtree(partial, ignore_errors=True)
        raise StoreError(
            f"the data pack {pack.name!r} cannot be stored in {folder}: {exc.strerror}.",
            hint="Free some space, or set AXIS_CACHE_DIR to a folder that can be written.",
        ) from exc
    return folder


def _demand_installed(status: PackStatus) -> None:
    pack = status.pack
    if status.state == "missing":
        raise BackendUnavailable(
            f"the data pack {pack.name!r} ({pack.distribution} {pack.version}) is not installed.",
            hint=f"Run `{pack.command}`.",
        )
    if status.state == "damaged":
        raise StoreError(
            f"the data pack {pack.name!r} is damaged: {status.problem}.",
            code="digest_mismatch",
            hint=_repair_hint(pack),
        )


def _repair_hint(pack: DataPack) -> str:
    return f"Run `{pack.command}` again."


def _known_file(pack: DataPack, file: str | None) -> str:
    if file is None:
        return pack.files[0]
    if file not in pack.files:
        raise NotFound(f"the data pack {pack.name!r} has no file {file!r}; it has {', '.join(pack.files)}.")
    return file


def _manifest(pack: DataPack, files: Mapping[str, bytes]) -> bytes:
    record: dict[str, Any] = {
        "pack": pack.name,
        "source": {"distribution": pack.distribution, "version": pack.version, "sha256": pack.sha256},
        "licences": list(pack.licences),
        "notice": pack.notice,
        "files": {
            name: {"bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}
            for name, data in sorted(files.items())
        },
    }
    return json.dumps(record, indent=1, ensure_ascii=False).encode()


def _read_manifest(pack: DataPack) -> dict[str, tuple[int, str]]:
    path = pack_folder(pack) / _MANIFEST
    try:
        record = json.loads(path.read_bytes())
        if record["source"]["sha256"] != pack.sha256:
            raise StoreError(f"{path} records another source than {pack.filename}", code="digest_mismatch")
        files = record["files"]
        return {name: (int(files[name]["bytes"]), str(files[name]["sha256"])) for name in pack.files}
    except (ValueError, KeyError, TypeError) as exc:
        raise StoreError(f"{path} is not a manifest of this pack", code="digest_mismatch") from exc
    except OSError as exc:
        raise StoreError(f"{path} cannot be read: {exc.strerror}", code="digest_mismatch") from exc


def _check_file(path: Path, size: int, digest: str | None) -> None:
    seen = path.stat().st_size
    if seen != size:
        raise StoreError(f"{path.name} has {seen} bytes, not {size}", code="digest_mismatch")
    if digest is not None:
        with path.open("rb") as stream:
            if hashlib.file_digest(stream, "sha256").hexdigest() != digest:
                raise StoreError(f"{path.name} does not match its digest", code="digest_mismatch")


def _write_synced(path: Path, data: bytes) -> None:
    with path.open("wb") as stream:
        stream.write(data)
        stream.flush()
        os.fsync(stream.fileno())
