"""Edge collapse by quadrics, in rounds: price all edges, sort the cheap ones coarsely, collapse an independent set.

The data layout follows the measurements: one 64-byte float32 row a vertex holds its position and its quadric, and the
quadric is kept about the vertex itself, so that float32 does not cancel on dense scans. All indices are unsigned:
compiled code then has no negative index to check for. Lengths are in mean edge lengths, so that squares of areas stay
far from the ends of float32.

References
----------
M. Garland, P. S. Heckbert, "Surface simplification using quadric error metrics", SIGGRAPH 1997. doi:10.1145/258734.258849
T. K. Dey, H. Edelsbrunner, S. Guha, D. V. Nekhayev, "Topology preserving edge contraction", Publications de l'Institut
Mathématique 66, 1999 (the link condition).
H. Hoppe, "New quadric metric for simplifying meshes with appearance attributes", IEEE Visualization 1999 (wedges).
doi:10.1109/VISUAL.1999.809869
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from axis_core.kernels.cpu.jit import njit


# Columns of a vertex row: position 0..2, then the quadric about it: A (xx xy xz yy yz zz) 3..8, b 9..11, c 12.
AREA = 13
"""Column: area that the quadric has gathered; cost / area is a mean squared distance."""
IMPORTANCE = 14
"""Column: factor on the cost of every collapse that involves the vertex."""
ROW = 16

SMOOTH = 0
CURVE = 1
"""On a border or a seam: stays on it, and meets only its neighbours along it."""
CORNER = 2
"""Where such curves end or meet: is not moved and not removed."""
RANK = 3
BORDER = 4
LOCKED = 8
MOVED = np.uint8(16)
"""No longer at the place of an input vertex."""

NEVER = np.float32(np.inf)
PULL_TO_MIDPOINT = np.float32(1e-3)
"""Share of the trace that regularises the 3x3 solve: below it the optimum slides along flat ground."""
SEAM_PENALTY = np.float32(4.0)
"""Factor on the cost of a collapse that does not respect a seam: twice the distance."""
MIN_TURN_COSINE = np.float32(0.2)
"""A face may turn by at most about 78 degrees in one collapse."""


@njit(allocates=False)
def edge_optimum(rows: NDArray[np.float32], a: int, b: int) -> tuple[float, float, float, float]:
    """Return (cost, x, y, z): the best place for the merged vertex, relative to the midpoint of the edge."""
    half = np.float32(0.5)
    two = np.float32(2.0)
    hx = (rows[b, 0] - rows[a, 0]) * half
    hy = (rows[b, 1] - rows[a, 1]) * half
    hz = (rows[b, 2] - rows[a, 2]) * half
    # A h of both ends, needed to move both quadrics to the midpoint.
    ax = rows[a, 3] * hx + rows[a, 4] * hy + rows[a, 5] * hz
    ay = rows[a, 4] * hx + rows[a, 6] * hy + rows[a, 7] * hz
    az = rows[a, 5] * hx + rows[a, 7] * hy + rows[a, 8] * hz
    bx = rows[b, 3] * hx + rows[b, 4] * hy + rows[b, 5] * hz
    by = rows[b, 4] * hx + rows[b, 6] * hy + rows[b, 7] * hz
    bz = rows[b, 5] * hx + rows[b, 7] * hy + rows[b, 8] * hz
    c = rows[a, 12] + rows[b, 12] + hx * (ax + bx) + hy * (ay + by) + hz * (az + bz)
    c += two * (hx * (rows[a, 9] - rows[b, 9]) + hy * (rows[a, 10] - rows[b, 10]) + hz * (rows[a, 11] - rows[b, 11]))
    gx = rows[a, 9] + rows[b, 9] + ax - bx
    gy = rows[a, 10] + rows[b, 10] + ay - by
    gz = rows[a, 11] + rows[b, 11] + az - bz
    xx = rows[a, 3] + rows[b, 3]
    xy = rows[a, 4] + rows[b, 4]
    xz = rows[a, 5] + rows[b, 5]
    yy = rows[a, 6] + rows[b, 6]
    yz = rows[a, 7] + rows[b, 7]
    zz = rows[a, 8] + rows[b, 8]
    pull = PULL_TO_MIDPOINT * (xx + yy + zz) + np.float32(1e-20)
    xx += pull
    yy += pull
    zz += pull
    cxx = yy * zz - yz * yz
    cxy = xz * yz - xy * zz
    cxz = xy * yz - xz * yy
    inverse = np.float32(-1.0) / (xx * cxx + xy * cxy + xz * cxz)
    dx = (cxx * gx + cxy * gy + cxz * gz) * inverse
    dy = (cxy * gx + (xx * zz - xz * xz) * gy + (xy * xz - xx * yz) * gz) * inverse
    dz = (cxz * gx + (xy * xz - xx * yz) * gy + (xx * yy - xy * xy) * gz) * inverse
    cost = c + (gx * dx + gy * dy + gz * dz) - pull * (dx * dx + dy * dy + dz * dz)
    return max(cost, np.float32(0.0)), dx, dy, dz


@njit(allocates=False)
def cost_at(rows: NDArray[np.float32], a: int, b: int) -> float:
    """Return the cost of merging ``b`` into ``a`` without moving ``a``."""
    dx = rows[a, 0] - rows[b, 0]
    dy = rows[a, 1] - rows[b, 1]
    dz = rows[a, 2] - rows[b, 2]
    return max(rows[a, 12] + quadric_at(rows, b, dx, dy, dz), np.float32(0.0))


@njit(allocates=False)
def quadric_at(rows: NDArray[np.float32], v: int, dx: float, dy: float, dz: float) -> float:
    """Return the quadric of ``v`` at an offset from it."""
    two = np.float32(2.0)
    out = rows[v, 12] + two * (rows[v, 9] * dx + rows[v, 10] * dy + rows[v, 11] * dz)
    out += rows[v, 3] * dx * dx + rows[v, 6] * dy * dy + rows[v, 8] * dz * dz
    return out + two * (rows[v, 4] * dx * dy + rows[v, 5] * dx * dz + rows[v, 7] * dy * dz)


@njit(allocates=False)
def placement(rank_a: int, rank_b: int) -> int:
    """Return where the vertex merged from two ranks goes: 0 anywhere, 1 at a, 2 at b, 3 the two do not merge."""
    if rank_a == rank_b:
        return 3 if rank_a == CORNER else 0
    return 1 if rank_a > rank_b else 2


@njit(allocates=False)
def hard_rank(kind: int) -> int:
    """Return the rank of a vertex when seams do not count: only borders and locks hold it."""
    if kind & LOCKED:
        return CORNER
    return CURVE if kind & BORDER else SMOOTH


@njit(allocates=False)
def cost_of(rows: NDArray[np.float32], a: int, b: int, where: int) -> float:
    """Return the cost of a collapse with the merged vertex anywhere (0), at a (1), at b (2) or not at all (3)."""
    if where == 0:
        return edge_optimum(rows, a, b)[0]
    if where == 1:
        return cost_at(rows, a, b)
    if where == 2:
        return cost_at(rows, b, a)
    return NEVER


@njit(allocates=False)
def soft_placement(
    rows: NDArray[np.float32], kinds: NDArray[np.uint8], a: int, b: int, along: bool
) -> tuple[int, float]:
    """Return (where, cost) of the cheaper way: respecting seams, or across them (where + 4) at a penalty.

    ``along``: the edge itself is a seam or a border.
    """
    rank_a = kinds[a] & RANK
    rank_b = kinds[b] & RANK
    where = placement(rank_a, rank_b)
    if rank_a != SMOOTH and rank_b != SMOOTH and not along:
        where = 3
    cost = cost_of(rows, a, b, where)
    hard_a = hard_rank(kinds[a])
    hard_b = hard_rank(kinds[b])
    if hard_a != rank_a or hard_b != rank_b or where == 3:
        across = placement(hard_a, hard_b)
        dear = SEAM_PENALTY * cost_of(rows, a, b, across)
        if dear < cost:
            return across + 4, dear
    return where, cost


@njit(allocates=False)
def find_chart(charts: NDArray[np.uint32], w: int) -> int:
    """Return the wedge that stands for all wedges of one chart at a point, halving the path to it."""
    while charts[w] != w:
        charts[w] = charts[charts[w]]
        w = charts[w]
    return w


@njit(allocates=False)
def price_soft_edges(
    faces: NDArray[np.uint32],
    n_faces: int,
    wedges: NDArray[np.uint32],
    charts: NDArray[np.uint32],
    dead: NDArray[np.uint8],
    starts: NDArray[np.uint32],
    ring: NDArray[np.uint32],
    rows: NDArray[np.float32],
    kinds: NDArray[np.uint8],
    touched: NDArray[np.uint8],
    costs: NDArray[np.float32],
    bits: NDArray[np.uint32],
    shift: int,
    histogram: NDArray[np.uint32],
    pairs: NDArray[np.uint32],
) -> int:
    """Write the cost of every half-edge of a mesh with seams into ``costs``; return how many are finite."""
    histogram[:] = 0
    count = 0
    for f in range(n_faces):
        for k in range(3):
            a = faces[f, k]
            b = faces[f, 0] if k == 2 else faces[f, k + 1]
            e = 3 * f + k
            if touched[a] == 0 and touched[b] == 0:
                if costs[e] < NEVER:
                    histogram[bits[e] >> shift] += 1
                    count += 1
                continue
            cost = NEVER
            if a < b or kinds[a] & kinds[b] & BORDER != 0:
                rank_a = kinds[a] & RANK
                rank_b = kinds[b] & RANK
                if rank_a == SMOOTH and rank_b == SMOOTH:
                    cost = edge_optimum(rows, a, b)[0]
                else:
                    along = False
                    if rank_a != SMOOTH and rank_b != SMOOTH:
                        along = edge_wedges(faces, wedges, charts, dead, starts, ring, a, b, pairs)
                    cost = soft_placement(rows, kinds, a, b, along)[1]
                cost *= max(rows[a, IMPORTANCE], rows[b, IMPORTANCE])
                if not cost < NEVER:
                    cost = NEVER  # not a number as well
            costs[e] = cost
            if cost < NEVER:
                histogram[bits[e] >> shift] += 1
                count += 1
    return count


@njit(allocates=False)
def price_edges(
    faces: NDArray[np.uint32],
    n_faces: int,
    rows: NDArray[np.float32],
    kinds: NDArray[np.uint8],
    touched: NDArray[np.uint8],
    costs: NDArray[np.float32],
    bits: NDArray[np.uint32],
    shift: int,
    histogram: NDArray[np.uint32],
) -> int:
    """Write the cost of every half-edge into ``costs`` (infinite for those not taken) and return how many are finite.

    ``histogram`` counts them by the top bits of their cost. An edge of two vertices that the last round has not ``touched`` keeps its cost: that is over half of them. The two half-edges of an edge run against each other, so the one that goes up stands for both; between two border
    vertices both count, because a border edge has only one.
    """
    histogram[:] = 0
    count = 0
    for f in range(n_faces):
        for k in range(3):
            a = faces[f, k]
            b = faces[f, 0] if k == 2 else faces[f, k + 1]
            e = 3 * f + k
            if touched[a] == 0 and touched[b] == 0:
                if costs[e] < NEVER:
                    histogram[bits[e] >> shift] += 1
                    count += 1
                continue
            cost = NEVER
            both = kinds[a] & kinds[b] & BORDER
            if a < b or both != 0:
                cost = cost_of(rows, a, b, placement(kinds[a] & RANK, kinds[b] & RANK))
                cost *= max(rows[a, IMPORTANCE], rows[b, IMPORTANCE])
                if not cost < NEVER:
                    cost = NEVER  # not a number as well
            costs[e] = cost
            if cost < NEVER:
                histogram[bits[e] >> shift] += 1
                count += 1
    return count


@njit(allocates=False)
def bucket_limit(histogram: NDArray[np.uint32], wanted: int) -> int:
    """Return the number of buckets that hold at least the ``wanted`` cheapest edges, or all."""
    total = 0
    for bucket in range(histogram.shape[0]):
        total += histogram[bucket]
        if total >= wanted:
            return bucket + 1
    return histogram.shape[0]


@njit(allocates=False)
def sort_block(
    bits: NDArray[np.uint32],
    start: int,
    stop: int,
    n_buckets: int,
    shift: int,
    histogram: NDArray[np.uint32],
    chosen: NDArray[np.uint32],
    order: NDArray[np.uint32],
    at: int,
) -> int:
    """Write the half-edges of a block that fall into the first buckets to ``order[at:]``, sorted; return the new end."""
    histogram[:n_buckets] = 0
    limit = min(np.uint32(n_buckets << shift), np.uint32(0x7F800000))
    count = 0
    for e in range(start, stop):
        if bits[e] < limit:
            histogram[bits[e] >> shift] += 1
            chosen[count] = e
            count += 1
    for bucket in range(n_buckets):
        size = histogram[bucket]
        histogram[bucket] = at
        at += size
    for i in range(count):
        e = chosen[i]
        bucket_of = bits[e] >> shift
        order[histogram[bucket_of]] = e
        histogram[bucket_of] += 1
    return at


@njit(allocates=False)
def sort_cheapest(
    bits: NDArray[np.uint32],
    n_half: int,
    wanted: int,
    block: int,
    shift: int,
    histogram: NDArray[np.uint32],
    chosen: NDArray[np.uint32],
    order: NDArray[np.uint32],
) -> int:
    """Write about the ``wanted`` cheapest half-edges into ``order``; return how many.

    Sorted by bucket within blocks of half-edges that follow each other: what one block touches fits the caches, and far
    parts of the mesh do not compete within a round. The bits of a positive float32 order like the float. ``histogram``
    comes from the pricing and is used up.
    """
    n_buckets = bucket_limit(histogram, wanted)
    at = n_half - n_half
    for start in range(0, n_half, block):
        at = sort_block(bits, start, min(start + block, n_half), n_buckets, shift, histogram, chosen, order, at)
    return at


@njit(allocates=False)
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
    u = faces[g, 1]
    w = faces[g, 2]
    if faces[g, 1] == v:
        u = faces[g, 2]
        w = faces[g, 0]
    elif faces[g, 2] == v:
        u = faces[g, 0]
        w = faces[g, 1]
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
        if dead[g] or faces[g, 0] == other or faces[g, 1] == other or faces[g, 2] == other:
            continue
        if not face_stays_upright(rows, faces, g, v, x, y, z):
            return False
    return True


@njit(allocates=False)
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
            if v == b:
                on_edge += 1
    for i in range(starts[b], starts[b + np.uint32(1)]):
        g = ring[i]
        if dead[g]:
            continue
        around_b += 1
        for k in range(3):
            v = faces[g, k]
            if stamps[v] == token and v != a and v != b:
                stamps[v] = token + np.uint32(1)
                common += 1
    if common != on_edge or on_edge > 2:
        return 0
    # The last faces of a component: a single triangle, a tetrahedron.
    if around_a == around_b and around_a == 2 * on_edge - 1:
        return 0
    return on_edge


@njit(allocates=False)
def edge_wedges(
    faces: NDArray[np.uint32],
    wedges: NDArray[np.uint32],
    charts: NDArray[np.uint32],
    dead: NDArray[np.uint8],
    starts: NDArray[np.uint32],
    ring: NDArray[np.uint32],
    a: int,
    b: int,
    pairs: NDArray[np.uint32],
) -> bool:
    """Write the wedges (at a, at b) of the faces on edge ab into ``pairs``; return whether it is a seam or a border."""
    count = 0
    for i in range(starts[a], starts[a + np.uint32(1)]):
        g = ring[i]
        if dead[g]:
            continue
        at_a = 0
        at_b = -1
        for k in range(3):
            if faces[g, k] == a:
                at_a = k
            elif faces[g, k] == b:
                at_b = k
        if at_b >= 0 and count < 2:
            pairs[count, 0] = wedges[g, at_a]
            pairs[count, 1] = wedges[g, at_b]
            count += 1
    if count == 1:
        pairs[1, 0] = pairs[0, 0]
        pairs[1, 1] = pairs[0, 1]
        return True
    for side in range(2):
        if pairs[0, side] != pairs[1, side]:
            if find_chart(charts, pairs[0, side]) != find_chart(charts, pairs[1, side]):
                return True
    return False


@njit(allocates=False)
def wedges_covered(
    faces: NDArray[np.uint32],
    wedges: NDArray[np.uint32],
    charts: NDArray[np.uint32],
    dead: NDArray[np.uint8],
    starts: NDArray[np.uint32],
    ring: NDArray[np.uint32],
    v: int,
    side: int,
    pairs: NDArray[np.uint32],
) -> bool:
    """Return whether every chart at ``v`` lies on the collapsing edge, so that none loses its vertex."""
    first = find_chart(charts, pairs[0, side])
    second = find_chart(charts, pairs[1, side])
    for i in range(starts[v], starts[v + np.uint32(1)]):
        g = ring[i]
        if dead[g]:
            continue
        for k in range(3):
            w = wedges[g, k]
            if faces[g, k] == v and w != pairs[0, side] and w != pairs[1, side]:
                chart = find_chart(charts, w)
                if chart != first and chart != second:
                    return False
    return True


@njit(allocates=False)
def wedge_placement(
    faces: NDArray[np.uint32],
    wedges: NDArray[np.uint32],
    charts: NDArray[np.uint32],
    dead: NDArray[np.uint8],
    starts: NDArray[np.uint32],
    ring: NDArray[np.uint32],
    rows: NDArray[np.float32],
    kinds: NDArray[np.uint8],
    a: int,
    b: int,
    pairs: NDArray[np.uint32],
) -> int:
    """Return where the vertex merged from a and b goes, as `soft_placement`; ``pairs`` receives the wedges of the edge."""
    along = edge_wedges(faces, wedges, charts, dead, starts, ring, a, b, pairs)
    if kinds[a] & RANK == SMOOTH and kinds[b] & RANK == SMOOTH:
        return 0
    where = soft_placement(rows, kinds, a, b, along)[0]
    if where >= 3:
        return where
    safe = True
    if where != 1:
        safe = wedges_covered(faces, wedges, charts, dead, starts, ring, a, 0, pairs)
    if safe and where != 2:
        safe = wedges_covered(faces, wedges, charts, dead, starts, ring, b, 1, pairs)
    return where if safe else placement(hard_rank(kinds[a]), hard_rank(kinds[b]))


@njit(allocates=False)
def join_wedges(merged: NDArray[np.uint32], charts: NDArray[np.uint32], pairs: NDArray[np.uint32]) -> None:
    """Record that the wedges of the removed vertex went into those of the kept one, and their charts with them."""
    for side in range(2):
        kept = pairs[side, 0]
        gone = pairs[side, 1]
        if kept != gone:
            merged[gone] = kept
            root_kept = find_chart(charts, kept)
            root_gone = find_chart(charts, gone)
            charts[root_gone] = root_kept


@njit(allocates=False)
def merge_rows(rows: NDArray[np.float32], a: int, b: int, x: float, y: float, z: float) -> None:
    """Move ``a`` to a point and give it the sum of both quadrics about that point."""
    for side in range(2):
        v = b if side == 1 else a
        dx = x - rows[v, 0]
        dy = y - rows[v, 1]
        dz = z - rows[v, 2]
        value = quadric_at(rows, v, dx, dy, dz)
        rows[v, 9] += rows[v, 3] * dx + rows[v, 4] * dy + rows[v, 5] * dz
        rows[v, 10] += rows[v, 4] * dx + rows[v, 6] * dy + rows[v, 7] * dz
        rows[v, 11] += rows[v, 5] * dx + rows[v, 7] * dy + rows[v, 8] * dz
        rows[v, 12] = max(value, np.float32(0.0))
    for k in range(3, AREA + 1):
        rows[a, k] += rows[b, k]
    rows[a, 0] = x
    rows[a, 1] = y
    rows[a, 2] = z
    rows[a, IMPORTANCE] = max(rows[a, IMPORTANCE], rows[b, IMPORTANCE])


@njit(allocates=False)
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
        if faces[g, 0] == a or faces[g, 1] == a or faces[g, 2] == a:
            dead[g] = 1
            continue
        k = 0
        if faces[g, 1] == b:
            k = 1
        elif faces[g, 2] == b:
            k = 2
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
    pairs: NDArray[np.uint32],
) -> int:
    """Collapse the edges of ``order`` that are still free, at most ``surplus`` faces; return the faces removed.

    ``merged`` receives wedge -> wedge it went into. ``progress``: worst squared error so far, last token.
    """
    half = np.float32(0.5)
    with_wedges = wedges.shape[0] > 0
    removed = 0
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
    return removed
