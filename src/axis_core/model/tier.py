"""Polygon tiers: how much an avatar may cost on a kind of device."""

from __future__ import annotations

import attrs


__all__ = ["TIERS", "Tier"]


@attrs.frozen
class Tier:
    """Upper bounds of one tier: triangles of LOD 0 of the whole avatar, largest texture side in pixels."""

    name: str
    triangles: int
    texture_side: int
    reason: str


TIERS: dict[str, Tier] = {
    tier.name: tier
    for tier in (
        Tier("mobile_light", 7_500, 512, "VRChat mobile, Excellent"),
        Tier("mobile_standard", 15_000, 1024, "VRChat mobile, Medium"),
        Tier("web_vr", 20_000, 1024, "VRChat mobile, Poor: the last rank shown"),
        Tier("desktop_standard", 32_000, 2048, "VRChat PC, Excellent"),
        Tier("desktop_high", 70_000, 4096, "VRChat PC, the ceiling of all better ranks"),
        Tier("film_vfx", 110_000, 4096, "a MetaHuman's LOD 0"),
        Tier("ultra_hd", 500_000, 4096, "the maxima of the HTTP contract"),
    )
}
"""Tiers by name, from light to heavy. A mesh below its tier is never inflated."""
