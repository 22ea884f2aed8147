"""The one operation of the foundry for every mode: checked by mode, routed, queued."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from axis_core.model.tier import TIERS
from axis_core.providers.routing_config import MODES
from axis_http.nouns import Job, Principal, Upload
from axis_http.problems import invalid, problem
from axis_http.service.generate import checked_item, submit_item
from axis_http.service.photos import checked_photo_options, decoded_photo, submit_photos
from axis_http.service.route_table import planned
from axis_http.service.state import Service


__all__ = ["foundry_generate"]

_CLASSES = ("avatar", "object", "scene")
_CATEGORIES = ("character", "prop", "hard_surface", "stylized", "print")
_SIDES = (256, 512, 1024, 2048, 4096)


def foundry_generate(
    service: Service, principal: Principal, given: Mapping[str, Any], upload: Upload | None
) -> tuple[Job, dict[str, Any]]:
    """Queue what a request asks for; return the job, and mode and warnings.

    Parameters
    ----------
    upload : Upload or None
        The mesh of ``mesh_upload``, found by the route.

    Raises
    ------
    Problem
        400 naming the field; 503 ``no_provider``; what ``Service.submit`` raises.
    """
    mode = _one_of(given, "mode", MODES)
    asset_class = _one_of(given, "asset_class", _CLASSES, "avatar")
    if "asset_category" in given:
        _one_of(given, "asset_category", _CATEGORIES)
    profile = _one_of(given, "output_profile", ("game_ready", "dcc_editable", "print_ready"), "game_ready")
    triangles = _number(given, "target_polycount", 100, 500_000)
    if "texture_size" in given and given["texture_size"] not in _SIDES:
        raise invalid("texture_size", f"is {given['texture_size']!r:.40}, expected one of {_SIDES}")
    hint = given.get("preferred_provider", "")
    if not isinstance(hint, str):
        raise invalid("preferred_provider", "expected a text")
    warnings = _hint_warnings(service, mode, hint)
    tier = _tier(triangles)
    if mode == "image_to_3d":
        photo = decoded_photo(given.get("image_b64"))
        options = checked_photo_options(
            {"output_profile": profile, "seed": given.get("seed", 0), "platform": "unreal",
             "texture_resolution": min(given.get("texture_size", 1024), 2048)}
        )  # fmt: skip
        options |= {"polygon_tier": tier, "platform": ""}
        job, _ = submit_photos(service, principal, [("front", photo)], options, hint=hint, asset_class=asset_class)
    elif mode == "avatar_parametric":
        job = submit_item(service, principal, checked_item(_item(given, profile, tier)))
    elif mode == "mesh_upload":
        if upload is None:
            raise invalid("asset_id", "mode mesh_upload needs asset_id, upload_id or mesh_b64")
        params = {"polygon_tier": tier, "profile": "default", "platform": "", "seed": given.get("seed", 0)}
        job = service.submit(principal, "process", upload, params, operation="mesh_upload")
    else:
        _text(given, "text_prompt")
        plan = planned(service, mode, prompt=str(given["text_prompt"]), hint=hint, asset_class=asset_class)
        told = "; ".join(f"{c.name} {c.reason}" for c in plan.refused)
        raise problem(
            "no_provider",
            f"nobody serves text_to_3d: {told}",
            detail="Characters come from words with the mode avatar_parametric (or POST /api/generate); "
            "objects need a remote provider such as trellis2, meshy, tripo, rodin or fal.",
        )
    return job, {"mode": mode, "warnings": warnings}


def _item(given: Mapping[str, Any], profile: str, tier: str) -> dict[str, Any]:
    if "preset_id" not in given and "body_proportions" not in given:
        raise invalid("preset_id", "mode avatar_parametric needs preset_id or body_proportions")
    parameters: dict[str, Any] = {}
    for area in ("body_proportions", "face_proportions"):
        value = given.get(area, {})
        if not isinstance(value, dict):
            raise invalid(area, "expected an object")
        parameters.update(value)
    item = {"parameters": parameters, "output_profile": profile, "polygon_tier": tier, "morph_targets": True}
    chosen = {
        k: given[v] for k, v in (("preset", "preset_id"), ("prompt", "text_prompt"), ("seed", "seed")) if v in given
    }
    return {**item, **chosen}


def _hint_warnings(service: Service, mode: str, hint: str) -> list[str]:
    if not hint:
        return []
    plan = planned(service, mode, hint=hint)
    return [f"preferred_provider {c.name} was not used: {c.reason}" for c in plan.refused if c.name == hint]


def _tier(triangles: int | None) -> str:
    """Return the largest tier that is no larger than asked for."""
    if triangles is None:
        return "desktop_standard"
    fitting = [name for name, tier in TIERS.items() if tier.triangles <= triangles]
    return max(fitting, key=lambda n: TIERS[n].triangles, default=min(TIERS, key=lambda n: TIERS[n].triangles))


def _text(given: Mapping[str, Any], name: str) -> None:
    value = given.get(name)
    if not isinstance(value, str) or not 1 <= len(value.strip()) <= 2000:
        raise invalid(name, "expected a text of 1 to 2000 characters")


def _one_of(given: Mapping[str, Any], name: str, known: tuple[str, ...], default: str | None = None) -> str:
    value = given.get(name, default)
    if not isinstance(value, str) or value not in known:
        raise invalid(name, f"is {value!r:.60}, expected one of {', '.join(known)}")
    return value


def _number(given: Mapping[str, Any], name: str, low: int, high: int) -> int | None:
    value = given.get(name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise invalid(name, f"is {value!r:.40}, expected a whole number from {low} to {high}")
    return value
