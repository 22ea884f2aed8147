"""The welded mesh that skin weights are solved on, with its parts."""

from __future__ import annotations

from functools import cached_property

import attrs
import numpy as np
import scipy
from numpy.typing import NDArray

from axis_core.kernels.bvh import Bvh, build_bvh


__all__ = ["Body", "edge_islands"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@attrs.define(eq=False, slots=False)
class Body:
    """A welded mesh.

    Attributes
    ----------
    points, normals : (V, 3) float64
        Normals are unit, or zero where there is none.
    faces : (F, 3) int64
    areas : (V,) float64
        A third of the faces around; may be 0.
    parts : (V,) int64
        Label of the connected part of each vertex, 0..n_parts - 1.
    n_parts : int
    """

    points: Floats
    faces: Ints
    normals: Floats
    areas: Floats
    parts: Ints
    n_parts: int

    @cached_property
    def extent(self) -> float:
        """Largest side of the bounding box; never 0."""
        return max(float(np.ptp(self.points, axis=0).max()), 1e-300)

    @cached_property
    def tree(self) -> Bvh:
        """Boxes over the faces."""
        return build_bvh(self.points, self.faces)

    @cached_property
    def part_boxes(self) -> tuple[Floats, Floats]:
        """Lower and upper corner of each part's box, (P, 3) each."""
        low = np.full((self.n_parts, 3), np.inf)
        high = -low
        np.minimum.at(low, self.parts, self.points)
        np.maximum.at(high, self.parts, self.points)
        return low, high

    @cached_property
    def part_sizes(self) -> Floats:
        """Diagonal of each part's box over that of the whole, (P,)."""
        low, high = self.part_boxes
        whole = max(float(np.linalg.norm(np.ptp(self.points, axis=0))), 1e-300)
        return np.asarray(np.linalg.norm(high - low, axis=1) / whole)

    def part_sums(self, values: Floats) -> Floats:
        """Return the sums over each part of area times values (V, K): (P, K)."""
        # areas of 0 still count, a little: a part of needles has a mean as well
        weight = self.areas + 1e-9 * max(float(self.areas.mean()), 1e-300)
        rows = scipy.sparse.coo_array(
            (weight, (self.parts, np.arange(len(self.parts)))), shape=(self.n_parts, len(self.parts))
        )
        return np.asarray(rows.tocsr() @ values)


def edge_islands(body: Body, labels: Ints) -> Ints:
    """Return (V,) labels of the connected patches of vertices that share a label."""
    f = body.faces
    edges = np.concatenate([f[:, [0, 1]], f[:, [1, 2]], f[:, [2, 0]]])
    edges = edges[labels[edges[:, 0]] == labels[edges[:, 1]]]
    n = len(body.points)
    graph = scipy.sparse.coo_array((np.ones(len(edges), np.int8), (edges[:, 0], edges[:, 1])), shape=(n, n))
    return scipy.sparse.csgraph.connected_components(graph.tocsr(), directed=False)[1].astype(np.int64)
