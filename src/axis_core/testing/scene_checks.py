"""check_repair, check_stage, check_platform: what works on scenes promises."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from axis_core.formats.glb import GLB
from axis_core.model.digest import scene_digest
from axis_core.model.humanoid import bone_names
from axis_core.model.issue import Issue
from axis_core.model.scene import Scene
from axis_core.model.soup import scene_soup
from axis_core.model.tier import TIERS
from axis_core.plugin.host import PluginHost
from axis_core.plugin.kinds import Context, Outcome, Platform, Repair, RepairResult, Stage
from axis_core.testing.record_checks import check_files, check_name, check_options, require, unchanged
from axis_core.testing.scenes import capsule_person, cube, person_joints, skinned_arm, textured_quad


__all__ = ["check_platform", "check_repair", "check_stage"]

_TOLERANCE_M = 1e-4


def check_repair(record: Repair, *, scenes: Iterable[Scene] = ()) -> None:
    """Check that a repair keeps the promises of ``axis_core.plugin.Repair``; AssertionError says which it breaks.

    Tried on tiny scenes and on ``scenes`` (give some that it has to mend): idempotent, the same scene object where it
    changes nothing, the given scene left as it was, skins, morph targets and materials still there.
    """
    label = f"repair {record.name!r}"
    check_name("repair", record.name)
    require(all(c == c.upper() and c.strip() for c in record.fixes), f"{label}: codes are upper case: {record.fixes}")
    check_options(label, record.options)
    options = record.options() if record.options is not None else None
    for scene in (cube(), textured_quad(), skinned_arm(), capsule_person(), *scenes):
        result = _repaired(label, record, scene, options)
        again = _repaired(label, record, result.scene, options)
        require(not again.changes, f"{label}: a second time it still changes {scene.name!r}: {again.changes}")
        require(again.scene is result.scene, f"{label}: without changes the scene must be the same object")
        _check_alive(label, scene, result.scene)


def _repaired(label: str, record: Repair, scene: Scene, options: Any) -> RepairResult:
    result = unchanged(label, scene, lambda: record.apply(scene, options))
    require(isinstance(result, RepairResult), f"{label}: apply gives {type(result).__name__}, expected RepairResult")
    same = result.scene is scene
    require(same or result.changes, f"{label} changed {scene.name!r} and does not say what")
    require(not same or not result.changes, f"{label} says {result.changes} and changed nothing in {scene.name!r}")
    return result


def _check_alive(label: str, before: Scene, after: Scene) -> None:
    require(len(after.skins) == len(before.skins), f"{label} lost a skin of {before.name!r}")
    require(len(after.materials) >= len(before.materials), f"{label} lost a material of {before.name!r}")
    morphs = [{t.name for m in s.meshes for t in m.morphs} for s in (before, after)]
    require(morphs[0] <= morphs[1], f"{label} lost morph targets of {before.name!r}: {morphs[0] - morphs[1]}")
    skinned = [any(m.is_skinned for m in s.meshes) for s in (before, after)]
    require(skinned[1] or not skinned[0], f"{label} lost the weights of {before.name!r}")


def check_stage(record: Stage, *, state: Outcome | None = None, host: PluginHost | None = None) -> None:
    """Check that a stage keeps the promises of ``axis_core.plugin.Stage``; AssertionError says which it breaks.

    Parameters
    ----------
    state : Outcome, optional
        What the stages before it leave; the default is the rigged ``capsule_person`` and no facts.
    host : PluginHost, optional
        Where it finds platforms, repairs and formats; the default has none.
    """
    label = f"stage {record.name!r}"
    check_name("stage", record.name)
    check_options(label, record.options)
    require(record.options is not None, f"{label} has no options class")
    given = Outcome(scene=capsule_person()) if state is None else state
    seen: list[float] = []
    context = Context(
        host=PluginHost(installed=False) if host is None else host,
        progress=lambda fraction, _: seen.append(fraction),
    )
    options = record.options()
    result = unchanged(label, given.scene, lambda: record.run(given, options, context))
    require(isinstance(result, Outcome), f"{label}: run gives {type(result).__name__}, expected Outcome")
    require(all(isinstance(c, str) for c in result.changes), f"{label}: changes are sentences, got {result.changes!r}")
    require(all(isinstance(i, Issue) for i in result.issues), f"{label}: issues must be Issue records")
    require(all(0 <= f <= 1 for f in seen), f"{label}: progress {seen} leaves 0..1")
    require(seen == sorted(seen), f"{label}: progress goes back: {seen}")
    again = record.run(given, options, context)
    same = scene_digest(again.scene) == scene_digest(result.scene) and again.artefacts == result.artefacts
    require(same, f"{label}: the same input gives another outcome the second time")


def check_platform(record: Platform) -> None:
    """Check that a platform keeps the promises of ``axis_core.plugin.Platform``; AssertionError says which it breaks.

    Its rig is fitted to a tiny person (and to a scene without a rig): the surface at rest stays, weights still sum to
    one, a second time nothing changes. Its GLB is the same every time and reads back.
    """
    label = f"platform {record.name!r}"
    check_name("platform", record.name)
    check_options(label, record.options)
    require(record.title, f"{label} has no title")
    require(record.unit_m > 0, f"{label}: the unit is {record.unit_m} m")
    require(record.max_influences >= 1, f"{label}: {record.max_influences} influences")
    unknown = set(record.budgets) - set(TIERS)
    require(not unknown, f"{label}: budgets for unknown tiers {sorted(unknown)}")
    names = bone_names(record.skeleton)
    require("hips" in names, f"{label}: the skeleton {record.skeleton!r} is no known vocabulary")
    fitted = _fitted(label, record, capsule_person())
    bare = capsule_person(rigged=False)
    require(not record.fit_rig(bare, bones={})[0].skins, f"{label} gives a skin to a scene without a rig")
    for scene in (fitted, bare):
        for tier in ("", *TIERS):
            issues = record.check(scene, tier=tier)
            good = isinstance(issues, tuple) and all(isinstance(i, Issue) for i in issues)
            require(good, f"{label}: check must give a tuple of Issue")
        _check_export(label, record, scene)


def _fitted(label: str, record: Platform, person: Scene) -> Scene:
    bones = {bone: bone for bone in person_joints()}
    fitted, changes = unchanged(f"{label}: fit_rig", person, lambda: record.fit_rig(person, bones=bones))
    require(all(isinstance(c, str) for c in changes), f"{label}: fit_rig must say in sentences what changed")
    before, after = scene_soup(person), scene_soup(fitted)
    require(len(before.positions) == len(after.positions), f"{label}: fit_rig changed the number of vertices")
    gap = float(np.abs(before.positions - after.positions).max())
    require(gap < _TOLERANCE_M, f"{label}: fit_rig moved the surface at rest by {gap:.4g} m")
    for mesh in fitted.meshes:
        sums = np.zeros(0) if mesh.weights is None else mesh.weights.sum(axis=1)
        require(len(sums), f"{label}: fit_rig lost the weights of {mesh.name!r}")
        require(np.allclose(sums, 1, atol=1e-4), f"{label}: weights of {mesh.name!r} do not sum to one after fit_rig")
    names = [fitted.nodes[j].name for j in fitted.skins[0].joints]
    require(len(set(names)) == len(names), f"{label}: two joints are called the same after fit_rig")
    hips = bone_names(record.skeleton)["hips"]
    require(hips in names, f"{label}: after fit_rig no joint is called {hips!r}")
    again, _ = record.fit_rig(fitted, bones={})
    stable = [again.nodes[j].name for j in again.skins[0].joints] == names
    require(stable, f"{label}: fitting the rig again changes its joints")
    return fitted


def _check_export(label: str, record: Platform, scene: Scene) -> None:
    extra = {} if record.options is None else {"options": record.options()}
    files = unchanged(f"{label}: export", scene, lambda: record.export(scene, name="tiny", format=GLB, **extra))
    check_files(f"{label}: export", files, suffixes=GLB.suffixes)
    require(files == record.export(scene, name="tiny", format=GLB, **extra), f"{label}: two exports differ")
    assert GLB.read is not None
    back = GLB.read(files[0].data, name=files[0].name, companions=lambda _: None)
    gone = scene.n_triangles - back.n_triangles
    require(gone <= 0, f"{label}: {gone} triangles are missing from the exported file")
