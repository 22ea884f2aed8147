"""A figure turned by right angles and stood on the ground again, and which of two fronts files usually have."""

from __future__ import annotations

import attrs
import numpy as np
from numpy.typing import ArrayLike, NDArray

from axis_core.kernels.symmetry import mirror_residual
from axis_core.model.figure import Figure, Solid, Tip


__all__ = ["MIRRORED", "prefers", "quarter_turned", "turned", "turned_about"]

_HALF_TURN = np.diag([-1.0, 1.0, -1.0])
_QUARTER_TURN = np.array([[0.0, 0.0, 1.0], [0.0, 1.0, 0.0], [-1.0, 0.0, 0.0]])


MIRRORED = 0.058
"""Mirror residual of a body that is its own mirror image, props and hair allowed (see ``kernels.symmetry``)."""


def prefers(front: NDArray[np.float64], up: NDArray[np.float64]) -> bool:
    """Return whether files more often have this front than its opposite: +Z, or -Y where Z is up."""
    wish = np.array([0.0, -1.0, 0.3]) if abs(up[2]) > 0.7 else np.array([0.3, 0.0, 1.0])
    return bool(front @ wish >= 0.0)


def turned_about(figure: Figure) -> Figure:
    """Return the figure after half a turn about the vertical."""
    return turned(figure, _HALF_TURN)


def quarter_turned(figure: Figure) -> Figure:
    """Return the figure after a quarter turn about the vertical, its new middle at x = 0."""
    centre = float(np.median(figure.points[:, 2])) if len(figure.points) else 0.0
    other = turned(figure, _QUARTER_TURN, centre)
    residual = mirror_residual(other.points, (1.0, 0.0, 0.0), 0.0) if len(other.points) else 1.0
    return attrs.evolve(other, mirror_residual=residual, is_mirrored=residual < MIRRORED)


def turned(figure: Figure, rotation: ArrayLike, centre: float = 0.0) -> Figure:
    """Return a figure turned about the origin by right angles, with its lowest point at 0 and the usual scale.

    Nothing is measured anew: solid, samples and tips turn along; the mirror plane must stay where it is.

    Parameters
    ----------
    rotation : (3, 3) float
        New axes as rows: entries 0, 1 and -1 only, determinant 1.
    centre : float
        What is to be the middle of the new x, before scaling.
    """
    r = np.rint(np.asarray(rotation, np.float64))
    low, high = _bounds(figure.bounds @ r.T)
    scale = 1.0 / max(float(high[1] - low[1]), float((high - low).max()) / 2.0)
    shift = -scale * np.array([centre, low[1], (low[2] + high[2]) / 2.0])

    def moved(points: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.asarray(scale * points @ r.T + shift)

    step = np.eye(4)
    step[:3, :3], step[:3, 3] = scale * r, shift
    return attrs.evolve(
        figure,
        positions=moved(figure.positions),
        points=moved(figure.points),
        normals=figure.normals @ r.T,
        frame=step @ figure.frame,
        solid=_turned_solid(figure.solid, r, scale, shift),
        middle=moved(figure.middle),
        tips=tuple(Tip(point=moved(t.point), reach=scale * t.reach, path=moved(t.path)) for t in figure.tips),
    )


def _turned_solid(solid: Solid, r: NDArray[np.float64], scale: float, shift: NDArray[np.float64]) -> Solid:
    order = [int(k) for k in np.argmax(np.abs(r), axis=1)]
    flips = tuple(slice(None, None, -1 if r[k, axis] < 0.0 else 1) for k, axis in enumerate(order))
    last = solid.origin + solid.spacing * (np.array(solid.inside.shape) - 1)
    corner, _ = _bounds(np.stack([solid.origin, last]) @ r.T)
    return Solid(
        inside=solid.inside.transpose(order)[flips],
        depth=scale * solid.depth.transpose(order)[flips],
        origin=scale * corner + shift,
        spacing=scale * solid.spacing,
    )


def _bounds(corners: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    return np.asarray(corners.min(axis=0)), np.asarray(corners.max(axis=0))
