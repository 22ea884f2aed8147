"""Blobs: files named by the SHA-256 of what is in them, in ``sha256/ab/cd/HASH``, written once and never changed.

A blob is first a temporary file that is flushed to the disk, then renamed under its name, and its folder is flushed;
so after a power cut a name either holds the whole or is not there. What holds blobs is counted in the database.
"""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

from axis_core.errors import StoreError
from axis_http.store.database import Database


__all__ = ["BlobStore", "sha256_of"]

CHUNK = 1024 * 1024
GRACE_S = 3600.0


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file, in hexadecimal."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


class BlobStore:
    """Blobs under one folder, with their holders in the database."""

    def __init__(self, folder: Path, db: Database) -> None:
        self.folder, self._db = folder, db

    def path(self, sha256: str) -> Path:
        """Return where a blob lies, or would."""
        return self.folder / "sha256" / sha256[:2] / sha256[2:4] / sha256

    def take(self, source: Path, sha256: str = "") -> str:
        """Move a file of the same disk among the blobs and return its SHA-256; nobody holds it yet."""
        digest = sha256 or sha256_of(source)
        size = _flushed(source)
        target = self.path(digest)
        target.parent.mkdir(parents=True, exist_ok=True)
        with self._db.tx():  # the janitor removes files in one too: no file goes between the look and the row
            if target.exists():
                source.unlink()
            else:
                source.replace(target)
                _flush_folder(target.parent)
            self._db.write(
                "INSERT INTO blob (sha256, size, unused_since) VALUES (?, ?, ?) "
                "ON CONFLICT (sha256) DO UPDATE SET unused_since = excluded.unused_since",
                (digest, size, time.time()),
            )
        return digest

    def hold(self, holder: str, hashes: Iterable[str]) -> None:
        """Note that ``holder`` (as in ``export:exp_1``) needs these blobs."""
        with self._db.tx():
            for sha256 in set(hashes):
                self._db.write("INSERT OR IGNORE INTO blob_ref (sha256, holder) VALUES (?, ?)", (sha256, holder))

    def let_go(self, holder: str) -> int:
        """Note that ``holder`` needs none any more, and return the bytes that only it needed."""
        with self._db.tx():
            freed = self._db.value(
                "SELECT COALESCE(SUM(b.size), 0) FROM blob_ref r JOIN blob b USING (sha256) "
                "WHERE r.holder = ? AND b.refcount = 1",
                (holder,),
            )
            self._db.write("DELETE FROM blob_ref WHERE holder = ?", (holder,))
        return int(freed)

    def sweep(self, older_than_s: float = GRACE_S) -> int:
        """Remove blobs that nobody has held for a while, and return how many."""
        limit = time.time() - older_than_s
        removed = 0
        while True:
            with self._db.tx():
                old = self._db.rows(
                    "DELETE FROM blob WHERE sha256 IN (SELECT sha256 FROM blob WHERE refcount = 0 "
                    "AND unused_since <= ? LIMIT 20) RETURNING sha256",
                    (limit,),
                )
                for row in old:
                    self.path(str(row["sha256"])).unlink(missing_ok=True)
            removed += len(old)
            if len(old) < 20:
                return removed

    def remove_unheld(self, hashes: Iterable[str]) -> None:
        """Remove those of some blobs that nobody holds, at once: for what has to be erased."""
        for sha256 in hashes:
            with self._db.tx():
                if self._db.write("DELETE FROM blob WHERE sha256 = ? AND refcount = 0 RETURNING 1", (sha256,)):
                    self.path(sha256).unlink(missing_ok=True)

    def held_by(self, holder: str) -> list[str]:
        """Return the blobs that ``holder`` needs."""
        return [str(r["sha256"]) for r in self._db.rows("SELECT sha256 FROM blob_ref WHERE holder = ?", (holder,))]

    def damaged(self) -> Iterator[str]:
        """Yield what is wrong with held blobs: gone, or not what their name says."""
        for row in self._db.rows("SELECT sha256 FROM blob WHERE refcount > 0"):
            path = self.path(str(row["sha256"]))
            if not path.is_file():
                yield f"blob {row['sha256']} is gone"
            elif sha256_of(path) != row["sha256"]:
                yield f"blob {row['sha256']} is damaged"


def _flushed(path: Path) -> int:
    """Flush a file to the disk and return its size."""
    try:
        with path.open("r+b") as file:
            os.fsync(file.fileno())
            return os.fstat(file.fileno()).st_size
    except OSError as exc:
        raise StoreError(f"a file could not be kept: {exc.strerror}") from exc


def _flush_folder(folder: Path) -> None:
    """Flush a folder, where the system knows how."""
    if not hasattr(os, "O_DIRECTORY"):
        return
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
