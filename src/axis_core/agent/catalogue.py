"""What a search can find, gathered from the host and the rooms that list things."""

from __future__ import annotations

from collections.abc import Iterator

import attrs

from axis_core.agent.handlers import HANDLERS
from axis_core.audit.gltf import issue_codes
from axis_core.body.clips import list_clips
from axis_core.model.issue_codes import ISSUE_CODES
from axis_core.model.tier import TIERS
from axis_core.plugin.host import PluginHost


__all__ = ["Entry", "catalogue"]


@attrs.frozen(kw_only=True)
class Entry:
    """One thing there is.

    Attributes
    ----------
    id : str
        ``kind:name``.
    words : str
        Further names, by commas.
    order : int
        Among equals the smaller comes first.
    weight : float
        What people look for more often weighs a little more.
    """

    id: str
    kind: str
    title: str
    text: str
    operation: tuple[str, str]
    words: str = ""
    order: int = 0
    weight: float = 0.0


_HANDLER_WORDS = {
    "generate": "make avatar, prompt, create person, text to avatar, new avatar, words",
    "process": "whole pipeline, engine ready avatar, game ready, mesh to avatar",
    "rig": "auto rig, skeleton, bones, armature",
    "repair": "fix mesh, mend",
    "audit": "check file, validate, what is wrong, findings",
    "decimate": "reduce triangles, simplify, fewer polygons",
    "convert": "convert format, other format",
    "preview": "picture, render, image",
    "search": "find, help",
    "export": "download, files",
}
_FORMAT_WORDS = {
    "glb": "binary gltf",
    "obj": "wavefront",
    "ply": "point cloud, stanford",
    "stl": "stereolithography, printing",
}
_REPAIR_WORDS = {
    "merge_vertices": "weld",
    "fill_holes": "close holes, cap holes",
    "fix_winding": "inside out, flipped faces",
    "fix_normals": "flipped normals, recompute normals",
    "resolve_nan": "nan, infinite",
    "limit_influences": "bone influences",
    "rescale": "wrong scale, size",
    "reorient": "wrong axis, upside down",
    "remove_duplicate_faces": "duplicate faces, double faces",
    "remove_small_components": "specks, islands",
}
_STAGE_WORDS = {
    "lods": "lod, level of detail",
    "unwrap": "unwrap uv, uvs",
    "pose": "tpose, apose, rest pose",
    "skin": "skin weights, weights",
    "morphs": "blend shapes, face shapes",
    "textures": "atlas textures, texture size",
}
_TIER_WORDS = {
    "mobile_light": "light mobile, low end phone",
    "mobile_standard": "mobile, phone",
    "web_vr": "vr, quest, browser",
    "desktop_high": "high end desktop",
    "film_vfx": "film, cinema",
    "ultra_hd": "ultra, uhd",
}
_PLATFORM_WORDS = {"unreal": "unreal engine, ue5, metahuman", "axis_engine": "own engine", "unity": "unity3d"}
_PROCESS = ("POST", "/api/process")
_STAGE = ("POST", "/api/pipeline/run-stage")


def catalogue(host: PluginHost) -> Iterator[Entry]:
    """Yield everything a search over ``host`` can find."""
    for order, entry in enumerate(_entries(host)):
        yield attrs.evolve(entry, order=order)


def _entries(host: PluginHost) -> Iterator[Entry]:
    for handler in HANDLERS:
        words = _HANDLER_WORDS.get(handler.name, "")
        yield _entry("handler", handler.name, handler.summary, handler.operation, words=words, weight=0.08)
    for platform in host.platforms:
        words = f"{platform.title}, {_PLATFORM_WORDS.get(platform.name, '')}"
        yield _entry("platform", platform.name, platform.summary, _PROCESS, words=words, weight=0.07)
    for stage in host.stages:
        words = _STAGE_WORDS.get(stage.name, "")
        yield _entry("stage", stage.name, stage.summary, _STAGE, words=words, weight=0.03)
    for repair in host.repairs:
        words = _REPAIR_WORDS.get(repair.name, "")
        yield _entry("repair", repair.name, repair.summary, ("POST", "/api/repair/suggest"), words=words, weight=0.05)
    for tier in TIERS.values():
        text = f"At most {tier.triangles:,} triangles: {tier.reason}"
        yield _entry("tier", tier.name, text, _PROCESS, words=_TIER_WORDS.get(tier.name, ""), weight=0.02)
    for form in host.formats:
        words = f"{', '.join(form.suffixes)}, {_FORMAT_WORDS.get(form.name, '')}"
        yield _entry("format", form.name, form.summary or f"{form.name} files.", ("GET", "/api/formats"), words=words)
    for report in host.audit_formats:
        yield _entry(
            "audit_format", report.name, report.summary or f"Reports as {report.name}.", ("GET", "/api/audit/formats")
        )
    for archetype in host.archetypes:
        yield _entry("archetype", archetype.name, archetype.summary, ("POST", "/api/rig"))
    for clip in list_clips():
        yield _entry("animation", clip.name, clip.summary, ("POST", "/api/generate"), words=clip.group)
    for code in (*ISSUE_CODES.values(), *(c for c in issue_codes() if c.code not in ISSUE_CODES)):
        yield _entry("issue", code.code, f"{code.summary} {code.why}", ("POST", "/api/audit/glb"), weight=-0.1)


def _entry(
    kind: str, name: str, text: str, operation: tuple[str, str], *, words: str = "", weight: float = 0.0
) -> Entry:
    return Entry(id=f"{kind}:{name}", kind=kind, title=name, text=text, operation=operation, words=words, weight=weight)
