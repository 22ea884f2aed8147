"""Quadrics of vertices and the cheapest places of merged edges, all edges at once."""

from __future__ import annotations

from typing import Any

from axis_core.kernels.plain.segments import segment_sums


__all__ = ["edge_optima", "vertex_quadrics"]

_PAIRS = ((0, 0), (0, 1), (0, 2), (1, 1), (1, 2), (2, 2))


def vertex_quadrics(xp: Any, positions: Any, faces: Any) -> Any:
    """Return (V, 11): A (xx xy xz yy yz zz), b, c about the vertex itself, and the area gathered."""
    corners = xp.astype(faces, xp.int64)
    a, b, c = (xp.take(positions, corners[:, k], axis=0) for k in range(3))
    normal = xp.linalg.cross(b - a, c - a)
    length = xp.linalg.vector_norm(normal, axis=1, keepdims=True)
    usable = (length > 0) & xp.isfinite(length)
    one, zero = xp.ones_like(length), xp.zeros_like(length)
    unit = xp.where(usable, normal / xp.where(usable, length, one), xp.zeros_like(normal))
    area = xp.where(usable, 0.5 * length, zero)
    squares = xp.concat([unit[:, i : i + 1] * unit[:, j : j + 1] for i, j in _PAIRS], axis=1) * area
    rows = xp.concat([squares, xp.zeros((faces.shape[0], 4), dtype=positions.dtype), area], axis=1)
    labels = xp.concat([corners[:, k] for k in range(3)])
    return segment_sums(xp, xp.concat([rows, rows, rows]), labels, int(positions.shape[0]))


def _times(xp: Any, quadrics: Any, x: Any) -> Any:
    """Return A x."""
    q = [quadrics[:, k] for k in range(6)]
    rows = ((q[0], q[1], q[2]), (q[1], q[3], q[4]), (q[2], q[4], q[5]))
    return xp.stack([r[0] * x[:, 0] + r[1] * x[:, 1] + r[2] * x[:, 2] for r in rows], axis=1)


def edge_optima(xp: Any, positions: Any, quadrics: Any, edges: Any, pull: float) -> tuple[Any, Any]:
    """Return (costs (E,), places (E, 3)) of merging the ends of ``edges`` (E, 2)."""
    ends = [xp.astype(edges[:, k], xp.int64) for k in range(2)]
    p, q = (xp.take(positions, e, axis=0) for e in ends)
    one, two = (xp.take(quadrics, e, axis=0) for e in ends)
    half = (q - p) / 2
    first, second = _times(xp, one, half), _times(xp, two, half)
    constant = one[:, 9] + two[:, 9] + xp.sum(half * (first + second + 2 * (one[:, 6:9] - two[:, 6:9])), axis=1)
    slope = one[:, 6:9] + two[:, 6:9] + first - second
    a = one[:, :6] + two[:, :6]
    ridge = pull * (a[:, 0] + a[:, 3] + a[:, 5]) + 1e-20
    xx, xy, xz, yy, yz, zz = (a[:, 0] + ridge, a[:, 1], a[:, 2], a[:, 3] + ridge, a[:, 4], a[:, 5] + ridge)
    adjugate = (
        (yy * zz - yz * yz, xz * yz - xy * zz, xy * yz - xz * yy),
        (xz * yz - xy * zz, xx * zz - xz * xz, xy * xz - xx * yz),
        (xy * yz - xz * yy, xy * xz - xx * yz, xx * yy - xy * xy),
    )
    determinant = xx * adjugate[0][0] + xy * adjugate[0][1] + xz * adjugate[0][2]
    step = xp.stack(
        [-(r[0] * slope[:, 0] + r[1] * slope[:, 1] + r[2] * slope[:, 2]) / determinant for r in adjugate], axis=1
    )
    costs = constant + xp.sum(slope * step, axis=1) - ridge * xp.sum(step * step, axis=1)
    return xp.maximum(costs, xp.zeros_like(costs)), (p + q) / 2 + step
