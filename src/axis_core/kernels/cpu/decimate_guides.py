"""Compiled means of guiding attributes, and the sums of their slopes."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from axis_core.kernels.cpu.decimate_quadric import GUIDED, GUIDES
from axis_core.kernels.cpu.jit import njit


@njit
def mean_guides(
    point_of: NDArray[np.uint32],
    n_points: int,
    normals: NDArray[np.float64],
    joints: NDArray[np.int64],
    weights: NDArray[np.float64],
    directions: NDArray[np.float64],
    normal_weight: float,
    skin_weight: float,
) -> NDArray[np.float32]:
    """Return (P, 3 or 6): normals and skin numbers, means over the vertices of each point; not finite counts as 0."""
    with_normals = normals.shape[0] > 0
    with_skin = weights.shape[0] > 0
    skin_at = 3 if with_normals else 0
    out = np.zeros((n_points, skin_at + (3 if with_skin else 0)), dtype=np.float32)
    count = np.zeros(n_points, dtype=np.uint32)
    for v in range(point_of.shape[0]):
        p = point_of[v]
        count[p] += 1
        if with_normals:
            for i in range(3):
                if math.isfinite(normals[v, i]):
                    out[p, i] += normal_weight * normals[v, i]
        if with_skin:
            for k in range(joints.shape[1]):
                if weights[v, k] > 0.0 and math.isfinite(weights[v, k]) and joints[v, k] >= 0:
                    for i in range(3):
                        out[p, skin_at + i] += skin_weight * weights[v, k] * directions[joints[v, k], i]
    for p in range(n_points):
        for i in range(out.shape[1]):
            out[p, i] /= max(count[p], np.uint32(1))
    return out


@njit(allocates=False)
def add_guide_slopes(faces: NDArray[np.uint32], rows: NDArray[np.float32], values: NDArray[np.float32]) -> None:
    """Start the guides: ``values`` (V, K) at the vertices, and the slopes of each over the faces around them."""
    for v in range(values.shape[0]):
        for k in range(values.shape[1]):
            rows[v, GUIDES + 4 * k + 3] = values[v, k]
    half = np.float32(0.5)
    for f in range(faces.shape[0]):
        a = faces[f, 0]
        b = faces[f, 1]
        c = faces[f, 2]
        ux = rows[b, 0] - rows[a, 0]
        uy = rows[b, 1] - rows[a, 1]
        uz = rows[b, 2] - rows[a, 2]
        vx = rows[c, 0] - rows[a, 0]
        vy = rows[c, 1] - rows[a, 1]
        vz = rows[c, 2] - rows[a, 2]
        uu = ux * ux + uy * uy + uz * uz
        uv = ux * vx + uy * vy + uz * vz
        vv = vx * vx + vy * vy + vz * vz
        square = uu * vv - uv * uv
        if not (square > np.float32(1e-5) * uu * vv and square < np.inf):
            continue  # a needle has no slope to trust
        area = half * math.sqrt(square)
        inverse = np.float32(1.0) / square
        for k in range(values.shape[1]):
            du = values[b, k] - values[a, k]
            dv = values[c, k] - values[a, k]
            s = (du * vv - dv * uv) * inverse
            t = (dv * uu - du * uv) * inverse
            gx = s * ux + t * vx
            gy = s * uy + t * vy
            gz = s * uz + t * vz
            for i in range(3):
                v = faces[f, i]
                g = GUIDES + 4 * k
                rows[v, g] += area * gx
                rows[v, g + 1] += area * gy
                rows[v, g + 2] += area * gz
                rows[v, GUIDED] += area * gx * gx
                rows[v, GUIDED + 1] += area * gx * gy
                rows[v, GUIDED + 2] += area * gx * gz
                rows[v, GUIDED + 3] += area * gy * gy
                rows[v, GUIDED + 4] += area * gy * gz
                rows[v, GUIDED + 5] += area * gz * gz
