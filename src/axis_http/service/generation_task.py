"""What a worker process does for ``generate``: plain values in, files and plain values out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import attrs

from axis_core.generation import AUTO, generate
from axis_core.plugin import PluginHost
from axis_core.providers.routing_config import RoutingConfig, load_routing
from axis_core.result import Result


__all__ = ["generated"]


def generated(
    given: Mapping[str, Any],
    host: PluginHost,
    progress: Callable[[float, str], None],
    cancelled: Callable[[], bool],
    images: tuple[tuple[str, bytes], ...] = (),
) -> tuple[Result, dict[str, Any]]:
    """Return the avatar that the checked parameters of a job ask for, and what the answer says beside its files."""
    parameters = dict(given.get("parameters") or {})
    if given.get("no_face"):
        parameters["no_face"] = True
    result = generate(
        str(given.get("prompt") or ""),
        preset=str(given.get("preset") or ""),
        parameters=parameters,
        images=images,
        provider=AUTO if images else "parametric",
        routing=_routing(given) if images else None,
        texture_side=given.get("texture_side"),
        seed=int(given.get("seed") or 0),
        platform=str(given.get("platform") or ""),
        tier=str(given.get("polygon_tier") or "desktop_standard"),
        output_profile=str(given.get("output_profile") or "game_ready"),
        morphs=bool(given.get("morph_targets")),
        lods=int(given.get("lods") or 0),
        animations=tuple(given.get("animations") or ()),
        preview=bool(given.get("save")),
        progress=progress,
        cancelled=cancelled,
        host=host,
    )
    return result, _answer(given, result)


def _routing(given: Mapping[str, Any]) -> RoutingConfig:
    """Return the service's rules; the provider that the caller would rather have goes first."""
    config = load_routing(str(given.get("routing") or ""))
    hint = str(given.get("hint") or "")
    return attrs.evolve(config, preferred_order=(hint, *config.preferred_order)) if hint else config


def _answer(given: Mapping[str, Any], result: Result) -> dict[str, Any]:
    made = result.metrics["generate"]
    mesh = result.contract.mesh
    parsed = dict(made["parsed"])
    return {
        "preset": given.get("preset") or None,
        "prompt": given.get("prompt") or None,
        "parsed": parsed or None,
        "parameters": dict(made["parameters"]),
        "platform": given.get("platform") or "",
        "polygon_tier": result.contract.polygon_tier,
        "seed": int(given.get("seed") or 0),
        "stats": {
            "vertex_count": mesh.vertex_count,
            "triangle_count": mesh.triangle_count,
            "height_m": mesh.height_m,
            "joint_count": result.contract.rig.joint_count,
            "materials": len(result.scene.materials),
        },
        "morph_targets": list(dict.fromkeys(m.name for mesh in result.scene.meshes for m in mesh.morphs)),
        "lods": [attrs.asdict(level) for level in result.contract.lods],
        "animations": [a.name for a in result.scene.animations],
        "notes": list(made["notes"]),
        "provider": made["provider"],
        "route": made["route"],
    }
