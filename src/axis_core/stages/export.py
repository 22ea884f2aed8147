"""``export``: files for the platform, read back and audited before they are handed out."""

from __future__ import annotations

from typing import Any

import attrs

from axis_core.errors import AxisError
from axis_core.formats import read_scene, write_scene
from axis_core.formats.digest import embed_digest
from axis_core.model.artefact import Artefact
from axis_core.model.issue import Issue
from axis_core.model.issue_codes import issue
from axis_core.model.quality import make_report
from axis_core.model.scene import Scene
from axis_core.plugin import Context, Format, Outcome, Stage, Subject, option
from axis_core.plugin.checks import run_rules
from axis_core.plugin.options import structure_options
from axis_core.version import SOFTWARE


__all__ = ["STAGE", "Options", "export_scene"]


@attrs.frozen(kw_only=True)
class Options:
    """Which files."""

    format: str = option("glb", "file format")
    name: str = option("avatar", "file name without suffix; levels get _LODn")
    platform: dict[str, Any] = option(dict, "options of the platform, such as Roblox's route", factory=True)


def export_scene(
    scene: Scene, context: Context, fmt: Format, *, name: str, platform_options: dict[str, Any] | None = None
) -> tuple[Artefact, ...]:
    """Return the files of one scene: by the platform, or plain where none was asked for."""
    if not context.platform:
        return write_scene(scene, name=name, format=fmt)
    platform = context.host.platform(context.platform)
    if platform.options is not None:
        chosen: Any = structure_options(platform.options, platform_options or {})
        return platform.export(scene, name=name, format=fmt, options=chosen)
    return platform.export(scene, name=name, format=fmt)


def checked(scene: Scene, files: tuple[Artefact, ...], fmt: Format, context: Context) -> list[Issue]:
    """Return what a reader and the rules of the format say about files just written."""
    if fmt.read is None:
        return []
    beside = {a.name: a.data for a in files[1:]}
    try:
        back = read_scene(files[0].data, name=files[0].name, formats=context.host.formats, companions=beside.get)
    except AxisError as exc:
        return [issue("FORMAT_UNREADABLE", f"{files[0].name}: {exc}")]
    out: list[Issue] = []
    if back.n_triangles < scene.n_triangles:  # more may come out: a platform closes the parts it cuts
        message = f"{files[0].name}: {scene.n_triangles} triangles went in, {back.n_triangles} came back"
        out.append(issue("FORMAT_UNREADABLE", message, value=back.n_triangles, limit=scene.n_triangles))
    subject = Subject(scene=None, data=files[0].data, name=files[0].name, platform=context.platform, tier=context.tier)
    out.extend(run_rules(context.host.rules, subject, only=("gltf",)).issues)
    return out


def summary(scene: Scene, state: Outcome, context: Context, level: int) -> dict[str, Any]:
    """Return what a GLB says of itself in ``asset.extras.axis``: nothing that differs from run to run."""
    rig = state.facts.get("rig") or {}
    source = state.facts.get("source") or {}
    return {
        "software": SOFTWARE,
        "platform": context.platform,
        "polygon_tier": context.tier,
        "lod": level,
        "triangle_count": scene.n_triangles,
        "archetype": rig.get("archetype", ""),
        "joint_count": rig.get("joint_count", 0),
        "source_sha256": source.get("sha256", ""),
        "seed": context.seed,
    }


def run(state: Outcome, options: Options, context: Context) -> Outcome:
    """Write LOD 0 and its levels."""
    fmt = context.host.format(options.format)
    artefacts: list[Artefact] = []
    issues: list[Issue] = []
    scenes = (state.scene, *state.lods)
    for level, scene in enumerate(scenes):
        context.step(level / len(scenes), f"LOD {level}")
        name = options.name if level == 0 else f"{options.name}_LOD{level}"
        files = export_scene(scene, context, fmt, name=name, platform_options=dict(options.platform))
        issues += checked(scene, files, fmt, context)
        first = attrs.evolve(files[0], role="avatar" if level == 0 else "lod")
        if fmt.name in ("glb", "vrm"):
            first = attrs.evolve(first, data=embed_digest(first.data, summary(scene, state, context, level)))
        artefacts += [first, *(attrs.evolve(a, role="companion") for a in files[1:])]
    report = state.report
    if report is not None and issues:
        report = make_report([*report.issues, *issues], facts=report.facts)
    return Outcome(
        scene=state.scene,
        lods=state.lods,
        report=report,
        artefacts=tuple(artefacts),
        metrics={"files": [a.name for a in artefacts], "bytes": sum(len(a.data) for a in artefacts)},
        changes=(f"wrote {len(artefacts)} files",),
    )


STAGE = Stage(
    name="export",
    summary="Files for the platform, read back and audited.",
    run=run,
    options=Options,
    gives=("files",),
    order=150,
)
