"""Two-legged bodies with arms: people, stylised people, robots built like people."""

from __future__ import annotations

from axis_core.model.figure import Figure
from axis_core.plugin.kinds import Archetype
from axis_core.rig.humanoid.body import big_headed, humanoid_score, place_humanoid


__all__ = ["ARCHETYPE"]


def _score(figure: Figure) -> float:
    return humanoid_score(figure) * (1.0 - 0.5 * big_headed(figure))


ARCHETYPE = Archetype(
    name="humanoid", score=_score, place=place_humanoid, summary="People and robots built like people: VRM 1.0 names."
)
