"""Performance ranks: what an avatar counts, and what each rank allows.

References
----------
.. VRChat, "Performance Ranks", creator documentation, June 2026.
"""

from __future__ import annotations

import io
from collections.abc import Mapping

import attrs
import numpy as np
from PIL import Image

from axis_core.plugin import Scene


__all__ = ["LIMITS", "RANKS", "Counts", "Rank", "count", "rank_of"]

RANKS = ("Excellent", "Good", "Medium", "Poor")
"""From the best one; what exceeds the last is Very Poor, hidden by default and refused on phones."""

LIMITS: Mapping[str, Mapping[str, tuple[float, ...]]] = {
    "pc": {
        "triangles": (32_000, 70_000, 70_000, 70_000),
        "texture_mb": (40, 75, 110, 150),
        "skinned_meshes": (1, 2, 8, 16),
        "materials": (4, 8, 16, 32),
        "bones": (75, 150, 256, 400),
        "width_m": (2.5, 4, 5, 5),
        "height_m": (2.5, 4, 6, 6),
        "depth_m": (2.5, 4, 5, 5),
    },
    "mobile": {
        "triangles": (7_500, 10_000, 15_000, 20_000),
        "texture_mb": (10, 18, 25, 40),
        "skinned_meshes": (1, 1, 2, 2),
        "materials": (1, 1, 2, 4),
        "bones": (75, 90, 150, 150),
        "width_m": (2.5, 4, 5, 5),
        "height_m": (2.5, 4, 6, 6),
        "depth_m": (2.5, 4, 5, 5),
    },
}
MIPS = 4 / 3
BYTES_A_PIXEL = 1.0
"""Of BC7 and ASTC 4x4."""


@attrs.frozen(kw_only=True)
class Counts:
    """What ranks are counted by; materials are slots: a material twice is two draw calls."""

    triangles: int
    texture_mb: float
    skinned_meshes: int
    materials: int
    bones: int
    width_m: float
    height_m: float
    depth_m: float


@attrs.frozen(kw_only=True)
class Rank:
    """A rank, and what keeps the avatar from the next better one: (what, value, allowed)."""

    name: str
    held_by: tuple[tuple[str, float, float], ...]


def count(scene: Scene) -> Counts:
    """Return what is counted in ``scene``."""
    size = np.zeros(3)
    points = [scene.world_positions(m, n) for n, m in scene.instances() if scene.meshes[m].n_vertices]
    if points:
        size = np.ptp(np.concatenate(points), axis=0)
    pixels = [_pixels(t.data) for t in scene.textures]
    return Counts(
        triangles=sum(scene.meshes[m].n_triangles for _, m in scene.instances()),
        texture_mb=sum(pixels) * BYTES_A_PIXEL * MIPS / 2**20,
        skinned_meshes=sum(1 for n in scene.nodes if n.meshes and n.skin is not None),
        materials=len(scene.instances()),
        bones=len({j for s in scene.skins for j in s.joints}),
        width_m=float(size[0]),
        height_m=float(size[1]),
        depth_m=float(size[2]),
    )


def _pixels(data: bytes) -> int:
    try:
        with Image.open(io.BytesIO(data)) as image:
            return int(image.width * image.height)
    except OSError:
        return 0  # other rules report an image that cannot be read


def rank_of(counts: Counts, device: str) -> Rank:
    """Return the rank on ``pc`` or ``mobile``."""
    limits = LIMITS[device]
    places = {}
    for name, allowed in limits.items():
        value = getattr(counts, name)
        places[name] = next((k for k, limit in enumerate(allowed) if value <= limit), len(RANKS))
    worst = max(places.values())
    held = tuple(
        (name, float(getattr(counts, name)), float(limits[name][worst - 1]))
        for name, place in places.items()
        if place == worst and worst
    )
    return Rank(name=(*RANKS, "Very Poor")[worst], held_by=held)
