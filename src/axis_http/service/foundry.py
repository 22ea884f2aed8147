"""The foundry: who makes avatars, from what, and what for."""

from __future__ import annotations

from typing import Any

from axis_core.door import default_host
from axis_http.service.route_table import routing_table
from axis_http.service.state import Service
from axis_http.store.jobs import finished_of


__all__ = ["foundry_modes", "foundry_profiles", "foundry_providers"]


def foundry_providers(service: Service) -> dict[str, Any]:
    """Return the sources of avatars that are installed."""
    prices = service.billing.pricing.operations
    rows = []
    for p in default_host(installed=service.settings.plugins).providers:
        reason = p.health()
        ended = [j for j in finished_of(service.db, p.name, 50) if j.status == "succeeded"]
        times = [(j.finished_at - j.started_at).total_seconds() for j in ended if j.started_at and j.finished_at]
        rows.append(
            {
                "name": p.name,
                "kind": "local" if p.local else "remote",
                "summary": p.summary,
                "modes": list(p.modes),
                "asset_classes": list(p.asset_classes),
                "formats": list(p.formats),
                "max_polycount": p.max_polycount,
                "texture_sizes": list(p.texture_sizes),
                "supports_seed": p.supports_seed,
                "licence": p.licence,
                "available": not reason,
                "reason": reason,
                "cost": {mode: prices.get(mode, 0) for mode in p.modes},
                "avg_latency_s": round(sum(times) / len(times), 3) if times else None,
            }
        )
    return {"providers": rows, "count": len(rows), "default_order": routing_table(service)["preferred_order"]}


_PROFILES = (
    ("game_ready", "Rigged, within its tier, levels of detail, one atlas.", ("glb", "gltf"), 32_000, 2048, 60),
    ("dcc_editable", "Full resolution, face shapes, named parts, no atlas.", ("glb", "gltf", "obj"), 500_000, 4096, 0),
    ("print_ready", "Watertight, manifold, no rig, in millimetres.", ("stl",), 500_000, 0, 0),
)


def foundry_profiles() -> dict[str, Any]:
    """Return the output profiles."""
    rows = [
        {
            "id": name,
            "description": text,
            "formats": list(formats),
            "defaults": {"target_polycount": triangles, "texture_size": side},
            "min_quality": quality,
        }
        for name, text, formats, triangles, side, quality in _PROFILES
    ]
    return {"profiles": rows, "count": len(rows)}


_MODES = (
    ("text_to_3d", "Words to a mesh, by a provider.", ("prompt",), ("seed", "output_profile")),
    ("image_to_3d", "Pictures to a mesh, by a provider.", ("image_b64",), ("platform", "seed", "output_profile")),
    (
        "avatar_parametric",
        "Words, presets and sliders to a person, on this machine.",
        (),
        ("preset", "prompt", "parameters", "platform", "polygon_tier", "morph_targets", "lods", "no_face", "animations",
         "seed"),
    ),
    ("mesh_upload", "A mesh of one's own through the pipeline.", ("file",), ("platform", "polygon_tier", "profile")),
)  # fmt: skip


def foundry_modes(service: Service) -> dict[str, Any]:
    """Return the modes of generation, what each needs and costs, and who serves it."""
    providers = default_host(installed=service.settings.plugins).providers
    prices = service.billing.pricing.operations
    rows = [
        {
            "id": mode,
            "description": text,
            "required_fields": list(required),
            "optional_fields": list(optional),
            "token_cost": prices.get(mode, 0),
            "providers": [p.name for p in providers if mode in p.modes],
        }
        for mode, text, required, optional in _MODES
    ]
    return {"modes": rows, "count": len(rows)}
