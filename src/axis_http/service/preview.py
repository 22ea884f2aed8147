"""Use cases of looking: the viewer's data of an export, and a page of an export, an asset or a preset."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from typing import Any

import attrs

from axis_core.body.clips import CLIP_NAMES
from axis_core.body.presets import find_preset
from axis_core.errors import AxisError, NotFound
from axis_core.formats import read_path
from axis_core.pages import scene_facts
from axis_core.render.page import PageModel, pose_matrices, viewer_page
from axis_http.nouns import Export, Job, Principal
from axis_http.problems import invalid, problem
from axis_http.service import generate
from axis_http.service.state import Service


__all__ = ["Asked", "export_page", "job_for_preset", "preset_export", "viewer_data"]

PREVIEWER = Principal(user_id="previews", auth_method="internal", scopes=frozenset({"read", "generate"}))
"""Owns what presets are shown by; whoever looks is given a signed address and pays nothing."""
LIFE_S = 300
LEVEL = re.compile(r"[^/]+?(?:_LOD(\d+))?\.glb")


@attrs.frozen(kw_only=True)
class Asked:
    """What ``GET /api/preview`` is to show: one of an export, an asset or a preset; and a clip, or none."""

    preset: str = ""
    asset_id: str = ""
    export_id: str = ""
    clip: str = ""

    @classmethod
    def of(cls, query: dict[str, str]) -> Asked:
        """Return the checked query.

        Raises
        ------
        Problem
            400 for two things at once, an unknown preset or clip.
        """
        named = [k for k in ("preset", "asset_id", "export_id") if query.get(k)]
        if len(named) > 1:
            raise invalid(named[1], f"stands beside {named[0]}; name one")
        clip = query.get("animate") or ""
        if clip == "false":
            clip = ""
        if clip and clip not in CLIP_NAMES:
            raise invalid("animate", f"is {clip!r:.60}, which is no clip; see /api/animations")
        preset = query.get("preset") or ("" if named else generate.DEFAULT_PRESET)
        if preset:
            try:
                find_preset(preset)
            except AxisError as exc:
                raise invalid("preset", str(exc)) from exc
        return cls(
            preset=preset, asset_id=query.get("asset_id") or "", export_id=query.get("export_id") or "", clip=clip
        )

    def export(self, service: Service, caller: Principal) -> Export:
        """Return the caller's export that is named, or that an asset of the caller's stands for.

        Raises
        ------
        NotFound
        """
        export_id = self.export_id or service.export_of_asset(caller, self.asset_id)
        return service.exports.get(caller.user_id, export_id)


def job_for_preset(service: Service, asked: Asked) -> Job:
    """Return the job that makes a preset's avatar: one that is there already, or a new one.

    Raises
    ------
    Problem
        503 where the body data is not installed.
    """
    wanted = generate.checked_item(
        {
            "preset": asked.preset,
            "polygon_tier": "web_vr",
            "morph_targets": True,
            "lod_count": 2,
            "animations": [asked.clip] if asked.clip else [],
            "save": False,
        }
    )
    for status in ("succeeded", "running", "queued"):
        for job in service.queue.page(PREVIEWER.user_id, status=status, kind="generate", before="", limit=200):
            if job.params["params"] == wanted and (status != "succeeded" or _kept(service, job)):
                return job
    return generate.submit_item(service, PREVIEWER, wanted, operation="")


def _kept(service: Service, job: Job) -> bool:
    try:
        preset_export(service, job)
    except NotFound:
        return False
    return True


def preset_export(service: Service, job: Job) -> Export:
    """Return what a finished job for a preset has made.

    Raises
    ------
    NotFound
        If it is not kept any more.
    """
    return service.exports.get(PREVIEWER.user_id, str((job.result or {}).get("export_id", "")))


def viewer_data(service: Service, export: Export, prefix: str = "") -> dict[str, Any]:
    """Return what a viewer needs of an export: levels of detail with addresses for five minutes, poses, facts.

    Raises
    ------
    Problem
        400 where the export holds no GLB.
    """
    names = sorted((int(m[1] or 0), n) for n in export.files if (m := LEVEL.fullmatch(n)))
    if not names:
        raise problem("invalid_request", "this export holds no GLB that could be shown")
    poses, facts = _known(export.files[names[0][1]])
    levels = [{"name": f"LOD {k}", "url": prefix + _address(service, export, name)} for k, name in names]
    return {"export_id": export.export_id, "levels": levels, "poses": poses, "facts": facts}


def _address(service: Service, export: Export, name: str) -> str:
    path = f"/api/exports/{export.export_id}/files/{name}"
    return f"{path}?{service.signer.query(path, LIFE_S)}"


@lru_cache(maxsize=64)
def _known(path: str) -> tuple[dict[str, dict[str, list[float]]], list[tuple[str, str]]]:
    """Poses and facts of a file among the blobs: its name is its hash, so they stay true."""
    from axis_core.door import default_host

    scene = read_path(Path(path), formats=(default_host(installed=False).format("glb"),))
    return pose_matrices(scene), scene_facts(scene)


def export_page(service: Service, export: Export, asked: Asked, *, nonce: str, prefix: str) -> str:
    """Return the page of an export."""
    data = viewer_data(service, export, prefix)
    levels = [PageModel(name=level["name"], url=level["url"]) for level in data["levels"]]
    title = asked.preset or "Avatar"
    return viewer_page(levels, title=title, poses=data["poses"], facts=data["facts"], clip=asked.clip, nonce=nonce)
