"""A USDZ package, or a lone layer, laid out in a folder for the child process; nothing is written outside of it."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path, PurePosixPath

from axis_core.plugin import InputError, LimitExceeded


__all__ = ["is_plain_name", "lay_out"]

MAX_FILES = 1000
MAX_BYTES = 1024**3
MAX_RATIO = 200
_LAYERS = (".usd", ".usda", ".usdc")


def is_plain_name(name: str) -> bool:
    """Return whether a path stays below the folder it is relative to, on any system."""
    parts = PurePosixPath(name).parts
    bad = "\\" in name or ":" in name or "\0" in name or name.startswith("/")
    return bool(parts) and not bad and ".." not in parts and len(name) < 400


def lay_out(data: bytes, folder: Path) -> Path:
    """Write the files of a package, or the layer itself, below ``folder`` and return the root layer.

    Raises
    ------
    InputError
        ``parse_failed``: not a zip, or its first file is no layer.
    LimitExceeded
        Too many files, or too large once unpacked.
    """
    if data[:2] != b"PK":
        suffix = ".usdc" if data.startswith(b"PXR-USDC") else ".usda"
        root = folder / f"root{suffix}"
        root.write_bytes(data)
        return root
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return _unpacked(archive, folder)
    except (zipfile.BadZipFile, NotImplementedError, EOFError, RuntimeError, ValueError, OSError) as exc:
        raise InputError(
            f"the package cannot be unpacked: {exc}", code="parse_failed", hint="Export it again."
        ) from exc


def _unpacked(archive: zipfile.ZipFile, folder: Path) -> Path:
    entries = [e for e in archive.infolist() if not e.is_dir()]
    if not entries or not entries[0].filename.lower().endswith(_LAYERS):
        raise InputError("the first file of the package is no USD layer", code="parse_failed")
    if len(entries) > MAX_FILES:
        raise LimitExceeded(f"the package has {len(entries)} files, the limit is {MAX_FILES}")
    total = 0
    for entry in entries:
        total += entry.file_size
        if total > MAX_BYTES or entry.file_size > MAX_RATIO * max(entry.compress_size, 1):
            raise LimitExceeded(f"the package unpacks to more than {MAX_BYTES:,} bytes, or {MAX_RATIO} times its size")
        if not is_plain_name(entry.filename):
            raise InputError(f"the package has a file called {entry.filename!r:.80}", code="parse_failed")
        place = folder / entry.filename
        place.parent.mkdir(parents=True, exist_ok=True)
        with archive.open(entry) as source:
            place.write_bytes(source.read(entry.file_size + 1)[: entry.file_size])
    return folder / entries[0].filename
