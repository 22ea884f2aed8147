"""What each handler takes: one attrs class a handler, structured strictly, printed as JSON Schema.

``input`` names what a handler works on: a file, an id of the service, or ``$n``, the result of step ``n`` of a plan.
"""

from __future__ import annotations

import attrs

from axis_core.model.tier import TIERS
from axis_core.plugin.options import between, one_of, option


__all__ = [
    "AuditParameters",
    "ConvertParameters",
    "DecimateParameters",
    "ExportParameters",
    "GenerateParameters",
    "PreviewParameters",
    "ProcessParameters",
    "RepairParameters",
    "RigParameters",
    "SearchParameters",
]

_INPUT = "The mesh: a file, an id, or $n for the result of step n."
_PLATFORM = "Platform to fit to; empty for engine-neutral glTF."
_TIERS = one_of("", *TIERS)
_SIDES = one_of(0, 256, 512, 1024, 2048, 4096)


@attrs.frozen(kw_only=True)
class GenerateParameters:
    """An avatar from words or a preset."""

    prompt: str = option("", "Who it is, in words.")
    preset: str = option("", "Name of a preset to begin with.")
    platform: str = option("", _PLATFORM)
    polygon_tier: str = option("", "Polygon tier; empty for desktop_standard.", validator=_TIERS)
    seed: int = option(0, "Fills in what the words leave open.", validator=between(0, 2**63 - 1))


@attrs.frozen(kw_only=True)
class ProcessParameters:
    """A mesh to an engine-ready avatar: the whole pipeline."""

    input: str = option("", _INPUT)
    platform: str = option("", _PLATFORM)
    polygon_tier: str = option("", "Polygon tier; empty for desktop_standard.", validator=_TIERS)
    profile: str = option("default", "Validation profile.", validator=one_of("default", "strict", "lenient"))
    output_profile: str = option(
        "game_ready", "What comes out.", validator=one_of("game_ready", "dcc_editable", "print_ready")
    )
    target_polycount: int = option(0, "Most triangles; 0 for the tier's.", validator=between(0, 500_000))
    texture_size: int = option(0, "Largest side of textures; 0 for the tier's.", unit="px", validator=_SIDES)
    format: str = option("glb", "File format of the result.")
    skip: tuple[str, ...] = option((), "Stages to leave out.")


@attrs.frozen(kw_only=True)
class RigParameters:
    """A skeleton and weights."""

    input: str = option("", _INPUT)
    platform: str = option("", "Platform whose bone names are used; empty for VRM 1.0 names.")
    archetype: str = option("", "Kind of body; empty to find out.")
    max_influences: int = option(4, "Most joints a vertex.", validator=between(1, 8))
    force: bool = option(False, "Replace a rig that is there.")


@attrs.frozen(kw_only=True)
class RepairParameters:
    """Repairs: those named, or those that the findings call for."""

    input: str = option("", _INPUT)
    repairs: tuple[str, ...] = option((), "Names of repairs; empty for what the findings call for.")
    without: tuple[str, ...] = option((), "Names of repairs that must not be made.")


@attrs.frozen(kw_only=True)
class AuditParameters:
    """Findings about a file."""

    input: str = option("", _INPUT)
    platform: str = option("", "Platform whose rules and budgets are checked, too.")
    polygon_tier: str = option("", "Polygon tier whose budget is checked.", validator=_TIERS)
    format: str = option("json", "Format of the report.")


@attrs.frozen(kw_only=True)
class DecimateParameters:
    """Fewer triangles: a count or a ratio of what is there."""

    input: str = option("", _INPUT)
    target_polycount: int = option(0, "Most triangles; 0 where the ratio counts.", validator=between(0, 20_000_000))
    ratio: float = option(0.0, "Share of triangles to keep; 0 where the count counts.", validator=between(0.0, 1.0))


@attrs.frozen(kw_only=True)
class ConvertParameters:
    """The same scene in another format."""

    input: str = option("", _INPUT)
    format: str = option("", "Name of the format.")


@attrs.frozen(kw_only=True)
class ExportParameters:
    """Files of a result in a format."""

    input: str = option("", _INPUT)
    format: str = option("glb", "Name of the format.")


@attrs.frozen(kw_only=True)
class PreviewParameters:
    """Pictures."""

    input: str = option("", _INPUT)
    views: tuple[str, ...] = option((), "Sides to look from; empty for front, side and back.")
    pose: str = option("", "A stress pose; empty for the rest pose.")


@attrs.frozen(kw_only=True)
class SearchParameters:
    """What there is: handlers, presets, platforms, formats, repairs, issue codes."""

    query: str = option("", "Words to look for.")
    limit: int = option(10, "Most hits.", validator=between(1, 200))
