"""Costs of all edges, and the cheapest of them in order."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from axis_core.kernels.cpu.decimate_lanes import COSTS, LANES, pack_edge, price_lanes
from axis_core.kernels.cpu.decimate_quadric import (
    BORDER,
    IMPORTANCE,
    NEVER,
    RANK,
    SMOOTH,
    cost_of,
    edge_optimum,
    placement,
)
from axis_core.kernels.cpu.decimate_wedges import edge_wedges, soft_placement
from axis_core.kernels.cpu.jit import njit


@njit(allocates=False)
def price_block(
    lanes: NDArray[np.float32],
    waiting: NDArray[np.uint32],
    n_waiting: int,
    costs: NDArray[np.float32],
    bits: NDArray[np.uint32],
    shift: int,
    histogram: NDArray[np.uint32],
) -> int:
    """Write the costs of the half-edges that wait in a block of lanes; return how many are finite."""
    price_lanes(lanes)
    count = 0
    for i in range(n_waiting):
        e = waiting[i]
        cost = lanes[COSTS + i]
        if cost < NEVER:
            costs[e] = cost
            histogram[bits[e] >> shift] += 1
            count += 1
    return count


@njit(allocates=False)
def price_edges(
    faces: NDArray[np.uint32],
    first: int,
    stop: int,
    rows: NDArray[np.float32],
    kinds: NDArray[np.uint8],
    touched: NDArray[np.uint8],
    costs: NDArray[np.float32],
    bits: NDArray[np.uint32],
    shift: int,
    histogram: NDArray[np.uint32],
    lanes: NDArray[np.float32],
    waiting: NDArray[np.uint32],
) -> int:
    """Write the cost of every half-edge of faces ``first`` to ``stop`` into ``costs``; return how many are finite.

    ``histogram`` counts them by the top bits of their cost. An edge of two vertices that the last round has not
    ``touched`` keeps its cost: that is over half of them. The two half-edges of an edge run against each other, so the
    one that goes up stands for both; between two border vertices both count, because a border edge has only one.
    Edges whose merged vertex may lie anywhere are priced together, in ``lanes``.
    """
    histogram[:] = 0
    count = 0
    n_waiting = 0
    for f in range(first, stop):
        for k in range(3):
            a = faces[f, k]
            b = faces[f, 0] if k == 2 else faces[f, k + 1]
            e = 3 * f + k
            if touched[a] | touched[b] == 0:
                if costs[e] < NEVER:
                    histogram[bits[e] >> shift] += 1
                    count += 1
                continue
            costs[e] = NEVER
            if a > b and kinds[a] & kinds[b] & BORDER == 0:
                continue
            where = placement(kinds[a] & RANK, kinds[b] & RANK)
            if where == 0:
                pack_edge(rows, a, b, lanes, n_waiting)
                waiting[n_waiting] = e
                n_waiting += 1
                if n_waiting == LANES:
                    count += price_block(lanes, waiting, n_waiting, costs, bits, shift, histogram)
                    n_waiting = 0
                continue
            cost = cost_of(rows, a, b, where) * max(rows[a, IMPORTANCE], rows[b, IMPORTANCE])
            if cost < NEVER:  # neither infinite nor not a number
                costs[e] = cost
                histogram[bits[e] >> shift] += 1
                count += 1
    return count + price_block(lanes, waiting, n_waiting, costs, bits, shift, histogram)


@njit(allocates=False)
def price_soft_edges(
    faces: NDArray[np.uint32],
    first: int,
    stop: int,
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
    for f in range(first, stop):
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
    """Write the half-edges of a block that are in the first buckets to ``order[at:]``, sorted; return the new end."""
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
def sort_blocks(
    bits: NDArray[np.uint32],
    start: int,
    stop: int,
    n_buckets: int,
    block: int,
    shift: int,
    histogram: NDArray[np.uint32],
    chosen: NDArray[np.uint32],
    order: NDArray[np.uint32],
) -> int:
    """Write the half-edges from ``start`` to ``stop`` that fall into the first buckets to ``order``; return how many.

    Sorted by bucket within blocks of half-edges that follow each other: what one block touches fits the caches, and
    far parts of the mesh do not compete within a round. The bits of a positive float32 order like the float.
    """
    at = start - start  # an integer of the type that comes back
    for begin in range(start, stop, block):
        at = sort_block(bits, begin, min(begin + block, stop), n_buckets, shift, histogram, chosen, order, at)
    return at
