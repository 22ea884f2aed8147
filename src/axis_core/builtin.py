"""The built-in plugin: collects the rooms' records, nothing else. Third parties use the same door."""

from __future__ import annotations

from axis_core.assets import DataPack
from axis_core.audit import AUDIT_FORMATS, RULES
from axis_core.body.pack import BODY_PACK
from axis_core.formats import FORMATS
from axis_core.platforms import PLATFORMS
from axis_core.plugin.kinds import Archetype, AuditFormat, Format, Platform, Provider, Repair, Rule, Stage
from axis_core.plugin.specs import hookimpl
from axis_core.providers import PROVIDERS
from axis_core.repairs import REPAIRS
from axis_core.rig import ARCHETYPES
from axis_core.stages import STAGES
from axis_core.vision.pack import VISION_PACK


__all__ = [
    "PACKS",
    "axis_archetypes",
    "axis_audit_formats",
    "axis_audit_rules",
    "axis_formats",
    "axis_platforms",
    "axis_providers",
    "axis_repairs",
    "axis_stages",
]

PACKS: tuple[DataPack, ...] = (BODY_PACK, VISION_PACK)
"""The data packs that rooms hand in, for ``axis assets``."""


@hookimpl
def axis_formats() -> list[Format]:
    """glb gltf vrm obj stl ply."""
    return list(FORMATS)


@hookimpl
def axis_platforms() -> list[Platform]:
    """Unity unreal godot roblox axis_engine."""
    return list(PLATFORMS)


@hookimpl
def axis_providers() -> list[Provider]:
    """Parametric photo_fit."""
    return list(PROVIDERS)


@hookimpl
def axis_repairs() -> list[Repair]:
    """What mends meshes and skins."""
    return list(REPAIRS)


@hookimpl
def axis_audit_rules() -> list[Rule]:
    """Mesh, rig, skin, morph, material, texture, glTF."""
    return list(RULES)


@hookimpl
def axis_audit_formats() -> list[AuditFormat]:
    """Ways to print a report."""
    return list(AUDIT_FORMATS)


@hookimpl
def axis_stages() -> list[Stage]:
    """The pipeline."""
    return list(STAGES)


@hookimpl
def axis_archetypes() -> list[Archetype]:
    """Kinds of bodies."""
    return list(ARCHETYPES)
