"""The agent's handlers bound to the library's functions: what each makes, and how it says so."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from axis_core import door
from axis_core.agent import parameters as p
from axis_core.agent.handlers import HANDLERS, find_handler
from axis_core.agent.planner import Plan, Step, plan_goal
from axis_core.agent.run import AgentRun, Done, Verb, run_plan, unready_run
from axis_core.agent.search import search_catalogue
from axis_core.errors import InputError
from axis_core.formats import write_scene
from axis_core.model.artefact import Artefact
from axis_core.model.scene import Scene
from axis_core.plugin.checks import plan_repairs, run_rules
from axis_core.plugin.host import PluginHost
from axis_core.plugin.kinds import Subject
from axis_core.result import Result


__all__ = ["call_handler", "library_verbs", "run_goal"]

_SHOWN = 8


def library_verbs(host: PluginHost | None = None) -> dict[str, Verb]:
    """Return handler name -> function, on the host's plugins."""
    used = host or door.default_host()
    table: Mapping[str, Any] = {
        "process": _process,
        "rig": _rig,
        "repair": _repair,
        "audit": _audit,
        "decimate": _decimate,
        "convert": _written,
        "export": _written,
        "preview": _preview,
        "search": _search,
        "generate": _generate,
    }
    return {name: partial(_called, function, used) for name, function in table.items()}


def run_goal(
    goal: str,
    context: Mapping[str, Any] | None = None,
    *,
    open_input: Callable[[str], Any],
    allow: Collection[str] = (),
    scopes: Collection[str] | None = None,
    max_steps: int = 8,
    seconds: float = 60.0,
    dry_run: bool = False,
    host: PluginHost | None = None,
) -> AgentRun:
    """Plan ``goal`` by rules, carry it out and return what came of it.

    Parameters
    ----------
    goal, context
        Plain English, and what is at hand: ``input``, ``platform``, ``polygon_tier``.
    open_input : callable (str)
        Returns what a name in the goal means: a path, bytes or a Scene; raises NotFound.
    allow : collection of str
        Handlers with side effects that may run; none unless named.
    scopes : collection of str or None
        What the caller may do; None for everything.
    dry_run : bool
        Only plan, and say what would be missing or refused.
    """
    plan = plan_goal(goal, context)
    if dry_run:
        names = tuple(handler.name for handler in HANDLERS)
        planned = AgentRun(status="completed", plan=plan, answer="This is the plan; nothing was run.")
        return unready_run(plan, names, allow=allow, scopes=scopes) or planned
    verbs = library_verbs(host)
    return run_plan(plan, verbs, open_input, allow=allow, scopes=scopes, max_steps=max_steps, seconds=seconds)


def call_handler(
    name: str,
    arguments: Mapping[str, Any],
    *,
    open_input: Callable[[str], Any],
    allow: Collection[str] = (),
    host: PluginHost | None = None,
) -> AgentRun:
    """Carry out one handler and return what came of it, as a run of one step.

    Raises
    ------
    NotFound
        For a handler that there is not.
    """
    find_handler(name)
    return run_plan(Plan("planned", (Step(name, arguments),)), library_verbs(host), open_input, allow=allow)


def _called(function: Any, host: PluginHost, parameters: Any, source: Any) -> Done:
    done: Done = function(parameters, source, host)
    return done


def _needed(source: Any) -> Any:
    if source is None:
        raise InputError("there is no input", hint="Name a file, for example hero.glb.")
    return source


def _scene(source: Any, host: PluginHost) -> Scene:
    return source if isinstance(source, Scene) else door.read(_needed(source), host=host)


def _label(source: Any) -> str:
    return source.name or "the mesh" if isinstance(source, Scene) else Path(str(source)).name


def _process(given: p.ProcessParameters, source: Any, host: PluginHost) -> Done:
    options: dict[str, dict[str, Any]] = {}
    if given.target_polycount:
        options["decimate"] = {"triangles": given.target_polycount}
    if given.texture_size:
        options["textures"] = {"max_side": given.texture_size}
    result = door.process(
        _needed(source),
        platform=given.platform,
        tier=given.polygon_tier or "desktop_standard",
        profile=given.profile,
        output_profile=given.output_profile,
        format=given.format,
        options=options,
        skip=given.skip,
        host=host,
    )
    what = f"Processed {_label(source)}" + (f" for {given.platform}" if given.platform else "")
    return _finished(result, what, host, most=given.target_polycount)


def _generate(given: p.GenerateParameters, source: Any, host: PluginHost) -> Done:  # noqa: ARG001 - one shape
    result = door.generate(
        prompt=given.prompt,
        preset=given.preset,
        platform=given.platform,
        tier=given.polygon_tier or "desktop_standard",
        seed=given.seed,
        host=host,
    )
    return _finished(result, f"Generated {given.prompt or given.preset or 'an avatar'}", host)


def _rig(given: p.RigParameters, source: Any, host: PluginHost) -> Done:
    result = door.rig(
        _needed(source),
        platform=given.platform,
        archetype=given.archetype,
        max_influences=given.max_influences,
        force=given.force,
        host=host,
    )
    return _finished(result, f"Rigged {_label(source)}", host)


def _triangles(result: Result, host: PluginHost) -> int:
    """Triangles of the file that is handed out: a platform that cuts a body into parts closes them with more."""
    avatar = next((a for a in result.artefacts if a.name == "avatar.glb"), None)
    return door.read(avatar.data, host=host).n_triangles if avatar else result.contract.mesh.triangle_count


