"""``skin``: weights for the skeleton, and the names and bones that the platform wants.

Weights: bone heat with visibility, ``axis_core.kernels.skin_weights``. Weights that came in are kept and limited.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, cast

import attrs
import numpy as np
from numpy.typing import NDArray

from axis_core.kernels.quantise import limit_influences
from axis_core.kernels.skin_weights import skin_weights
from axis_core.model.recognise import recognise_humanoid
from axis_core.model.scene import Scene
from axis_core.model.skeleton import Skeleton
from axis_core.model.soup import Soup, scene_soup
from axis_core.plugin import Context, Outcome, Stage, between, one_of, option
from axis_core.rig.riders import eye_parts, is_twist, ridden, share_twist


__all__ = ["STAGE", "Options", "skin_scene", "weight_facts"]


Method = Literal["heat", "voxel", "rigid"]


@attrs.frozen(kw_only=True)
class Options:
    """How to weigh."""

    method: str = option("heat", "how to weigh vertices", validator=one_of("heat", "voxel", "rigid"))
    max_influences: int = option(4, "joints that may move a vertex", validator=between(1, 8))


def skin_scene(scene: Scene, *, method: Method = "heat", max_influences: int = 4) -> Scene:
    """Return ``scene`` with new weights for its first skin on every mesh that stands under it."""
    skin = scene.skins[0]
    skeleton = scene.skeleton(0)
    order = _skin_order(scene)
    soup = scene_soup(scene, skinned_only=True)
    eyes = _eyes(soup, skeleton)
    kept = ridden(skeleton.names, skeleton.parents, {*eyes, *_twists(skeleton)})
    few, weights = skin_weights(
        soup.positions,
        soup.faces,
        skeleton.positions[kept],
        _parents_among(kept, skeleton.parents),
        method=method,
        max_influences=max_influences,
        components=soup.vertex_instance,
    )
    indices = kept[few]
    for joint, ball in eyes.items():
        indices[ball], weights[ball] = joint, np.eye(1, weights.shape[1])
    if _twists(skeleton):
        indices, weights = share_twist(soup.positions, indices, weights, skeleton, max_influences)
    indices = np.where(weights > 0, order[indices], 0)
    meshes = list(scene.meshes)
    width = -(-max_influences // 4) * 4
    for k, (_, m) in enumerate(soup.instances):
        rows = slice(int(soup.starts[k]), int(soup.starts[k + 1]))
        meshes[m] = attrs.evolve(meshes[m], joints=_padded(indices[rows], width), weights=_padded(weights[rows], width))
    return attrs.evolve(scene, meshes=meshes, skins=(skin, *scene.skins[1:]))


def _eyes(soup: Soup, skeleton: Skeleton) -> dict[int, NDArray[np.bool_]]:
    """Eye joints that have a part of their own -> the vertices of it."""
    bones = recognise_humanoid(skeleton)
    joints = [bones[side + "Eye"] for side in ("left", "right") if side + "Eye" in bones]
    parts = {joint: eye_parts(soup.positions, soup.faces, skeleton.positions[joint]) for joint in joints}
    return {joint: rows for joint, rows in parts.items() if rows.any()}


def _twists(skeleton: Skeleton) -> list[int]:
    return [joint for joint, name in enumerate(skeleton.names) if is_twist(name)]


def _parents_among(kept: NDArray[np.int64], parents: NDArray[np.int32]) -> NDArray[np.int32]:
    """Parents in the numbering of some joints that with each joint hold its parent."""
    number = np.full(len(parents) + 1, -1, np.int32)
    number[kept] = np.arange(len(kept), dtype=np.int32)
    return np.asarray(number[parents[kept]])


def _skin_order(scene: Scene) -> NDArray[np.int64]:
    """Index into the skin's joints for every joint of ``scene.skeleton(0)``, which stands parents first."""
    joints = scene.skins[0].joints
    rank = {n: k for k, n in enumerate(scene.order())}
    return np.asarray(sorted(range(len(joints)), key=lambda k: rank[joints[k]]), np.int64)


def _padded(rows: NDArray[Any], width: int) -> NDArray[Any]:
    return np.pad(rows, ((0, 0), (0, width - rows.shape[1])))


def limited(scene: Scene, max_influences: int) -> tuple[Scene, int]:
    """Return ``scene`` with at most ``max_influences`` a vertex, and how many vertices changed."""
    changed = 0
    meshes = []
    for mesh in scene.meshes:
        if mesh.joints is None or mesh.weights is None:
            meshes.append(mesh)
            continue
        n = (mesh.weights > 0).sum(axis=1)
        over = int((n > max_influences).sum())
        changed += over
        if over or mesh.joints.shape[1] > 4:
            joints, weights = limit_influences(mesh.joints, mesh.weights, max_influences)
            width = -(-max_influences // 4) * 4
            mesh = attrs.evolve(mesh, joints=_padded(joints, width), weights=_padded(weights, width))
        meshes.append(mesh)
    return (attrs.evolve(scene, meshes=meshes), changed) if meshes else (scene, 0)


def weight_facts(scene: Scene) -> dict[str, Any]:
    """Return the largest number of influences, the largest error of a sum, and how many vertices follow nothing."""
    most, error, unweighted = 0, 0.0, 0
    for mesh in scene.meshes:
        if mesh.weights is None or not len(mesh.weights):
            continue
        total = np.asarray(mesh.weights, np.float64).sum(axis=1)
        most = max(most, int((mesh.weights > 0).sum(axis=1).max()))
        error = max(error, float(np.abs(total - 1).max()))
        unweighted += int((total <= 0).sum())
    return {"max_influences": most, "weight_error": error, "unweighted_vertices": unweighted}


def run(state: Outcome, options: Options, context: Context) -> Outcome:
    """Weigh a placed skeleton, keep weights that came in, then fit the rig to the platform."""
    rig: Mapping[str, Any] = state.facts.get("rig") or {}
    scene, changes = state.scene, []
    if not scene.skins:
        return Outcome(scene=scene)
    platform = context.host.platform(context.platform) if context.platform else None
    most = min(options.max_influences, platform.max_influences) if platform else options.max_influences
    if rig.get("placed"):
        context.step(0.1, f"weighing {scene.n_vertices:,} vertices")
        scene = skin_scene(scene, method=cast(Method, options.method), max_influences=most)
        changes.append(f"weighed by {options.method}, at most {most} joints a vertex")
    else:
        scene, n = limited(scene, most)
        if n:
            changes.append(f"limited {n} vertices to {most} joints")
    if platform is not None:
        context.step(0.9, f"naming bones for {platform.title}")
        scene, renamed = platform.fit_rig(scene, bones=rig.get("humanoid", {}))
        changes.extend(renamed)
    facts = weight_facts(scene)
    joints = max((len(s.joints) for s in scene.skins), default=0)
    vocabulary = platform.skeleton if platform else ("vrm" if rig.get("placed") else "as it came")
    return Outcome(
        scene=scene,
        changes=tuple(changes),
        facts={"rig": {**rig, "joint_count": joints, "skeleton": vocabulary}, "skin": facts},
        metrics=facts,
    )


STAGE = Stage(
    name="skin",
    summary="Weighs the vertices and fits names and bones to the platform.",
    run=run,
    options=Options,
    needs=("scene", "rig"),
    gives=("scene", "skin"),
    order=90,
)
