"""``rig``: a skeleton for the body, or the one it has.

Placement: ``axis_core.rig.place``. An input with a rig keeps it (``process``) or is refused (``axis rig``) unless
forced.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import attrs
import numpy as np

from axis_core.errors import Conflict
from axis_core.model.scene import Node, Scene
from axis_core.model.skeleton import Skeleton
from axis_core.model.skin import Skin
from axis_core.model.transform import matrix_from_quaternion
from axis_core.plugin import Context, Outcome, Stage, between, issue, option
from axis_core.rig.riders import MOST_TWISTS, is_twist
from axis_core.stages.classify import LOW_CONFIDENCE, place_figure


__all__ = ["STAGE", "Options", "attach_skeleton", "strip_rig"]


@attrs.frozen(kw_only=True)
class Options:
    """How to rig."""

    archetype: str = option("", "force this kind of body; empty: find out")
    markers: Mapping[str, tuple[float, float, float]] = option(
        dict, "where joints are, by VRM bone name", unit="metres, canonical space", factory=True
    )
    symmetric: bool | None = option(None, "mirror the joints; none: if the body is its own mirror image")
    fingers: bool = option(True, "look for fingers")
    twist_joints: int = option(
        0, "twist joints in each long bone of a humanoid's limbs", validator=between(0, MOST_TWISTS)
    )
    force: bool = option(False, "replace a rig that is there")
    refuse: bool = option(False, "refuse an input that has a rig, unless forced")


def strip_rig(scene: Scene) -> Scene:
    """Return ``scene`` at rest without skins, joints and clips; meshes stand at the root."""
    nodes = [
        Node(name=scene.nodes[n].name, meshes=scene.nodes[n].meshes, morph_weights=scene.nodes[n].morph_weights)
        for n in scene.order()
        if scene.nodes[n].meshes and scene.nodes[n].skin is not None
    ]
    world = scene.world_matrices()
    meshes = [attrs.evolve(m, joints=None, weights=None) for m in scene.meshes]
    from axis_core.model.rebase import moved_mesh

    for n in scene.order():
        if scene.nodes[n].meshes and scene.nodes[n].skin is None:
            for m in scene.nodes[n].meshes:
                meshes[m] = moved_mesh(meshes[m], world[n])
            nodes.append(Node(name=scene.nodes[n].name, meshes=scene.nodes[n].meshes))
    return attrs.evolve(scene, nodes=nodes, meshes=meshes, skins=(), animations=())


def attach_skeleton(scene: Scene, skeleton: Skeleton) -> Scene:
    """Return ``scene`` with the joints of ``skeleton`` as nodes and a skin on every mesh node at the root.

    The meshes get their weights from the ``skin`` stage.
    """
    start = len(scene.nodes)
    rotations = matrix_from_quaternion(skeleton.rotations)
    joints = []
    inverse = np.tile(np.eye(4), (skeleton.n_joints, 1, 1))
    for j in range(skeleton.n_joints):
        parent = int(skeleton.parents[j])
        offset, turn = skeleton.positions[j], skeleton.rotations[j]
        if parent >= 0:
            offset = rotations[parent].T @ (skeleton.positions[j] - skeleton.positions[parent])
            turn = _relative(skeleton.rotations[parent], skeleton.rotations[j])
        joints.append(
            Node(
                name=skeleton.names[j],
                parent=start + parent if parent >= 0 else None,
                translation=offset,
                rotation=turn,
            )
        )
        inverse[j, :3, :3] = rotations[j].T
        inverse[j, :3, 3] = -rotations[j].T @ skeleton.positions[j]
    skin = Skin(name="skin", joints=range(start, start + skeleton.n_joints), inverse_bind=inverse)
    nodes = [attrs.evolve(n, skin=0) if n.meshes else n for n in scene.nodes]
    return attrs.evolve(scene, nodes=(*nodes, *joints), skins=(skin,))


def _relative(parent: Any, child: Any) -> Any:
    from axis_core.model.transform import quaternion_product

    return quaternion_product(np.asarray(parent) * np.array([-1.0, -1.0, -1.0, 1.0]), child)


def run(state: Outcome, options: Options, context: Context) -> Outcome:
    """Place the skeleton, or keep the rig that is there.

    Raises
    ------
    Conflict
        ``already_rigged``: there is a rig, ``refuse`` is set and ``force`` is not.
    """
    known = state.facts.get("rig")
    if known is not None and not options.force:
        if options.refuse:
            raise Conflict(
                f"the input has a rig of {known['joint_count']} joints",
                code="already_rigged",
                hint="Use --force to replace it, or `axis process`, which keeps it.",
            )
        return Outcome(scene=state.scene, changes=(f"kept the rig of {known['joint_count']} joints",))
    scene = strip_rig(state.scene) if known is not None else state.scene
    figure, found = _figure(scene, state, options, context)
    skeleton = Skeleton(names=figure["names"], parents=figure["parents"], positions=figure["positions"])
    facts = {
        "archetype": figure["archetype"],
        "confidence": figure["confidence"],
        "joint_count": skeleton.n_joints,
        "humanoid": {n: n for n in skeleton.names if not is_twist(n)}
        if figure["archetype"] in ("humanoid", "chibi")
        else {},
        "placed": True,
    }
    issues = list(found)
    if figure["confidence"] < LOW_CONFIDENCE and not options.archetype:
        message = f"{figure['archetype']} before {figure['runner_up']} by {figure['confidence']:.2f}"
        issues.append(issue("RIG_LOW_CONFIDENCE", message, value=figure["confidence"], limit=LOW_CONFIDENCE))
    return Outcome(
        scene=attach_skeleton(scene, skeleton),
        facts={"rig": facts},
        issues=tuple(issues),
        changes=(f"placed {skeleton.n_joints} joints of a {figure['archetype']}",),
        metrics={
            "archetype": figure["archetype"],
            "confidence": figure["confidence"],
            "runner_up": figure["runner_up"],
            "joints": skeleton.n_joints,
        },
    )


def _figure(
    scene: Scene, state: Outcome, options: Options, context: Context
) -> tuple[Mapping[str, Any], tuple[Any, ...]]:
    known = state.facts.get("figure")
    plain = not options.markers and options.symmetric is None and options.fingers and not options.twist_joints
    if known and plain and options.archetype in ("", known["archetype"]):
        return known, ()
    context.step(0.2, "placing joints")
    return place_figure(
        scene,
        archetype=options.archetype or None,
        markers={k: tuple(v) for k, v in options.markers.items()} or None,
        symmetric=options.symmetric,
        fingers=options.fingers,
        twist_joints=options.twist_joints,
        archetypes=context.host.archetypes,
    )


STAGE = Stage(
    name="rig",
    summary="Places a skeleton, or keeps the one that is there.",
    run=run,
    options=Options,
    needs=("scene", "figure"),
    gives=("scene", "rig"),
    order=80,
)
