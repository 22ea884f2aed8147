"""The library door: what ``axis_core`` offers. Functions take ``host=``; without one, the default host serves."""

from __future__ import annotations

import hashlib
import time
import traceback
from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

import attrs

from axis_core import builtin
from axis_core.contracts import Verdict, contract_bytes, contract_of, verify_path
from axis_core.errors import AxisError, BackendUnavailable, InputError, NotFound
from axis_core.formats import open_path, read_path, read_scene, write_scene
from axis_core.model.artefact import Artefact
from axis_core.model.issue import Report, Severity
from axis_core.model.scene import Scene
from axis_core.model.skeleton import Skeleton
from axis_core.model.soup import scene_soup
from axis_core.model.tier import TIERS
from axis_core.pipeline import Pipeline, Run
from axis_core.plugin.checks import apply_repairs, plan_repairs, run_rules
from axis_core.plugin.host import PluginHost
from axis_core.plugin.kinds import Context, RepairResult, Subject, no_companions
from axis_core.render import View
from axis_core.render import render as render_scene
from axis_core.result import Job, Result, write_files
from axis_core.stages.decimate import decimate_scene
from axis_core.stages.rig import attach_skeleton, strip_rig
from axis_core.stages.skin import Method, skin_scene
from axis_core.workers import run_jobs


__all__ = [
    "audit",
    "compare",
    "convert",
    "decimate",
    "default_host",
    "from_photos",
    "generate",
    "handlers",
    "info",
    "print_report",
    "process",
    "process_many",
    "read",
    "render",
    "repair",
    "rig",
    "skin",
    "verify_contract",
    "write",
]

Source = Path | str | bytes | Scene
Progress = Callable[[float, str], None]
PROFILES = ("default", "strict", "lenient")
OUTPUT_PROFILES = ("game_ready", "dcc_editable", "print_ready")
RIG_STAGES = ("ingest", "classify", "normalise", "rig", "skin", "audit", "export")


@lru_cache(maxsize=2)
def default_host(*, installed: bool = True) -> PluginHost:
    """Return the host of the built-in plugin and, unless ``installed`` is False, all installed ones; made once."""
    return PluginHost([("axis", builtin)], installed=installed)


def read(source: Path | str | bytes, *, name: str = "", host: PluginHost | None = None) -> Scene:
    """Return the scene in a file, or in bytes with a file ``name``.

    Raises
    ------
    NotFound
        If there is no such file.
    InputError
        If the bytes are of no known format, damaged, hostile, or past a limit.
    """
    formats = (host or default_host()).formats
    if isinstance(source, bytes):
        return read_scene(source, name=name, formats=formats)
    return read_path(Path(source), formats=formats)


def write(scene: Scene, path: Path | str, *, format: str = "", host: PluginHost | None = None) -> tuple[Path, ...]:
    """Write ``scene`` in the format of the suffix (or ``format``) and return the paths: the file, then its companions.

    Raises
    ------
    NotFound, InputError
        If the format is unknown or cannot be written.
    StoreError
        If the disk refuses; nothing is half written.
    """
    target = Path(path)
    record = (host or default_host()).format(format or target.suffix or "?")
    first, *companions = write_scene(scene, name=target.stem, format=record)
    return write_files([attrs.evolve(first, name=target.name), *companions], target.parent)


def convert(source: Path | str | bytes, path: Path | str, *, host: PluginHost | None = None) -> tuple[Path, ...]:
    """Read ``source`` and write it in the format of the suffix of ``path``."""
    return write(read(source, host=host), path, host=host)


def _bytes_of(source: Source, name: str) -> tuple[bytes | None, str, Any]:
    """Return (bytes, name, companions) of a source; no bytes for a scene."""
    if isinstance(source, Scene):
        return None, name or source.name or "scene", no_companions
    if isinstance(source, bytes):
        return source, name or "upload", no_companions
    data, beside = open_path(Path(source))
    return data, name or Path(source).name, beside


