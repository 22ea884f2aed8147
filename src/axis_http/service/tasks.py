"""What runs in the worker processes: bytes from a folder in, files in a folder and plain values out.

Each task is a verb of ``axis_core``. Nothing here knows of accounts, requests or jobs.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import attrs

import axis_core
from axis_core.audit.printing import issue_dict, report_dict
from axis_core.door import default_host
from axis_core.errors import NotFound
from axis_core.formats import read_scene
from axis_core.model.issue import Report, Severity
from axis_core.pipeline import Pipeline
from axis_core.plugin import Context, PluginHost
from axis_core.result import Result, write_files
from axis_http.service.agent_task import goal_run
from axis_http.service.audit_task import audited_glb, finding, plain_traces, suggested, traced
from axis_http.service.generation_task import generated
from axis_http.service.variant_task import varied


__all__ = ["run_task"]

Progress = Callable[[float, str], None]
Cancelled = Callable[[], bool]


def run_task(arguments: Mapping[str, Any], progress: Progress, cancelled: Cancelled) -> dict[str, Any]:
    """Run the task that ``arguments["kind"]`` names.

    Parameters
    ----------
    arguments : mapping
        ``kind``, ``path`` of the input, ``companions`` (name to path), ``filename``, ``params``, ``out`` (a folder that
        exists), ``plugins`` (whether installed plugins are loaded).

    Raises
    ------
    AxisError
        What the verb raised; ``not_found`` for an unknown kind.
    """
    task = _TASKS.get(str(arguments["kind"]))
    if task is None:
        raise NotFound(f"there is no task {arguments['kind']!r}")
    return task(_Work(arguments, progress, cancelled))


class _Work:
    """One task's arguments, made ready."""

    def __init__(self, arguments: Mapping[str, Any], progress: Progress, cancelled: Cancelled) -> None:
        self.params: Mapping[str, Any] = arguments.get("params") or {}
        self.name = str(arguments.get("filename") or "upload")
        self.path = Path(arguments["path"]) if arguments.get("path") else None
        self.out = Path(arguments["out"])
        self.host: PluginHost = default_host(installed=bool(arguments.get("plugins", True)))
        self.progress, self.cancelled = progress, cancelled
        self._companions: Mapping[str, str] = arguments.get("companions") or {}

    @property
    def data(self) -> bytes:
        """The input's bytes."""
        assert self.path is not None
        return self.path.read_bytes()

    def companion(self, name: str) -> bytes | None:
        """The bytes of a companion that came in the same request, by its exact name."""
        place = self._companions.get(name)
        return Path(place).read_bytes() if place else None

    def scene(self) -> Any:
        """The input's scene."""
        return read_scene(self.data, name=self.name, formats=self.host.formats, companions=self.companion)


def _handed_out(work: _Work, result: Result) -> dict[str, Any]:
    """Write a result's files and return what every result says of itself."""
    paths = write_files(result.artefacts, work.out)
    media = {a.name: a.media_type for a in result.artefacts}
    main = next((a.data for a in result.artefacts if a.name.endswith(".glb")), b"")
    return {
        "files": {p.name: {"path": str(p), "media_type": media[p.name]} for p in paths},
        "traces": plain_traces(main, result.scene),
        "contract": _plain_contract(result),
        "quality": _quality(result.report),
        "ok": result.ok,
        "problems": list(result.problems),
        "warnings": [i.message for i in result.report.issues if i.severity is Severity.WARNING],
        "metrics": {k: _plain(v) for k, v in result.metrics.items()},
    }


def _plain_contract(result: Result) -> dict[str, Any]:
    import json

    data = next(a.data for a in result.artefacts if a.name == "contract.json")
    return dict(json.loads(data))


def _plain(values: Mapping[str, Any]) -> dict[str, Any]:
    return {k: list(v) if isinstance(v, tuple | frozenset) else v for k, v in values.items()}


def _quality(report: Report) -> dict[str, Any]:
    return {"score": report.score, "grade": report.grade, "issues": [issue_dict(i) for i in report.issues[:200]]}


