"""What a worker process does for an avatar's options: fewer pixels, fewer morph targets, a pose, compression."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import attrs

from axis_core.formats.codecs.compress import write_compressed
from axis_core.model.artefact import Artefact
from axis_core.model.humanoid import ARKIT_52, OCULUS_15
from axis_core.model.scene import Scene
from axis_core.plugin import PluginHost
from axis_core.stages.atlas import atlas_scene
from axis_core.stages.pose import posed_rest
from axis_core.stages.textures import resized


__all__ = ["varied"]

MORPH_SETS = {
    "arkit": frozenset(ARKIT_52),
    "oculus visemes": frozenset(f"viseme_{v}" for v in OCULUS_15),
    "none": frozenset[str](),
}


def varied(scene: Scene, given: Mapping[str, Any], host: PluginHost) -> tuple[Artefact, ...]:
    """Return a scene as a GLB with the options of the avatar's address.

    Raises
    ------
    CannotFit, BackendUnavailable
        Where the rig takes no pose, or a codec is not installed.
    """
    if given.get("pose"):
        scene = posed_rest(scene, str(given["pose"]))
    if given.get("morphTargets"):
        scene = _with_morphs(scene, given["morphTargets"])
    if given.get("textureSizeLimit"):
        side = int(given["textureSizeLimit"])
        scene = attrs.evolve(scene, textures=tuple(resized(t, side) for t in scene.textures))
    if given.get("textureAtlas"):
        scene = atlas_scene(scene, int(given["textureAtlas"]))[0]
    files, _ = write_compressed(
        scene, name="avatar", format=host.format("glb"), compress=str(given.get("compress") or "")
    )
    return files


def _with_morphs(scene: Scene, wanted: list[str]) -> Scene:
    """Leave out morph targets that are not wanted; meshes of one node keep one order, driven ones stay whole."""
    names = set().union(*(MORPH_SETS.get(w.lower(), frozenset({w})) for w in wanted))
    driven = {c.node for clip in scene.animations for c in clip.channels if c.path == "weights"}
    meshes, nodes = list(scene.meshes), list(scene.nodes)
    for n, node in enumerate(scene.nodes):
        if not node.meshes or n in driven:
            continue
        kept = [k for k, m in enumerate(scene.meshes[node.meshes[0]].morphs) if m.name in names]
        for i in node.meshes:
            mesh = scene.meshes[i]
            weights = tuple(mesh.morph_weights[k] for k in kept) if len(mesh.morph_weights) else ()
            meshes[i] = attrs.evolve(mesh, morphs=tuple(mesh.morphs[k] for k in kept), morph_weights=weights)
        if node.morph_weights:
            nodes[n] = attrs.evolve(node, morph_weights=tuple(node.morph_weights[k] for k in kept))
    return attrs.evolve(scene, meshes=tuple(meshes), nodes=tuple(nodes))
