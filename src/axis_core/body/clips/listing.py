"""Find a clip by name, list them all, put them on a scene."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache

import attrs

from axis_core.body.clips import feelings, gestures, locomotion, standing
from axis_core.body.clips.take import Take
from axis_core.errors import InputError, NotFound
from axis_core.model.scene import Scene
from axis_core.rig.motion import Motion, with_clips


__all__ = ["CLIP_NAMES", "Clip", "animate", "clip_motion", "list_clips"]

_WRITERS: dict[str, tuple[str, Callable[[str], Take]]] = {
    name: (group, write)
    for group, table in (
        ("standing", standing.CLIPS),
        ("locomotion", locomotion.CLIPS),
        ("gesture", gestures.CLIPS),
        ("expression", feelings.CLIPS),
    )
    for name, write in table.items()
}


CLIP_NAMES: tuple[str, ...] = tuple(sorted(_WRITERS))
"""The names of all clips."""


@attrs.frozen(kw_only=True)
class Clip:
    """What is known of a clip before it is put on a rig.

    Attributes
    ----------
    group : str
        ``standing locomotion gesture expression``.
    summary : str
    seconds : float
    loops : bool
        Whether the last frame is the first one again.
    face : bool
        Whether it moves face shapes too, where the rig has some.
    speed : float
        Leg lengths a second that the ground runs under a clip in place; 0 where it stands or travels.
    """

    name: str
    group: str
    summary: str
    seconds: float
    loops: bool
    face: bool
    speed: float


@lru_cache(maxsize=1)
def list_clips() -> tuple[Clip, ...]:
    """Return all clips, by name."""
    out = []
    for name in CLIP_NAMES:
        group, write = _WRITERS[name]
        motion = clip_motion(name)
        out.append(
            Clip(
                name=name,
                group=group,
                summary=(write.__doc__ or "").split("\n")[0],
                seconds=round(float(motion.times[-1]), 3),
                loops=motion.loops,
                face=bool(motion.face),
                speed=round(motion.speed, 4),
            )
        )
    return tuple(out)


@lru_cache(maxsize=64)
def clip_motion(name: str) -> Motion:
    """Return a clip by name.

    Raises
    ------
    NotFound
        The hint names all clips.
    """
    if name not in _WRITERS:
        raise NotFound(f"there is no clip {name!r}", pointer="/animate", hint=f"Clips: {', '.join(CLIP_NAMES)}.")
    return _WRITERS[name][1](name).motion()


def animate(scene: Scene, names: Sequence[str]) -> Scene:
    """Return ``scene`` with clips on its humanoid rig, in this order, after those it has.

    Parameters
    ----------
    names : sequence of str
        Names of clips; ``all`` stands for every one.

    Raises
    ------
    NotFound
        If there is no such clip.
    CannotFit
        If the scene has no humanoid rig.
    InputError
        ``invalid_request``: no name is given.
    """
    wanted = list(dict.fromkeys(n for name in names for n in (CLIP_NAMES if name == "all" else (name,))))
    if not wanted:
        raise InputError("no clip is named", pointer="/animate", hint="Name clips, or all.")
    return with_clips(scene, {name: clip_motion(name) for name in wanted})
