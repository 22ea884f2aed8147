"""Costs of many edges at once: the same sums as for one edge, laid out so that the processor's vector units take them.

Edges wait in a block of `LANES`. Each puts what its two rows hold into a column of a small array (`pack_edge`); a full
block is then priced by one loop without branches over contiguous memory (`price_lanes`), eight edges an instruction
where the processor has them. No operation goes from one edge to another, so the costs do not depend on the width.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from axis_core.kernels.cpu.decimate_quadric import IMPORTANCE, PULL_TO_MIDPOINT
from axis_core.kernels.cpu.jit import njit


LANES = 64
"""Edges that are priced together: what they hold fits the first cache."""
SIZE = 24 * LANES
"""Numbers of a block: half the edge 0..2, sums of both ends A 3..8, b 9..11, c 12, differences A 13..18, b 19..21,
importance 22, and room for the costs 23."""
COSTS = 23 * LANES


@njit(allocates=False)
def pack_edge(rows: NDArray[np.float32], a: int, b: int, lanes: NDArray[np.float32], i: int) -> None:
    """Put edge (a, b) into column ``i`` of a block (`SIZE`,)."""
    half = np.float32(0.5)
    at = np.uint32(i)
    for k in range(np.uint32(3)):
        lanes[at + np.uint32(LANES) * np.uint32(k)] = (rows[b, k] - rows[a, k]) * half
    for k in range(np.uint32(3), np.uint32(13)):
        lanes[at + np.uint32(LANES) * np.uint32(k)] = rows[a, k] + rows[b, k]
    for k in range(np.uint32(3), np.uint32(12)):
        lanes[at + np.uint32(LANES) * np.uint32(k + np.uint32(10))] = rows[a, k] - rows[b, k]
    lanes[at + np.uint32(22 * LANES)] = max(rows[a, IMPORTANCE], rows[b, IMPORTANCE])


@njit(allocates=False)
def price_lanes(lanes: NDArray[np.float32]) -> None:
    """Write the cost of every column of a block: that of the best place for the merged vertex, times the importance.

    The same cost as `axis_core.kernels.cpu.decimate_quadric.edge_optimum`, but for the last bits.
    """
    two = np.float32(2.0)
    for lane in range(LANES):
        i = np.uint64(lane)
        hx = lanes[i]
        hy = lanes[i + np.uint64(LANES)]
        hz = lanes[i + np.uint64(2 * LANES)]
        xx = lanes[i + np.uint64(3 * LANES)]
        xy = lanes[i + np.uint64(4 * LANES)]
        xz = lanes[i + np.uint64(5 * LANES)]
        yy = lanes[i + np.uint64(6 * LANES)]
        yz = lanes[i + np.uint64(7 * LANES)]
        zz = lanes[i + np.uint64(8 * LANES)]
        c = lanes[i + np.uint64(12 * LANES)]
        c += hx * (xx * hx + xy * hy + xz * hz)
        c += hy * (xy * hx + yy * hy + yz * hz)
        c += hz * (xz * hx + yz * hy + zz * hz)
        c += two * hx * lanes[i + np.uint64(19 * LANES)]
        c += two * hy * lanes[i + np.uint64(20 * LANES)]
        c += two * hz * lanes[i + np.uint64(21 * LANES)]
        dxy = lanes[i + np.uint64(14 * LANES)]
        dxz = lanes[i + np.uint64(15 * LANES)]
        dyz = lanes[i + np.uint64(17 * LANES)]
        gx = lanes[i + np.uint64(9 * LANES)] + lanes[i + np.uint64(13 * LANES)] * hx + dxy * hy + dxz * hz
        gy = lanes[i + np.uint64(10 * LANES)] + dxy * hx + lanes[i + np.uint64(16 * LANES)] * hy + dyz * hz
        gz = lanes[i + np.uint64(11 * LANES)] + dxz * hx + dyz * hy + lanes[i + np.uint64(18 * LANES)] * hz
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
        lanes[i + np.uint64(COSTS)] = max(cost, np.float32(0.0)) * lanes[i + np.uint64(22 * LANES)]
