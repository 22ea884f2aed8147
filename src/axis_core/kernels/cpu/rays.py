"""Compiled ray casts through a bounding volume hierarchy."""

from __future__ import annotations

from typing import Any

import numpy as np

from axis_core.kernels.cpu.jit import njit


__all__ = ["cast_through", "count_through", "occluded_through"]


@njit
def _enters(box: Any, ox: float, oy: float, oz: float, ix: float, iy: float, iz: float, limit: float) -> float:
    """Return where a ray enters a box (infinite: never, or beyond ``limit``). ix, iy, iz: one over its direction."""
    x0, x1 = (box[0] - ox) * ix, (box[3] - ox) * ix
    y0, y1 = (box[1] - oy) * iy, (box[4] - oy) * iy
    z0, z1 = (box[2] - oz) * iz, (box[5] - oz) * iz
    enter = max(max(min(x0, x1), min(y0, y1)), max(min(z0, z1), 0.0))
    leave = min(min(max(x0, x1), max(y0, y1)), min(max(z0, z1), limit))
    # one part in 1e12 of slack: a flat box seen edge-on must not be lost to rounding
    return enter if enter <= leave * (1.0 + 1e-12) + 1e-300 else np.inf


@njit
def _inverse(x: float) -> float:
    """Return 1 / x, huge instead of infinite, so that 0 times it is 0 and not NaN."""
    if abs(x) < 1e-150:
        return 1e150 if x >= 0.0 else -1e150
    return 1.0 / x


# Room for the places that one segment crosses; more are not counted.
MOST_PLACES = 64

# Hits nearer to each other than this share of the segment are one: an edge or a corner between faces.
SAME_PLACE = 1e-7


@njit
def _hits(t: Any, ox: float, oy: float, oz: float, dx: float, dy: float, dz: float, rim: float) -> Any:
    """Return where along the ray it meets triangle ``t`` (9,) and the last two barycentric weights; -1 for a miss.

    rim : how far outside, in barycentric weights, still counts.
    """
    ux, uy, uz = t[3] - t[0], t[4] - t[1], t[5] - t[2]
    vx, vy, vz = t[6] - t[0], t[7] - t[1], t[8] - t[2]
    px, py, pz = dy * vz - dz * vy, dz * vx - dx * vz, dx * vy - dy * vx
    det = ux * px + uy * py + uz * pz
    if det == 0.0:
        return -1.0, 0.0, 0.0
    sx, sy, sz = ox - t[0], oy - t[1], oz - t[2]
    b = (sx * px + sy * py + sz * pz) / det
    qx, qy, qz = sy * uz - sz * uy, sz * ux - sx * uz, sx * uy - sy * ux
    c = (dx * qx + dy * qy + dz * qz) / det
    if b < -rim or c < -rim or b + c > 1.0 + rim:
        return -1.0, 0.0, 0.0
    return (vx * qx + vy * qy + vz * qz) / det, b, c


@njit
def cast_through(
    corners: Any,
    boxes: Any,
    links: Any,
    origins: Any,
    directions: Any,
    far: Any,
    triangle: Any,
    weights: Any,
    start: int,
    stop: int,
) -> None:
    """Find the first triangle each ray of ``start`` to ``stop`` meets before ``far``.

    far : (Q,) float64, in lengths of the direction: the limit on entry, where the hit is on return.
    triangle : (Q,) int64, -1: none. weights : (Q, 3) float64, barycentric.
    """
    stack = np.empty(128, np.int64)
    ahead = np.empty(128)
    for q in range(start, stop):
        ox, oy, oz = origins[q, 0], origins[q, 1], origins[q, 2]
        dx, dy, dz = directions[q, 0], directions[q, 1], directions[q, 2]
        ix, iy, iz = _inverse(dx), _inverse(dy), _inverse(dz)
        best, found, best_b, best_c = far[q], -1, 0.0, 0.0
        depth = 1
        stack[0], ahead[0] = 0, _enters(boxes[0], ox, oy, oz, ix, iy, iz, best)
        while depth > 0:
            depth -= 1
            if not ahead[depth] < best:
                continue
            node = stack[depth]
            if links[node, 1] > 0:
                for t in range(links[node, 0], links[node, 0] + links[node, 1]):
                    d, b, c = _hits(corners[t], ox, oy, oz, dx, dy, dz, 0.0)
                    if d >= 0.0 and d < best:
                        best, found, best_b, best_c = d, t, b, c
                continue
            near, other = node + 1, np.int64(links[node, 0])
            d_near = _enters(boxes[near], ox, oy, oz, ix, iy, iz, best)
            d_other = _enters(boxes[other], ox, oy, oz, ix, iy, iz, best)
            if d_other < d_near:
                near, other, d_near, d_other = other, near, d_other, d_near
            if d_other < best:
                stack[depth], ahead[depth] = other, d_other
                depth += 1
            if d_near < best:
                stack[depth], ahead[depth] = near, d_near
                depth += 1
        triangle[q] = found
        far[q] = best if found >= 0 else np.inf
        weights[q, 0], weights[q, 1], weights[q, 2] = 1.0 - best_b - best_c, best_b, best_c


