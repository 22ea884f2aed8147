"""The portal's avatars: names that a user gives to results, and the quality that a plan asks for."""

from __future__ import annotations

import datetime as dt
from typing import Any

import msgspec

from axis_core.errors import NotFound
from axis_core.model.quality import grade_of
from axis_http.nouns import Export, Principal, timestamp
from axis_http.problems import Problem, invalid
from axis_http.service.mesh import PLATFORMS
from axis_http.service.state import Service
from axis_http.store import assets as rows
from axis_http.store import files
from axis_http.store.database import Row
from axis_http.store.jobs import encoded


__all__ = ["AvatarRequest", "avatar_file", "avatars", "make_avatar", "quality_policy", "remove_avatar"]

MAX_CONFIG = 64 * 1024
PROFILES = ("game_ready", "dcc_editable", "print_ready")


class AvatarRequest(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """What ``POST /portal/api/avatars`` takes."""

    name: str
    asset_id: str | None = None
    export_id: str | None = None
    config: dict[str, Any] | None = None
    platform: str = ""
    metadata: dict[str, Any] = {}


def _shown(row: Row) -> dict[str, Any]:
    plain = {k: row[k] for k in ("avatar_id", "name", "asset_id", "export_id", "platform")}
    config = msgspec.json.decode(row["config"])
    times = {k: timestamp(dt.datetime.fromtimestamp(row[k], dt.UTC)) for k in ("created_at", "updated_at")}
    return (
        plain
        | times
        | {
            "preset": config.get("preset"),
            "config": config,
            "metadata": msgspec.json.decode(row["metadata"]),
            "thumbnail_url": None,
            "model_url": f"/avatars/{row['avatar_id']}.glb" if row["export_id"] else None,
        }
    )


def avatars(service: Service, caller: Principal, limit: int, offset: int) -> dict[str, Any]:
    """Return a page of one's avatars."""
    page = rows.avatars(service.db, caller.user_id, limit, offset)
    shown = [_shown(r) for r in page["rows"]]
    return {"avatars": shown, "count": len(shown), "total": page["total"]}


def make_avatar(service: Service, caller: Principal, given: AvatarRequest) -> dict[str, Any]:
    """Keep a result, or a configuration, under a name; its export does not expire any more.

    Raises
    ------
    Problem
        400: the payload, an id that is not the caller's, ``plan_limit``.
    """
    if not 1 <= len(given.name.strip()) <= 120 or not given.name.isprintable():
        raise invalid("name", "must have 1 to 120 printable characters")
    if sum(x is not None for x in (given.asset_id, given.export_id, given.config)) != 1:
        raise invalid("asset_id", "expected one of asset_id, export_id and config")
    if given.platform and given.platform not in PLATFORMS:
        raise invalid("platform", f"is {given.platform!r:.40}, expected one of {', '.join(PLATFORMS)}")
    texts = {"config": encoded(given.config or {}), "metadata": encoded(given.metadata)}
    for name, text in texts.items():
        if len(text) > MAX_CONFIG:
            raise invalid(name, f"has {len(text):,} bytes, allowed are {MAX_CONFIG:,}")
    export_id = _own_export(service, caller, given)
    ids = {"asset_id": given.asset_id, "export_id": export_id}
    fields = {"name": given.name, "platform": given.platform, **ids, **texts}
    with service.db.tx():
        most = service.billing.pricing.plan(caller.plan).avatars if caller.has_account else None
        if most is not None and rows.avatars(service.db, caller.user_id, 1, 0)["total"] >= most:
            raise Problem(status=400, code="plan_limit", error=f"the plan has room for {most} avatars")
        avatar_id = rows.add_avatar(service.db, caller.user_id, fields)
    return _shown(rows.avatar(service.db, avatar_id) or {})


def _own_export(service: Service, caller: Principal, given: AvatarRequest) -> str | None:
    try:
        if given.asset_id is not None:
            return service.export_of_asset(caller, given.asset_id)
        if given.export_id is not None:
            return service.exports.get(caller.user_id, given.export_id).export_id
    except NotFound as exc:
        raise invalid("asset_id" if given.asset_id else "export_id", "names nothing of yours") from exc
    return None


def remove_avatar(service: Service, caller: Principal, avatar_id: str) -> dict[str, Any]:
    """Remove an avatar of one's own; the asset stays.

    Raises
    ------
    NotFound
    """
    if not rows.remove_avatar(service.db, caller.user_id, avatar_id):
        raise NotFound("there is no such avatar")
    return {"avatar_id": avatar_id, "deleted": True}


def avatar_file(service: Service, caller: Principal, avatar_id: str, lod: int) -> tuple[Export, str]:
    """Return the export and file name behind an avatar's permanent address: public ones, or signed for.

    Raises
    ------
    NotFound
        If there is no such avatar, file, or right to see it: the answers do not differ.
    """
    row = rows.avatar(service.db, avatar_id)
    allowed = row is not None and (row["visibility"] == "public" or row["owner"] == caller.user_id)
    found = files.find_export(service.db, service.blobs, str(row["export_id"])) if row and allowed else None
    if found is None:
        raise NotFound("there is no such avatar")
    ending = f"_LOD{lod}.glb" if lod else ".glb"
    name = next((n for n in sorted(found.files, key=len) if n.endswith(ending) and (lod or "_LOD" not in n)), None)
    if name is None:
        raise NotFound(f"the avatar has no level of detail {lod}")
    return found, name


def quality_policy(service: Service, caller: Principal, profile: str | None) -> dict[str, Any]:
    """Return what score a result needs and what happens below it; nothing is asked where there are no accounts."""
    plan = service.billing.pricing.plan(caller.plan) if caller.has_account else None
    score = plan.min_score if plan else 0
    below = plan.on_below if plan else "review"
    policy = {"min_quality_score": score, "min_quality_grade": grade_of(score), "on_below": below}
    return {
        "tier": caller.plan or "open",
        "plan": caller.plan or "open",
        "profile": profile or "game_ready",
        "profile_known": profile in (None, *PROFILES),
        **policy,
        "profiles": dict.fromkeys(PROFILES, policy),
    }
