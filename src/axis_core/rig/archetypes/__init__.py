"""Kinds of bodies, one file each: how to tell one, and where its joints are."""

from __future__ import annotations

from axis_core.plugin.kinds import Archetype
from axis_core.rig.archetypes import chibi, humanoid, prop


__all__ = ["ARCHETYPES"]

ARCHETYPES: tuple[Archetype, ...] = (humanoid.ARCHETYPE, chibi.ARCHETYPE, prop.ARCHETYPE)
"""The built-in archetypes, most common first."""
