"""Vertex rows of a decimation: quadrics about their own vertex, the cheapest place for a merged vertex, ranks.

One 64-byte float32 row a vertex holds position and quadric. The quadric is kept about the vertex itself, so that
float32 does not cancel on dense scans; lengths are in mean edge lengths, so that squares of areas stay far from the
ends of float32.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from axis_core.kernels.cpu.jit import njit


# Columns of a vertex row: position 0..2, then the quadric about it: A (xx xy xz yy yz zz) 3..8, b 9..11, c 12.
AREA = 13
"""Column: area that the quadric has gathered; cost / area is a mean squared distance."""
IMPORTANCE = 14
"""Column: factor on the cost of every collapse that involves the vertex."""
ROW = 16
"""Columns of a row without guides."""
GUIDED = 16
"""Column: with guides, the quadric of what attributes lose: A 16..21, b 22..24, c 25."""
GUIDES = 26
"""Column: then four for every guide: the gradient times area, summed, and the value at the vertex."""

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
PULL_TO_MIDPOINT = np.float32(3e-5)
"""Share of the trace that regularises the 3x3 solve. Without it the optimum slides along flat ground; at 1e-3 it stays
so far from the true optimum that the error is 1 to 10 % above that of exact solves, at 3e-5 within 1 %."""
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
    if rows.shape[1] > ROW:
        dc, ux, uy, uz, pxx, pxy, pxz, pyy, pyz, pzz = guided_edge(rows, a, b, hx, hy, hz, -hx, -hy, -hz)
        c += dc
        gx += ux
        gy += uy
        gz += uz
        xx += pxx
        xy += pxy
        xz += pxz
        yy += pyy
        yz += pyz
        zz += pzz
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
def guided_edge(
    rows: NDArray[np.float32], a: int, b: int, x: float, y: float, z: float, p: float, q: float, r: float
) -> tuple[float, float, float, float, float, float, float, float, float, float]:
    """Return (c, b, A) that the guides add to a merged quadric about a point (x, y, z) from a and (p, q, r) from b.

    A guide is a value that the surface carries. The cost of a place and a value is the area-weighted squared difference
    to the linear function of every face; the best value for each place is put in, and only the place is left.
    """
    two = np.float32(2.0)
    one = np.float32(1.0)
    ax = rows[a, 16] * x + rows[a, 17] * y + rows[a, 18] * z
    ay = rows[a, 17] * x + rows[a, 19] * y + rows[a, 20] * z
    az = rows[a, 18] * x + rows[a, 20] * y + rows[a, 21] * z
    bx = rows[b, 16] * p + rows[b, 17] * q + rows[b, 18] * r
    by = rows[b, 17] * p + rows[b, 19] * q + rows[b, 20] * r
    bz = rows[b, 18] * p + rows[b, 20] * q + rows[b, 21] * r
    c = rows[a, 25] + rows[b, 25] + x * ax + y * ay + z * az + p * bx + q * by + r * bz
    c += two * (x * rows[a, 22] + y * rows[a, 23] + z * rows[a, 24])
    c += two * (p * rows[b, 22] + q * rows[b, 23] + r * rows[b, 24])
    gx = rows[a, 22] + rows[b, 22] + ax + bx
    gy = rows[a, 23] + rows[b, 23] + ay + by
    gz = rows[a, 24] + rows[b, 24] + az + bz
    xx = rows[a, 16] + rows[b, 16]
    xy = rows[a, 17] + rows[b, 17]
    xz = rows[a, 18] + rows[b, 18]
    yy = rows[a, 19] + rows[b, 19]
    yz = rows[a, 20] + rows[b, 20]
    zz = rows[a, 21] + rows[b, 21]
    share = one / (rows[a, AREA] + rows[b, AREA] + np.float32(1e-20))
    share_a = rows[a, AREA] * share
    share_b = rows[b, AREA] * share
    for k in range(GUIDES, rows.shape[1], 4):
        step = rows[a, k + 3] - rows[b, k + 3]
        over_a = share_b * step
        over_b = -share_a * step
        ua = rows[a, k] * x + rows[a, k + 1] * y + rows[a, k + 2] * z
        ub = rows[b, k] * p + rows[b, k + 1] * q + rows[b, k + 2] * r
        u = (ua + ub) * share
        sx = rows[a, k] + rows[b, k]
        sy = rows[a, k + 1] + rows[b, k + 1]
        sz = rows[a, k + 2] + rows[b, k + 2]
        c += two * (over_a * ua + over_b * ub) + share_a * rows[b, AREA] * step * step - u * (ua + ub)
        gx += over_a * rows[a, k] + over_b * rows[b, k] - u * sx
        gy += over_a * rows[a, k + 1] + over_b * rows[b, k + 1] - u * sy
        gz += over_a * rows[a, k + 2] + over_b * rows[b, k + 2] - u * sz
        xx -= share * sx * sx
        xy -= share * sx * sy
        xz -= share * sx * sz
        yy -= share * sy * sy
        yz -= share * sy * sz
        zz -= share * sz * sz
    return c, gx, gy, gz, xx, xy, xz, yy, yz, zz


@njit(allocates=False)
def merge_guides(
    rows: NDArray[np.float32], a: int, b: int, x: float, y: float, z: float, p: float, q: float, r: float
) -> None:
    """Give ``a`` the sum of the guides' quadrics of both about the point (x, y, z) from a and (p, q, r) from b."""
    two = np.float32(2.0)
    for side in range(2):
        v = b if side == 1 else a
        i, j, k = (p, q, r) if side == 1 else (x, y, z)
        ax = rows[v, 16] * i + rows[v, 17] * j + rows[v, 18] * k
        ay = rows[v, 17] * i + rows[v, 19] * j + rows[v, 20] * k
        az = rows[v, 18] * i + rows[v, 20] * j + rows[v, 21] * k
        rows[v, 25] += i * (ax + two * rows[v, 22]) + j * (ay + two * rows[v, 23]) + k * (az + two * rows[v, 24])
        rows[v, 22] += ax
        rows[v, 23] += ay
        rows[v, 24] += az
    share = np.float32(1.0) / (rows[a, AREA] + rows[b, AREA] + np.float32(1e-20))
    for g in range(GUIDES, rows.shape[1], 4):
        ua = rows[a, g] * x + rows[a, g + 1] * y + rows[a, g + 2] * z
        ub = rows[b, g] * p + rows[b, g + 1] * q + rows[b, g + 2] * r
        value = (ua + ub + rows[a, AREA] * rows[a, g + 3] + rows[b, AREA] * rows[b, g + 3]) * share
        for side in range(2):
            v = b if side == 1 else a
            u = ub if side == 1 else ua
            over = rows[v, g + 3] - value
            rows[v, 25] += over * (two * u + over * rows[v, AREA])
            for i in range(3):
                rows[v, 22 + i] += over * rows[v, g + i]
        for i in range(3):
            rows[a, g + i] += rows[b, g + i]
        rows[a, g + 3] = value
    for i in range(GUIDED, GUIDES):
        rows[a, i] += rows[b, i]
    rows[a, 25] = max(rows[a, 25], np.float32(0.0))


