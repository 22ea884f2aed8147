"""Compiled winding numbers over a bounding volume hierarchy."""

from __future__ import annotations

from typing import Any

import numpy as np

from axis_core.kernels.cpu.jit import njit


__all__ = ["node_dipoles", "winding_through"]

# A node is far enough for its dipole at this many radii. The paper's 2 is off by up to 0.03 on coarse meshes.
FAR = 4.0


@njit
def node_dipoles(corners: Any, boxes: Any, links: Any, dipoles: Any) -> None:
    """Fill ``dipoles`` (N, 8): area vector, area-weighted middle, squared far radius, area of each node."""
    for node in range(links.shape[0] - 1, -1, -1):  # children follow their parent
        d = dipoles[node]
        d[:] = 0.0
        if links[node, 1] > 0:
            for t in range(links[node, 0], links[node, 0] + links[node, 1]):
                c = corners[t]
                ux, uy, uz = c[3] - c[0], c[4] - c[1], c[5] - c[2]
                vx, vy, vz = c[6] - c[0], c[7] - c[1], c[8] - c[2]
                nx, ny, nz = (uy * vz - uz * vy) / 2.0, (uz * vx - ux * vz) / 2.0, (ux * vy - uy * vx) / 2.0
                area = np.sqrt(nx * nx + ny * ny + nz * nz)
                d[0] += nx
                d[1] += ny
                d[2] += nz
                d[7] += area
                for k in range(3):
                    d[3 + k] += area * (c[k] + c[3 + k] + c[6 + k]) / 3.0
        else:
            for child in (node + 1, np.int64(links[node, 0])):
                e = dipoles[child]
                for k in range(3):
                    d[k] += e[k]
                    d[3 + k] += e[7] * e[3 + k]
                d[7] += e[7]
        radius2 = 0.0
        for k in range(3):
            if d[7] > 0.0:
                d[3 + k] /= d[7]
            else:
                d[3 + k] = (boxes[node, k] + boxes[node, 3 + k]) / 2.0
            reach = max(d[3 + k] - boxes[node, k], boxes[node, 3 + k] - d[3 + k])
            radius2 += reach * reach
        d[6] = FAR * FAR * radius2


@njit
def _solid_angle(c: Any, x: float, y: float, z: float) -> float:
    """Return the signed solid angle of a triangle (9,), by van Oosterom and Strackee."""
    ax, ay, az = c[0] - x, c[1] - y, c[2] - z
    bx, by, bz = c[3] - x, c[4] - y, c[5] - z
    ex, ey, ez = c[6] - x, c[7] - y, c[8] - z
    a = np.sqrt(ax * ax + ay * ay + az * az)
    b = np.sqrt(bx * bx + by * by + bz * bz)
    e = np.sqrt(ex * ex + ey * ey + ez * ez)
    triple = ax * (by * ez - bz * ey) + ay * (bz * ex - bx * ez) + az * (bx * ey - by * ex)
    below = (
        a * b * e
        + (ax * bx + ay * by + az * bz) * e
        + (bx * ex + by * ey + bz * ez) * a
        + (ex * ax + ey * ay + ez * az) * b
    )
    angle: float = 2.0 * np.arctan2(triple, below)
    return angle


@njit
def winding_through(
    corners: Any, links: Any, dipoles: Any, queries: Any, out: Any, start: int, stop: int
) -> None:
    """Write the winding number of the triangles around ``queries[start:stop]`` into ``out`` (Q,)."""
    stack = np.empty(128, np.int64)
    for q in range(start, stop):
        x, y, z = queries[q, 0], queries[q, 1], queries[q, 2]
        total, depth = 0.0, 1
        stack[0] = 0
        while depth > 0:
            depth -= 1
            node = stack[depth]
            d = dipoles[node]
            rx, ry, rz = d[3] - x, d[4] - y, d[5] - z
            r2 = rx * rx + ry * ry + rz * rz
            if r2 > d[6]:
                total += (d[0] * rx + d[1] * ry + d[2] * rz) / (r2 * np.sqrt(r2))
            elif links[node, 1] > 0:
                for t in range(links[node, 0], links[node, 0] + links[node, 1]):
                    total += _solid_angle(corners[t], x, y, z)
            else:
                stack[depth], stack[depth + 1] = links[node, 0], node + 1
                depth += 2
        out[q] = total / (4.0 * np.pi)
