"""``morphs``: which face shapes stay, under which names.

Empty targets go; names that are ARKit's in another spelling (``EyeBlink_L``, ``eye_blink_left``, ``Fcl_...`` are left)
become ARKit's, so that Live Link Face, Face Capture and MediaPipe drive them.
"""

from __future__ import annotations

import re

import attrs
import numpy as np

from axis_core.model.humanoid import ARKIT_52, OCULUS_15
from axis_core.model.mesh import Mesh
from axis_core.model.scene import Scene
from axis_core.plugin import Context, Outcome, Stage, one_of, option


__all__ = ["STAGE", "Options", "arkit_name", "morph_facts"]


SILENCE = "viseme_sil"
"""The Oculus viseme that moves nothing: lip-sync libraries look for all fifteen by name, so it stays."""


@attrs.frozen(kw_only=True)
class Options:
    """Which to keep."""

    keep: str = option("all", "which morph targets stay", validator=one_of("all", "arkit", "none"))
    rename: bool = option(True, "give ARKit shapes their standard names")


def _key(name: str) -> str:
    word = re.sub(r"^(?:blendshape\d*[._]|.*\.)", "", name)
    word = re.sub(r"[ _\-]?(?:_L|\.L|Left)$", "left", re.sub(r"[ _\-]?(?:_R|\.R|Right)$", "right", word))
    return re.sub(r"[ _.\-]", "", word).lower()


_ARKIT = {_key(name): name for name in ARKIT_52}


def arkit_name(name: str) -> str | None:
    """Return the ARKit name that ``name`` is a spelling of, or None."""
    return _ARKIT.get(_key(name))


def morph_facts(scene: Scene) -> dict[str, object]:
    """Return the number of distinct morph targets and the known sets that are complete."""
    names = {m.name for mesh in scene.meshes for m in mesh.morphs}
    sets = []
    if names.issuperset(ARKIT_52):
        sets.append("arkit52")
    if names.issuperset(f"viseme_{v}" for v in OCULUS_15):
        sets.append("oculus15")
    return {"count": len(names), "sets": sets}


def _filtered(mesh: Mesh, kept: list[int], names: list[str]) -> Mesh:
    morphs = [attrs.evolve(mesh.morphs[k], name=names[k]) for k in kept]
    weights = [mesh.morph_weights[k] for k in kept] if mesh.morph_weights else ()
    return attrs.evolve(mesh, morphs=morphs, morph_weights=weights)


def run(state: Outcome, options: Options, context: Context) -> Outcome:  # noqa: ARG001 - the signature of a stage
    """Filter and rename the morph targets of every node's meshes together, so that their order stays one."""
    scene = state.scene
    driven = {c.node for clip in scene.animations for c in clip.channels if c.path == "weights"}
    meshes, nodes, n_gone, n_renamed = list(scene.meshes), list(scene.nodes), 0, 0
    for n, node in enumerate(scene.nodes):
        if not node.meshes or not scene.meshes[node.meshes[0]].morphs or n in driven:
            continue  # clips that drive weights address targets by number
        group = [scene.meshes[m] for m in node.meshes]
        old = [m.name for m in group[0].morphs]
        names = [(arkit_name(name) or name) if options.rename else name for name in old]
        names = [old[k] if names.count(name) > 1 else name for k, name in enumerate(names)]
        moves = [
            name == SILENCE or any(k < len(g.morphs) and np.any(g.morphs[k].positions) for g in group)
            for k, name in enumerate(old)
        ]
        kept = [
            k
            for k in range(len(old))
            if moves[k] and (options.keep == "all" or (options.keep == "arkit" and names[k] in ARKIT_52))
        ]
        n_gone += len(old) - len(kept)
        n_renamed += sum(names[k] != old[k] for k in kept)
        for m in node.meshes:
            meshes[m] = _filtered(scene.meshes[m], kept, names)
        if node.morph_weights:
            nodes[n] = attrs.evolve(node, morph_weights=tuple(node.morph_weights[k] for k in kept))
    changes = [f"left out {n_gone} morph targets"] if n_gone else []
    if n_renamed:
        changes.append(f"renamed {n_renamed} morph targets to ARKit's")
    out = attrs.evolve(scene, meshes=meshes, nodes=nodes) if changes else scene
    facts = morph_facts(out)
    return Outcome(scene=out, changes=tuple(changes), facts={"morphs": facts}, metrics=dict(facts))


STAGE = Stage(
    name="morphs",
    summary="Keeps the face shapes that are wanted, under their standard names.",
    run=run,
    options=Options,
    order=100,
)
