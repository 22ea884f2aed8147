"""Connected components by union and find (path halving, smaller root wins: labels follow the vertex order)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from axis_core.kernels.cpu.jit import njit


@njit
def find_root(parents: NDArray[np.uint32], v: int) -> int:
    """Return the root of ``v``, halving the path on the way."""
    while parents[v] != v:
        parents[v] = parents[parents[v]]
        v = parents[v]
    return v


@njit
def vertex_components(faces: NDArray[np.uint32], n_vertices: int) -> tuple[int, NDArray[np.int64]]:
    """Return (components, label of each vertex); vertices of no face get -1."""
    parents = np.arange(n_vertices).astype(np.uint32)
    used = np.zeros(n_vertices, dtype=np.bool_)
    for f in range(faces.shape[0]):
        used[faces[f, 0]] = True
        for k in range(1, 3):
            used[faces[f, k]] = True
            a = find_root(parents, faces[f, 0])
            b = find_root(parents, faces[f, k])
            if a < b:
                parents[b] = a
            elif b < a:
                parents[a] = b
    labels = np.full(n_vertices, -1, dtype=np.int64)
    count = 0
    for v in range(n_vertices):
        if used[v]:
            root = find_root(parents, v)
            if root == v:
                labels[v] = count
                count += 1
            else:
                labels[v] = labels[root]
    return count, labels
