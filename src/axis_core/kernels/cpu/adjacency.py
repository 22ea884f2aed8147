"""Half-edge matching and compressed rows, by counting sort on the smaller end: no hashing, no general sort."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from axis_core.kernels.cpu.jit import njit


@njit
def vertex_face_rows(faces: NDArray[np.uint32], n_vertices: int) -> tuple[NDArray[np.uint32], NDArray[np.uint32]]:
    """Return (offsets (V + 1,), face of each entry): the faces around every vertex, in face order."""
    offsets = np.zeros(n_vertices + 1, dtype=np.uint32)
    for f in range(faces.shape[0]):
        for k in range(3):
            offsets[faces[f, k] + 1] += 1
    for v in range(n_vertices):
        offsets[v + 1] += offsets[v]
    fill = offsets[:-1].copy()
    rows = np.empty(3 * faces.shape[0], dtype=np.uint32)
    for f in range(faces.shape[0]):
        for k in range(3):
            v = faces[f, k]
            rows[fill[v]] = f
            fill[v] += 1
    return offsets, rows


@njit
def half_edge_order(faces: NDArray[np.uint32], n_vertices: int) -> tuple[NDArray[np.uint32], NDArray[np.uint32]]:
    """Return (offsets (V + 1,), half-edges grouped by smaller end and sorted by larger end within a group)."""
    offsets = np.zeros(n_vertices + 1, dtype=np.uint32)
    for f in range(faces.shape[0]):
        for k in range(3):
            offsets[min(faces[f, k], faces[f, (k + 1) % 3]) + 1] += 1
    for v in range(n_vertices):
        offsets[v + 1] += offsets[v]
    fill = offsets[:-1].copy()
    order = np.empty(3 * faces.shape[0], dtype=np.uint32)
    larger = np.empty(3 * faces.shape[0], dtype=np.uint32)
    for f in range(faces.shape[0]):
        for k in range(3):
            a = faces[f, k]
            b = faces[f, (k + 1) % 3]
            low = min(a, b)
            high = max(a, b)
            at = fill[low]
            start = offsets[low]
            while at > start and larger[at - 1] > high:  # insertion: a vertex has about six edges
                larger[at] = larger[at - 1]
                order[at] = order[at - 1]
                at -= 1
            larger[at] = high
            order[at] = 3 * f + k
            fill[low] += 1
    return offsets, order


@njit
def edge_table(
    faces: NDArray[np.uint32], n_vertices: int
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Return (edges (E, 2), edge of each corner (F, 3), faces on each edge (E,))."""
    _offsets, order = half_edge_order(faces, n_vertices)
    n_half = order.shape[0]
    edges = np.empty((n_half, 2), dtype=np.int64)
    counts = np.zeros(n_half, dtype=np.int64)
    face_edges = np.empty((faces.shape[0], 3), dtype=np.int64)
    n_edges = 0
    low_before = np.int64(-1)
    high_before = np.int64(-1)
    for i in range(n_half):
        f = order[i] // 3
        k = order[i] % 3
        a = np.int64(faces[f, k])
        b = np.int64(faces[f, (k + 1) % 3])
        low = min(a, b)
        high = max(a, b)
        if low != low_before or high != high_before:
            edges[n_edges, 0] = low
            edges[n_edges, 1] = high
            n_edges += 1
            low_before = low
            high_before = high
        face_edges[f, k] = n_edges - 1
        counts[n_edges - 1] += 1
    return edges[:n_edges].copy(), face_edges, counts[:n_edges].copy()


@njit
def half_edge_twins(faces: NDArray[np.uint32], n_vertices: int) -> NDArray[np.int64]:
    """Return the opposite half-edge of every half-edge (3F,): -1 on a boundary, -2 where no single opposite exists."""
    _offsets, order = half_edge_order(faces, n_vertices)
    twins = np.full(order.shape[0], -1, dtype=np.int64)
    i = 0
    while i < order.shape[0]:
        f = order[i] // 3
        k = order[i] % 3
        a = faces[f, k]
        b = faces[f, (k + 1) % 3]
        j = i + 1
        while j < order.shape[0]:
            g = order[j] // 3
            m = order[j] % 3
            c = faces[g, m]
            d = faces[g, (m + 1) % 3]
            if min(a, b) != min(c, d) or max(a, b) != max(c, d):
                break
            j += 1
        if j - i == 2:
            g = order[i + 1] // 3
            m = order[i + 1] % 3
            opposite = faces[g, m] == b and a != b
            twins[order[i]] = np.int64(order[i + 1]) if opposite else -2
            twins[order[i + 1]] = np.int64(order[i]) if opposite else -2
        elif j - i > 2 or a == b:
            for h in range(i, j):
                twins[order[h]] = -2
        i = j
    return twins


@njit
def neighbour_rows(edges: NDArray[np.int64], n_vertices: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return (offsets (V + 1,), neighbours) of the graph of ``edges``, loops left out."""
    offsets = np.zeros(n_vertices + 1, dtype=np.int64)
    for e in range(edges.shape[0]):
        if edges[e, 0] != edges[e, 1]:
            offsets[edges[e, 0] + 1] += 1
            offsets[edges[e, 1] + 1] += 1
    for v in range(n_vertices):
        offsets[v + 1] += offsets[v]
    fill = offsets[:-1].copy()
    rows = np.empty(offsets[n_vertices], dtype=np.int64)
    for side in range(2):  # smaller neighbours first, then larger: each row comes out sorted
        for e in range(edges.shape[0]):
            a = edges[e, 1 - side]
            b = edges[e, side]
            if a != b:
                rows[fill[a]] = b
                fill[a] += 1
    return offsets, rows
