"""The centre line of a body that is one long tube, followed along its surface, so that coils may touch."""

from __future__ import annotations

import attrs
import numpy as np
import scipy
from numpy.typing import NDArray

from axis_core.model.figure import Figure
from axis_core.rig.animals.limbs import smoothed


__all__ = ["Tube", "tube_of"]

Vector = NDArray[np.float64]

_BANDS = 48
_LEAST = 24  # vertices under which a surface tells nothing


@attrs.frozen(kw_only=True, eq=False)
class Tube:
    """A surface seen as a tube from one of its two far ends to the other.

    Attributes
    ----------
    line : (N, 3) float64
        Centres of its rings.
    radius : (N,) float64
        Root mean square distance of a ring to its centre.
    roundness : float
        Middle ratio of a ring's smaller to its larger spread: 1 for a circle, 0 for a ribbon.
    share : float
        Part of the figure's surface that belongs to it.
    """

    line: Vector
    radius: Vector
    roundness: float
    share: float

    @property
    def length(self) -> float:
        """Length of the centre line."""
        return float(np.linalg.norm(np.diff(self.line, axis=0), axis=1).sum())

    def reversed(self) -> Tube:
        """Return the same tube from the other end."""
        return attrs.evolve(self, line=self.line[::-1], radius=self.radius[::-1])


def tube_of(figure: Figure) -> Tube | None:
    """Return the connected surface of largest area as a tube; None where it has too few vertices to tell."""
    areas = _piece_areas(figure)
    if areas.sum() <= 0.0:
        return None
    mine = np.flatnonzero(figure.components == int(np.argmax(areas)))
    if len(mine) < _LEAST:
        return None
    points = figure.positions[mine]
    edges, lengths = _edges(figure, mine)
    graph = scipy.sparse.coo_array((lengths, (edges[:, 0], edges[:, 1])), shape=(len(mine), len(mine))).tocsr()
    start = int(np.argmax(((points - points.mean(axis=0)) ** 2).sum(axis=1)))
    away = np.asarray(scipy.sparse.csgraph.dijkstra(graph, directed=False, indices=[start]))[0]
    end = int(np.argmax(np.where(np.isfinite(away), away, -1.0)))
    along = np.asarray(scipy.sparse.csgraph.dijkstra(graph, directed=False, indices=[end]))[0]
    return _rings(points, along, edges, float(areas.max() / areas.sum()))


def _piece_areas(figure: Figure) -> Vector:
    """Area (C,) of each connected piece; of those that are kept."""
    corners = figure.positions[figure.faces]
    area = np.linalg.norm(np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]), axis=1) / 2.0
    label = figure.components[figure.faces[:, 0]]
    used = figure.kept[figure.faces].all(axis=1) & (label >= 0)
    return np.bincount(label[used], weights=area[used], minlength=1).astype(np.float64)


def _edges(figure: Figure, mine: NDArray[np.int64]) -> tuple[NDArray[np.int64], Vector]:
    """Edges (E, 2) among some vertices, each both ways and once, numbered within them, and their lengths."""
    index = np.full(len(figure.positions), -1)
    index[mine] = np.arange(len(mine))
    faces = index[figure.faces]
    faces = faces[(faces >= 0).all(axis=1)]
    once = np.stack([faces.ravel(), np.roll(faces, -1, axis=1).ravel()], axis=1)
    edges = np.unique(np.concatenate([once, once[:, ::-1]]), axis=0)
    lengths = np.linalg.norm(figure.positions[mine[edges[:, 0]]] - figure.positions[mine[edges[:, 1]]], axis=1)
    return edges, np.maximum(lengths, 1e-12)


def _rings(points: Vector, along: Vector, edges: NDArray[np.int64], share: float) -> Tube | None:
    """Cut the surface across at even distances: where edges cross a level they show the ring there."""
    levels = (np.arange(_BANDS) + 0.5) / _BANDS * float(along[np.isfinite(along)].max())
    low, high = along[edges[:, 0]], along[edges[:, 1]]
    centres, radii, round_ = [], [], []
    for level in levels:
        cross = (low <= level) & (high > level)
        if cross.sum() < 3:
            continue
        t = (level - low[cross]) / np.maximum(high[cross] - low[cross], 1e-12)
        ring = points[edges[cross, 0]] + t[:, None] * (points[edges[cross, 1]] - points[edges[cross, 0]])
        centre = (ring.max(axis=0) + ring.min(axis=0)) / 2.0
        spread = np.sqrt(np.maximum(np.linalg.eigvalsh(np.cov((ring - centre).T)), 0.0))
        centres.append(centre)
        radii.append(float(np.sqrt(((ring - centre) ** 2).sum(axis=1).mean())))
        round_.append(float(spread[1] / max(spread[2], 1e-12)))
    if len(centres) < 8:
        return None
    line, roundness = smoothed(np.array(centres), 3), float(np.median(round_))
    return Tube(line=line, radius=np.array(radii), roundness=roundness, share=share)
