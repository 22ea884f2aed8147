"""Rules about what an avatar costs: the tier's triangles without a platform, and the ranks that VRChat enforces."""

from __future__ import annotations

import math
from collections.abc import Iterator

import attrs
import numpy as np

from axis_core.audit.rules.image_size import image_size
from axis_core.model.issue import Issue
from axis_core.model.issue_codes import issue
from axis_core.model.scene import Scene
from axis_core.model.soup import scene_soup
from axis_core.model.tier import TIERS
from axis_core.plugin.kinds import Rule, Subject


__all__ = ["RULE", "Cost", "cost_of", "vrchat_rank"]

RANKS = ("Excellent", "Good", "Medium", "Poor")

VRCHAT = {
    "PC": {
        "triangles": (32_000, 70_000, 70_000, 70_000),
        "texture_mb": (40, 75, 110, 150),
        "skinned_meshes": (1, 2, 8, 16),
        "materials": (4, 8, 16, 32),
        "bones": (75, 150, 256, 400),
    },
    "mobile": {
        "triangles": (7_500, 10_000, 15_000, 20_000),
        "texture_mb": (10, 18, 25, 40),
        "skinned_meshes": (1, 1, 2, 2),
        "materials": (1, 1, 2, 4),
        "bones": (75, 90, 150, 150),
    },
}
"""VRChat's performance ranks (creator documentation, June 2026): the most that each rank allows."""

BOUNDS_M = ((2.5, 2.5, 2.5), (4.0, 4.0, 4.0), (5.0, 6.0, 5.0), (5.0, 6.0, 5.0))

BYTES_PER_TEXEL = 4 / 3
"""In graphics memory: one byte a texel (BC7, ASTC 4x4) and a third more for the mipmaps."""


@attrs.frozen(kw_only=True)
class Cost:
    """What counts for a rank."""

    triangles: int
    texture_mb: float
    skinned_meshes: int
    materials: int
    bones: int
    size_m: tuple[float, float, float]


def cost_of(scene: Scene) -> Cost:
    """Return what a scene costs; images that cannot be read count as nothing."""
    low, high = scene_soup(scene).bounds
    width, height, depth = (float(x) for x in high - low)
    used = {(n, scene.meshes[m].material) for n, m in scene.instances()}
    return Cost(
        triangles=scene.n_triangles,
        texture_mb=sum(math.prod(image_size(t)) for t in scene.textures) * BYTES_PER_TEXEL / 1e6,
        skinned_meshes=sum(n.skin is not None for n in scene.nodes),
        materials=len(used),
        bones=len({j for s in scene.skins for j in s.joints}),
        size_m=(width, height, depth),
    )


def vrchat_rank(cost: Cost, device: str) -> tuple[str, tuple[str, ...]]:
    """Return the rank on ``PC`` or ``mobile``, and what keeps it from a better one.

    Examples
    --------
    >>> small = Cost(triangles=9000, texture_mb=4, skinned_meshes=1, materials=1, bones=60, size_m=(1, 1.7, 0.4))
    >>> vrchat_rank(small, "mobile")
    ('Good', ('triangles 9,000, for Excellent 7,500',))
    """
    levels = {name: _level(getattr(cost, name), limits) for name, limits in VRCHAT[device].items()}
    fits = [all(np.less_equal(cost.size_m, limit)) for limit in BOUNDS_M]
    levels["size"] = fits.index(True) if True in fits else len(RANKS)
    worst = max(levels.values())
    rank = RANKS[worst] if worst < len(RANKS) else "Very Poor"
    held = [name for name, level in levels.items() if level == worst > 0]
    return rank, tuple(_reason(cost, device, name, worst - 1) for name in held)


def _level(value: float, limits: tuple[int, ...]) -> int:
    return next((k for k, limit in enumerate(limits) if value <= limit), len(RANKS))


def _reason(cost: Cost, device: str, name: str, better: int) -> str:
    if name == "size":
        seen, allowed = (" x ".join(f"{x:.1f}" for x in size) + " m" for size in (cost.size_m, BOUNDS_M[better]))
    else:
        value = getattr(cost, name)
        seen, allowed = (
            (f"{value:,}" if isinstance(value, int) else f"{value:,.1f}"),
            f"{VRCHAT[device][name][better]:,}",
        )
    return f"{name.replace('_', ' ')} {seen}, for {RANKS[better]} {allowed}"


def check(subject: Subject) -> Iterator[Issue]:
    """Yield what is over the tier; for Unity, from where VRChat's avatars come, its ranks."""
    scene = subject.scene
    if scene is None or not scene.n_triangles:
        return
    if subject.tier and not subject.platform:  # a platform counts with its own limits
        limit = TIERS[subject.tier].triangles
        if scene.n_triangles > limit:
            message = f"{scene.n_triangles:,} triangles, {subject.tier} allows {limit:,}"
            yield issue("BUDGET_TRIANGLES", message, value=scene.n_triangles, limit=limit)
    if subject.platform == "unity":
        cost = cost_of(scene)
        for device in VRCHAT:
            rank, reasons = vrchat_rank(cost, device)
            because = f": {'; '.join(reasons)}" if reasons else ""
            yield issue("VRCHAT_RANK", f"VRChat on {device}: {rank}{because}", value=rank, limit=RANKS[0])


RULE = Rule(name="budget", codes=("VRCHAT_RANK",), check=check)
