"""Kinds of bodies, one file each: how to tell one, and where its joints are."""

from __future__ import annotations

from axis_core.plugin.kinds import Archetype
from axis_core.rig.archetypes import chibi, humanoid, prop, quadruped, theropod


__all__ = ["ARCHETYPES"]

ARCHETYPES: tuple[Archetype, ...] = (
    humanoid.ARCHETYPE,
    chibi.ARCHETYPE,
    quadruped.ARCHETYPE,
    theropod.ARCHETYPE,
    prop.ARCHETYPE,
)
"""The built-in archetypes, most common first."""
