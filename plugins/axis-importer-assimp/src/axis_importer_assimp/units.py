"""Units: to metres, and the scales that exporters leave on nodes folded into what they scale."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import attrs
import numpy as np
from numpy.typing import NDArray

from axis_core.plugin import Animation, Mesh, Node, Scene, Skin


__all__ = ["fold_scales", "scaled_scene", "unit_m"]

FBX_UNIT_M = 0.01
UNIFORM = 1e-4


def unit_m(told: Mapping[str, float], kind: str) -> float:
    """Return the length of a unit in metres: FBX counts centimetres times its own factor, others metres."""
    if kind != "fbx":
        return 1.0
    factor = told.get("UnitScaleFactor", 1.0)
    return FBX_UNIT_M * (factor if np.isfinite(factor) and 1e-6 < factor < 1e6 else 1.0)


def scaled_scene(scene: Scene, factor: float) -> Scene:
    """Return the scene in another unit: every length times ``factor``, scales of nodes as they are."""
    if factor == 1.0:
        return scene
    return attrs.evolve(
        scene,
        nodes=[attrs.evolve(n, translation=n.translation * factor) for n in scene.nodes],
        meshes=[_scaled_mesh(m, factor) for m in scene.meshes],
        skins=[attrs.evolve(s, inverse_bind=_with_lengths(s.inverse_bind, factor)) for s in scene.skins],
        animations=[_scaled_clip(a, lambda _: factor, lambda _: 1.0) for a in scene.animations],
    )


def _with_lengths(inverse: NDArray[np.float32], factor: float) -> NDArray[np.float64]:
    out = np.array(inverse, np.float64)
    out[:, :3, 3] *= factor
    return out


def _scaled_mesh(mesh: Mesh, factor: float) -> Mesh:
    if factor == 1.0:
        return mesh
    f = np.float32(factor)
    morphs = [attrs.evolve(m, positions=m.positions * f) for m in mesh.morphs]
    return attrs.evolve(mesh, positions=mesh.positions * f, morphs=morphs)


def _scaled_clip(clip: Animation, lengths: Any, scales: Any) -> Animation:
    channels = []
    for channel in clip.channels:
        factor = {"translation": lengths, "scale": scales}.get(channel.path, lambda _: 1.0)(channel.node)
        channels.append(channel if factor == 1.0 else attrs.evolve(channel, values=channel.values * np.float32(factor)))
    return attrs.evolve(clip, channels=channels)


def fold_scales(scene: Scene) -> Scene:
    """Return the scene with uniform scales of nodes (Blender's 100) moved into meshes, bind matrices and lengths.

    What is seen does not change. A node that is scaled unevenly keeps its scale, and so does what hangs below it; so do
    nodes whose meshes are shown elsewhere at another scale.
    """
    own = _own_scales(scene)
    total = np.ones(len(scene.nodes))
    for n in scene.order():
        parent = scene.nodes[n].parent
        total[n] = own[n] * (1.0 if parent is None else total[parent])
    if not _agreeing(scene, total) or np.allclose(total, 1.0, atol=UNIFORM):
        return scene
    above = np.array([1.0 if n.parent is None else total[n.parent] for n in scene.nodes])
    nodes = [
        attrs.evolve(n, translation=n.translation * above[i], scale=n.scale / own[i]) for i, n in enumerate(scene.nodes)
    ]
    meshes = list(scene.meshes)
    skins = [_folded_skin(s, total) for s in scene.skins]
    shrink = [_bind_scale(s) for s in skins]
    for n, m in scene.instances():
        skin = scene.nodes[n].skin
        meshes[m] = _scaled_mesh(scene.meshes[m], float(total[n]) if skin is None else shrink[skin])
    skins = [attrs.evolve(s, inverse_bind=_divided(s.inverse_bind, k)) for s, k in zip(skins, shrink, strict=True)]
    clips = [_scaled_clip(a, lambda i: float(above[i]), lambda i: float(1 / own[i])) for a in scene.animations]
    return attrs.evolve(scene, nodes=nodes, meshes=meshes, skins=skins, animations=clips)


def _own_scales(scene: Scene) -> NDArray[np.float64]:
    out = np.ones(len(scene.nodes))
    uneven: set[int] = set()
    for n in scene.order():
        node: Node = scene.nodes[n]
        if node.parent in uneven:
            uneven.add(n)
            continue
        low, high = float(node.scale.min()), float(node.scale.max())
        if low <= 0 or high - low > UNIFORM * high:
            uneven.add(n)
        else:
            out[n] = float(node.scale.mean())
    return out


def _agreeing(scene: Scene, total: NDArray[np.float64]) -> bool:
    """Return whether every mesh is shown at one scale, and skinned ones with one skin."""
    seen: dict[int, tuple[int | None, float]] = {}
    for n, m in scene.instances():
        skin = scene.nodes[n].skin
        place = (skin, 0.0 if skin is not None else round(float(total[n]), 9))
        if seen.setdefault(m, place) != place:
            return False
    return True


def _folded_skin(skin: Skin, total: NDArray[np.float64]) -> Skin:
    inverse = np.array(skin.inverse_bind, np.float64)
    inverse[:, :3] *= total[list(skin.joints)][:, None, None]
    return attrs.evolve(skin, inverse_bind=inverse)


def _bind_scale(skin: Skin) -> float:
    """Return the scale that all bind matrices have in common, else 1."""
    lengths = np.linalg.norm(np.asarray(skin.inverse_bind, np.float64)[:, :3, :3], axis=1)
    low, high = float(lengths.min()), float(lengths.max())
    return float(lengths.mean()) if low > 0 and high - low <= 10 * UNIFORM * high else 1.0


def _divided(inverse: NDArray[np.float32], factor: float) -> NDArray[np.float64]:
    out = np.array(inverse, np.float64)
    out[:, :3, :3] /= factor
    return out