def info(source: Path | str | bytes, *, name: str = "", host: PluginHost | None = None) -> dict[str, Any]:
    """Return what a file holds, as plain values."""
    data, label, beside = _bytes_of(source, name)
    assert data is not None
    scene = read_scene(data, name=label, formats=(host or default_host()).formats, companions=beside)
    low, high = scene_soup(scene).bounds
    skin = max(range(len(scene.skins)), key=lambda s: len(scene.skins[s].joints), default=None)
    names = list(dict.fromkeys(m.name for mesh in scene.meshes for m in mesh.morphs))
    out: dict[str, Any] = {
        "source": label,
        "format": scene.source_format,
        "size_bytes": len(data),
        "sha256": hashlib.sha256(data).hexdigest(),
        "mesh": {
            "vertex_count": scene.n_vertices,
            "triangle_count": scene.n_triangles,
            "bounds": [low.tolist(), high.tolist()],
        },
        "meshes": [{"name": m.name, "vertices": m.n_vertices, "triangles": m.n_triangles} for m in scene.meshes],
        "materials": [m.name for m in scene.materials],
        "textures": [{"name": t.name, "media_type": t.media_type, "bytes": len(t.data)} for t in scene.textures],
        "skeleton": None
        if skin is None
        else {"name": scene.skins[skin].name, "joint_count": len(scene.skins[skin].joints)},
        "morph_targets": names,
        "animations": [{"name": a.name, "seconds": round(a.seconds, 3)} for a in scene.animations],
        "extensions": sorted(scene.extensions),
    }
    summary = scene.asset.get("extras", {}).get("axis") if isinstance(scene.asset.get("extras"), Mapping) else None
    return out | ({"contract": summary} if summary else {})


def audit(
    source: Source,
    *,
    name: str = "",
    platform: str = "",
    tier: str = "",
    rules: Sequence[str] = (),
    host: PluginHost | None = None,
) -> Report:
    """Return the findings about a file or a scene.

    A file that cannot be parsed is a finding where only the rules of its bytes are asked for (``rules=["gltf"]``), and
    an InputError otherwise.

    Parameters
    ----------
    rules : sequence of str
        Names of rules; empty for all.
    """
    used = host or default_host()
    data, label, beside = _bytes_of(source, name)
    scene = source if isinstance(source, Scene) else None
    if data is not None and set(rules) != {"gltf"}:
        scene = read_scene(data, name=label, formats=used.formats, companions=beside)
    if tier and tier not in TIERS:
        raise NotFound(f"there is no polygon tier {tier!r}", hint=f"Known: {', '.join(TIERS)}.")
    subject = Subject(scene=scene, data=data, companions=beside, name=label, platform=platform, tier=tier)
    report = run_rules(used.rules, subject, only=rules)
    if platform and scene is not None:
        from axis_core.model.quality import make_report

        found = used.platform(platform).check(scene, tier=tier)
        report = make_report([*report.issues, *found], facts=report.facts)
    return report


def print_report(report: Report, format: str, *, name: str = "", host: PluginHost | None = None) -> bytes:
    """Return ``report`` in an audit format: json, markdown, html, csv, sarif, junit, or a plugin's."""
    return (host or default_host()).audit_format(format).render(report, name=name)


def repair(
    source: Source,
    *,
    repairs: Sequence[str] = (),
    options: Mapping[str, Mapping[str, Any]] | None = None,
    host: PluginHost | None = None,
) -> RepairResult:
    """Return the mended scene and what changed; without names, the repairs that the findings call for."""
    from axis_core.plugin.options import structure_options

    used = host or default_host()
    scene = source if isinstance(source, Scene) else read(source, host=used)
    if repairs:
        chosen = tuple(used.repair(n) for n in repairs)
    else:
        chosen = plan_repairs(used.repairs, run_rules(used.rules, Subject(scene=scene)))
    given: dict[str, Any] = {
        r.name: structure_options(r.options, (options or {}).get(r.name, {})) for r in chosen if r.options is not None
    }
    return apply_repairs(scene, chosen, options=given)


def decimate(scene: Scene, triangles: int | None = None, *, max_error_m: float | None = None) -> Scene:
    """Return ``scene`` with at most ``triangles`` triangles, seams, weights and morphs carried.

    Raises
    ------
    InputError
        If neither a count nor an error is given, or one is out of range.
    """
    if triangles is None and max_error_m is None:
        raise InputError("give a number of triangles or a largest error")
    if triangles is not None and triangles < 1:
        raise InputError(f"triangles is {triangles}, expected 1 or more")
    return decimate_scene(scene, triangles, max_error_m=max_error_m)


def skin(
    source: Source,
    skeleton: Skeleton,
    *,
    method: Method = "heat",
    max_influences: int = 4,
    host: PluginHost | None = None,
) -> Scene:
    """Return the scene skinned to a given skeleton, in the space of the source. A rig that is there is replaced."""
    scene = source if isinstance(source, Scene) else read(source, host=host)
    if scene.n_triangles == 0:
        raise InputError("there are no triangles to skin", code="empty_geometry")
    if skeleton.n_joints == 0:
        raise InputError("the skeleton has no joints")
    return skin_scene(attach_skeleton(strip_rig(scene), skeleton), method=method, max_influences=max_influences)


def render(scene: Scene, **choices: Any) -> View:
    """Return a view of ``scene``; see ``axis_core.render.render``."""
    return render_scene(scene, **choices)


