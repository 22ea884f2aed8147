"""Rows of assets and of the portal's avatars."""

from __future__ import annotations

import time
from typing import Any

from axis_http.nouns import new_id
from axis_http.store.database import Database, Row
from axis_http.store.jobs import encoded


__all__ = [
    "add_asset",
    "add_avatar",
    "aggregate",
    "asset",
    "assets",
    "avatar",
    "avatars",
    "change_asset",
    "measured",
    "remove_asset",
    "remove_avatar",
]

CHANGEABLE = frozenset({"name", "category", "tags", "visibility", "stage"})
_SEEN = "(owner = :viewer OR visibility = 'public')"


def add_asset(
    db: Database,
    owner: str,
    *,
    name: str,
    contract: dict[str, Any],
    quality: dict[str, Any],
    export_id: str,
    size_bytes: int,
) -> str:
    """Add an asset and return its id."""
    asset_id, moment = new_id("ast"), time.time()
    db.write(
        "INSERT INTO asset VALUES (?, ?, ?, ?, ?, '[]', 'private', ?, 'ready', ?, ?, ?, ?, ?, ?)",
        (
            asset_id,
            owner,
            name[:120],
            contract.get("asset_class") or "avatar",
            contract.get("category") or "",
            contract.get("stage") or "processed",
            export_id,
            size_bytes,
            encoded(contract),
            encoded(quality),
            moment,
            moment,
        ),
    )
    return asset_id


def asset(db: Database, asset_id: str, viewer: str) -> Row | None:
    """Return an asset that ``viewer`` may see: their own, or a public one."""
    sql = f"SELECT * FROM asset WHERE asset_id = :asset_id AND {_SEEN}"  # noqa: S608 - a constant
    return db.row(sql, {"asset_id": asset_id, "viewer": viewer})


def assets(db: Database, owner: str, viewer: str, *, filters: dict[str, str], limit: int, offset: int) -> Row:
    """Return ``rows`` of a page and their ``total``: an owner's assets that ``viewer`` may see, newest first."""
    where = f"owner = :owner AND {_SEEN} AND (:asset_class = '' OR asset_class = :asset_class)"
    where += " AND (:category = '' OR category = :category)"
    values = {"owner": owner, "viewer": viewer, "limit": limit, "offset": offset, **filters}
    page = f"SELECT * FROM asset WHERE {where} ORDER BY created_at DESC, asset_id LIMIT :limit OFFSET :offset"  # noqa: S608
    total = f"SELECT COUNT(*) FROM asset WHERE {where}"  # noqa: S608 - constants; values are bound
    return {"rows": db.rows(page, values), "total": int(db.value(total, values))}


def change_asset(db: Database, owner: str, asset_id: str, changes: dict[str, Any]) -> bool:
    """Change columns of an asset of its owner; False if there is none."""
    names = sorted(changes)
    assert set(names) <= CHANGEABLE
    assignments = "".join(f"{n} = :{n}, " for n in names)
    sql = f"UPDATE asset SET {assignments}updated_at = :at WHERE asset_id = :asset_id AND owner = :owner RETURNING 1"  # noqa: S608 - names are of the list above
    return bool(db.write(sql, {**changes, "at": time.time(), "asset_id": asset_id, "owner": owner}))


def remove_asset(db: Database, owner: str, asset_id: str) -> str | None:
    """Remove an asset of its owner and return its export, which no avatar shows any more; None if there is none."""
    gone = db.write("DELETE FROM asset WHERE asset_id = ? AND owner = ? RETURNING export_id", (asset_id, owner))
    if not gone:
        return None
    export_id = str(gone[0]["export_id"])
    db.write("UPDATE avatar SET export_id = NULL, asset_id = NULL WHERE export_id = ?", (export_id,))
    return export_id


def add_avatar(db: Database, owner: str, fields: dict[str, Any]) -> str:
    """Add an avatar and return its id."""
    avatar_id, moment = new_id("avt"), time.time()
    db.write(
        "INSERT INTO avatar VALUES (:avatar_id, :owner, :name, :asset_id, :export_id, :config, :metadata, :platform, "
        ":at, :at)",
        {**fields, "avatar_id": avatar_id, "owner": owner, "at": moment},
    )
    return avatar_id


def avatar(db: Database, avatar_id: str) -> Row | None:
    """Return an avatar with the visibility of its asset, whoever owns it, or None."""
    return db.row(
        "SELECT v.*, COALESCE(a.visibility, 'private') AS visibility FROM avatar v LEFT JOIN asset a USING (asset_id) "
        "WHERE avatar_id = ?",
        (avatar_id,),
    )


def avatars(db: Database, owner: str, limit: int, offset: int) -> Row:
    """Return ``rows`` of a page of an owner's avatars, newest first, and their ``total``."""
    rows = db.rows(
        "SELECT * FROM avatar WHERE owner = ? ORDER BY created_at DESC, avatar_id LIMIT ? OFFSET ?",
        (owner, limit, offset),
    )
    return {"rows": rows, "total": int(db.value("SELECT COUNT(*) FROM avatar WHERE owner = ?", (owner,)))}


def remove_avatar(db: Database, owner: str, avatar_id: str) -> bool:
    """Remove an avatar of its owner; False if there is none."""
    return bool(db.write("DELETE FROM avatar WHERE avatar_id = ? AND owner = ? RETURNING 1", (avatar_id, owner)))


_GROUPED = f"""
WITH seen AS (SELECT json_extract(contract, :group) AS key, contract FROM asset
    WHERE owner = :owner AND {_SEEN} AND (:stage = '' OR stage = :stage))
"""  # noqa: S608 - a constant


def aggregate(db: Database, values: dict[str, Any]) -> list[Row]:
    """Return ``key`` and ``count`` of the groups of an owner's contracts; ``group`` is a JSON path and is bound."""
    sql = "SELECT key, COUNT(*) AS count FROM seen GROUP BY key"
    return db.rows(_GROUPED + sql, values)


def measured(db: Database, values: dict[str, Any], path: str) -> list[Row]:
    """Return ``key, count, sum, avg, min, max`` of the numbers at ``path`` in each group."""
    sql = (
        "SELECT key, COUNT(v) AS count, SUM(v) AS sum, AVG(v) AS avg, MIN(v) AS min, MAX(v) AS max FROM (SELECT key, "
        "CASE WHEN json_type(contract, :path) IN ('integer', 'real') THEN json_extract(contract, :path) END AS v "
        "FROM seen) GROUP BY key"
    )
    return db.rows(_GROUPED + sql, {**values, "path": path})
