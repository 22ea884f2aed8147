"""Compiled angles of triangle corners, summed around vertices."""

from __future__ import annotations

from typing import Any

import numpy as np

from axis_core.kernels.cpu.jit import njit


__all__ = ["angle_sums"]


@njit
def angle_sums(points: Any, faces: Any, sums: Any) -> None:
    """Add the angle of every face at each of its corners to ``sums`` (V,). Needles and repeated corners count 0."""
    for f in range(faces.shape[0]):
        for k in range(3):
            o, p, q = faces[f, k], faces[f, (k + 1) % 3], faces[f, (k + 2) % 3]
            ux, uy, uz = points[p, 0] - points[o, 0], points[p, 1] - points[o, 1], points[p, 2] - points[o, 2]
            vx, vy, vz = points[q, 0] - points[o, 0], points[q, 1] - points[o, 1], points[q, 2] - points[o, 2]
            cx, cy, cz = uy * vz - uz * vy, uz * vx - ux * vz, ux * vy - uy * vx
            across = np.sqrt(cx * cx + cy * cy + cz * cz)
            along = ux * vx + uy * vy + uz * vz
            if across > 0.0:
                sums[o] += np.arctan2(across, along)
