"""Boundary loops: from one boundary half-edge to the next by turning around their shared vertex inside its fan."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from axis_core.kernels.cpu.jit import njit


@njit
def next_boundary_half_edge(twins: NDArray[np.int64], half_edge: int) -> int:
    """Return the boundary half-edge after ``half_edge``, or -1 if the fan ends at an edge that is not manifold."""
    h = half_edge
    for _ in range(twins.shape[0]):
        h = h - 2 if h % 3 == 2 else h + 1
        if twins[h] == -1:
            return h
        if twins[h] < 0:
            return -1
        h = twins[h]
    return -1


@njit
def boundary_loops(
    faces: NDArray[np.uint32], twins: NDArray[np.int64], n_vertices: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return (vertices of all loops end to end, offsets of the loops).

    A walk that comes back to a vertex it has passed closes a loop there, so no loop holds a vertex twice.
    """
    seen = np.zeros(twins.shape[0], dtype=np.bool_)
    vertices = np.empty(twins.shape[0], dtype=np.int64)
    offsets = np.zeros(twins.shape[0] + 1, dtype=np.int64)
    path = np.empty(twins.shape[0], dtype=np.int64)
    place = np.full(n_vertices, -1, dtype=np.int64)
    n_loops = 0
    for start in range(twins.shape[0]):
        if twins[start] != -1 or seen[start]:
            continue
        length = 0
        h = start
        while h >= 0:
            v = faces[h // 3, h % 3]
            if place[v] >= 0:
                filled = offsets[n_loops]
                for i in range(place[v], length):
                    vertices[filled] = path[i]
                    filled += 1
                    place[path[i]] = -1
                length -= filled - offsets[n_loops]
                n_loops += 1
                offsets[n_loops] = filled
            if seen[h]:
                break
            seen[h] = True
            place[v] = length
            path[length] = v
            length += 1
            h = next_boundary_half_edge(twins, h)
        for i in range(length):
            place[path[i]] = -1
    return vertices[: offsets[n_loops]].copy(), offsets[: n_loops + 1].copy()
