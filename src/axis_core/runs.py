"""The runs behind the library door: one source through the pipeline, or many, each with its record."""

from __future__ import annotations

import time
import traceback
from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from concurrent.futures import Executor
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

import attrs

from axis_core import builtin
from axis_core.contracts import contract_bytes, contract_of
from axis_core.errors import AxisError, InputError, NotFound
from axis_core.formats import open_path
from axis_core.model.artefact import Artefact
from axis_core.model.issue import Report, Severity
from axis_core.model.scene import Scene
from axis_core.model.tier import TIERS
from axis_core.pipeline import Pipeline, Run
from axis_core.platforms import print_ready
from axis_core.plugin.host import PluginHost
from axis_core.plugin.kinds import Context, no_companions
from axis_core.plugin.options import structure_options
from axis_core.result import Job, Result
from axis_core.workers import run_jobs, run_on


__all__ = [
    "OUTPUT_PROFILES",
    "PRINT_STAGES",
    "PROFILES",
    "Source",
    "bytes_of",
    "context_of",
    "default_host",
    "print_options",
    "process",
    "process_many",
    "profile_problems",
    "result_of",
    "rig",
]

Source = Path | str | bytes | Scene
Progress = Callable[[float, str], None]
PROFILES = ("default", "strict", "lenient")
OUTPUT_PROFILES = ("game_ready", "dcc_editable", "print_ready")
PRINT_STAGES = ("ingest", "classify", "normalise", "validate", "repair", "audit", "preview")
"""What goes before printing: no rig, no levels, no budget."""
RIG_STAGES = ("ingest", "classify", "normalise", "rig", "skin", "audit", "export")


@lru_cache(maxsize=2)
def default_host(*, installed: bool = True) -> PluginHost:
    """Return the host of the built-in plugin and, unless ``installed`` is False, all installed ones; made once."""
    return PluginHost([("axis", builtin)], installed=installed)


def bytes_of(source: Source, name: str) -> tuple[bytes | None, str, Any]:
    """Return (bytes, name, companions) of a source; no bytes for a scene."""
    if isinstance(source, Scene):
        return None, name or source.name or "scene", no_companions
    if isinstance(source, bytes):
        return source, name or "upload", no_companions
    data, beside = open_path(Path(source))
    return data, name or Path(source).name, beside


