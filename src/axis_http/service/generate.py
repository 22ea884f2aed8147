"""Use cases of generation: one avatar, a sentence through the pipeline, and what there is to choose from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import attrs

from axis_core.body import AvatarRecipe, list_sliders
from axis_core.body.clips import CLIP_NAMES, list_clips
from axis_core.body.presets import find_preset, list_presets
from axis_core.door import default_host
from axis_core.errors import AxisError
from axis_core.model.tier import TIERS
from axis_core.plugin import Request
from axis_core.plugin.options import options_schema
from axis_core.providers.parametric import DEFAULT_PRESET, plain_recipe, recipe_of
from axis_http.nouns import Job, Principal
from axis_http.problems import invalid, problem
from axis_http.service.state import Service


__all__ = [
    "DEFAULT_PRESET",
    "animation_list",
    "checked_item",
    "flag_of",
    "pipeline_answer",
    "preset_list",
    "slider_list",
    "submit_item",
]

OPERATION = "avatar_parametric"
PLATFORMS = ("unity", "unreal", "godot", "roblox", "axis_engine")
PROFILES = ("game_ready", "dcc_editable")
MAX_PROMPT = 2000
MAX_SEED = 2**53 - 1
LEVELS = 2
"""Levels below LOD 0 where the contract's ``lods`` is true."""


def _text(given: Mapping[str, Any], name: str, most: int) -> str:
    if name not in given:
        return ""
    value = given[name]
    if not isinstance(value, str):
        raise invalid(name, f"is {value!r:.60}, expected a text")
    if len(value) > most:
        raise invalid(name, f"has {len(value):,} characters, allowed are {most:,}")
    return value


def flag_of(given: Mapping[str, Any], name: str, default: bool) -> bool:
    """Return a boolean field, or the default where it is absent.

    Raises
    ------
    Problem
        400 for anything but true or false.
    """
    value = given.get(name, default)
    if not isinstance(value, bool):
        raise invalid(name, f"is {value!r:.60}, expected true or false")
    return value


def _whole(given: Mapping[str, Any], name: str, most: int) -> int:
    value = given.get(name, 0)
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= most:
        raise invalid(name, f"is {value!r:.60}, expected a whole number from 0 to {most}")
    return value


def _one_of(given: Mapping[str, Any], name: str, known: Any) -> str:
    if name not in given:
        return ""
    value = given[name]
    if not isinstance(value, str) or value not in known:
        raise invalid(name, f"is {value!r:.60}, expected one of {', '.join(known)}")
    return value


def checked_item(given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields of one avatar, checked to the last value, so that a job fails for nothing the caller wrote.

    Raises
    ------
    Problem
        400 naming the field.
    """
    preset = _text(given, "preset", 64)
    prompt = _text(given, "prompt", MAX_PROMPT)
    if prompt and not prompt.strip():
        raise invalid("prompt", "is blank")
    parameters = given.get("parameters", {})
    if not isinstance(parameters, dict):
        raise invalid("parameters", "expected an object")
    levels = LEVELS if flag_of(given, "lods", False) else 0
    item: dict[str, Any] = {
        "preset": preset or ("" if prompt else DEFAULT_PRESET),
        "prompt": prompt,
        "parameters": parameters,
        "platform": _one_of(given, "platform", PLATFORMS),
        "polygon_tier": _one_of(given, "polygon_tier", TIERS) or "desktop_standard",
        "output_profile": _one_of(given, "output_profile", PROFILES) or "game_ready",
        "morph_targets": flag_of(given, "morph_targets", False),
        "lods": _whole(given, "lod_count", 6) if "lod_count" in given else levels,
        "no_face": flag_of(given, "no_face", False),
        "seed": _whole(given, "seed", MAX_SEED),
        "animations": _clips(given.get("animations", [])),
        "save": flag_of(given, "save", True),
        "name": _text(given, "name", 120),
    }
    try:
        find_preset(item["preset"] or DEFAULT_PRESET)
        request = Request(mode=OPERATION, prompt=prompt, preset=preset, parameters=parameters, seed=item["seed"])
        recipe_of(request)
    except AxisError as exc:
        if exc.code == "not_installed":
            raise
        place = (exc.pointer or "parameters").strip("/").replace("options", "parameters")
        raise invalid(place, str(exc)) from exc
    return item


def _clips(value: Any) -> list[str]:
    if not isinstance(value, list) or not all(isinstance(v, str) for v in value):
        raise invalid("animations", "expected a list of names")
    unknown = next((v for v in value if v not in (*CLIP_NAMES, "all")), None)
    if unknown is not None:
        raise invalid("animations", f"holds {unknown!r:.60}, which is no clip; see /api/animations")
    return list(value)


def submit_item(
    service: Service, principal: Principal, item: Mapping[str, Any], *, operation: str = OPERATION
) -> Job:
    """Queue one avatar; ``operation`` names its price.

    Raises
    ------
    Problem
        503 where the body data is not installed; what ``Service.submit`` raises.
    """
    reason = default_host(installed=service.settings.plugins).provider("parametric").health()
    if reason:
        raise problem("not_configured", reason)
    return service.submit(principal, "generate", None, dict(item), operation=operation, provider="parametric")


def pipeline_answer(answer: Mapping[str, Any]) -> dict[str, Any]:
    """Return the result of a job as ``POST /api/prompt-pipeline`` gives it."""
    if "parsed" not in answer:
        return dict(answer)
    parsed = answer["parsed"] or {}
    kept = ("attributes", "confidence", "unmatched")
    keys = (
        "prompt",
        "stages",
        "export_id",
        "download_url",
        "asset_id",
        "contract",
        "quality",
        "seed",
        "cost",
        "job_id",
    )
    return {k: answer.get(k) for k in keys} | {"parsed": {k: parsed.get(k) for k in kept}}


def preset_list() -> dict[str, Any]:
    """Return the presets with all their values."""
    rows = [
        {
            "id": p.name,
            "name": p.name,
            "summary": p.summary,
            "style": p.recipe.style,
            "parameters": plain_recipe(p.recipe),
        }
        for p in list_presets()
    ]
    return {"presets": rows, "count": len(rows), "default": DEFAULT_PRESET}


def slider_list() -> dict[str, Any]:
    """Return the sliders with their ranges, and the schema of all other parameters."""
    rows = [
        {
            "id": s.name,
            "area": s.area,
            "group": s.group,
            "minimum": s.minimum,
            "maximum": s.maximum,
            "low": s.low,
            "high": s.high,
            "sided": s.sided,
        }
        for s in list_sliders()
    ]
    groups = list(dict.fromkeys(row["group"] for row in rows))
    return {"sliders": rows, "count": len(rows), "groups": groups, "parameters": options_schema(AvatarRecipe)}


def animation_list() -> dict[str, Any]:
    """Return the clips."""
    rows = [{"id": clip.name, **attrs.asdict(clip)} for clip in list_clips()]
    return {"animations": rows, "count": len(rows), "groups": list(dict.fromkeys(r["group"] for r in rows))}
