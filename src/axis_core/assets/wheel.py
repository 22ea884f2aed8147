"""Reading data files out of a wheel: a zip archive opened with limits, nothing extracted, nothing imported."""

from __future__ import annotations

import zipfile
import zlib
from pathlib import Path
from types import TracebackType
from typing import Self

from axis_core.errors import InputError, LimitExceeded, NotFound


__all__ = ["WheelReader"]

MAX_ENTRIES = 20_000
"""The largest wheel taken so far has 1,603 entries."""
MAX_ENTRY_BYTES = 128 << 20
MAX_TOTAL_BYTES = 1 << 30
"""Bytes that one reader gives in all; the body conversion reads 45 MB."""


class WheelReader:
    """The files of one wheel, read one at a time into memory.

    Parameters
    ----------
    path : Path
        The wheel.

    Raises
    ------
    InputError
        ``parse_failed`` if the file is no zip archive; ``limit_exceeded`` if it has too many entries.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            self._archive = zipfile.ZipFile(path)
        except (zipfile.BadZipFile, ValueError) as exc:
            raise InputError(f"{path.name} is not a wheel: {exc}.", code="parse_failed") from exc
        entries = self._archive.infolist()
        if len(entries) > MAX_ENTRIES:
            self._archive.close()
            raise LimitExceeded(f"{path.name} has {len(entries)} entries, more than {MAX_ENTRIES}.")
        self._entries = {entry.filename: entry for entry in entries if not entry.is_dir()}
        self._bytes_left = MAX_TOTAL_BYTES

    def __enter__(self) -> Self:
        """Return the reader itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the archive."""
        self._archive.close()

    def names(self, prefix: str = "", suffix: str = "") -> tuple[str, ...]:
        """Return the sorted names of the files that start with ``prefix`` and end with ``suffix``."""
        return tuple(sorted(n for n in self._entries if n.startswith(prefix) and n.endswith(suffix)))

    def read(self, name: str) -> bytes:
        """Return the bytes of the file ``name``, its checksum verified.

        Raises
        ------
        NotFound
            If the wheel has no such file.
        LimitExceeded
            If the file, or all that was read so far, is too large.
        InputError
            ``parse_failed`` if the file is damaged or encrypted.
        """
        entry = self._entries.get(name)
        if entry is None:
            raise NotFound(f"{self.path.name} has no file {name}.")
        if entry.file_size > min(MAX_ENTRY_BYTES, self._bytes_left):
            raise LimitExceeded(f"{name} in {self.path.name} has {entry.file_size} bytes, too many to read.")
        self._bytes_left -= entry.file_size
        try:
            with self._archive.open(entry) as stream:
                # one more byte than declared: a member that lies about its size is refused, not followed
                data = stream.read(entry.file_size + 1)
        except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, NotImplementedError) as exc:
            raise InputError(f"{name} in {self.path.name} cannot be read: {exc}.", code="parse_failed") from exc
        if len(data) != entry.file_size:
            raise InputError(f"{name} in {self.path.name} is not as long as declared.", code="parse_failed")
        return data