def process(work: _Work) -> dict[str, Any]:
    """Run the whole pipeline."""
    given = work.params
    options: dict[str, dict[str, Any]] = {"export": {"name": "avatar"}}
    if given.get("repair"):
        options["repair"] = {"repairs": list(given["repair"])}
    if given.get("markers"):
        options["rig"] = {"markers": dict(given["markers"])}
    result = axis_core.process(
        _scene_with_source(work),
        platform=given.get("platform") or "",
        tier=given.get("polygon_tier") or "desktop_standard",
        profile=given.get("profile") or "default",
        seed=int(given.get("seed") or 0),
        name=work.name,
        options=options,
        progress=work.progress,
        cancelled=work.cancelled,
        host=work.host,
    )
    return _handed_out(work, result) | {"stages": _stages(result)}


def _scene_with_source(work: _Work) -> Any:
    """The path where the input stands alone; a scene where companions came with it."""
    return work.scene() if work._companions else work.data  # noqa: SLF001 - one module


def _stages(result: Result) -> list[dict[str, Any]]:
    return [
        {
            "name": r.name,
            "status": "done",
            "seconds": r.seconds,
            "metrics": _plain(result.metrics.get(r.name, {})),
            "warnings": [],
            "changes": list(r.changes),
        }
        for r in result.contract.stages
    ]


def rig(work: _Work) -> dict[str, Any]:
    """Place a skeleton and weigh the mesh."""
    given = work.params
    result = axis_core.rig(
        _scene_with_source(work),
        platform=given.get("platform") or "",
        archetype=given.get("archetype") or "",
        markers=given.get("markers") or None,
        max_influences=int(given.get("max_influences") or 4),
        force=bool(given.get("force")),
        name=work.name,
        progress=work.progress,
        cancelled=work.cancelled,
        host=work.host,
    )
    skeleton = result.scene.skeleton()
    skin = result.metrics.get("skin", {})
    joints = [
        {
            "name": name,
            "parent": skeleton.names[parent] if parent >= 0 else None,
            "position": [round(float(x), 6) for x in position],
        }
        for name, parent, position in zip(skeleton.names, skeleton.parents, skeleton.positions, strict=True)
    ]
    return _handed_out(work, result) | {
        "rig": attrs.asdict(result.contract.rig),
        "joints": joints,
        "skin": {
            "max_influences": result.contract.skin.max_influences,
            "weight_error": result.contract.skin.weight_error,
            "unweighted_vertices": skin.get("unweighted_vertices", 0),
        },
    }


def validate(work: _Work) -> dict[str, Any]:
    """Audit a file as it is."""
    given = work.params
    scene = work.scene()
    report = axis_core.audit(scene, name=work.name, platform=given.get("platform") or "", host=work.host)
    if work.data[:4] == b"glTF" or work.name.lower().endswith((".gltf", ".glb", ".vrm")):
        raw = axis_core.audit(work.data, name=work.name, rules=("gltf",), host=work.host)
        from axis_core.model.quality import make_report

        report = make_report([*report.issues, *raw.issues], facts=report.facts)
    profile = given.get("profile") or "default"
    bad = {"lenient": (), "default": (Severity.ERROR,), "strict": (Severity.ERROR, Severity.WARNING)}[profile]
    return {
        "valid": not any(i.severity in bad for i in report.issues),
        "errors": [finding(i) for i in report.issues if i.severity is Severity.ERROR],
        "warnings": [finding(i) for i in report.issues if i.severity is not Severity.ERROR],
        "stats": {
            "vertex_count": scene.n_vertices,
            "triangle_count": scene.n_triangles,
            "meshes": len(scene.meshes),
            "joints": max((len(s.joints) for s in scene.skins), default=0),
        },
        "score": report.score,
        "grade": report.grade,
        "profile": profile,
    }


def info(work: _Work) -> dict[str, Any]:
    """Say what is in a file."""
    return axis_core.info(work.data, name=work.name, host=work.host)


