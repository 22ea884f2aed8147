"""Retarget: clips of one rig on another."""

from __future__ import annotations

from collections.abc import Sequence

import attrs
import numpy as np

from axis_core.errors import InputError, NotFound
from axis_core.model.animation import Animation
from axis_core.model.scene import Scene
from axis_core.model.skin import Skin
from axis_core.rig.motion.actor import find_actor
from axis_core.rig.motion.bake import with_clips
from axis_core.rig.motion.capture import Root, capture


__all__ = ["retarget_clips"]


def retarget_clips(source: Scene, target: Scene, names: Sequence[str] = (), *, root: Root = "keep") -> Scene:
    """Return ``target`` with clips of ``source`` on its own rig, after those it has; one of the same name is replaced.

    Both are humanoids; how they stand at rest, how large they are, what their bones are called and which way their
    axes point may differ. A source without a skin (bones and clips alone) is bound where its nodes stand.

    Parameters
    ----------
    names : sequence of str
        Clips by name; none: all.
    root : str
        ``keep`` or ``in_place``; see :func:`axis_core.rig.motion.capture.capture`.

    Raises
    ------
    CannotFit
        One of the two has no humanoid rig.
    InputError
        ``invalid_request``: the source has no clips, or ``root`` is unknown.
    NotFound
        A clip that the source does not have.
    """
    clips = {a.name or f"clip_{k}": a for k, a in enumerate(source.animations)}
    if not clips:
        raise InputError("the source has no clips", hint="`axis info` lists the clips of a file.")
    missing = [n for n in names if n not in clips]
    if missing:
        raise NotFound(f"there is no clip {missing[0]!r}", hint=f"Clips: {', '.join(clips)}.")
    source = _with_bones(source)
    actor = find_actor(source)
    wanted: dict[str, Animation] = {n: clips[n] for n in names} if names else clips
    motions = {n: capture(source, attrs.evolve(c, name=n), root=root, actor=actor) for n, c in wanted.items()}
    return with_clips(target, motions)


def _with_bones(scene: Scene) -> Scene:
    """Return a scene whose moving nodes are joints, bound where they stand, if nothing in it has a skin."""
    if scene.skins:
        return scene
    moved = {c.node for clip in scene.animations for c in clip.channels if c.node is not None and c.path != "weights"}
    joints = [n for n in scene.order() if n in moved]
    world = scene.world_matrices()
    skin = Skin(joints=joints, inverse_bind=np.stack([np.linalg.pinv(world[n]) for n in joints]))
    return attrs.evolve(scene, skins=(skin,))
