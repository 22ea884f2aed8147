"""Motions free of any rig, and how a rig performs them.

::

    body.clips, capture(scene, clip) -> Motion -> bake(scene, motion) -> Animation
"""

from axis_core.rig.motion.actor import Actor, find_actor
from axis_core.rig.motion.bake import bake, with_clips
from axis_core.rig.motion.capture import capture
from axis_core.rig.motion.perform import Performance, perform
from axis_core.rig.motion.record import Foot, Motion, Reach
from axis_core.rig.motion.retarget import retarget_clips


__all__ = [
    "Actor",
    "Foot",
    "Motion",
    "Performance",
    "Reach",
    "bake",
    "capture",
    "find_actor",
    "perform",
    "retarget_clips",
    "with_clips",
]
