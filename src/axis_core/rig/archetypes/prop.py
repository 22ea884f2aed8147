"""Anything that has no limbs of its own: one root joint."""

from __future__ import annotations

import numpy as np

from axis_core.kernels.symmetry import mirror_residual
from axis_core.model.figure import Figure
from axis_core.model.skeleton import Skeleton
from axis_core.plugin.kinds import Archetype
from axis_core.rig.options import PlaceOptions


__all__ = ["ARCHETYPE"]

_ROUND = 0.99
_LATHE = 0.048  # mirror residual, see ``kernels.symmetry``: 0.02 is perfect, a rough tree has 0.04, a person 0.06
_FLATTEN = 0.7  # height over breadth, both root mean squares, at which the residual is taken
_DIRECTIONS = (0.0, 37.0, 71.0, 101.0, 142.0)  # of normals, in degrees: uneven, so that boxes do not pass
_FLOOR = 0.2  # what a body of any other kind must beat


def _score(figure: Figure) -> float:
    """A prop is what is left when nothing sticks out twice: the fewer paired tips, the surer.

    What is the same from all sides (a barrel, a lamp, a tree) is nothing that lives.
    """
    if _is_turned_on_a_lathe(figure):
        return _ROUND
    paired = sum(abs(float(tip.point[0])) > 0.05 for tip in figure.tips if tip.reach > 0.15)
    return _FLOOR + 0.3 / (1.0 + paired)


def _is_turned_on_a_lathe(figure: Figure) -> bool:
    """Whether planes through the vertical axis in several directions mirror the surface.

    Heights are shrunk first, lest a tall thin thing passes for being tall alone.
    """
    points = figure.points - figure.points.mean(axis=0)
    across, high = np.sqrt((points[:, [0, 2]] ** 2).sum(axis=1).mean()), np.sqrt((points[:, 1] ** 2).mean())
    points[:, 1] *= min(1.0, _FLATTEN * float(across / max(high, 1e-9)))
    normals = [np.array([np.cos(angle), 0.0, np.sin(angle)]) for angle in np.deg2rad(_DIRECTIONS)]
    return all(mirror_residual(points, normal, 0.0) < _LATHE for normal in normals)


def _place(figure: Figure, options: PlaceOptions) -> Skeleton:
    """One joint, at the middle of the base."""
    low, high = figure.bounds
    root = np.array([(low[0] + high[0]) / 2.0, low[1], (low[2] + high[2]) / 2.0])
    return Skeleton(
        names=("root",), parents=np.array([-1]), positions=np.reshape(options.markers.get("root", root), (1, 3))
    )


ARCHETYPE = Archetype(name="prop", score=_score, place=_place, summary="One root joint: weapons, furniture, vehicles.")
