"""The library door: what ``axis_core`` offers. Functions take ``host=``; without one, the default host serves."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import attrs

from axis_core.contracts import Verdict, verify_path
from axis_core.errors import InputError, NotFound
from axis_core.formats import read_path, read_scene, write_scene
from axis_core.generation import generate
from axis_core.model.issue import Report
from axis_core.model.scene import Scene
from axis_core.model.skeleton import Skeleton
from axis_core.model.soup import scene_soup
from axis_core.model.tier import TIERS
from axis_core.pages import preview
from axis_core.plugin.checks import apply_repairs, mend, plan_repairs, run_rules
from axis_core.plugin.host import PluginHost
from axis_core.plugin.kinds import RepairResult, Subject
from axis_core.render import BACKGROUND, View
from axis_core.render import render as render_scene
from axis_core.result import Result, write_files
from axis_core.rig.motion import retarget_clips
from axis_core.rig.motion.capture import Root
from axis_core.runs import Source, bytes_of, default_host, process, process_many, rig
from axis_core.stages.decimate import decimate_scene
from axis_core.stages.rig import attach_skeleton, strip_rig
from axis_core.stages.skin import Method, skin_scene


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
    "preview",
    "print_report",
    "process",
    "process_many",
    "read",
    "render",
    "repair",
    "retarget",
    "rig",
    "skin",
    "verify_contract",
    "write",
]


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


def convert(
    source: Path | str | bytes,
    path: Path | str,
    *,
    compress: str = "",
    textures: str = "",
    told: dict[str, Any] | None = None,
    host: PluginHost | None = None,
) -> tuple[Path, ...]:
    """Read ``source`` and write it in the format of the suffix of ``path``.

    Parameters
    ----------
    compress : str
        For GLB: ``meshopt`` or ``draco``.
    textures : str
        For GLB: ``webp``.
    told : dict, optional
        Gets the sizes before and after, and the errors.
    """
    from axis_core.formats.codecs.compress import write_compressed

    scene = read(source, host=host)
    if not compress and not textures:
        return write(scene, path, host=host)
    target = Path(path)
    record = (host or default_host()).format(target.suffix or "?")
    (first, *others), cost = write_compressed(
        scene, name=target.stem, format=record, compress=compress, textures=textures
    )
    if told is not None:
        told.update(cost.to_dict())
    return write_files([attrs.evolve(first, name=target.name), *others], target.parent)


def info(source: Path | str | bytes, *, name: str = "", host: PluginHost | None = None) -> dict[str, Any]:
    """Return what a file holds, as plain values."""
    data, label, beside = bytes_of(source, name)
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
        "notes": list(scene.notes),
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
    data, label, beside = bytes_of(source, name)
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


def print_report(
    report: Report, format: str, *, name: str = "", scene: Scene | None = None, host: PluginHost | None = None
) -> bytes:
    """Return ``report`` in an audit format: json, markdown, html, csv, sarif, junit, or a plugin's.

    Parameters
    ----------
    scene : Scene, optional
        What the report is about: formats for people then show where the problems are.
    """
    record = (host or default_host()).audit_format(format)
    if scene is None or not record.takes_pictures:
        return record.render(report, name=name)
    from axis_core.problem_pictures import problem_pictures

    return record.render(report, name=name, pictures=problem_pictures(scene, report))


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
    chosen = tuple(used.repair(n) for n in repairs) if repairs else used.repairs
    given: dict[str, Any] = {
        r.name: structure_options(r.options, (options or {}).get(r.name, {})) for r in chosen if r.options is not None
    }
    if repairs:
        return apply_repairs(scene, chosen, options=given)
    return mend(
        scene,
        lambda seen: run_rules(used.rules, Subject(scene=seen)),
        lambda report: plan_repairs(used.repairs, report),
        options=given,
    )


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


def render(
    scene: Scene,
    *,
    views: Sequence[str] = ("front", "side", "back"),
    pose: str = "",
    size: tuple[int, int] = (640, 800),
    skeleton: bool = False,
    weights_of: str = "",
    background: str = BACKGROUND,
) -> View:
    """Return a view of ``scene`` that shows itself in a notebook; see ``axis_core.render.render``."""
    return render_scene(
        scene,
        views=views,
        pose=pose,
        size=size,
        skeleton=skeleton,
        weights_of=weights_of,
        background=background,
    )


def retarget(
    clips: Source,
    onto: Source,
    *,
    names: Sequence[str] = (),
    root: Root = "keep",
    host: PluginHost | None = None,
) -> Scene:
    """Return ``onto`` with the clips of another rig on its own; see ``axis_core.rig.motion.retarget_clips``."""
    source = clips if isinstance(clips, Scene) else read(clips, host=host)
    target = onto if isinstance(onto, Scene) else read(onto, host=host)
    return retarget_clips(source, target, names, root=root)


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


def handlers() -> list[dict[str, Any]]:
    """Return the verbs that goals, tools and searches may name, with the schemas of their parameters."""
    from axis_core.agent import HANDLERS

    return [handler.as_json() for handler in HANDLERS]


def from_photos(
    photos: Mapping[str, Path | str | bytes], prompt: str = "", *, host: PluginHost | None = None, **options: Any
) -> Result:
    """Return an avatar made from photos of a person, by view label.

    Parameters
    ----------
    photos : mapping of view label to path or bytes
        ``front``, and what there is of ``left right back three_quarter detail custom``; PNG, JPEG or WebP.
    prompt : str
        What the photos do not show or should not decide: ``"1.82 m, 60 years"``.
    options
        As for ``generate``: ``platform``, ``tier``, ``seed``, ``parameters`` and so on.

    Returns
    -------
    Result
        ``metrics["generate"]["notes"]`` holds what was found lacking; ``parsed["photos"]`` what was fitted.

    Raises
    ------
    InputError
        No photo, a label that does not exist or is there twice, a file that is no photo or too large.
    CannotFit
        No photo shows a person.
    BackendUnavailable
        ``not_installed``: a data pack or the runtime is missing; the hint names the command.
    NotFound
        A path names no file.
    """
    images = tuple((label, _photo_bytes(source)) for label, source in photos.items())
    return generate(prompt, images=images, provider="photo_fit", host=host, **options)


def _photo_bytes(source: Path | str | bytes) -> bytes:
    if isinstance(source, bytes):
        return source
    try:
        return Path(source).read_bytes()
    except FileNotFoundError as exc:
        raise NotFound(f"there is no file {source}") from exc
    except OSError as exc:
        raise InputError(f"{source} cannot be read: {exc.strerror}") from exc
