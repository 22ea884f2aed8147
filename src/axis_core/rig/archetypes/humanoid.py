"""Two-legged bodies with arms: people, stylised people, robots built like people."""

from __future__ import annotations

from axis_core.model.figure import Figure
from axis_core.plugin.kinds import Archetype
from axis_core.rig.humanoid.body import head_share, humanoid_score, place_humanoid


__all__ = ["ARCHETYPE"]


def _score(figure: Figure) -> float:
    return humanoid_score(figure) * (0.6 if head_share(figure) > 0.3 else 1.0)


ARCHETYPE = Archetype(
    name="humanoid", score=_score, place=place_humanoid, summary="People and robots built like people: VRM 1.0 names."
)
