"""Anything that has no limbs of its own: one root joint."""

from __future__ import annotations

import numpy as np

from axis_core.model.figure import Figure
from axis_core.model.skeleton import Skeleton
from axis_core.plugin.kinds import Archetype
from axis_core.rig.options import PlaceOptions


__all__ = ["ARCHETYPE"]

_FLOOR = 0.2  # what a body of any other kind must beat


def _score(figure: Figure) -> float:
    """A prop is what is left when nothing sticks out twice: the fewer paired tips, the surer."""
    paired = sum(abs(float(tip.point[0])) > 0.05 for tip in figure.tips if tip.reach > 0.15)
    return _FLOOR + 0.3 / (1.0 + paired)


def _place(figure: Figure, options: PlaceOptions) -> Skeleton:
    """One joint, at the middle of the base."""
    low, high = figure.bounds
    root = np.array([(low[0] + high[0]) / 2.0, low[1], (low[2] + high[2]) / 2.0])
    return Skeleton(
        names=("root",), parents=np.array([-1]), positions=np.reshape(options.markers.get("root", root), (1, 3))
    )


ARCHETYPE = Archetype(name="prop", score=_score, place=_place, summary="One root joint: weapons, furniture, vehicles.")
