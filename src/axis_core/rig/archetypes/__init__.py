"""Kinds of bodies, one file each: how to tell one, and where its joints are."""

from __future__ import annotations

from axis_core.plugin.kinds import Archetype
from axis_core.rig.archetypes import bird, chibi, fish, humanoid, insect, prop, quadruped, serpent, theropod, walker


__all__ = ["ARCHETYPES"]

ARCHETYPES: tuple[Archetype, ...] = (
    humanoid.ARCHETYPE,
    chibi.ARCHETYPE,
    quadruped.ARCHETYPE,
    bird.ARCHETYPE,
    theropod.ARCHETYPE,
    fish.ARCHETYPE,
    insect.ARCHETYPE,
    serpent.ARCHETYPE,
    walker.ARCHETYPE,
    prop.ARCHETYPE,
)
"""The built-in archetypes, most common first."""