@njit(allocates=False)
def distance_cost(rows: NDArray[np.float32], a: int, b: int, x: float, y: float, z: float) -> float:
    """Return what merging a and b at a point costs in distance alone, guides left out."""
    out = quadric_at(rows, a, x - rows[a, 0], y - rows[a, 1], z - rows[a, 2])
    return max(out + quadric_at(rows, b, x - rows[b, 0], y - rows[b, 1], z - rows[b, 2]), np.float32(0.0))


@njit(allocates=False)
def cost_at(rows: NDArray[np.float32], a: int, b: int) -> float:
    """Return the cost of merging ``b`` into ``a`` without moving ``a``."""
    dx = rows[a, 0] - rows[b, 0]
    dy = rows[a, 1] - rows[b, 1]
    dz = rows[a, 2] - rows[b, 2]
    cost = rows[a, 12] + quadric_at(rows, b, dx, dy, dz)
    if rows.shape[1] > ROW:
        zero = np.float32(0.0)
        cost += guided_edge(rows, a, b, zero, zero, zero, dx, dy, dz)[0]
    return max(cost, np.float32(0.0))


@njit(allocates=False, inline=True)
def quadric_at(rows: NDArray[np.float32], v: int, dx: float, dy: float, dz: float) -> float:
    """Return the quadric of ``v`` at an offset from it."""
    two = np.float32(2.0)
    out = rows[v, 12] + two * (rows[v, 9] * dx + rows[v, 10] * dy + rows[v, 11] * dz)
    out += rows[v, 3] * dx * dx + rows[v, 6] * dy * dy + rows[v, 8] * dz * dz
    return out + two * (rows[v, 4] * dx * dy + rows[v, 5] * dx * dz + rows[v, 7] * dy * dz)


@njit(allocates=False)
def merge_rows(rows: NDArray[np.float32], a: int, b: int, x: float, y: float, z: float) -> None:
    """Move ``a`` to a point and give it the sum of both quadrics about that point."""
    if rows.shape[1] > ROW:
        merge_guides(
            rows, a, b, x - rows[a, 0], y - rows[a, 1], z - rows[a, 2], x - rows[b, 0], y - rows[b, 1], z - rows[b, 2]
        )
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