def compare(a: Source, b: Source, *, host: PluginHost | None = None) -> dict[str, Any]:
    """Return what differs between two avatars: counts, bounds, joints, morphs, materials and surface distance.

    The distance is two-way between 20,000 seeded surface samples, in metres.
    """
    from axis_core.compare import compare_scenes

    one = a if isinstance(a, Scene) else read(a, host=host)
    two = b if isinstance(b, Scene) else read(b, host=host)
    return compare_scenes(one, two)


def verify_contract(path: Path | str) -> Verdict:
    """Return whether a contract with its files, or a GLB, is as it was made."""
    return verify_path(Path(path))


def handlers(*, host: PluginHost | None = None) -> list[dict[str, Any]]:
    """Return the stages with their option schemas: what can be asked for by name."""
    from axis_core.plugin.options import options_schema

    used = host or default_host()
    return [{"name": s.name, "summary": s.summary, "params_schema": options_schema(s.options)} for s in used.stages]


def generate(**choices: Any) -> Result:
    """Return an avatar made from parameters, a preset or words.

    Raises
    ------
    BackendUnavailable
        In this version: the generator of bodies is not part of it.
    """
    raise BackendUnavailable(
        f"this version cannot generate bodies (asked for {', '.join(sorted(choices)) or 'the default'})",
        hint="Give a mesh to `axis_core.process`; the demo body comes with `axis assets install body`.",
    )


def from_photos(photos: Mapping[str, Any], **choices: Any) -> Result:
    """Return an avatar made from photos, by view label.

    Raises
    ------
    BackendUnavailable
        In this version: fitting bodies to photos is not part of it.
    """
    raise BackendUnavailable(
        f"this version cannot make avatars from photos (got {len(photos)} photos, {len(choices)} options)",
        hint="Give a mesh to `axis_core.process`.",
    )


def rig(
    source: Source,
    *,
    platform: str = "",
    archetype: str = "",
    markers: Mapping[str, Sequence[float]] | None = None,
    symmetric: bool | None = None,
    max_influences: int = 4,
    force: bool = False,
    name: str = "",
    seed: int = 0,
    progress: Progress | None = None,
    cancelled: Callable[[], bool] | None = None,
    host: PluginHost | None = None,
) -> Result:
    """Return the source with a skeleton and weights, VRM 1.0 bone names unless a platform is given; the pose stays.

    Raises
    ------
    Conflict
        ``already_rigged``, unless ``force``.
    """
    chosen: dict[str, Any] = {"archetype": archetype, "force": force, "refuse": True}
    if markers:
        chosen["markers"] = {k: [float(x) for x in v] for k, v in markers.items()}
    if symmetric is not None:
        chosen["symmetric"] = symmetric
    stages = {
        "classify": {"archetype": archetype},
        "rig": chosen,
        "skin": {"max_influences": max_influences},
        "export": {"name": "rigged"},
    }
    return _run(
        source,
        RIG_STAGES,
        stages,
        host=host,
        platform=platform,
        tier="ultra_hd",
        profile="lenient",
        name=name,
        seed=seed,
        progress=progress,
        cancelled=cancelled,
    )


def process(
    source: Source,
    *,
    platform: str = "",
    tier: str = "desktop_standard",
    profile: str = "default",
    output_profile: str = "game_ready",
    format: str = "glb",
    name: str = "",
    seed: int = 0,
    options: Mapping[str, Mapping[str, Any]] | None = None,
    progress: Progress | None = None,
    cancelled: Callable[[], bool] | None = None,
    checkpoint: Callable[[Run], None] | None = None,
    start: Run | None = None,
    host: PluginHost | None = None,
) -> Result:
    """Return an engine-ready avatar made from a mesh: the whole pipeline.

    Parameters
    ----------
    source : path, bytes or Scene
    options : mapping of stage name to plain options
    checkpoint, start
        See ``Pipeline.run``: a cancelled run goes on where it stopped.

    Raises
    ------
    InputError, NotFound
        For a bad file, an unknown platform, tier, profile, stage or option.
    """
    stages = {k: dict(v) for k, v in (options or {}).items()}
    stages.setdefault("export", {}).setdefault("format", format)
    names: tuple[str, ...] = ()
    if output_profile == "dcc_editable":
        used = host or default_host()
        names = tuple(s.name for s in used.stages if s.name not in ("decimate", "lods"))
    elif output_profile == "print_ready":
        raise BackendUnavailable(
            "the output profile print_ready is not part of this version",
            hint="Use game_ready or dcc_editable, and close the mesh for printing elsewhere.",
        )
    return _run(
        source,
        names,
        stages,
        host=host,
        platform=platform,
        tier=tier,
        profile=profile,
        output_profile=output_profile,
        name=name,
        seed=seed,
        progress=progress,
        cancelled=cancelled,
        checkpoint=checkpoint,
        start=start,
    )


