"""How good a reduced mesh is: two-way distance, edges that are not manifold, borders, components.

Closest points come from our own BVH, which its tests hold against brute force; both sides are measured with it.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import scipy.sparse
from numpy.typing import NDArray

from axis_core.kernels.bvh import build_bvh
from axis_core.kernels.closest import closest_points
from axis_core.kernels.sample import sample_surface


SAMPLES = 50_000


def two_way(v: NDArray[Any], f: NDArray[Any], p: NDArray[Any], g: NDArray[Any]) -> tuple[float, float]:
    """Return (RMS, largest) distance in millionths of the diagonal of ``v``, the worse direction of each."""
    scale = 1e6 / float(np.linalg.norm(np.ptp(v, axis=0)))
    there = closest_points(build_bvh(p, g), sample_surface(v, f, SAMPLES, seed=1)[0]).distances
    back = closest_points(build_bvh(v, f), sample_surface(p, g, SAMPLES, seed=2)[0]).distances
    return max(scale * float(np.sqrt((d**2).mean())) for d in (there, back)), scale * max(there.max(), back.max())


def topology(f: NDArray[Any], n: int) -> dict[str, int]:
    """Return counts of edges that are not manifold, of border edges, and of components."""
    faces = np.asarray(f, np.int64)
    edges = np.sort(np.concatenate([faces[:, [0, 1]], faces[:, [1, 2]], faces[:, [2, 0]]]), axis=1)
    _, counts = np.unique(edges[:, 0] * n + edges[:, 1], return_counts=True)
    graph = scipy.sparse.coo_array((np.ones(len(edges), np.int8), (edges[:, 0], edges[:, 1])), shape=(n, n))
    _, labels = scipy.sparse.csgraph.connected_components(graph, directed=False)
    return {
        "nonmanifold": int((counts > 2).sum()),
        "border": int((counts == 1).sum()),
        "components": len(np.unique(labels[faces])),
    }
