"""The platform: VRM 1.0 names, what a viewer would refuse, and the file.

References
----------
.. VRM Consortium, VRM 1.0 specification (VRMC_vrm, VRMC_springBone, VRMC_materials_mtoon), 2022.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import attrs
import numpy as np

import axis_core
from axis_core.plugin import Artefact, CannotFit, Format, Issue, Platform, Scene
from axis_platform_vrm.expressions import expressions_of
from axis_platform_vrm.humanoid import human_bones, in_t_pose, missing_bones
from axis_platform_vrm.materials import as_mtoon
from axis_platform_vrm.options import Options, meta_of
from axis_platform_vrm.springs import springs_of


__all__ = ["PLATFORM", "vrm_scene"]

MAX_TRIANGLES = 70_000
"""Of VRChat's and cluster's upper ranks; VRM itself has no limit."""
EYES_ABOVE_HEAD = 0.035
"""Height of the eyes over the head's joint, of the body's height, where there are no eye bones."""


def _neutral() -> Platform:
    """Return AXIS's own platform with VRM names: the same rig, and the same rules about it."""
    return axis_core.default_host(installed=False).platform("axis_engine")


def fit_rig(scene: Scene, *, bones: Mapping[str, str]) -> tuple[Scene, tuple[str, ...]]:
    """Return the scene with VRM 1.0 bone names, missing required ones added."""
    return _neutral().fit_rig(scene, bones=bones)


def check(scene: Scene, *, tier: str = "") -> tuple[Issue, ...]:
    """Return what is over the budget or missing."""
    return _neutral().check(scene, tier=tier)


def export(scene: Scene, *, name: str, format: Format, options: Options | None = None) -> tuple[Artefact, ...]:
    """Return a VRM: ``NAME.vrm`` where the format ``vrm`` is asked for, else under the format's own suffix.

    A scene that is no humanoid is written as plain glTF, unless a ``.vrm`` was asked for.

    Raises
    ------
    CannotFit
        ``cannot_fit``: a ``.vrm`` was asked for and required bones are missing, or the result breaks a rule of VRM.
    """
    host = axis_core.default_host(installed=False)
    wanted = format.name == "vrm"
    writer = host.format("glb") if wanted or format.write is None else format
    assert writer.write is not None
    lacking = missing_bones(human_bones(scene))
    if writer.name not in ("glb", "gltf") or lacking:
        if wanted:
            raise CannotFit(
                f"this is no humanoid by VRM's rules: {', '.join(lacking)} missing",
                hint="Rig it with `axis rig`, or export a GLB.",
            )
        return tuple(writer.write(scene, name=name))
    files = writer.write(vrm_scene(scene, options or Options(), name), name=name)
    _refuse_broken(files[0])
    if wanted:
        stem = files[0].name.removesuffix(".glb").removesuffix(".vrm")
        files = (attrs.evolve(files[0], name=f"{stem}.vrm", media_type="model/vrm"), *files[1:])
    return tuple(files)


def _refuse_broken(file: Artefact) -> None:
    report = axis_core.audit(file.data, name=file.name, rules=["vrm"])
    broken = [i for i in report.issues if i.severity == "error"]
    if broken:
        first = broken[0]
        raise CannotFit(f"{len(broken)} rules of VRM are broken, first {first.code}: {first.message}")


def vrm_scene(scene: Scene, options: Options, name: str) -> Scene:
    """Return the scene as a VRM holds it: T-pose, no clips, cameras or tangents, and the extensions."""
    scene = in_t_pose(attrs.evolve(scene, animations=()))
    scene = attrs.evolve(
        scene,
        cameras=(),
        nodes=[attrs.evolve(n, camera=None) for n in scene.nodes],
        meshes=[
            attrs.evolve(m, tangents=None, morphs=[attrs.evolve(t, tangents=None) for t in m.morphs])
            for m in scene.meshes
        ],
        materials=[as_mtoon(m) for m in scene.materials] if options.look == "mtoon" else scene.materials,
    )
    bones = human_bones(scene)
    height = _height(scene)
    kept = {k: v for k, v in scene.extensions.items() if not k.startswith("VRM")}
    extensions: dict[str, Any] = {**kept, "VRMC_vrm": _vrm(scene, bones, options, name, height)}
    springs = springs_of(scene, bones, height) if options.springs else None
    if springs is not None:
        extensions["VRMC_springBone"] = springs
    return attrs.evolve(scene, extensions=extensions)


def _height(scene: Scene) -> float:
    points = [scene.world_positions(m, n)[:, 1] for n, m in scene.instances() if scene.meshes[m].n_vertices]
    return float(max(p.max() for p in points) - min(p.min() for p in points)) if points else 1.0


def _vrm(scene: Scene, bones: dict[str, int], options: Options, name: str, height: float) -> dict[str, Any]:
    eyes = [bones[b] for b in ("leftEye", "rightEye") if b in bones]
    expressions = expressions_of(scene, eye_bones=len(eyes) == 2)
    world = scene.world_matrices()
    head = world[bones["head"]][:3, 3]
    above = np.array([0.0, EYES_ABOVE_HEAD * height, 0.0])
    between = np.mean([world[e][:3, 3] for e in eyes], axis=0) if eyes else head + above
    turn = world[bones["head"]][:3, :3]
    offset = np.linalg.pinv(turn) @ (between - head)
    ranges = {"inputMaxValue": 90.0, "outputScale": 10.0 if len(eyes) == 2 else 1.0}
    keys = ("rangeMapHorizontalInner", "rangeMapHorizontalOuter", "rangeMapVerticalDown", "rangeMapVerticalUp")
    out: dict[str, Any] = {
        "specVersion": "1.0",
        "meta": meta_of(options, name),
        "humanoid": {"humanBones": {bone: {"node": node} for bone, node in bones.items()}},
        "firstPerson": {
            "meshAnnotations": [{"node": n, "type": "auto"} for n, node in enumerate(scene.nodes) if node.meshes]
        },
        "lookAt": {
            "offsetFromHeadBone": [round(float(v), 6) for v in offset],
            "type": "bone" if len(eyes) == 2 else "expression",
            **{key: dict(ranges) for key in keys},
        },
    }
    return out | ({"expressions": expressions} if expressions else {})


PLATFORM = Platform(
    name="vrm",
    title="VRM 1.0",
    skeleton="vrm",
    max_influences=4,
    max_triangles=MAX_TRIANGLES,
    fit_rig=fit_rig,
    check=check,
    export=export,
    formats=("vrm", "glb", "gltf"),
    options=Options,
    summary="Humanoid, expressions, gaze, first person, spring bones and licence; T-pose.",
)
