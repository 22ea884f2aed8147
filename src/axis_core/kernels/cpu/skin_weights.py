"""Bone distances for skin weights, compiled."""

from __future__ import annotations

from typing import Any

import numpy as np

from axis_core.kernels.cpu.jit import njit


__all__ = ["bone_distances"]


@njit
def bone_distances(
    points: Any, normals: Any, segments: Any, owners: Any, facing: Any, floor: float, distances: Any, start: int, stop: int
) -> None:
    """Write the normal-aware distance of ``points[start:stop]`` to each joint's nearest segment into ``distances``.

    points, normals : (V, 3) float64; a normal may be zero (no direction known).
    segments : (S, 6) float64; owners : (S,) int64, ascending or not.
    facing : (V,) bool, True where the sign of the normal can be trusted.
    distances : (V, J) float64, overwritten.
    """
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
            if not facing[v]:
                cosine = abs(cosine)
            d = max(d, floor) / (0.5 * (cosine + 1.001))
            j = owners[s]
            if d < distances[v, j]:
                distances[v, j] = d
