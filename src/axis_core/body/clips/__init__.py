"""The named clips: written in code, performed by any humanoid rig.

::

    >>> from axis_core.body.clips import list_clips
    >>> list_clips()[0].name
    'angry'
"""

from axis_core.body.clips.listing import CLIP_NAMES, Clip, animate, clip_motion, list_clips


__all__ = ["CLIP_NAMES", "Clip", "animate", "clip_motion", "list_clips"]
