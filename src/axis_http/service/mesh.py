"""Use cases about meshes: process, rig, validate, one stage, info, and exports in four formats."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from pathlib import Path, PurePosixPath
from typing import Any

from axis_core.errors import NotFound
from axis_core.model.tier import TIERS
from axis_core.runs import PROFILES
from axis_http.nouns import Export, Job, Principal, Upload, timestamp
from axis_http.problems import Problem, invalid
from axis_http.service.state import Service


__all__ = [
    "FORMATS",
    "checked_choices",
    "checked_stage",
    "export_file",
    "export_info",
    "info_upload",
    "job_answer",
    "job_page",
    "service_status",
    "stage_answer",
]

PLATFORMS = ("unity", "unreal", "godot", "roblox", "axis_engine")
FORMATS = {
    "glb": "model/gltf-binary",
    "gltf": "model/gltf+json",
    "obj": "application/zip",
    "stl": "model/stl",
}
MOST_MARKERS = 128
MARKER_TEXT = 16_384
STATUSES = ("queued", "running", "awaiting_review", "succeeded", "failed", "cancelled", "expired")
SUFFIXES = frozenset({".glb", ".gltf", ".vrm", ".obj", ".stl", ".ply", ".fbx", ".usdz"})


def _choice(name: str, value: Any, known: Any) -> str:
    if value in (None, ""):
        return ""
    if value not in known:
        raise invalid(name, f"is {value!r:.60}, expected one of {', '.join(known)}")
    return str(value)


def checked_choices(given: dict[str, Any]) -> dict[str, Any]:
    """Return the options of process and rig with their enums checked.

    Raises
    ------
    Problem
        400 naming the parameter.
    """
    out: dict[str, Any] = {
        "platform": _choice("platform", given.get("platform"), PLATFORMS),
        "profile": _choice("profile", given.get("profile"), PROFILES) or "default",
        "polygon_tier": _choice("polygon_tier", given.get("polygon_tier"), TIERS) or "desktop_standard",
        "archetype": str(given.get("archetype") or ""),
        "force": str(given.get("force", "")).lower() in ("true", "1"),
    }
    most = str(given.get("max_influences") or "4")
    if most not in ("1", "2", "3", "4", "5", "6", "7", "8"):
        raise invalid("max_influences", f"is {most!r:.20}, expected 1 to 8")
    repairs = given.get("repair")
    names = [repairs] if isinstance(repairs, str) else list(repairs or [])
    keep = str(given.get("save", "")).lower()
    if keep not in ("", "true", "1", "false", "0"):
        raise invalid("save", f"is {keep!r:.20}, expected true or false")
    out |= {"save": None if not keep else keep in ("true", "1"), "name": str(given.get("name") or "")[:120]}
    out |= {"max_influences": int(most), "repair": [str(n) for n in names]}
    return out | {"markers": _markers(given.get("markers") or {})}


def _markers(given: Any) -> dict[str, list[float]]:
    """Return joint markers: VRM bone names to (x, y, z) in metres; an object, or the text of one in a form."""
    if isinstance(given, str):
        try:
            given = json.loads(given[:MARKER_TEXT])
        except ValueError as exc:
            raise invalid("markers", f"is no JSON: {exc}") from exc
    if not isinstance(given, dict) or len(given) > MOST_MARKERS:
        raise invalid("markers", f"expected an object of at most {MOST_MARKERS} bones")
    out = {}
    for bone, place in given.items():
        if not (isinstance(place, list) and len(place) == 3 and all(map(_is_metres, place))):
            raise invalid("markers", f"holds {str(place)!r:.60} for {bone!r:.40}, expected [x, y, z] in metres")
        out[str(bone)[:64]] = [float(v) for v in place]
    return out


def _is_metres(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e4


def job_answer(service: Service, job: Job) -> dict[str, Any]:
    """Return a job's result if it has ended well, its links if it still runs.

    Raises
    ------
    Problem
        What made the job fail; the status tells whose fault it was.
    """
    if job.status == "succeeded":
        return {"cost": {"tokens": 0}, "format": "glb", **(job.result or {})}
    if job.status == "failed" and job.error is not None:
        status = 400 if job.error.code not in ("internal", "stage_failed", "rig_failed") else 500
        raise Problem(status=status, code=job.error.code, error=job.error.message)
    if job.status == "cancelled":
        raise Problem(status=409, code="cancelled", error="the job was cancelled")
    view = job.view(service.queue.position(job.job_id))
    return {k: view[k] for k in ("job_id", "status", "poll_url", "events_url", "cancel_url")}


def job_page(service: Service, principal: Principal, query: dict[str, str]) -> dict[str, Any]:
    """Return a page of one's own jobs, newest first, with the cursor of the next.

    Raises
    ------
    Problem
        400 for a limit or status that there is not.
    """
    text = query.get("limit", "50")
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:9]) <= 200 and len(text) < 9):
        raise invalid("limit", f"is {text!r:.40}, expected a whole number from 1 to 200")
    status = _choice("status", query.get("status"), STATUSES)
    limit, kind, before = int(text), query.get("kind") or "", query.get("cursor") or ""
    found = service.queue.page(principal.user_id, status=status, kind=kind, before=before, limit=limit + 1)
    shown = [j.view() for j in found[:limit]]
    more = shown[-1]["job_id"] if len(found) > limit else None
    return {"jobs": shown, "count": len(shown), "next_cursor": more}


def stage_answer(result: dict[str, Any]) -> dict[str, Any]:
    """Return the result of one stage as the operation gives it."""
    output = None
    if "export_id" in result:
        output = {"export_id": result["export_id"], "download_url": result["download_url"]}
    keys = ("stage", "status", "metrics", "warnings", "data", "seconds")
    return {k: result[k] for k in keys if k in result} | {"output": output}


def info_upload(service: Service, principal: Principal, path: str) -> Upload:
    """Return what ``path`` names: ``export:ID`` or a file below an allowed root.

    Raises
    ------
    Problem
        400 for a path that is absolute, climbs, or has a bad suffix.
    NotFound
        For a file that is absent, outside the roots, or a link out of them: the answers do not differ.
    """
    if path.startswith("export:"):
        export = service.exports.get(principal.user_id, path.removeprefix("export:"))
        return service.upload_of_export(export, principal.user_id)
    if path.startswith("asset:"):
        export_id = service.export_of_asset(principal, path.removeprefix("asset:"))
        return service.upload_of_export(service.exports.get(principal.user_id, export_id), principal.user_id)
    parts = PurePosixPath(path).parts
    if not path or "\0" in path or "\\" in path or ".." in parts or path.startswith("/") or ":" in path:
        raise invalid("path", "expected a relative path without .., a drive or a backslash")
    if PurePosixPath(path).suffix.lower() not in SUFFIXES:
        raise invalid("path", f"expected one of {', '.join(sorted(SUFFIXES))}")
    for root in service.settings.info_roots:
        base = root.resolve()
        found = (base / path).resolve()
        if found.is_relative_to(base) and found.is_file():
            return _listed(found, path)
    raise NotFound("there is no such file below the allowed folders")


def _listed(found: Path, path: str) -> Upload:
    from axis_http.nouns import now

    return Upload(
        upload_id="",
        owner="",
        filename=PurePosixPath(path).name,
        path=str(found),
        size_bytes=found.stat().st_size,
        sha256="",
        media_type="",
        expires_at=now(),
    )


def export_file(service: Service, export: Export, fmt: str) -> tuple[bytes, str, str]:
    """Return (bytes, media type, file name) of an export in a format, converted once and kept.

    Raises
    ------
    Problem
        400 for an unknown format.
    """
    if fmt not in FORMATS:
        raise invalid("format", f"is {fmt!r:.40}, expected one of {', '.join(FORMATS)}")
    name = next((n for n in export.files if n == f"avatar.{fmt}"), None)
    if name is None:
        upload = service.upload_of_export(export, export.owner)
        made = service.run_now("convert", upload, {"format": fmt, "name": "avatar"})
        export = service.exports.extend(export, {f"{fmt}/{k}": v for k, v in made["files"].items()})
        keys = [k for k in export.files if k.startswith(f"{fmt}/")]
    else:
        keys = [name]
    if fmt == "obj":
        return _zipped(export, [k for k in export.files if k.startswith("obj/")]), FORMATS[fmt], "avatar.zip"
    return Path(export.files[keys[0]]).read_bytes(), FORMATS[fmt], f"avatar.{fmt}"


def _zipped(export: Export, keys: list[str]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for key in sorted(keys):
            entry = zipfile.ZipInfo(key.partition("/")[2], (1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, Path(export.files[key]).read_bytes())
    return out.getvalue()


def export_info(service: Service, export: Export, fmt: str) -> dict[str, Any]:
    """Return what there is to know of an export without its bytes."""
    data, media, filename = export_file(service, export, fmt)
    return {
        "export_id": export.export_id,
        "format": fmt,
        "formats": list(FORMATS),
        "filename": filename,
        "size_bytes": len(data),
        "sha256": hashlib.sha256(data).hexdigest(),
        "media_type": media,
        "created_at": timestamp(export.created_at),
        "expires_at": timestamp(export.expires_at),
        "download_url": f"/api/export/{export.export_id}",
        "asset_id": None,
        "job_id": export.job_id,
        "stats": export.stats,
    }


def checked_stage(service: Service, body: dict[str, Any]) -> dict[str, Any]:
    """Return the stage and its options, checked against the stage's own schema.

    Raises
    ------
    Problem
        400 for an unknown stage, or options that do not fit.
    """
    from axis_core.door import default_host
    from axis_core.plugin.options import structure_options

    host = default_host(installed=service.settings.plugins)
    known = {s.name: s for s in host.stages}
    name = body.get("stage")
    if not isinstance(name, str) or name not in known:
        raise invalid("stage", f"is {name!r:.60}, expected one of {', '.join(known)}")
    params = body.get("params") or {}
    if not isinstance(params, dict):
        raise invalid("params", "expected an object")
    structure_options(known[name].options, params)
    platform = _choice("platform", body.get("platform"), PLATFORMS)
    return {"stage": name, "params": params, "platform": platform}


def service_status(service: Service) -> dict[str, Any]:
    """Return how busy the service is."""
    from axis_core.version import VERSION

    return {
        "service": "axis",
        "version": VERSION,
        "uptime_s": service.uptime_s,
        "queue": service.queue.stats(),
        "workers": {"local": service.settings.workers, "byogpu_online": 0},
        "accepting": not service.stopping.is_set(),
    }
