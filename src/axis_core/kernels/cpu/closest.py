"""Compiled closest points on triangles."""

from __future__ import annotations

from typing import Any

import numpy as np

from axis_core.kernels.cpu.jit import njit


__all__ = ["closest_on_triangles", "closest_weights"]


@njit
def _box_distance2(box: Any, x: float, y: float, z: float) -> float:
    dx = max(max(box[0] - x, x - box[3]), 0.0)
    dy = max(max(box[1] - y, y - box[4]), 0.0)
    dz = max(max(box[2] - z, z - box[5]), 0.0)
    distance2: float = dx * dx + dy * dy + dz * dz
    return distance2


@njit
def _along(px: float, py: float, pz: float, ex: float, ey: float, ez: float) -> float:
    """Return the place (0 to 1) along the edge (ex, ey, ez) that is nearest to the point; both seen from its start."""
    length2 = ex * ex + ey * ey + ez * ez
    if length2 <= 0.0:
        return 0.0
    return min(max((px * ex + py * ey + pz * ez) / length2, 0.0), 1.0)


@njit
def closest_weights(t: Any, x: float, y: float, z: float) -> Any:
    """Return squared distance and the last two barycentric weights of the point of triangle ``t`` (9,) nearest to x."""
    ux, uy, uz = t[3] - t[0], t[4] - t[1], t[5] - t[2]
    vx, vy, vz = t[6] - t[0], t[7] - t[1], t[8] - t[2]
    px, py, pz = x - t[0], y - t[1], z - t[2]
    uu, uv, vv = ux * ux + uy * uy + uz * uz, ux * vx + uy * vy + uz * vz, vx * vx + vy * vy + vz * vz
    pu, pv = px * ux + py * uy + pz * uz, px * vx + py * vy + pz * vz
    area2 = uu * vv - uv * uv
    if area2 > 1e-24 * uu * vv:  # below, the triangle is a needle or a point: its edges say it all
        b = (vv * pu - uv * pv) / area2
        c = (uu * pv - uv * pu) / area2
        if b >= 0.0 and c >= 0.0 and b + c <= 1.0:
            dx, dy, dz = px - b * ux - c * vx, py - b * uy - c * vy, pz - b * uz - c * vz
            return dx * dx + dy * dy + dz * dz, b, c
    b = _along(px, py, pz, ux, uy, uz)
    dx, dy, dz = px - b * ux, py - b * uy, pz - b * uz
    best, best_b, best_c = dx * dx + dy * dy + dz * dz, b, 0.0
    c = _along(px, py, pz, vx, vy, vz)
    dx, dy, dz = px - c * vx, py - c * vy, pz - c * vz
    d = dx * dx + dy * dy + dz * dz
    if d < best:
        best, best_b, best_c = d, 0.0, c
    c = _along(px - ux, py - uy, pz - uz, vx - ux, vy - uy, vz - uz)
    dx, dy, dz = px - ux - c * (vx - ux), py - uy - c * (vy - uy), pz - uz - c * (vz - uz)
    d = dx * dx + dy * dy + dz * dz
    if d < best:
        best, best_b, best_c = d, 1.0 - c, c
    return best, best_b, best_c


@njit
def closest_on_triangles(
    corners: Any, boxes: Any, links: Any, queries: Any, reach: Any, triangle: Any, weights: Any, start: int, stop: int
) -> None:
    """Find for ``queries[start:stop]`` the nearest triangle nearer than ``reach``.

    reach : (Q,) float64, squared distances: the limit on entry, the result on return.
    triangle : (Q,) int64, -1 where none is in reach. weights : (Q, 3) float64, barycentric.
    """
    stack = np.empty(128, np.int64)
    ahead = np.empty(128)
    for q in range(start, stop):
        x, y, z = queries[q, 0], queries[q, 1], queries[q, 2]
        best, found, best_b, best_c = reach[q], -1, 0.0, 0.0
        depth = 1
        stack[0], ahead[0] = 0, _box_distance2(boxes[0], x, y, z)
        while depth > 0:
            depth -= 1
            if not ahead[depth] < best:
                continue
            node = stack[depth]
            if links[node, 1] > 0:
                for t in range(links[node, 0], links[node, 0] + links[node, 1]):
                    d, b, c = closest_weights(corners[t], x, y, z)
                    if d < best:
                        best, found, best_b, best_c = d, t, b, c
                continue
            near, far = node + 1, np.int64(links[node, 0])
            d_near, d_far = _box_distance2(boxes[near], x, y, z), _box_distance2(boxes[far], x, y, z)
            if d_far < d_near:
                near, far, d_near, d_far = far, near, d_far, d_near
            if d_far < best:
                stack[depth], ahead[depth] = far, d_far
                depth += 1
            if d_near < best:
                stack[depth], ahead[depth] = near, d_near
                depth += 1
        reach[q], triangle[q] = best, found
        weights[q, 0], weights[q, 1], weights[q, 2] = 1.0 - best_b - best_c, best_b, best_c
