"""What the service says of itself: platforms, backends, formats, stages, capabilities, search, diagnostics, health."""

from __future__ import annotations

import importlib.util
import os
import platform as system
import sys
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from axis_core.agent import HANDLERS
from axis_core.door import default_host
from axis_core.model.tier import TIERS
from axis_core.plugin.host import PluginHost
from axis_core.plugin.options import options_schema
from axis_core.version import VERSION
from axis_http.contract.document import contract
from axis_http.problems import invalid
from axis_http.service.state import Service


__all__ = [
    "backends",
    "capabilities",
    "diagnostics",
    "formats",
    "health",
    "platforms",
    "release_check",
    "stages",
]

EXPORTS = ("glb", "gltf", "obj", "stl")
LATER = {
    "fbx": "install the plugin axis-importer-assimp",
    "usdz": "install the plugin axis-importer-usd",
}
LATER_PROVIDERS = (("photo_fit", "parametric"), ("visual_hull", "voxel"))
"""Names of the contract that no installed provider has taken yet."""


def health(service: Service) -> dict[str, Any]:
    """Return the state of the parts; never an error."""
    usable, store = os.access(service.settings.home, os.W_OK), service.store_state()
    checks = {
        "job_store": store,
        "gallery_store": "ok" if usable else "error:not_writable",
        "generation_providers": [b["id"] for b in _backends(_host(service)) if b["available"]],
        "gpu_endpoint": "not_configured",
    }
    return {
        "status": "ok" if usable and store == "ok" else "degraded",
        "version": VERSION,
        "checks": checks,
        "uptime_s": service.uptime_s,
    }


def platforms(service: Service) -> dict[str, Any]:
    """Return the platforms with their axes and budgets."""
    listed = [
        {
            "id": p.name,
            "name": p.title,
            "up_axis": p.up_axis,
            "forward_axis": p.forward_axis,
            "handedness": p.handedness,
            "unit_m": p.unit_m,
            "max_influences": p.max_influences,
            "max_triangles": p.max_triangles,
            "max_texture": p.max_texture,
            "skeleton": p.skeleton,
            "formats": list(p.formats),
        }
        for p in _host(service).platforms
    ]
    return {"platforms": listed, "count": len(listed)}


def _host(service: Service) -> PluginHost:
    return default_host(installed=service.settings.plugins)


def backends(service: Service) -> dict[str, Any]:
    """Return what makes meshes, available or not: the providers of the host, uploads, and what is not built yet."""
    listed = _backends(_host(service))
    return {"backends": listed, "count": len(listed)}


def _backends(host: PluginHost) -> list[dict[str, Any]]:
    listed = [_backend(p.name, p.kind, p.health(), p.device, p.version, p.licence) for p in host.providers]
    listed.append(_backend("mesh_upload", "provider", ""))
    taken = {b["id"] for b in listed}
    missing = (name_kind for name_kind in LATER_PROVIDERS if name_kind[0] not in taken)
    return listed + [_backend(name, kind, "not part of this version") for name, kind in missing]


def _backend(
    name: str, kind: str, reason: str, device: str = "cpu", version: str = VERSION, licence: str = "Apache-2.0"
) -> dict[str, Any]:
    return {
        "id": name,
        "name": name.replace("_", " "),
        "kind": kind,
        "device": device,
        "available": not reason,
        "reason": reason,
        "version": version,
        "licence": licence,
        "default": name == "mesh_upload",
    }


def formats(service: Service) -> dict[str, Any]:
    """Return what can be read and written; what lacks a plugin is listed with the reason."""
    known = _host(service).formats
    incoming = [
        {
            "id": f.name,
            "extensions": list(f.suffixes),
            "media_types": list(f.media_types),
            "max_bytes": service.settings.max_upload,
            "available": f.read is not None and not f.available(),
            "reason": f.available(),
        }
        for f in known
        if f.read is not None
    ]
    present = {f["id"] for f in incoming}
    incoming += [
        {
            "id": name,
            "extensions": [f".{name}"],
            "media_types": [],
            "max_bytes": service.settings.max_upload,
            "available": False,
            "reason": reason,
        }
        for name, reason in LATER.items()
        if name not in present
    ]
    outgoing = [
        {"id": f.name, "extensions": list(f.suffixes), "media_types": list(f.media_types), "available": True}
        for f in known
        if f.name in EXPORTS
    ]
    engines = [
        {
            "id": p.name,
            "formats": list(p.formats),
            "up_axis": p.up_axis,
            "handedness": p.handedness,
            "forward": p.forward_axis,
            "unit_m": p.unit_m,
        }
        for p in _host(service).platforms
    ]
    return {"import": incoming, "export": outgoing, "platforms": engines}


