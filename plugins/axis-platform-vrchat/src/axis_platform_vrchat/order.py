"""What VRChat reads by place: the first child of a limb's bone, and the list of visemes."""

from __future__ import annotations

from collections.abc import Mapping

import attrs
import numpy as np

from axis_core.plugin import Channel, Mesh, Node, Scene, Skin


__all__ = ["VISEMES", "limbs_first", "with_viseme_names"]

VISEMES: Mapping[str, str] = {
    f"viseme_{name}": f"vrc.v_{short}"
    for name, short in (
        ("sil", "sil"),
        ("PP", "pp"),
        ("FF", "ff"),
        ("TH", "th"),
        ("DD", "dd"),
        ("kk", "kk"),
        ("CH", "ch"),
        ("SS", "ss"),
        ("nn", "nn"),
        ("RR", "rr"),
        ("aa", "aa"),
        ("E", "e"),
        ("I", "ih"),
        ("O", "oh"),
        ("U", "ou"),
    )
}
_NEXT = {"UpperArm": "LowerArm", "LowerArm": "Hand", "UpperLeg": "LowerLeg", "LowerLeg": "Foot"}
FIRST = {f"{side}{a}": f"{side}{b}" for side in ("Left", "Right") for a, b in _NEXT.items()}


def limbs_first(scene: Scene) -> Scene:
    """Return ``scene`` with the next bone of a limb before all else that hangs on the one above it.

    Nodes are numbered anew; scene extensions that name nodes by number are left out where that changes anything.
    """
    order: list[int] = []
    stack = list(reversed(scene.roots))
    while stack:
        n = stack.pop()
        order.append(n)
        first = FIRST.get(scene.nodes[n].name)
        below = sorted(scene.children(n), key=lambda c: scene.nodes[c].name != first)
        stack.extend(reversed(below))
    if all(_is_first(scene, n) for n in range(len(scene.nodes))):
        return scene
    place = {old: new for new, old in enumerate(order)}
    nodes = [_moved(scene.nodes[n], place) for n in order]
    skins = [_skin(s, place) for s in scene.skins]
    clips = [attrs.evolve(a, channels=[_channel(c, place) for c in a.channels]) for a in scene.animations]
    return attrs.evolve(scene, nodes=nodes, skins=skins, animations=clips, extensions={})


def _is_first(scene: Scene, n: int) -> bool:
    first, below = FIRST.get(scene.nodes[n].name), scene.children(n)
    return first not in {scene.nodes[c].name for c in below} or scene.nodes[below[0]].name == first


def _moved(node: Node, place: Mapping[int, int]) -> Node:
    return attrs.evolve(node, parent=None if node.parent is None else place[node.parent])


def _skin(skin: Skin, place: Mapping[int, int]) -> Skin:
    root = None if skin.root is None else place[skin.root]
    return attrs.evolve(skin, joints=[place[j] for j in skin.joints], root=root)


def _channel(channel: Channel, place: Mapping[int, int]) -> Channel:
    return channel if channel.node is None else attrs.evolve(channel, node=place[channel.node])


def with_viseme_names(scene: Scene) -> Scene:
    """Return ``scene`` with its visemes under VRChat's names and in its order, before all other shapes."""
    orders = [_order(mesh) for mesh in scene.meshes]
    if all(order == list(range(len(order))) and not _has_visemes(m) for m, order in zip(scene.meshes, orders)):
        return scene
    meshes = [_renamed(mesh, order) for mesh, order in zip(scene.meshes, orders, strict=True)]
    nodes = [
        attrs.evolve(n, morph_weights=tuple(n.morph_weights[k] for k in orders[n.meshes[0]]))
        if n.meshes and n.morph_weights
        else n
        for n in scene.nodes
    ]
    clips = []
    for clip in scene.animations:
        channels = [
            attrs.evolve(c, values=np.ascontiguousarray(c.values[:, orders[scene.nodes[c.node].meshes[0]]]))
            if c.path == "weights" and c.node is not None and scene.nodes[c.node].meshes
            else c
            for c in clip.channels
        ]
        clips.append(attrs.evolve(clip, channels=channels))
    return attrs.evolve(scene, meshes=meshes, nodes=nodes, animations=clips)


def _has_visemes(mesh: Mesh) -> bool:
    return any(m.name in VISEMES for m in mesh.morphs)


def _order(mesh: Mesh) -> list[int]:
    rank = {name: k for k, name in enumerate(VISEMES)}
    return sorted(range(len(mesh.morphs)), key=lambda k: rank.get(mesh.morphs[k].name, len(rank)))


def _renamed(mesh: Mesh, order: list[int]) -> Mesh:
    morphs = [attrs.evolve(mesh.morphs[k], name=VISEMES.get(mesh.morphs[k].name, mesh.morphs[k].name)) for k in order]
    weights = tuple(mesh.morph_weights[k] for k in order) if mesh.morph_weights else ()
    return attrs.evolve(mesh, morphs=morphs, morph_weights=weights)
