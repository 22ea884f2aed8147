"""Two-legged bodies with arms and a head of a quarter of the height or more."""

from __future__ import annotations

from axis_core.model.figure import Figure
from axis_core.plugin.kinds import Archetype
from axis_core.rig.humanoid.body import big_headed, humanoid_score, place_humanoid


__all__ = ["ARCHETYPE"]


def _score(figure: Figure) -> float:
    return humanoid_score(figure) * (0.5 + 0.5 * big_headed(figure))


ARCHETYPE = Archetype(
    name="chibi", score=_score, place=place_humanoid, summary="Big-headed humanoids: VRM 1.0 names, short limbs."
)