def _finished(result: Result, what: str, host: PluginHost, *, most: int = 0) -> Done:
    contract, triangles = result.contract, _triangles(result, host)
    is_met = not most or triangles <= most
    rig = contract.rig
    said = [
        f"{what}: {triangles:,} triangles"
        + (f", {rig.archetype} rig of {rig.joint_count} joints" if rig.joint_count else "")
        + f", grade {contract.mesh.quality_grade}."
    ]
    changes = [f"{stage.name}: {change}" for stage in contract.stages for change in stage.changes]
    if changes:
        said.append(f"Changed: {_some(changes)}.")
    if not is_met:
        said.append(f"That is more than the {most:,} triangles that were asked for.")
    if not result.ok:
        said.append(f"It does not meet the profile: {_some(result.problems)}.")
    facts = {
        "ok": result.ok and is_met,
        "platform": contract.platform,
        "triangles": triangles,
        "quality": {"score": contract.mesh.quality_score, "grade": contract.mesh.quality_grade},
        "rig": {"archetype": rig.archetype, "confidence": rig.confidence, "joint_count": rig.joint_count},
        "issues": dict(result.report.counts),
        "changes": changes,
    }
    return Done(mesh=result.scene, artefacts=result.artefacts, facts=facts, said=tuple(said))


def _some(items: Sequence[str]) -> str:
    rest = len(items) - _SHOWN
    return "; ".join(items[:_SHOWN]) + (f"; and {rest} more" if rest > 0 else "")


def _files(scene: Scene, stem: str, form: str, host: PluginHost) -> tuple[Artefact, ...]:
    return tuple(write_scene(scene, name=stem, format=host.format(form)))


def _repair(given: p.RepairParameters, source: Any, host: PluginHost) -> Done:
    scene = _scene(source, host)
    names = list(given.repairs)
    if not names and given.without:
        planned = plan_repairs(host.repairs, run_rules(host.rules, Subject(scene=scene)))
        names = [r.name for r in planned if r.name not in given.without]
        if not names:
            return Done(mesh=scene, facts={"changes": []}, said=("There was nothing to repair.",))
    result = door.repair(scene, repairs=[n for n in names if n not in given.without], host=host)
    said = f"Repaired: {_some(result.changes)}." if result.changes else "There was nothing to repair."
    artefacts = _files(result.scene, "repaired", "glb", host)
    return Done(mesh=result.scene, artefacts=artefacts, facts={"changes": list(result.changes)}, said=(said,))


def _audit(given: p.AuditParameters, source: Any, host: PluginHost) -> Done:
    report = door.audit(_needed(source), platform=given.platform, tier=given.polygon_tier, host=host)
    record = host.audit_format(given.format)
    suffix = {"markdown": "md", "junit": "xml"}.get(given.format, given.format)
    data = door.print_report(report, given.format, name=_label(source), host=host)
    artefact = Artefact(name=f"audit.{suffix}", role="report", media_type=record.media_type, data=data)
    worst = [f"{issue.code}: {issue.message}" for issue in report.issues if issue.severity.name != "HINT"][:_SHOWN]
    counts = report.counts
    said = [f"{_label(source)}: {counts['error']} errors, {counts['warning']} warnings, grade {report.grade}."]
    said += [f"{_some(worst)}."] if worst else []
    facts = {"counts": dict(counts), "score": report.score, "grade": report.grade, "findings": worst}
    return Done(artefacts=(artefact,), facts=facts, said=tuple(said))


def _decimate(given: p.DecimateParameters, source: Any, host: PluginHost) -> Done:
    scene = _scene(source, host)
    before = scene.n_triangles
    if not given.target_polycount and not given.ratio:
        raise InputError("neither target_polycount nor ratio is given", hint="Give one of them.")
    target = given.target_polycount or max(round(before * given.ratio), 1)
    smaller = door.decimate(scene, target)
    said = f"Reduced {_label(source)} from {before:,} to {smaller.n_triangles:,} triangles."
    facts = {"triangles_before": before, "triangles": smaller.n_triangles}
    return Done(mesh=smaller, artefacts=_files(smaller, "decimated", "glb", host), facts=facts, said=(said,))


def _written(given: p.ConvertParameters | p.ExportParameters, source: Any, host: PluginHost) -> Done:
    scene = _scene(source, host)
    stem = Path(_label(source)).stem if not isinstance(source, Scene) else scene.name or "avatar"
    artefacts = _files(scene, stem, given.format, host)
    names = ", ".join(a.name for a in artefacts)
    facts = {"format": given.format, "files": [a.name for a in artefacts]}
    return Done(mesh=scene, artefacts=artefacts, facts=facts, said=(f"Wrote {names}.",))


def _preview(given: p.PreviewParameters, source: Any, host: PluginHost) -> Done:
    views = given.views or ("front", "side", "back")
    view = door.render(_scene(source, host), views=views, pose=given.pose)
    picture = Artefact(name="preview.png", role="preview", media_type="image/png", data=view.png())
    posed = f", {given.pose.replace('_', ' ')}" if given.pose else ""
    return Done(artefacts=(picture,), facts={"views": list(views)}, said=(f"Drew it from {', '.join(views)}{posed}.",))


def _search(given: p.SearchParameters, source: Any, host: PluginHost) -> Done:  # noqa: ARG001 - one shape
    hits = search_catalogue(given.query, limit=given.limit, host=host)
    listed = ", ".join(hit.title for hit in hits)
    said = f"Found: {listed}." if hits else f"Nothing is known about {given.query!r}."
    return Done(facts={"results": [hit.as_json() for hit in hits]}, said=(said,))