def _checked(kind: str, value: str, known: Iterable[str]) -> str:
    listed = list(known)
    if value not in listed:
        raise NotFound(f"there is no {kind} {value!r}", hint=f"Known: {', '.join(listed)}.")
    return value


def _run(
    source: Source,
    names: Sequence[str],
    options: Mapping[str, Mapping[str, Any]],
    *,
    host: PluginHost | None,
    platform: str,
    tier: str,
    profile: str,
    name: str,
    seed: int,
    progress: Progress | None,
    cancelled: Callable[[], bool] | None,
    output_profile: str = "game_ready",
    checkpoint: Callable[[Run], None] | None = None,
    start: Run | None = None,
) -> Result:
    used = host or default_host()
    if platform:
        used.platform(platform)
    data, label, beside = _bytes_of(source, name)
    context = Context(
        host=used,
        platform=platform,
        tier=_checked("polygon tier", tier, TIERS),
        profile=_checked("profile", profile, PROFILES),
        output_profile=_checked("output profile", output_profile, OUTPUT_PROFILES),
        seed=seed,
        name=label,
        source=data,
        companions=beside,
    )
    if progress is not None:
        context = attrs.evolve(context, progress=progress)
    if cancelled is not None:
        context = attrs.evolve(context, cancelled=cancelled)
    pipeline = Pipeline.of(used, names, options)
    begin: Run | Scene | None = start
    if isinstance(source, Scene):
        pipeline = pipeline.without("ingest")
        begin = start or source
    return _result(pipeline.run(context, begin, checkpoint=checkpoint), context)


def _result(run: Run, context: Context) -> Result:
    state = run.outcome
    report = state.report or Report()
    problems = profile_problems(report, context.profile)
    contract = contract_of(run, context)
    handed = state.artefacts if not problems else ()
    if problems:
        contract = attrs.evolve(contract, files=(), stage="draft")
    artefacts = (
        *handed,
        Artefact(name="contract.json", role="contract", media_type="application/json", data=contract_bytes(contract)),
        Artefact(
            name="report.json",
            role="report",
            media_type="application/json",
            data=context.host.audit_format("json").render(report, name=context.name),
        ),
    )
    return Result(
        scene=state.scene,
        lods=state.lods,
        contract=contract,
        report=report,
        artefacts=artefacts,
        metrics=run.metrics,
        ok=not problems,
        problems=problems,
    )


def profile_problems(report: Report, profile: str) -> tuple[str, ...]:
    """Return why a report does not meet a profile: ``default`` fails on errors, ``strict`` on warnings too."""
    bad = {"lenient": (), "default": (Severity.ERROR,), "strict": (Severity.ERROR, Severity.WARNING)}[profile]
    return tuple(f"{i.code}: {i.message}" for i in report.issues if i.severity in bad)


def process_many(
    sources: Iterable[Path | str], *, jobs: int = 1, installed: bool = True, **choices: Any
) -> Generator[Job, None, None]:
    """Yield a Job for each source as it ends, in any order with ``jobs`` > 1; one bad file stops none.

    Parameters
    ----------
    jobs : int
        Processes; each makes its own default host.
    installed : bool
        Whether that host loads installed plugins.
    **choices
        As for ``process``; with ``jobs`` > 1 they are sent to other processes, so no ``host``, ``progress`` or other
        function.
    """
    work = partial(_one, choices=choices, installed=installed)
    return run_jobs(work, list(sources), jobs=jobs, failed=lambda source, error: Job(source=source, error=error))


def _one(source: Path | str, choices: Mapping[str, Any], installed: bool) -> Job:
    begun = time.perf_counter()
    host = choices.get("host") or default_host(installed=installed)
    try:
        result = process(source, **{**choices, "host": host})
    except AxisError as exc:
        return Job(source=source, error=exc, seconds=time.perf_counter() - begun)
    except Exception as exc:  # noqa: BLE001 - the job runner: one bad file stops none, not even by a mistake of ours
        error = AxisError(f"{type(exc).__name__}: {exc}", code="stage_failed", pointer=_place(exc))
        return Job(source=source, error=error, seconds=time.perf_counter() - begun)
    return Job(source=source, result=result, seconds=time.perf_counter() - begun)


def _place(exc: Exception) -> str:
    """Return the module and line that raised, for a report of the mistake."""
    frame = traceback.extract_tb(exc.__traceback__)[-1]
    return f"{Path(frame.filename).name}:{frame.lineno}"
