"""Compiled distances from vertices to bones."""

from __future__ import annotations

from typing import Any

import numpy as np

from axis_core.kernels.cpu.jit import njit


__all__ = ["bone_distances"]


@njit
def bone_distances(
    points: Any,
    normals: Any,
    segments: Any,
    owners: Any,
    factors: Any,
    floor: float,
    least_facing: float,
    distances: Any,
    nearest: Any,
    start: int,
    stop: int,
) -> None:
    """Write for ``points[start:stop]`` the distance to each joint's nearest segment, and which segment that is.

    points, normals : (V, 3) float64; a normal may be zero (no direction known).
    segments : (S, 6) float64. owners : (S,) int64, the joint of each.
    factors : (S, N) float64, on the distance where the nearest point lies in the n-th of N equal pieces of the segment.
    distances : (V, J) float64 and nearest : (V, J) int64, overwritten.
    """
    pieces = factors.shape[1]
    for v in range(start, stop):
        for j in range(distances.shape[1]):
            distances[v, j] = np.inf
        px, py, pz = points[v, 0], points[v, 1], points[v, 2]
        nx, ny, nz = normals[v, 0], normals[v, 1], normals[v, 2]
        for s in range(segments.shape[0]):
            ax, ay, az = segments[s, 0], segments[s, 1], segments[s, 2]
            dx, dy, dz = segments[s, 3] - ax, segments[s, 4] - ay, segments[s, 5] - az
            ux, uy, uz = px - ax, py - ay, pz - az
            length2 = dx * dx + dy * dy + dz * dz
            t = 0.0
            if length2 > 0.0:
                t = min(max((ux * dx + uy * dy + uz * dz) / length2, 0.0), 1.0)
            ux, uy, uz = ux - t * dx, uy - t * dy, uz - t * dz
            d = np.sqrt(ux * ux + uy * uy + uz * uz)
            cosine = 0.0
            if d > 0.0:
                cosine = (ux * nx + uy * ny + uz * nz) / d
            facing = max(0.5 * (cosine + 1.0), least_facing)
            d = max(d, floor) / facing * factors[s, min(int(t * pieces), pieces - 1)]
            j = owners[s]
            if d < distances[v, j]:
                distances[v, j] = d
                nearest[v, j] = s