@njit
def _is_new(places: Any, n: int, place: float) -> bool:
    new = True
    for i in range(n):
        new &= abs(places[i] - place) >= SAME_PLACE
    return new


@njit
def count_through(
    corners: Any,
    boxes: Any,
    links: Any,
    labels: Any,
    starts: Any,
    ends: Any,
    ignored: Any,
    counts: Any,
    start: int,
    stop: int,
) -> None:
    """Count the places where each segment crosses triangles, those with the label ``ignored[q]`` left out.

    labels : (T,) int64 of the triangles in tree order. counts : (Q,) int32, overwritten.
    """
    stack = np.empty(128, np.int64)
    places = np.empty(MOST_PLACES)
    for q in range(start, stop):
        ox, oy, oz = starts[q, 0], starts[q, 1], starts[q, 2]
        dx, dy, dz = ends[q, 0] - ox, ends[q, 1] - oy, ends[q, 2] - oz
        ix, iy, iz = _inverse(dx), _inverse(dy), _inverse(dz)
        n, depth = 0, 1
        stack[0] = 0
        while depth > 0:
            depth -= 1
            node = stack[depth]
            if not _enters(boxes[node], ox, oy, oz, ix, iy, iz, 1.0) <= 1.0:
                continue
            if links[node, 1] > 0:
                for t in range(links[node, 0], links[node, 0] + links[node, 1]):
                    if labels[t] != ignored[q] and n < MOST_PLACES:
                        d = _hits(corners[t], ox, oy, oz, dx, dy, dz, 1e-9)[0]
                        if d >= 0.0 and d <= 1.0 and _is_new(places, n, d):
                            places[n] = d
                            n += 1
                continue
            stack[depth], stack[depth + 1] = links[node, 0], node + 1
            depth += 2
        counts[q] = n


@njit
def occluded_through(
    corners: Any, boxes: Any, links: Any, origins: Any, directions: Any, far: Any, hidden: Any, start: int, stop: int
) -> None:
    """Write into ``hidden`` (Q,) bool whether a ray meets any triangle before ``far`` (Q,)."""
    stack = np.empty(128, np.int64)
    for q in range(start, stop):
        ox, oy, oz = origins[q, 0], origins[q, 1], origins[q, 2]
        dx, dy, dz = directions[q, 0], directions[q, 1], directions[q, 2]
        ix, iy, iz = _inverse(dx), _inverse(dy), _inverse(dz)
        hidden[q] = False
        depth = 1
        stack[0] = 0
        while depth > 0:
            depth -= 1
            node = stack[depth]
            if not _enters(boxes[node], ox, oy, oz, ix, iy, iz, far[q]) < far[q]:
                continue
            if links[node, 1] > 0:
                for t in range(links[node, 0], links[node, 0] + links[node, 1]):
                    d = _hits(corners[t], ox, oy, oz, dx, dy, dz, 0.0)[0]
                    if d >= 0.0 and d < far[q]:
                        hidden[q] = True
                if hidden[q]:
                    break
                continue
            stack[depth], stack[depth + 1] = links[node, 0], node + 1
            depth += 2
