"""``classify``: what kind of body it is, where its joints would be, and whether it has a rig already."""

from __future__ import annotations

from typing import Any

import attrs
import numpy as np

from axis_core.model.recognise import declared_bones, is_humanoid, recognise_humanoid
from axis_core.model.scene import Scene
from axis_core.model.soup import scene_soup
from axis_core.model.upright import main_skin
from axis_core.plugin import Context, Outcome, Stage, issue, option
from axis_core.rig import place


__all__ = ["STAGE", "Options", "place_figure", "rig_of"]

LOW_CONFIDENCE = 0.15
"""Below this margin between the best and the second archetype a person should look."""


@attrs.frozen(kw_only=True)
class Options:
    """How to look at the body."""

    archetype: str = option("", "force this kind of body; empty: find out")


def rig_of(scene: Scene) -> dict[str, Any] | None:
    """Return what is known of the rig that a scene has: joints, recognised humanoid bones; None without one."""
    skin = main_skin(scene)
    if skin is None:
        return None
    skeleton = scene.skeleton(skin)
    bones = recognise_humanoid(skeleton, declared_bones(scene, skeleton))
    humanoid = is_humanoid(bones)
    return {
        "skin": skin,
        "archetype": "humanoid" if humanoid else "custom",
        "confidence": len(bones) / 55 if humanoid else 0.0,
        "joint_count": skeleton.n_joints,
        "humanoid": {bone: skeleton.names[i] for bone, i in bones.items()} if humanoid else {},
    }


def place_figure(scene: Scene, **choices: Any) -> tuple[dict[str, Any], tuple[Any, ...]]:
    """Return where the joints of an unrigged scene would be, as plain values, and what looked wrong."""
    soup = scene_soup(scene)
    placement = place(soup.positions, soup.faces, **choices)
    skeleton = placement.skeleton
    figure = {
        "archetype": placement.archetype,
        "confidence": float(placement.confidence),
        "runner_up": placement.runner_up,
        "frame": np.asarray(placement.frame, float).ravel().tolist(),
        "names": list(skeleton.names),
        "parents": skeleton.parents.tolist(),
        "positions": skeleton.positions.tolist(),
    }
    found = tuple(
        issue(f.code, f.message, pointer=f"/joints/{f.joint}" if f.joint else "", value=f.value)
        for f in placement.findings
    )
    return figure, found


def run(state: Outcome, options: Options, context: Context) -> Outcome:
    """Find the rig or the kind of body."""
    rig = rig_of(state.scene)
    if rig is not None:
        facts = {"rig": rig, "figure": None}
        metrics = {"rigged": True, "archetype": rig["archetype"], "joints": rig["joint_count"]}
        return Outcome(scene=state.scene, facts=facts, metrics=metrics, changes=())
    context.step(0.2, "looking for the body")
    figure, found = place_figure(state.scene, archetype=options.archetype or None, archetypes=context.host.archetypes)
    metrics = {"rigged": False, "archetype": figure["archetype"], "confidence": figure["confidence"]}
    return Outcome(scene=state.scene, facts={"rig": None, "figure": figure}, metrics=metrics, issues=found)


STAGE = Stage(
    name="classify",
    summary="Finds the kind of body, its axes and where its joints would be, or the rig it has.",
    run=run,
    options=Options,
    order=20,
)
