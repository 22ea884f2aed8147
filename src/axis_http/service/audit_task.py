"""What a worker process does for audits, suggestions and fraud checks: bytes in, plain values out; nothing is kept."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

import axis_core
from axis_core.audit.fraud import Indicator, Traces, local_indicators, traces_of
from axis_core.audit.gltf import validate
from axis_core.audit.printing import issue_dict
from axis_core.errors import InputError
from axis_core.formats import read_scene
from axis_core.model.issue import Issue, Report, Severity
from axis_core.model.quality import make_report
from axis_core.model.scene import Scene
from axis_core.plugin import PluginHost, Subject
from axis_core.plugin.checks import run_rules
from axis_core.repairs.suggest import Suggestion, suggest_repairs


__all__ = [
    "audited_glb",
    "finding",
    "plain_indicator",
    "plain_suggestion",
    "plain_traces",
    "printed",
    "suggested",
    "traced",
]


def finding(issue: Issue) -> dict[str, Any]:
    """Return an issue as the service tells it."""
    plain = issue_dict(issue)
    return {
        "code": plain["code"],
        "path": plain.get("pointer", f"byte {plain.get('offset')}"),
        "message": plain["message"],
        "severity": plain["severity"],
    }


def printed(report: Report, form: str, name: str, host: PluginHost) -> dict[str, str] | None:
    """Return a report in a format as text; None where no format was asked for."""
    if not form:
        return None
    record = host.audit_format(form)
    text = record.render(report, name=name).decode("utf-8", "replace")
    return {"format": record.name, "media_type": record.media_type, "content": text}


def audited_glb(data: bytes, name: str, params: Mapping[str, Any], host: PluginHost) -> dict[str, Any]:
    """Return whether a GLB keeps the glTF specification, what else is wrong, and which platforms take it."""
    try:
        scene: Scene | None = read_scene(data, name=name, formats=host.formats)
    except InputError as exc:
        scene, unreadable = None, exc.message
    else:
        unreadable = ""
    raw = validate(data, uri=name)
    subject = Subject(scene=scene, data=data, name=name)
    found: dict[str, tuple[Issue, ...]] = {"gltf": raw.issues}
    if scene is not None:
        for rule in host.rules:
            if rule.name != "gltf":
                found[rule.name] = run_rules([rule], subject).issues
    report = make_report([i for issues in found.values() for i in issues])
    asked = [str(params["platform"])] if params.get("platform") else [p.name for p in host.platforms]
    answer = {
        "compliant": not any(i.severity is Severity.ERROR for i in raw.issues),
        "checks": [_check(rule, issues) for rule, issues in found.items()],
        "errors": [finding(i) for i in report.issues if i.severity is Severity.ERROR],
        "warnings": [finding(i) for i in report.issues if i.severity is not Severity.ERROR],
        "stats": _stats(data, scene),
        "extensions": sorted(scene.extensions) if scene is not None else [],
        "platforms": {p: _platform(p, scene, unreadable, host) for p in asked},
        "sha256": hashlib.sha256(data).hexdigest(),
        "score": report.score,
        "grade": report.grade,
    }
    text = printed(report, str(params.get("format") or ""), name, host)
    return answer | ({"report": text} if text else {})


def _check(rule: str, issues: Sequence[Issue]) -> dict[str, Any]:
    bad = [i for i in issues if i.severity in (Severity.ERROR, Severity.WARNING)]
    failed = any(i.severity is Severity.ERROR for i in bad)
    detail = bad[0].message if bad else ""
    return {"id": rule, "status": "fail" if failed else "warn" if bad else "pass", "count": len(bad), "detail": detail}


def _stats(data: bytes, scene: Scene | None) -> dict[str, Any]:
    if scene is None:
        return {"size_bytes": len(data)}
    return {
        "size_bytes": len(data),
        "vertex_count": scene.n_vertices,
        "triangle_count": scene.n_triangles,
        "meshes": len(scene.meshes),
        "materials": len(scene.materials),
        "textures": len(scene.textures),
        "joints": max((len(s.joints) for s in scene.skins), default=0),
        "morph_targets": len({m.name for mesh in scene.meshes for m in mesh.morphs}),
        "animations": len(scene.animations),
    }


def _platform(name: str, scene: Scene | None, unreadable: str, host: PluginHost) -> dict[str, Any]:
    if scene is None:
        violation = {"code": "FORMAT_UNREADABLE", "path": "", "message": unreadable, "severity": "error"}
        return {"pass": False, "violations": [violation]}
    found = host.platform(name).check(scene, tier="")
    return {
        "pass": not any(i.severity is Severity.ERROR for i in found),
        "violations": [finding(i) for i in found],
    }


def suggested(scene: Scene, name: str, host: PluginHost) -> dict[str, Any]:
    """Return the repairs that a scene calls for, each with what a trial of it changed."""
    report = axis_core.audit(scene, name=name, host=host)
    found = suggest_repairs(report.issues, host.repairs, scene)
    return {"suggestions": [plain_suggestion(s, k) for k, s in enumerate(found)]}


def plain_suggestion(found: Suggestion, number: int) -> dict[str, Any]:
    """Return a suggestion as the service tells it."""
    return {
        "id": f"fix_{number + 1}",
        "type": found.repair or None,
        "target": list(found.targets),
        "codes": list(found.codes),
        "severity": found.severity.value,
        "reason": found.reason,
        "auto_fixable": bool(found.repair) and found.is_automatic,
        "lossy": found.is_lossy,
        "estimate": dict(found.estimate),
        "params": {"repairs": [found.repair]} if found.repair else {},
    }


def traced(data: bytes, name: str, params: Mapping[str, Any], host: PluginHost) -> dict[str, Any]:
    """Return the signs of fraud that a file shows by itself, and its traces for the search among known ones."""
    try:
        scene: Scene | None = read_scene(data, name=name, formats=host.formats)
    except InputError:
        scene = None
    signs = local_indicators(data, scene, contract=params.get("contract"))
    return {"indicators": [plain_indicator(s) for s in signs], "traces": plain_traces(data, scene)}


def plain_indicator(sign: Indicator) -> dict[str, Any]:
    """Return an indicator as the service tells it."""
    return {"id": sign.id, "severity": sign.severity, "score": round(sign.score, 4), "detail": sign.detail}


def plain_traces(data: bytes, scene: Scene | None) -> dict[str, Any]:
    """Return traces as plain values; without a shape where the file could not be read."""
    traces = Traces(file_sha256=hashlib.sha256(data).hexdigest(), shape=[]) if scene is None else traces_of(scene, data)
    return {
        "file_sha256": traces.file_sha256,
        "mesh_sha256": traces.mesh_sha256,
        "shape": [round(float(x), 7) for x in traces.shape],
        "images": [[i.sha256, i.perceptual] for i in traces.images],
    }
