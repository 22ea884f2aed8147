"""``rescale``: to metres, where the height is not that of a character."""

from __future__ import annotations

import attrs
import numpy as np

from axis_core.model.rebase import rebase_scene
from axis_core.model.scene import Scene
from axis_core.model.soup import scene_soup
from axis_core.model.upright import plausible_scale
from axis_core.plugin.kinds import Repair, RepairResult
from axis_core.plugin.options import between, option


__all__ = ["REPAIR", "Options"]


@attrs.frozen(kw_only=True)
class Options:
    """How tall."""

    height_m: float | None = option(
        None, "exactly this height; none: what its unit makes it", validator=between(0.01, 1000), unit="metres"
    )


def apply(scene: Scene, options: Options | None = None) -> RepairResult:
    """Scale the whole scene about the origin."""
    low, high = scene_soup(scene).bounds
    extent = high - low
    if not np.isfinite(extent).all() or extent.max() <= 0:
        return RepairResult(scene=scene)
    wanted = (options or Options()).height_m
    # What lies down or is long rather than tall is judged by its longest side, as the audit judges it.
    factor = wanted / float(extent[1]) if wanted and extent[1] > 0 else plausible_scale(float(extent.max()), "humanoid")
    if abs(factor - 1.0) < 1e-6:
        return RepairResult(scene=scene)
    transform = np.diag([factor, factor, factor, 1.0])
    moved, lost = rebase_scene(scene, transform)
    return RepairResult(scene=moved, changes=(f"scaled by {factor:.6g}", *lost))


REPAIR = Repair(
    name="rescale",
    summary="To metres and a plausible height.",
    fixes=("SCALE_IMPLAUSIBLE",),
    apply=apply,
    options=Options,
)
