"""Twelve characters for every platform, and beside each file what a consumer must find in it.

    python benchmarks/consumers/export_all.py CHARACTERS OUT

CHARACTERS is a folder of rigged GLB files; eight of them and four generated people are taken. Each gets two clips, so
that what a consumer plays can be compared with what we play. Plugins are loaded where they are installed.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import attrs
import numpy as np
from numpy.typing import NDArray

import axis_core
from axis_core.body.clips import animate
from axis_core.model.animation import Channel
from axis_core.model.scene import Scene
from axis_core.model.transform import transform_points


GIVEN = (
    "quaternius/modular_men_Suit.glb",
    "quaternius/modular_men_Casual.glb",
    "quaternius/modular_women_Suit.glb",
    "quaternius/modular_women_SciFi.glb",
    "kaykit/Barbarian.glb",
    "kaykit/Knight.glb",
    "kaykit/Mage.glb",
    "kaykit/Rogue.glb",
)
MADE = {
    "ann": "a tall woman in her fifties, green jacket",
    "ben": "a short heavy man in his thirties",
    "kim": "a slim teenage girl with long hair",
    "lou": "an old man with a beard, blue shirt",
}
CLIPS = ("walk", "wave")
QUIET = {"preview": {"views": ("front",), "width": 64, "height": 64}}


def sources(folder: Path) -> Iterator[tuple[str, Scene]]:
    """Yield the twelve characters by name, each with its clips."""
    for path in GIVEN:
        yield Path(path).stem, animate(axis_core.read(folder / path), CLIPS)
    for name, prompt in MADE.items():
        result = axis_core.generate(prompt, seed=7, animations=CLIPS, options=QUIET)
        file = next(a for a in result.artefacts if a.role == "avatar")
        yield name, axis_core.read(file.data, name=f"{name}.glb")


def value_at_key(channel: Channel, time: float) -> NDArray[np.float64]:
    """Return a channel's value at the key nearest to ``time``; outside its keys, at the first or the last."""
    k = int(np.abs(channel.times.astype(np.float64) - time).argmin())
    return np.asarray(channel.values[3 * k + 1 if channel.interpolation == "CUBICSPLINE" else k], np.float64)


def posed_positions(scene: Scene, clip: int, time: float) -> NDArray[np.float64]:
    """Return the (V, 3) world positions of all instances at a key of a clip; morphs and skins applied as glTF says."""
    moved: dict[int, dict[str, Any]] = {}
    for c in scene.animations[clip].channels:
        if c.node is not None:
            field = "morph_weights" if c.path == "weights" else c.path
            moved.setdefault(c.node, {})[field] = value_at_key(c, time)
    nodes = [attrs.evolve(n, **moved.get(i, {})) for i, n in enumerate(scene.nodes)]
    posed = attrs.evolve(scene, nodes=nodes)
    world = posed.world_matrices()
    out = []
    for n, m in posed.instances():
        mesh, node = posed.meshes[m], posed.nodes[n]
        points = mesh.positions.astype(np.float64)
        weights = mesh.morph_weights if node.morph_weights is None else node.morph_weights
        for weight, morph in zip(weights, mesh.morphs, strict=False):
            points = points + weight * morph.positions
        if node.skin is None or mesh.joints is None or mesh.weights is None:
            out.append(transform_points(world[n], points))
            continue
        matrices = posed.skin_matrices(node.skin)[mesh.joints.astype(int)]
        at = np.concatenate([points, np.ones((len(points), 1))], axis=1)
        out.append(np.einsum("vk,vkab,vb->va", mesh.weights.astype(np.float64), matrices, at)[:, :3])
    return np.concatenate(out)


def moment(scene: Scene) -> float:
    """Return a time at which the first clip is well under way and has keys."""
    times = max((c.times for c in scene.animations[0].channels), key=len)
    return float(times[len(times) // 3])


def expectation(data: bytes, name: str) -> tuple[dict[str, Any], dict[str, NDArray[Any]]]:
    """Return what a consumer must find in a file: names and numbers, and the arrays."""
    scene = axis_core.read(data, name=name)
    at_rest = np.concatenate([scene.world_positions(m, n) for n, m in scene.instances()])
    joints = sorted({scene.nodes[j].name for s in scene.skins for j in s.joints})
    arrays = {"rest": at_rest}
    told: dict[str, Any] = {
        "joints": joints,
        "joint_positions": _joint_positions(scene),
        "triangles": scene.n_triangles,
        "morphs": sorted({m.name for mesh in scene.meshes for m in mesh.morphs}),
        "clips": sorted(a.name for a in scene.animations),
        "materials": len(scene.materials),
        "images": len(scene.textures),
        "weights": _weights_by_joint(scene),
        "low": at_rest.min(axis=0).tolist(),
        "high": at_rest.max(axis=0).tolist(),
    }
    if scene.animations:
        told["clip"], told["time"] = scene.animations[0].name, moment(scene)
        arrays["posed"] = posed_positions(scene, 0, told["time"])
    return told, arrays


def _joint_positions(scene: Scene) -> dict[str, list[float]]:
    world = scene.world_matrices()
    return {scene.nodes[j].name: world[j][:3, 3].tolist() for s in scene.skins for j in s.joints}


def _weights_by_joint(scene: Scene) -> dict[str, float]:
    """Return the sum of the weights of each joint over all corners of triangles: unchanged by welding and splitting."""
    out: dict[str, float] = {}
    for n, m in scene.instances():
        mesh, skin = scene.meshes[m], scene.nodes[n].skin
        if skin is None or mesh.joints is None or mesh.weights is None:
            continue
        uses = np.bincount(mesh.faces.reshape(-1), minlength=mesh.n_vertices).astype(np.float64)
        sums = np.zeros(len(scene.skins[skin].joints))
        np.add.at(sums, mesh.joints.astype(int), mesh.weights * uses[:, None])
        for k, j in enumerate(scene.skins[skin].joints):
            out[scene.nodes[j].name] = out.get(scene.nodes[j].name, 0.0) + float(sums[k])
    return out


def main(characters: Path, out: Path) -> None:
    """Write ``OUT/PLATFORM/NAME.glb`` with levels, contract and expectations."""
    host = axis_core.default_host()
    for name, scene in sources(characters):
        for platform in host.platforms:
            folder = out / platform.name
            if (folder / f"{name}.contract.json").exists():
                continue
            options = {**QUIET, "export": {"name": name}}
            result = axis_core.process(scene, platform=platform.name, name=name, options=options, host=host)
            folder.mkdir(parents=True, exist_ok=True)
            for artefact in (a for a in result.artefacts if a.role in ("avatar", "lod")):
                (folder / artefact.name).write_bytes(artefact.data)
                told, arrays = expectation(artefact.data, artefact.name)
                stem = Path(artefact.name).stem
                (folder / f"{stem}.json").write_text(json.dumps(told))
                np.savez(folder / f"{stem}.npz", **arrays)
            contract = next(a.data for a in result.artefacts if a.name == "contract.json")
            (folder / f"{name}.contract.json").write_bytes(contract)
            sys.stdout.write(f"{platform.name} {name}: {'ok' if result.ok else result.problems}\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
