"""Rows of uploads and exports."""

from __future__ import annotations

import datetime as dt
import time

import msgspec

from axis_http.nouns import Export, Upload
from axis_http.store.blobs import BlobStore
from axis_http.store.database import Database, Row
from axis_http.store.jobs import encoded


__all__ = ["add_export", "add_export_files", "add_upload", "find_export", "find_upload", "forget_exports", "forget_old"]


def add_upload(db: Database, blobs: BlobStore, upload: Upload, companions: dict[str, str]) -> None:
    """Add an upload whose files are among the blobs; ``companions`` names their hashes."""
    with db.tx():
        db.write(
            "INSERT INTO upload VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                upload.upload_id,
                upload.owner,
                upload.filename,
                upload.sha256,
                upload.size_bytes,
                upload.media_type,
                encoded(companions),
                time.time(),
                upload.expires_at.timestamp(),
            ),
        )
        blobs.hold(f"upload:{upload.upload_id}", [upload.sha256, *companions.values()])


def find_upload(db: Database, blobs: BlobStore, owner: str, upload_id: str) -> Upload | None:
    """Return an upload of its owner that has not expired, or None."""
    row = db.row(
        "SELECT * FROM upload WHERE upload_id = ? AND owner = ? AND expires_at > ?", (upload_id, owner, time.time())
    )
    if row is None:
        return None
    companions = {k: str(blobs.path(v)) for k, v in msgspec.json.decode(row["companions"]).items()}
    return Upload(
        upload_id=upload_id,
        owner=owner,
        filename=row["filename"],
        path=str(blobs.path(row["sha256"])),
        size_bytes=row["size_bytes"],
        sha256=row["sha256"],
        media_type=row["media_type"],
        expires_at=dt.datetime.fromtimestamp(row["expires_at"], dt.UTC),
        companions=companions,
    )


def add_export(db: Database, export: Export) -> None:
    """Add an export, its files apart."""
    db.write(
        "INSERT INTO export VALUES (?, ?, ?, ?, ?, ?, ?)",
        (
            export.export_id,
            export.owner,
            export.name,
            export.job_id,
            encoded(export.stats),
            export.created_at.timestamp(),
            export.expires_at.timestamp() if export.expires_at else None,
        ),
    )


def add_export_files(db: Database, blobs: BlobStore, export_id: str, hashes: dict[str, str]) -> None:
    """Add files, name to hash, to an export; a name that is there keeps its file."""
    with db.tx():
        for name, sha256 in hashes.items():
            db.write("INSERT OR IGNORE INTO export_file VALUES (?, ?, ?)", (export_id, name, sha256))
        blobs.hold(f"export:{export_id}", hashes.values())


_PINNED = (
    "(EXISTS (SELECT 1 FROM asset WHERE export_id = e.export_id) "
    "OR EXISTS (SELECT 1 FROM avatar WHERE export_id = e.export_id))"
)
"""What an asset or an avatar shows does not expire."""


def find_export(db: Database, blobs: BlobStore, export_id: str) -> Export | None:
    """Return an export that has not expired, whoever owns it, or None."""
    row = db.row(
        f"SELECT * FROM export AS e WHERE export_id = ? AND (expires_at IS NULL OR expires_at > ? OR {_PINNED})",  # noqa: S608
        (export_id, time.time()),
    )
    return None if row is None else _as_export(db, blobs, row)


def _as_export(db: Database, blobs: BlobStore, row: Row) -> Export:
    named = db.rows("SELECT name, sha256 FROM export_file WHERE export_id = ? ORDER BY name", (row["export_id"],))
    return Export(
        export_id=row["export_id"],
        owner=row["owner"],
        name=row["name"],
        job_id=row["job_id"],
        created_at=dt.datetime.fromtimestamp(row["created_at"], dt.UTC),
        expires_at=None if row["expires_at"] is None else dt.datetime.fromtimestamp(row["expires_at"], dt.UTC),
        files={r["name"]: str(blobs.path(r["sha256"])) for r in named},
        stats=msgspec.json.decode(row["stats"]),
    )


def forget_exports(db: Database, blobs: BlobStore, export_ids: list[str]) -> int:
    """Remove exports and return the bytes that only they needed. What an asset or avatar shows must be gone first."""
    freed = 0
    with db.tx():
        for export_id in export_ids:
            freed += blobs.let_go(f"export:{export_id}")
            db.write("DELETE FROM export WHERE export_id = ?", (export_id,))
    return freed


def forget_old(db: Database, blobs: BlobStore) -> int:
    """Remove expired uploads, and expired exports that neither an asset nor an avatar shows; return how many."""
    moment = time.time()
    with db.tx():
        uploads = db.write("DELETE FROM upload WHERE expires_at <= ? RETURNING upload_id", (moment,))
        for row in uploads:
            blobs.let_go(f"upload:{row['upload_id']}")
        old = db.rows(
            f"SELECT export_id FROM export AS e WHERE expires_at <= ? AND NOT {_PINNED}",  # noqa: S608
            (moment,),
        )
        forget_exports(db, blobs, [r["export_id"] for r in old])
    return len(uploads) + len(old)