def rig(
    source: Source,
    *,
    platform: str = "",
    archetype: str = "",
    markers: Mapping[str, Sequence[float]] | None = None,
    symmetric: bool | None = None,
    fingers: bool = True,
    twist_joints: int = 0,
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
    chosen |= {"fingers": fingers, "twist_joints": twist_joints}
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
    skip: Sequence[str] = (),
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
    skip : sequence of str
        Stages to leave out.
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
    left_out = [*skip, *(("decimate", "lods") if output_profile == "dcc_editable" else ())]
    if left_out:
        used = host or default_host()
        for name_of_stage in left_out:
            used.stage(name_of_stage)
        names = tuple(s.name for s in used.stages if s.name not in left_out)
    if output_profile == "print_ready":
        names = tuple(n for n in PRINT_STAGES if n not in left_out)
        stages.pop("export", None)
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
    """Return ``value`` if it is known.

    Raises
    ------
    NotFound
        The hint names what there is.
    """
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
    data, label, beside = bytes_of(source, name)
    context = context_of(
        used,
        platform=platform,
        tier=tier,
        profile=profile,
        output_profile=output_profile,
        seed=seed,
        name=label,
        progress=progress,
        cancelled=cancelled,
    )
    context = attrs.evolve(context, source=data, companions=beside)
    is_print = output_profile == "print_ready"
    own = {k: v for k, v in options.items() if not (is_print and k == print_ready.STAGE.name)}
    pipeline = Pipeline.of(used, names, own)
    if is_print:
        pipeline = pipeline.then(print_ready.STAGE, print_options(options))
    begin: Run | Scene | None = start
    if isinstance(source, Scene):
        pipeline = pipeline.without("ingest")
        begin = start or source
    return result_of(pipeline.run(context, begin, checkpoint=checkpoint), context)


def context_of(
    host: PluginHost,
    *,
    platform: str,
    tier: str,
    profile: str,
    output_profile: str,
    seed: int,
    name: str,
    progress: Progress | None,
    cancelled: Callable[[], bool] | None,
) -> Context:
    """Return the context of a run, every name in it checked.

    Raises
    ------
    NotFound
        For an unknown platform, tier or profile.
    """
    if platform:
        host.platform(platform)
    context = Context(
        host=host,
        platform=platform,
        tier=_checked("polygon tier", tier, TIERS),
        profile=_checked("profile", profile, PROFILES),
        output_profile=_checked("output profile", output_profile, OUTPUT_PROFILES),
        seed=seed,
        name=name,
    )
    if progress is not None:
        context = attrs.evolve(context, progress=progress)
    return context if cancelled is None else attrs.evolve(context, cancelled=cancelled)


def print_options(options: Mapping[str, Mapping[str, Any]]) -> print_ready.Options:
    """Return the options of the stage that closes a body for a printer."""
    return structure_options(print_ready.Options, options.get(print_ready.STAGE.name, {}))


def result_of(run: Run, context: Context, *, provenance: Mapping[str, Any] | None = None) -> Result:
    """Return what a run gives: files and record, or only the record where the profile is not met."""
    state = run.outcome
    report = state.report or Report()
    problems = profile_problems(report, context.profile)
    contract = contract_of(run, context, provenance=provenance)
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
    sources: Iterable[Path | str],
    *,
    jobs: int = 1,
    executor: Executor | None = None,
    installed: bool = True,
    platform: str = "",
    tier: str = "desktop_standard",
    profile: str = "default",
    output_profile: str = "game_ready",
    format: str = "glb",
    seed: int = 0,
    options: Mapping[str, Mapping[str, Any]] | None = None,
    host: PluginHost | None = None,
) -> Generator[Job, None, None]:
    """Yield a Job for each source as it ends, in any order with ``jobs`` > 1; one bad file stops none.

    Parameters
    ----------
    jobs : int
        Processes; each makes its own default host.
    executor : concurrent.futures.Executor, optional
        Does the work instead, on other machines perhaps: that of a Dask client, ``client.get_executor()``. Files are
        read here and sent as bytes, so they must stand alone (GLB, not glTF with files beside it).
    installed : bool
        Whether that host loads installed plugins.
    host : PluginHost, optional
        Only with one job: a host cannot be sent to another process.
    platform, tier, profile, output_profile, format, seed, options
        As for ``process``.

    Raises
    ------
    InputError
        If a host is given for more than one job.
    """
    if host is not None and (jobs > 1 or executor is not None):
        raise InputError("a host cannot be sent to other processes", hint="Leave it out, or use jobs=1.")
    choices = {
        "platform": platform,
        "tier": tier,
        "profile": profile,
        "output_profile": output_profile,
        "format": format,
        "seed": seed,
        "options": options,
        "host": host,
    }
    work = partial(_one, choices=choices, installed=installed)
    if executor is not None:
        return run_on(executor, partial(_sent, work), list(sources), load=_loaded, failed=_failed)
    return run_jobs(work, list(sources), jobs=jobs, failed=_failed)


def _failed(source: Path | str, error: AxisError) -> Job:
    return Job(source=source, error=error)


def _loaded(source: Path | str) -> tuple[str, bytes]:
    """Return what is sent to another machine: the path as a name, and the bytes."""
    return str(source), open_path(Path(source))[0]


def _sent(work: Callable[..., Job], source: tuple[str, bytes]) -> Job:
    """Do the work on what was sent; the answer is about the path, not about the bytes."""
    path, data = source
    return attrs.evolve(work(data, name=Path(path).name), source=path)


def _one(source: Path | str | bytes, choices: Mapping[str, Any], installed: bool, name: str = "") -> Job:
    begun = time.perf_counter()
    host = choices.get("host") or default_host(installed=installed)
    try:
        result = process(source, name=name, **{**choices, "host": host})
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
