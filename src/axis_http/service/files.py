"""Files that come in and go out: uploads and exports, among the blobs, by ids that no caller chooses."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import msgspec

from axis_core.errors import NotFound
from axis_http.nouns import Export, Upload, new_id, now
from axis_http.problems import Problem, problem
from axis_http.store import files as rows
from axis_http.store.blobs import BlobStore
from axis_http.store.database import Database


__all__ = ["ExportStore", "Incoming", "UploadStore", "clean_name"]

CHUNK = 1024 * 1024


def clean_name(name: str) -> str:
    """Return the last part of a file name, in printable characters, at most 120; ``upload`` if nothing is left."""
    last = re.split(r"[\\/]", name)[-1]
    plain = "".join(c for c in last if c.isprintable()).strip(" .")
    return plain[-120:] or "upload"


class Incoming:
    """A file that is being received: written to disk as it arrives, hashed, and refused past the limit."""

    def __init__(self, folder: Path, limit: int) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.path = folder / f"{new_id('part')}.bin"
        self._file = self.path.open("wb")
        self._digest = hashlib.sha256()
        self._limit = limit
        self.size = 0

    def write(self, chunk: bytes) -> None:
        """Append a chunk.

        Raises
        ------
        Problem
            ``too_large``; what was written is removed.
        """
        self.size += len(chunk)
        if self.size > self._limit:
            self.discard()
            raise problem("too_large", f"the file has more than {self._limit:,} bytes")
        self._digest.update(chunk)
        self._file.write(chunk)

    def close(self) -> str:
        """Finish and return the SHA-256."""
        self._file.close()
        return self._digest.hexdigest()

    def discard(self) -> None:
        """Remove what was written."""
        self._file.close()
        self.path.unlink(missing_ok=True)


class UploadStore:
    """Uploads: received in a folder of their own, then blobs that are known by id to their owner, until they expire."""

    def __init__(self, db: Database, blobs: BlobStore, folder: Path, limit: int, ttl_h: float) -> None:
        self._db, self._blobs = db, blobs
        self.folder, self.limit = folder, limit
        self._ttl = dt.timedelta(hours=ttl_h)

    def receive(self) -> Incoming:
        """Return a new incoming file."""
        return Incoming(self.folder, self.limit)

    def add(
        self,
        owner: str,
        incoming: Incoming,
        filename: str,
        media_type: str,
        companions: dict[str, Incoming] | None = None,
    ) -> Upload:
        """Keep a received file and return its record. It waits for the disk: call it in a thread.

        Raises
        ------
        Problem
            400 if the file is empty.
        """
        digest = incoming.close()
        if incoming.size == 0:
            incoming.discard()
            raise Problem(status=400, code="invalid_request", error="the file is empty")
        beside = {clean_name(n): self._blobs.take(p.path, p.close()) for n, p in (companions or {}).items()}
        self._blobs.take(incoming.path, digest)
        upload = Upload(
            upload_id=new_id("upl"),
            owner=owner,
            filename=clean_name(filename),
            path=str(self._blobs.path(digest)),
            size_bytes=incoming.size,
            sha256=digest,
            media_type=media_type,
            expires_at=now() + self._ttl,
            companions={n: str(self._blobs.path(h)) for n, h in beside.items()},
        )
        rows.add_upload(self._db, self._blobs, upload, beside)
        return upload

    def get(self, owner: str, upload_id: str) -> Upload:
        """Return an upload of its owner.

        Raises
        ------
        NotFound
            If there is none, it has expired, or it is somebody else's.
        """
        upload = rows.find_upload(self._db, self._blobs, owner, upload_id)
        if upload is None:
            raise NotFound(f"there is no upload {upload_id}")
        return upload

    def sweep(self) -> int:
        """Remove what has expired, what was never finished, and blobs that nobody needs; return how many."""
        old = time.time() - 3600.0
        torn = [p for p in self.folder.glob("part_*.bin") if p.stat().st_mtime < old]
        for path in torn:
            path.unlink(missing_ok=True)
        return rows.forget_old(self._db, self._blobs) + len(torn) + self._blobs.sweep()


class ExportStore:
    """Results, known by id to their owner; their files are blobs."""

    def __init__(self, db: Database, blobs: BlobStore, folder: Path) -> None:
        self._db, self._blobs, self.folder = db, blobs, folder

    def new_folder(self) -> Path:
        """Return an empty folder for a job's files; who has it removed what is left in it."""
        folder = self.folder / new_id("out")
        folder.mkdir(parents=True)
        return folder

    def take(self, files: dict[str, Any]) -> dict[str, str]:
        """Move a job's files, name to ``{"path": ...}``, among the blobs and return name to hash.

        What lies among the blobs already stays there.
        """
        out = {}
        for name, file in files.items():
            path = Path(str(file["path"]))
            out[name] = path.name if path.is_relative_to(self._blobs.folder) else self._blobs.take(path)
        return out

    def add(
        self,
        owner: str,
        job_id: str,
        name: str,
        files: dict[str, Any],
        stats: dict[str, Any],
        *,
        expires_at: dt.datetime | None = None,
    ) -> Export:
        """Keep a job's files and return the export."""
        hashes = self.take(files)
        export = Export(
            export_id=new_id("exp"),
            owner=owner,
            name=name,
            job_id=job_id,
            created_at=now(),
            expires_at=expires_at,
            files={n: str(self._blobs.path(h)) for n, h in hashes.items()},
            stats=stats,
        )
        with self._db.tx():
            rows.add_export(self._db, export)
            rows.add_export_files(self._db, self._blobs, export.export_id, hashes)
        return export

    def extend(self, export: Export, files: dict[str, Any]) -> Export:
        """Add files to an export (a format that was converted on demand) and return it."""
        hashes = self.take(files)
        rows.add_export_files(self._db, self._blobs, export.export_id, hashes)
        added = {n: str(self._blobs.path(h)) for n, h in hashes.items()}
        return msgspec.structs.replace(export, files={**export.files, **added})

    def get(self, owner: str, export_id: str) -> Export:
        """Return an export of its owner.

        Raises
        ------
        NotFound
        """
        export = rows.find_export(self._db, self._blobs, export_id)
        if export is None or export.owner != owner:
            raise NotFound(f"there is no export {export_id}")
        return export

    def forget(self, export_ids: Iterable[str]) -> int:
        """Remove exports and return the bytes that only they needed."""
        return rows.forget_exports(self._db, self._blobs, list(export_ids))
