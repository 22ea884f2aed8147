"""Rows of traces, what tells assets again, and of the fraud checks that were made."""

from __future__ import annotations

import time
from typing import Any

import msgspec
import numpy as np

from axis_core.audit.fraud import ImageTrace, Known, Traces
from axis_http.nouns import new_id
from axis_http.store.database import Database, Row
from axis_http.store.jobs import encoded


__all__ = ["add_check", "add_trace", "as_traces", "checks", "known", "state", "trace_of"]


def as_traces(plain: dict[str, Any]) -> Traces:
    """Return traces of plain values."""
    return Traces(
        file_sha256=plain["file_sha256"],
        mesh_sha256=plain["mesh_sha256"],
        shape=plain["shape"],
        images=tuple(ImageTrace(sha256, perceptual) for sha256, perceptual in plain["images"]),
    )


def add_trace(db: Database, asset_id: str, owner: str, plain: dict[str, Any]) -> None:
    """Keep the traces of an asset."""
    shape = np.asarray(plain["shape"], "<f4").tobytes()
    images = encoded(plain["images"])
    db.write(
        "INSERT OR REPLACE INTO trace VALUES (?, ?, ?, ?, ?, ?, ?)",
        (asset_id, owner, plain["file_sha256"], plain["mesh_sha256"], shape, images, time.time()),
    )


def state(db: Database) -> tuple[int, float]:
    """Return what changes whenever a trace is added or removed: how many there are, and when the last one came."""
    row = db.row("SELECT COUNT(*) AS n, COALESCE(MAX(created_at), 0.0) AS last FROM trace")
    assert row is not None
    return int(row["n"]), float(row["last"])


def _known(row: Row) -> Known:
    plain = {
        "file_sha256": row["file_sha256"],
        "mesh_sha256": row["mesh_sha256"],
        "shape": np.frombuffer(row["shape"], "<f4"),
        "images": msgspec.json.decode(row["images"]),
    }
    return Known(id=row["asset_id"], traces=as_traces(plain))


def known(db: Database) -> list[Known]:
    """Return the traces of all assets, the oldest first."""
    return [_known(r) for r in db.rows("SELECT * FROM trace ORDER BY created_at, asset_id")]


def trace_of(db: Database, asset_id: str) -> Row | None:
    """Return owner, time, visibility and the provider of an asset that has traces, or None."""
    return db.row(
        "SELECT t.asset_id, t.owner, t.created_at, a.visibility, "
        "json_extract(a.contract, '$.provenance.provider') AS provider "
        "FROM trace t JOIN asset a USING (asset_id) "
        "WHERE asset_id = ?",
        (asset_id,),
    )


def add_check(
    db: Database, owner: str, *, asset_id: str | None, verdict: str, score: float, indicators: list[str]
) -> tuple[str, float]:
    """Note a check and return its id and time."""
    check_id, moment = new_id("chk"), time.time()
    db.write(
        "INSERT INTO fraud_check VALUES (?, ?, ?, ?, ?, ?, ?)",
        (check_id, owner, asset_id, verdict, score, encoded(indicators), moment),
    )
    return check_id, moment


def checks(db: Database, owner: str, since: float) -> list[Row]:
    """Return ``verdict, indicators, checked_at`` of checks since a time; of everybody for no owner."""
    return db.rows(
        "SELECT verdict, indicators, checked_at FROM fraud_check WHERE (?1 = '' OR owner = ?1) AND checked_at >= ?2 "
        "ORDER BY checked_at DESC",
        (owner, since),
    )
