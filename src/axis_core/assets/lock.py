"""A lock among processes, held on a file."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from axis_core.errors import StoreError


__all__ = ["file_lock"]

_STEP_SECONDS = 0.1


@contextmanager
def file_lock(path: Path, timeout: float = 900.0) -> Iterator[None]:
    """Hold the exclusive lock of ``path`` among all processes and threads of this machine.

    Parameters
    ----------
    path : Path
        Made if missing, never removed: removing it would let two holders in.
    timeout : float, seconds
        How long to wait for another holder.

    Raises
    ------
    StoreError
        If the lock is not free in time, or the file cannot be made.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = path.open("a+b")
    except OSError as exc:
        raise StoreError(
            f"the lock {path} cannot be made: {exc.strerror}.",
            hint="Set AXIS_CACHE_DIR to a folder that can be written.",
        ) from exc
    with handle:
        deadline = time.monotonic() + timeout
        while not _try_lock(handle):
            if time.monotonic() > deadline:
                raise StoreError(f"another process holds {path} for more than {timeout:g} s.")
            time.sleep(_STEP_SECONDS)
        try:
            yield
        finally:
            _unlock(handle)


if sys.platform == "win32":
    import msvcrt

    def _try_lock(handle: IO[bytes]) -> bool:
        handle.seek(0)
        try:
            msvcrt.locking(handle.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

    def _unlock(handle: IO[bytes]) -> None:
        handle.seek(0)
        msvcrt.locking(handle.fileno(), msvcrt.LK_UNLCK, 1)

else:
    import fcntl

    def _try_lock(handle: IO[bytes]) -> bool:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def _unlock(handle: IO[bytes]) -> None:
        fcntl.flock(handle, fcntl.LOCK_UN)
