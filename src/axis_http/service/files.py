"""Files that come in and go out: uploads and exports, in folders of their own, by ids that no caller chooses."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
import shutil
import threading
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from axis_core.errors import NotFound
from axis_http.nouns import Export, Upload, new_id, now
from axis_http.problems import Problem, problem


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
    """Uploads on disk under one folder, known by id to their owner, until they expire."""

    def __init__(self, folder: Path, limit: int, ttl_h: float) -> None:
        self.folder, self.limit = folder, limit
        self._ttl = dt.timedelta(hours=ttl_h)
        self._uploads: dict[str, Upload] = {}
        self._lock = threading.Lock()

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
        """Keep a received file and return its record.

        Raises
        ------
        Problem
            400 if the file is empty.
        """
        digest = incoming.close()
        if incoming.size == 0:
            incoming.discard()
            raise Problem(status=400, code="invalid_request", error="the file is empty")
        beside = {}
        for name, part in (companions or {}).items():
            part.close()
            beside[clean_name(name)] = str(part.path)
        upload = Upload(
            upload_id=new_id("upl"),
            owner=owner,
            filename=clean_name(filename),
            path=str(incoming.path),
            size_bytes=incoming.size,
            sha256=digest,
            media_type=media_type,
            expires_at=now() + self._ttl,
            companions=beside,
        )
        with self._lock:
            self._uploads[upload.upload_id] = upload
        return upload

    def get(self, owner: str, upload_id: str) -> Upload:
        """Return an upload of its owner.

        Raises
        ------
        NotFound
            If there is none, it has expired, or it is somebody else's.
        """
        upload = self._uploads.get(upload_id)
        if upload is None or upload.owner != owner or upload.expires_at < now():
            raise NotFound(f"there is no upload {upload_id}")
        return upload

    def sweep(self) -> int:
        """Remove what has expired and return how many."""
        with self._lock:
            old = [u for u in self._uploads.values() if u.expires_at < now()]
            for upload in old:
                del self._uploads[upload.upload_id]
        for upload in old:
            for path in (upload.path, *upload.companions.values()):
                Path(path).unlink(missing_ok=True)
        return len(old)


class ExportStore:
    """Results on disk, one folder each, known by id to their owner."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._exports: dict[str, Export] = {}
        self._lock = threading.Lock()

    def new_folder(self) -> Path:
        """Return an empty folder for a job's files."""
        folder = self.folder / new_id("out")
        folder.mkdir(parents=True)
        return folder

    def add(self, owner: str, job_id: str, name: str, files: dict[str, Any], stats: dict[str, Any]) -> Export:
        """Keep a job's files and return the export."""
        export = Export(
            export_id=new_id("exp"),
            owner=owner,
            name=name,
            job_id=job_id,
            created_at=now(),
            expires_at=None,
            files={k: str(v["path"]) for k, v in files.items()},
            stats=stats,
        )
        with self._lock:
            self._exports[export.export_id] = export
        return export

    def extend(self, export: Export, files: dict[str, Any]) -> Export:
        """Add files to an export (a format that was converted on demand) and return it."""
        import msgspec

        added = {k: str(v["path"]) for k, v in files.items()}
        with self._lock:
            fresh = msgspec.structs.replace(export, files={**self._exports[export.export_id].files, **added})
            self._exports[export.export_id] = fresh
        return fresh

    def get(self, owner: str, export_id: str) -> Export:
        """Return an export of its owner.

        Raises
        ------
        NotFound
        """
        export = self._exports.get(export_id)
        if export is None or export.owner != owner:
            raise NotFound(f"there is no export {export_id}")
        return export

    def forget(self, export_ids: Iterable[str]) -> None:
        """Remove exports and their files."""
        with self._lock:
            gone = [self._exports.pop(i) for i in export_ids if i in self._exports]
        for export in gone:
            for path in export.files.values():
                shutil.rmtree(Path(path).parent, ignore_errors=True)
