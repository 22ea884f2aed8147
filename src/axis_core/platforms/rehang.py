"""Hang the bones of a humanoid as engines want them, legs below the hips, and keep its clips what they show.

Rigs that move the hips alone, legs hanging off the root, are no humanoids to VRM, Unity or Godot.
"""

from __future__ import annotations

from collections.abc import Mapping

import attrs
import numpy as np
from numpy.typing import NDArray

from axis_core.model.animation import Animation, Channel
from axis_core.model.humanoid import HUMANOID_BONES
from axis_core.model.scene import Scene
from axis_core.platforms.rig_table import Joint, RigTable
from axis_core.rig.motion.sample import world_over_time
from axis_core.rig.motion.turns import quaternions


__all__ = ["apply_rehung", "nearest_ancestor", "rehang"]


def nearest_ancestor(bone: str, bones: Mapping[str, Joint]) -> Joint | None:
    """Return the joint of the nearest bone above ``bone`` that is there."""
    up = HUMANOID_BONES[bone].parent
    while up is not None and up not in bones:
        up = HUMANOID_BONES[up].parent
    return bones[up] if up is not None else None


def rehang(bones: Mapping[str, Joint]) -> dict[str, Joint]:
    """Give bones that do not hang below the one they belong to that parent; return them by bone."""
    moved = {}
    for bone in HUMANOID_BONES:
        joint, parent = bones.get(bone), nearest_ancestor(bone, bones)
        if joint is None or parent is None or joint.is_below(parent) or parent.is_below(joint):
            continue
        joint.parent = parent
        moved[bone] = joint
    return moved


def apply_rehung(scene: Scene, table: RigTable, moved: Mapping[str, Joint]) -> Scene:
    """Return ``table``'s scene; clips move what was hung anew as they did in ``scene``."""
    out = table.apply()
    place = {id(j): i for i, j in enumerate(table.ordered())}
    pairs = [(j, j.parent, place[id(j)]) for j in moved.values()]
    clips = []
    for clip in out.animations:
        before = next(a for a in scene.animations if a.name == clip.name and a.extras == clip.extras)
        clips.append(_rebaked(scene, before, clip, pairs))
    return attrs.evolve(out, animations=clips)


def _rebaked(
    scene: Scene, before: Animation, clip: Animation, pairs: list[tuple[Joint, Joint | None, int]]
) -> Animation:
    keys = [c.times for c in before.channels if c.node is not None and c.path in ("translation", "rotation")]
    if not keys:
        return clip
    times = np.unique(np.concatenate(keys)).astype(np.float64)
    world = world_over_time(scene, before, times)
    fresh: list[Channel] = []
    for joint, parent, index in pairs:
        if joint.node is None or parent is None or parent.node is None:
            continue
        below, above = _rigid(world[joint.node]), _rigid(world[parent.node])
        inverse = above[:, :3, :3].swapaxes(1, 2)
        places = np.einsum("tij,tj->ti", inverse, below[:, :3, 3] - above[:, :3, 3])
        turns = quaternions(inverse @ below[:, :3, :3])
        fresh += [
            Channel(node=index, path="translation", times=times, values=places),
            Channel(node=index, path="rotation", times=times, values=turns),
        ]
    renewed = {(c.node, c.path) for c in fresh}
    kept = [c for c in clip.channels if (c.node, c.path) not in renewed]
    return attrs.evolve(clip, channels=(*kept, *fresh))


def _rigid(world: NDArray[np.float64]) -> NDArray[np.float64]:
    u, _, vt = np.linalg.svd(world[:, :3, :3])
    out = world.copy()
    out[:, :3, :3] = u @ vt
    return out
