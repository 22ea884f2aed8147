"""The gallery: assets, who sees them, and figures over their avatar contracts."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import msgspec

from axis_core.errors import NotFound
from axis_http.nouns import Principal, timestamp
from axis_http.problems import invalid
from axis_http.service.state import Service
from axis_http.store import assets as rows
from axis_http.store.database import Row
from axis_http.store.files import find_export
from axis_http.store.jobs import encoded


__all__ = ["AssetChange", "aggregated", "change", "checked_change", "delete", "detail", "listed"]

CLASSES = ("avatar", "object", "scene")
PATH = re.compile(r"[a-z_]\w*(\.\w+){0,5}", re.ASCII)
SORTS = ("key_asc", "key_desc", "count_desc", "count_asc", "count")


class AssetChange(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """What ``PATCH /api/gallery/{asset_id}`` takes."""

    name: str | msgspec.UnsetType = msgspec.UNSET
    category: str | msgspec.UnsetType = msgspec.UNSET
    tags: list[str] | msgspec.UnsetType = msgspec.UNSET
    visibility: str | msgspec.UnsetType = msgspec.UNSET


def _time(seconds: float) -> str | None:
    return timestamp(dt.datetime.fromtimestamp(seconds, dt.UTC))


THUMBNAIL = "preview.png"
THUMBNAIL_S = 3600
"""A page that lists pictures cannot send a credential with each: their addresses are signed for an hour."""


def _thumbnail(service: Service, export_id: str) -> str | None:
    export = find_export(service.db, service.blobs, export_id)
    if export is None or THUMBNAIL not in export.files:
        return None
    path = f"/api/exports/{export_id}/files/{THUMBNAIL}"
    return f"{path}?{service.signer.query(path, THUMBNAIL_S)}"


def _shown(service: Service, row: Row) -> dict[str, Any]:
    plain = ("asset_id", "name", "asset_class", "category", "visibility", "stage", "status", "size_bytes")
    return {k: row[k] for k in plain} | {
        "user_id": row["owner"],
        "tags": msgspec.json.decode(row["tags"]),
        "thumbnail_url": _thumbnail(service, row["export_id"]),
        "formats": ["glb", "gltf", "obj", "stl"],
        "download_url": f"/api/export/{row['export_id']}",
        "created_at": _time(row["created_at"]),
        "updated_at": _time(row["updated_at"]),
    }


def listed(
    service: Service, caller: Principal, owner: str, filters: dict[str, str], limit: int, offset: int
) -> dict[str, Any]:
    """Return a page of an owner's assets: all of one's own, the public ones of anybody else.

    Raises
    ------
    Problem
        400 for an asset class that there is not.
    """
    if filters["asset_class"] and filters["asset_class"] not in CLASSES:
        raise invalid("asset_class", f"is {filters['asset_class']!r:.40}, expected one of {', '.join(CLASSES)}")
    page = rows.assets(service.db, owner, caller.user_id, filters=filters, limit=limit, offset=offset)
    shown = [_shown(service, r) for r in page["rows"]]
    following = offset + len(shown)
    return {
        "assets": shown,
        "count": len(shown),
        "total": page["total"],
        "limit": limit,
        "offset": offset,
        "user_id": owner,
        "next_offset": following if following < page["total"] else None,
    }


def _seen(service: Service, caller: Principal, asset_id: str) -> Row:
    row = rows.asset(service.db, asset_id, caller.user_id)
    if row is None:
        raise NotFound("there is no such asset")
    return row


def detail(service: Service, caller: Principal, asset_id: str) -> dict[str, Any]:
    """Return one asset with its avatar contract.

    Raises
    ------
    NotFound
        If there is none, or it is another's and private: the answers do not differ.
    """
    row = _seen(service, caller, asset_id)
    contract = msgspec.json.decode(row["contract"])
    return _shown(service, row) | {
        "contract": contract,
        "quality": msgspec.json.decode(row["quality"]),
        "exports": [{"export_id": row["export_id"], "download_url": f"/api/export/{row['export_id']}"}],
        "provenance": contract.get("provenance", {}),
    }


def delete(service: Service, caller: Principal, asset_id: str, user_id: str) -> dict[str, Any]:
    """Remove an asset with its export; an admin may name whose it is.

    Raises
    ------
    NotFound
        If there is none, or it is another's.
    """
    owner = user_id if caller.has_account and caller.role == "admin" and user_id else caller.user_id
    with service.db.tx():
        export_id = rows.remove_asset(service.db, owner, asset_id)
        if export_id is None:
            raise NotFound("there is no such asset")
        shared = service.db.value("SELECT COUNT(*) FROM asset WHERE export_id = ?", (export_id,))
        freed = 0 if shared else service.exports.forget([export_id])
    return {"asset_id": asset_id, "deleted": True, "freed_bytes": freed}


def change(service: Service, caller: Principal, asset_id: str, given: AssetChange) -> dict[str, Any]:
    """Rename, tag or publish one's own asset; what is public and validated is published.

    Raises
    ------
    Problem, NotFound
    """
    plain = checked_change(given)
    with service.db.tx():
        row = rows.asset(service.db, asset_id, caller.user_id)
        if row is None or row["owner"] != caller.user_id:
            raise NotFound("there is no such asset")
        public = plain.get("visibility", row["visibility"]) == "public"
        if public and row["stage"] == "validated":
            plain["stage"] = "published"
        elif not public and row["stage"] == "published":
            plain["stage"] = "validated"
        rows.change_asset(service.db, caller.user_id, asset_id, plain)
    return _shown(service, _seen(service, caller, asset_id))


def checked_change(given: AssetChange) -> dict[str, Any]:
    """Return the columns that a change sets.

    Raises
    ------
    Problem
        400 naming the field.
    """
    plain: dict[str, Any] = msgspec.to_builtins(given)
    for name, longest in (("name", 120), ("category", 60)):
        text = plain.get(name, "x")
        if not text.isprintable() or len(text) > longest or (name == "name" and not text.strip()):
            raise invalid(name, f"must have 1 to {longest} printable characters")
    if "tags" in plain:
        if len(plain["tags"]) > 32 or any(not 1 <= len(t) <= 40 or not t.isprintable() for t in plain["tags"]):
            raise invalid("tags", "may be at most 32 of 1 to 40 printable characters")
        plain["tags"] = encoded(plain["tags"])
    if plain.get("visibility", "private") not in ("private", "public"):
        raise invalid("visibility", "expected private or public")
    return plain


def aggregated(service: Service, caller: Principal, query: dict[str, Any]) -> dict[str, Any]:
    """Return groups of avatar contracts by a dotted path, with figures of others; what is no number is skipped.

    Raises
    ------
    Problem
        400 for a path or an order that does not fit.
    """
    metrics = [m.strip() for m in query["metrics"].split(",") if m.strip()]
    if len(metrics) > 20:
        raise invalid("metrics", f"has {len(metrics)} paths, allowed are 20")
    for loc, path in [("group_by", query["group_by"]), *(("metrics", m) for m in metrics)]:
        if not PATH.fullmatch(path):
            raise invalid(loc, f"{path!r:.60} is no dotted path such as mesh.quality_grade")
    if query["sort"] not in SORTS:
        raise invalid("sort", f"is {query['sort']!r:.40}, expected one of {', '.join(SORTS)}")
    values = {
        "group": f"$.{query['group_by']}",
        "owner": query["user_id"],
        "viewer": caller.user_id,
        "stage": query["stage"],
    }
    groups = rows.aggregate(service.db, values)
    measures = {m: {r["key"]: r for r in rows.measured(service.db, values, f"$.{m}")} for m in metrics}
    whole = [g for g in groups if query["include_empty"] or g["key"] not in (None, "")]
    kept = [g for g in whole if g["count"] >= query["min_count"]]
    ordered = _ordered(kept, query["sort"])
    page = ordered[query["offset"] : query["offset"] + query["limit"]]
    figures = ("count", "sum", "avg", "min", "max")
    return {
        "group_by": query["group_by"],
        "metrics": metrics,
        "buckets": [
            {
                "key": g["key"],
                "count": g["count"],
                "metrics": {m: {f: measures[m][g["key"]][f] for f in figures} for m in metrics},
            }
            for g in page
        ],
        "total_buckets": len(ordered),
        "total_contracts": sum(g["count"] for g in ordered),
        "limit": query["limit"],
        "offset": query["offset"],
        "sort": query["sort"],
        "user_id": query["user_id"],
    }


def _ordered(groups: list[Row], sort: str) -> list[Row]:
    by_key = sorted(groups, key=lambda g: (g["key"] is not None, str(g["key"])), reverse=sort == "key_desc")
    if sort in ("count", "count_desc"):
        return sorted(by_key, key=lambda g: -int(g["count"]))
    return sorted(by_key, key=lambda g: int(g["count"])) if sort == "count_asc" else by_key
