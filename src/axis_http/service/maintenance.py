"""Backup, restore and verification of what a service keeps."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import attrs

from axis_core.errors import Conflict, NotFound
from axis_http.store import ledger
from axis_http.store.blobs import BlobStore
from axis_http.store.database import Database


__all__ = ["Copied", "backup", "findings", "restore"]

DATABASE, SECRET = "axis.db", "signing.key"  # names of files


@attrs.frozen
class Copied:
    """How much was copied: blobs, and those that were there before."""

    blobs: int
    kept: int


def backup(home: Path, target: Path) -> Copied:
    """Copy the database, then the blobs that it holds, into a folder, while the service runs.

    The copy of the database is consistent; blobs come after it, and none that it names can be gone by then but those
    that somebody had erased meanwhile. A folder that has an older backup gets what it lacks.

    Raises
    ------
    NotFound
        If there is no database under ``home``.
    """
    if not (home / DATABASE).is_file():
        raise NotFound(f"there is no database in {home}", hint="Set AXIS_HOME to the folder of the service.")
    target.mkdir(parents=True, exist_ok=True)
    db = Database(home / DATABASE)
    try:
        fresh = target / f"{DATABASE}.part"
        fresh.unlink(missing_ok=True)
        db.backup_to(fresh)
        fresh.replace(target / DATABASE)
    finally:
        db.close()
    if (home / SECRET).is_file():
        shutil.copy2(home / SECRET, target / SECRET)
    return _copy_blobs(home, target)


def _copy_blobs(source: Path, target: Path) -> Copied:
    db = Database(target / DATABASE)
    try:
        here, there = BlobStore(source / "blobs", db), BlobStore(target / "blobs", db)
        copied = kept = 0
        for row in db.rows("SELECT sha256 FROM blob WHERE refcount > 0"):
            sha256 = str(row["sha256"])
            if there.path(sha256).is_file():
                kept += 1
            elif here.path(sha256).is_file():
                there.path(sha256).parent.mkdir(parents=True, exist_ok=True)
                part = there.path(sha256).with_suffix(".part")
                shutil.copyfile(here.path(sha256), part)
                part.replace(there.path(sha256))
                copied += 1
        return Copied(copied, kept)
    finally:
        db.close()


def restore(source: Path, home: Path) -> Copied:
    """Copy a backup into the empty folder of a service that does not run.

    Raises
    ------
    NotFound
        If ``source`` is no backup.
    Conflict
        If there is a database under ``home`` already.
    """
    if not (source / DATABASE).is_file():
        raise NotFound(f"there is no backup in {source}")
    if (home / DATABASE).exists():
        raise Conflict(f"there is a database in {home}", hint="Move it away first: a restore does not overwrite.")
    home.mkdir(parents=True, exist_ok=True)
    for name in (DATABASE, SECRET):
        if (source / name).is_file():
            shutil.copy2(source / name, home / name)
    return _copy_blobs(source, home)


def findings(home: Path) -> Iterator[str]:
    """Yield what is wrong with what is kept: nothing should be.

    Looked at: the file itself, balances against the ledger, charges and refunds of jobs, gaps in the events, and every
    blob against its name.

    Raises
    ------
    NotFound
        If there is no database under ``home``.
    """
    if not (home / DATABASE).is_file():
        raise NotFound(f"there is no database in {home}", hint="Set AXIS_HOME to the folder of the service.")
    db = Database(home / DATABASE)
    try:
        yield from db.integrity()
        for row in ledger.sums_that_differ(db):
            yield f"the balance of {row['user_id']} is {row['balance']}, its ledger sums up to {row['total']}"
        yield from _jobs(db)
        yield from BlobStore(home / "blobs", db).damaged()
    finally:
        db.close()


def _jobs(db: Database) -> Iterator[str]:
    gaps = "SELECT job_id FROM job_event GROUP BY job_id HAVING MAX(seq) <> COUNT(*) OR MIN(seq) <> 1"
    for row in db.rows(gaps):
        yield f"the events of {row['job_id']} have gaps"
    unpaid = (
        "SELECT j.job_id FROM job j LEFT JOIN ledger l ON l.job_id = j.job_id GROUP BY j.job_id "
        "HAVING COALESCE(SUM(CASE WHEN l.type = 'deduct' THEN -l.amount END), 0) <> j.charged "
        "OR COALESCE(SUM(CASE WHEN l.type = 'refund' THEN l.amount END), 0) <> j.refunded"
    )
    for row in db.rows(unpaid):
        yield f"the ledger and {row['job_id']} do not agree on what it cost"
    endless = (
        "SELECT job_id FROM job WHERE status IN ('succeeded', 'failed', 'cancelled', 'expired') "
        "AND NOT EXISTS (SELECT 1 FROM job_event e WHERE e.job_id = job.job_id AND e.type = 'done')"
    )
    for row in db.rows(endless):
        yield f"{row['job_id']} has ended without an event that says so"
