"""Half a turn of a figure about the vertical, and which of two fronts files usually have."""

from __future__ import annotations

import attrs
import numpy as np
from numpy.typing import NDArray

from axis_core.model.figure import Figure, Solid, Tip


__all__ = ["prefers", "turned_about"]

_HALF_TURN = np.array([-1.0, 1.0, -1.0])


def prefers(front: NDArray[np.float64], up: NDArray[np.float64]) -> bool:
    """Return whether files more often have this front than its opposite: +Z, or -Y where Z is up."""
    wish = np.array([0.0, -1.0, 0.3]) if abs(up[2]) > 0.7 else np.array([0.3, 0.0, 1.0])
    return bool(front @ wish >= 0.0)


def turned_about(figure: Figure) -> Figure:
    """Return the figure after half a turn about the vertical."""
    solid = figure.solid
    last = solid.origin + solid.spacing * (np.array(solid.inside.shape) - 1)
    return attrs.evolve(
        figure,
        positions=figure.positions * _HALF_TURN,
        points=figure.points * _HALF_TURN,
        normals=figure.normals * _HALF_TURN,
        frame=np.diag([-1.0, 1.0, -1.0, 1.0]) @ figure.frame,
        solid=Solid(
            inside=solid.inside[::-1, :, ::-1],
            depth=solid.depth[::-1, :, ::-1],
            origin=np.array([-last[0], solid.origin[1], -last[2]]),
            spacing=solid.spacing,
        ),
        middle=figure.middle * _HALF_TURN,
        tips=tuple(
            Tip(point=tip.point * _HALF_TURN, reach=tip.reach, path=tip.path * _HALF_TURN) for tip in figure.tips
        ),
    )
