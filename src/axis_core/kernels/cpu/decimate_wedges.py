"""Wedges of a decimation: which input vertices the corners at one point are, and where seams run between them.

A point with a seam has several wedges. ``charts`` is a forest over wedges: those with one root continue each other
without a seam. ``merged`` says which wedge each one went into.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from axis_core.kernels.cpu.decimate_quadric import RANK, SEAM_PENALTY, SMOOTH, cost_of, hard_rank, placement
from axis_core.kernels.cpu.jit import njit


@njit(allocates=False)
def find_chart(charts: NDArray[np.uint32], w: int) -> int:
    """Return the wedge that stands for all wedges of one chart at a point, halving the path to it."""
    while charts[w] != w:
        charts[w] = charts[charts[w]]
        w = charts[w]
    return w


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
        one = pairs[0, side]
        other = pairs[1, side]
        if one != other and find_chart(charts, one) != find_chart(charts, other):
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
    """Return where the vertex merged from a and b goes, as `soft_placement`; fill ``pairs``."""
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
