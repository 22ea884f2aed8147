"""Edge collapse by quadrics, in rounds: price all edges, sort the cheap ones coarsely, collapse an independent set.

The data layout follows the measurements: one 64-byte float32 row a vertex holds its position and its quadric, and the
quadric is kept about the vertex itself, so that float32 does not cancel on dense scans. All indices are unsigned:
compiled code then has no negative index to check for. Lengths are in mean edge lengths, so that squares of areas stay
far from the ends of float32.

References
----------
M. Garland, P. S. Heckbert, "Surface simplification using quadric error metrics", SIGGRAPH 1997.
doi:10.1145/258734.258849
T. K. Dey, H. Edelsbrunner, S. Guha, D. V. Nekhayev, "Topology preserving edge contraction", Publications de l'Institut
Mathématique 66, 1999 (the link condition).
H. Hoppe, "New quadric metric for simplifying meshes with appearance attributes", IEEE Visualization 1999 (wedges).
doi:10.1109/VISUAL.1999.809869
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from axis_core.kernels.cpu.decimate_quadric import (
    AREA,
    BORDER,
    MIN_TURN_COSINE,
    MOVED,
    RANK,
    ROW,
    cost_at,
    distance_cost,
    edge_optimum,
    merge_rows,
    placement,
)
from axis_core.kernels.cpu.decimate_wedges import join_wedges, wedge_placement
from axis_core.kernels.cpu.jit import njit


@njit(allocates=False, inline=True)
def face_stays_upright(
    rows: NDArray[np.float32],
    faces: NDArray[np.uint32],
    g: int,
    v: int,
    x: float,
    y: float,
    z: float,
) -> bool:
    """Return whether face ``g`` keeps its side when its corner ``v`` moves to a point."""
    # Which corner v is, without a branch that no processor could predict: then the other two in face order.
    k = np.uint32(faces[g, 1] == v) + np.uint32(2) * np.uint32(faces[g, 2] == v)
    n = (np.uint32(9) >> (k + k)) & np.uint32(3)
    u = faces[g, n]
    w = faces[g, np.uint32(3) - k - n]
    ex = rows[w, 0] - rows[u, 0]
    ey = rows[w, 1] - rows[u, 1]
    ez = rows[w, 2] - rows[u, 2]
    px = rows[v, 0] - rows[u, 0]
    py = rows[v, 1] - rows[u, 1]
    pz = rows[v, 2] - rows[u, 2]
    qx = x - rows[u, 0]
    qy = y - rows[u, 1]
    qz = z - rows[u, 2]
    mx = ey * pz - ez * py
    my = ez * px - ex * pz
    mz = ex * py - ey * px
    nx = ey * qz - ez * qy
    ny = ez * qx - ex * qz
    nz = ex * qy - ey * qx
    dot = mx * nx + my * ny + mz * nz
    old = mx * mx + my * my + mz * mz
    new = nx * nx + ny * ny + nz * nz
    if old < np.float32(1e-12):  # no side to keep; lengths are in mean edges
        return True
    return dot > np.float32(0.0) and dot * dot > MIN_TURN_COSINE * MIN_TURN_COSINE * old * new


@njit(allocates=False)
def ring_stays_upright(
    rows: NDArray[np.float32],
    faces: NDArray[np.uint32],
    dead: NDArray[np.uint8],
    starts: NDArray[np.uint32],
    ring: NDArray[np.uint32],
    v: int,
    other: int,
    x: float,
    y: float,
    z: float,
) -> bool:
    """Return whether all faces around ``v`` but those that hold ``other`` keep their side when ``v`` moves."""
    for i in range(starts[v], starts[v + np.uint32(1)]):
        g = ring[i]
        held = (faces[g, 0] == other) | (faces[g, 1] == other) | (faces[g, 2] == other)
        if held | (dead[g] != 0):  # one branch for all four
            continue
        if not face_stays_upright(rows, faces, g, v, x, y, z):
            return False
    return True


@njit(allocates=False, inline=True)
def link_faces(
    faces: NDArray[np.uint32],
    dead: NDArray[np.uint8],
    starts: NDArray[np.uint32],
    ring: NDArray[np.uint32],
    stamps: NDArray[np.uint32],
    token: int,
    a: int,
    b: int,
) -> int:
    """Return the number of faces on edge ab if merging a and b keeps the surface a manifold, else 0."""
    on_edge = 0
    around_a = 0
    around_b = 0
    common = 0
    for i in range(starts[a], starts[a + np.uint32(1)]):
        g = ring[i]
        if dead[g]:
            continue
        around_a += 1
        for k in range(3):
            v = faces[g, k]
            stamps[v] = token
            on_edge += np.int64(v == b)
    for i in range(starts[b], starts[b + np.uint32(1)]):
        g = ring[i]
        if dead[g]:
            continue
        around_b += 1
        for k in range(3):
            v = faces[g, k]
            shared = np.uint32((stamps[v] == token) & (v != a) & (v != b))
            stamps[v] += shared
            common += np.int64(shared)
    if common != on_edge or on_edge > 2:
        return 0
    # The last faces of a component: a single triangle, a tetrahedron.
    if around_a == around_b and around_a == 2 * on_edge - 1:
        return 0
    return on_edge


@njit(allocates=False, inline=True)
def redirect_faces(
    faces: NDArray[np.uint32],
    wedges: NDArray[np.uint32],
    dead: NDArray[np.uint8],
    starts: NDArray[np.uint32],
    ring: NDArray[np.uint32],
    a: int,
    b: int,
    pairs: NDArray[np.uint32],
) -> None:
    """Give the faces of ``b`` to ``a`` and mark those dead that held both."""
    for i in range(starts[b], starts[b + np.uint32(1)]):
        g = ring[i]
        if dead[g]:
            continue
        if (faces[g, 0] == a) | (faces[g, 1] == a) | (faces[g, 2] == a):
            dead[g] = 1
            continue
        k = np.uint32(faces[g, 1] == b) + np.uint32(2) * np.uint32(faces[g, 2] == b)
        faces[g, k] = a
        if wedges.shape[0] > 0:
            if wedges[g, k] == pairs[0, 1]:
                wedges[g, k] = pairs[0, 0]
            elif wedges[g, k] == pairs[1, 1]:
                wedges[g, k] = pairs[1, 0]


@njit(allocates=False)
def collapse_edges(
    order: NDArray[np.uint32],
    n_order: int,
    faces: NDArray[np.uint32],
    wedges: NDArray[np.uint32],
    charts: NDArray[np.uint32],
    dead: NDArray[np.uint8],
    starts: NDArray[np.uint32],
    ring: NDArray[np.uint32],
    rows: NDArray[np.float32],
    kinds: NDArray[np.uint8],
    touched: NDArray[np.uint8],
    stamps: NDArray[np.uint32],
    merged: NDArray[np.uint32],
    progress: NDArray[np.float64],
    surplus: int,
    max_square: float,
    overshoot: bool,
    first: int,
    stop: int,
    pairs: NDArray[np.uint32],
) -> tuple[int, int]:
    """Collapse the edges of ``order`` that are still free, at most ``surplus`` faces; return (removed, left).

    Only edges whose faces all lie between ``first`` and ``stop`` are collapsed: such parts of the mesh can run on
    threads of their own, each with its ``stamps``. The ``left`` others move to the front of ``order``. ``merged``
    receives wedge -> wedge it went into. ``progress``: worst squared error so far, last token.
    """
    half = np.float32(0.5)
    with_wedges = wedges.shape[0] > 0
    removed = 0
    left = 0
    token = np.uint32(progress[1])
    for i in range(n_order):
        if removed >= surplus:
            break
        f = order[i] // np.uint32(3)
        k = order[i] - f * np.uint32(3)
        a = faces[f, k]
        b = faces[f, 0] if k == 2 else faces[f, k + np.uint32(1)]
        if touched[a] or touched[b] or dead[f]:
            continue
        lowest = min(ring[starts[a]], ring[starts[b]])
        highest = max(ring[starts[a + np.uint32(1)] - np.uint32(1)], ring[starts[b + np.uint32(1)] - np.uint32(1)])
        if lowest < first or highest >= stop:
            order[left] = order[i]
            left += 1
            continue
        rank_a = kinds[a] & RANK
        rank_b = kinds[b] & RANK
        where = placement(rank_a, rank_b)
        if where == 3 and not with_wedges:
            continue
        token += np.uint32(2)
        on_edge = link_faces(faces, dead, starts, ring, stamps, token, a, b)
        if on_edge == 0 or (on_edge == 2 and kinds[a] & kinds[b] & BORDER != 0):
            continue
        if removed + on_edge > surplus and not overshoot:
            continue
        if with_wedges:
            where = wedge_placement(faces, wedges, charts, dead, starts, ring, rows, kinds, a, b, pairs)
            if where == 3:
                continue
            if where >= 4:
                where -= 4
            if where == 2 or (where == 0 and pairs[0, 1] == pairs[1, 1] and pairs[0, 0] != pairs[1, 0]):
                # The kept end is the one that stays, or the one with more wedges: see below.
                a, b = b, a
                for side in range(2):
                    pairs[side, 0], pairs[side, 1] = pairs[side, 1], pairs[side, 0]
            if pairs[0, 1] == pairs[1, 1] and pairs[0, 0] != pairs[1, 0]:
                # One wedge of b between two of a: to give it to one of them would smear that chart over the other.
                pairs[0, 0] = pairs[0, 1]
                pairs[1, 0] = pairs[1, 1]
        elif where == 2:
            a, b = b, a
        if where == 0:
            cost, x, y, z = edge_optimum(rows, a, b)
            x += (rows[a, 0] + rows[b, 0]) * half
            y += (rows[a, 1] + rows[b, 1]) * half
            z += (rows[a, 2] + rows[b, 2]) * half
        else:
            cost = cost_at(rows, a, b)
            x = rows[a, 0]
            y = rows[a, 1]
            z = rows[a, 2]
        if rows.shape[1] > ROW:
            cost = distance_cost(rows, a, b, x, y, z)
        square = cost / (rows[a, AREA] + rows[b, AREA] + np.float32(1e-20))
        if not square <= max_square:
            continue
        if not ring_stays_upright(rows, faces, dead, starts, ring, b, a, x, y, z):
            continue
        if where == 0 and not ring_stays_upright(rows, faces, dead, starts, ring, a, b, x, y, z):
            continue
        redirect_faces(faces, wedges, dead, starts, ring, a, b, pairs)
        if with_wedges:
            join_wedges(merged, charts, pairs)
        merge_rows(rows, a, b, x, y, z)
        kinds[a] |= MOVED if where == 0 else np.uint8(0)
        touched[a] = 1
        touched[b] = 1
        removed += on_edge
        progress[0] = max(progress[0], square)
    progress[1] = token
    return removed, left