def run_stage(work: _Work) -> dict[str, Any]:
    """Run one stage; what it needs before it (reading, looking) is run first."""
    name, given = str(work.params["stage"]), dict(work.params.get("params") or {})
    stage = work.host.stage(name)
    before = {"rig": ("classify",), "skin": ("classify", "rig"), "normalise": ("classify",)}.get(name, ())
    pipeline = Pipeline.of(work.host, (*before, *(() if name in before else (name,))), {name: given})
    context = Context(
        host=work.host,
        platform=str(work.params.get("platform") or ""),
        name=work.name,
        source=work.data,
        progress=work.progress,
        cancelled=work.cancelled,
    )
    scene = work.scene() if name != "ingest" else None
    run = pipeline.run(context, scene)
    outcome = run.outcome
    files: dict[str, Any] = {}
    artefacts = outcome.artefacts
    if not artefacts and "scene" in stage.gives and outcome.scene.n_triangles:
        artefacts = work.host.format("glb").write(outcome.scene, name="avatar")  # type: ignore[misc]
    if artefacts:
        media = {a.name: a.media_type for a in artefacts}
        paths = write_files(artefacts, work.out)
        files = {p.name: {"path": str(p), "media_type": media[p.name]} for p in paths}
    report = outcome.report
    return {
        "stage": name,
        "status": "done",
        "metrics": _plain(run.metrics.get(name, {})),
        "warnings": [i.message for i in outcome.issues],
        "data": {"changes": list(outcome.changes)} | ({"report": report_dict(report)} if report else {}),
        "seconds": run.records[-1].seconds,
        "files": files,
    }


def convert(work: _Work) -> dict[str, Any]:
    """Write the input in another format."""
    fmt = work.host.format(str(work.params["format"]))
    scene = work.scene()
    assert fmt.write is not None
    artefacts = fmt.write(scene, name=str(work.params.get("name") or "avatar"))
    paths = write_files(artefacts, work.out)
    return {
        "files": {p.name: {"path": str(p), "media_type": a.media_type} for p, a in zip(paths, artefacts, strict=True)}
    }


def variant(work: _Work) -> dict[str, Any]:
    """Write an avatar with the options of its address."""
    artefacts = varied(work.scene(), work.params, work.host)
    paths = write_files(artefacts, work.out)
    media = artefacts[0].media_type
    return {"files": {p.name: {"path": str(p), "media_type": media} for p in paths}}


def generate(work: _Work) -> dict[str, Any]:
    """Make a person from words, a preset and parameters."""
    result, answer = generated(work.params, work.host, work.progress, work.cancelled)
    return _handed_out(work, result) | answer | {"stages": _stages(result)}


def agent_run(work: _Work) -> dict[str, Any]:
    """Carry out the plan of a goal."""
    return goal_run(work.params, work._companions, work.out, work.host, work.progress, work.cancelled)  # noqa: SLF001 - one module


def from_photos(work: _Work) -> dict[str, Any]:
    """Make a person from photos: the file and its companions, in the order of their labels."""
    labels = list(work.params["labels"])
    others = [work.companion(f"view{k}") for k in range(1, len(labels))]
    images = tuple(zip(labels, [work.data, *(data or b"" for data in others)], strict=True))
    result, answer = generated(work.params, work.host, work.progress, work.cancelled, images)
    return _handed_out(work, result) | answer | {"stages": _stages(result)}


def audit_glb(work: _Work) -> dict[str, Any]:
    """Audit a GLB by its bytes, as an avatar, and for platforms."""
    return audited_glb(work.data, work.name, work.params, work.host)


def suggest(work: _Work) -> dict[str, Any]:
    """Try the repairs that the findings call for."""
    return suggested(work.scene(), work.name, work.host)


def fraud(work: _Work) -> dict[str, Any]:
    """Look for signs of fraud."""
    return traced(work.data, work.name, work.params, work.host)


_TASKS: Mapping[str, Callable[[_Work], dict[str, Any]]] = {
    "process": process,
    "rig": rig,
    "validate": validate,
    "info": info,
    "run_stage": run_stage,
    "convert": convert,
    "variant": variant,
    "generate": generate,
    "agent_run": agent_run,
    "from_photos": from_photos,
    "audit_glb": audit_glb,
    "suggest": suggest,
    "fraud": fraud,
}