def stages(service: Service) -> dict[str, Any]:
    """Return the stages of the pipeline with the schemas of their options."""
    host = _host(service)
    listed = [
        {
            "name": s.name,
            "order": k,
            "description": s.summary,
            "needs": list(s.needs),
            "gives": list(s.gives),
            "params_schema": options_schema(s.options),
            "plugin": host.origin("axis_stages", s.name),
            "enabled": True,
        }
        for k, s in enumerate(host.stages)
    ]
    return {"stages": listed, "count": len(listed)}


_OPERATIONS = {
    "repair": ("POST", "/api/repair/suggest"),
    "stage": ("POST", "/api/pipeline/run-stage"),
    "platform": ("POST", "/api/process"),
    "format": ("POST", "/api/process"),
    "tier": ("POST", "/api/process"),
}


def _all_capabilities(service: Service) -> list[dict[str, Any]]:
    host = _host(service)
    rows: list[tuple[str, str, str, str]] = [("stage", s.name, s.name, s.summary) for s in host.stages]
    rows += [("platform", p.name, p.title, p.summary) for p in host.platforms]
    rows += [("format", f.name, f.name, f.summary or f"{f.name} files") for f in host.formats]
    rows += [("tier", t.name, t.name, f"at most {t.triangles:,} triangles: {t.reason}") for t in TIERS.values()]
    rows += [("repair", r.name, r.name, r.summary) for r in host.repairs]
    rows += [("handler", h.name, h.name, h.summary) for h in HANDLERS]
    verbs = {h.name: h.operation for h in HANDLERS}
    out = []
    for kind, name, title, text in rows:
        method, path = verbs[name] if kind == "handler" else _OPERATIONS[kind]
        out.append(
            {
                "id": f"{kind}:{name}",
                "kind": kind,
                "name": title,
                "description": text,
                "tags": [kind, *([title.split()[0].lower()] if kind == "platform" else [])],
                "available": True,
                "reason": "",
                "operation": {"method": method, "path": path},
            }
        )
    return out


def capabilities(service: Service, kind: str | None, tag: str | None, available: bool | None) -> dict[str, Any]:
    """Return what can be done, filtered."""
    everything = _all_capabilities(service)
    listed = [
        c
        for c in everything
        if (kind is None or c["kind"] == kind)
        and (tag is None or tag in c["tags"])
        and (available is None or c["available"] == available)
    ]
    return {
        "capabilities": listed,
        "count": len(listed),
        "kinds": sorted({c["kind"] for c in everything}),
        "tags": sorted({t for c in everything for t in c["tags"]}),
    }


def diagnostics(service: Service, *, is_admin: bool) -> dict[str, Any]:
    """Return the environment; callers without ``admin`` get only what leaks nothing."""
    out: dict[str, Any] = {
        "app_version": VERSION,
        "uptime_s": service.uptime_s,
        "gpu": {"available": importlib.util.find_spec("cupy") is not None},
    }
    if not is_admin:
        return out
    return out | {
        "python": sys.version.split()[0],
        "platform": system.platform(),
        "cpu_count": os.cpu_count(),
        "memory": _memory(),
        "gpu": {**out["gpu"], "devices": []},
        "packages": {name: _version(name) for name in ("numpy", "numba", "scipy", "litestar", "msgspec", "pyvista")},
    }


def _memory() -> dict[str, int]:
    try:
        page = os.sysconf("SC_PAGE_SIZE")
        return {
            "total_mb": os.sysconf("SC_PHYS_PAGES") * page // 2**20,
            "available_mb": os.sysconf("SC_AVPHYS_PAGES") * page // 2**20,
        }
    except (ValueError, OSError, AttributeError):
        return {}


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""


def release_check(service: Service, *, probe: bool, timeout_s: float) -> dict[str, Any]:
    """Return gates about this installation: each is measured now, none calls anything outside."""
    if not 0 < timeout_s <= 30:
        raise invalid("timeout", f"is {timeout_s}, allowed is more than 0 and at most 30 seconds")
    from axis_core.warm import is_warm
    from axis_http.contract.document import served_document, uncontained
    from axis_http.nouns import now, timestamp

    host = _host(service)
    broken = [p.name for p in host.plugins() if p.error]
    missing = uncontained(contract(), served_document())
    gates = [
        _gate("contract_inside_served", not missing, ", ".join(missing[:3])),
        _gate("plugins_load", not broken, ", ".join(broken)),
        _gate("home_writable", os.access(service.settings.home, os.W_OK), ""),
        _gate("kernels_compiled", is_warm(), "run `axis doctor --warm`"),
    ]
    return {
        "release": {"version": VERSION, "commit": "", "built_at": ""},
        "contract_version": contract()["info"]["version"],
        "gates": gates,
        "passed": all(g["status"] != "fail" for g in gates),
        "units": [],
        "probed_at": timestamp(now()) if probe else None,
    }


def _gate(name: str, passed: bool, detail: str) -> dict[str, str]:
    return {"id": name, "status": "pass" if passed else "fail", "detail": "" if passed else detail}
