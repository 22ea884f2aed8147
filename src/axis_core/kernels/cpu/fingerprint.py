"""Compiled area moments of a surface in balls and spherical harmonics."""

from __future__ import annotations

from typing import Any

import numpy as np

from axis_core.kernels.cpu.jit import njit


__all__ = ["shell_moments"]


@njit(allocates=False)
def _harmonics(x: Any, y: Any, z: Any, raised: Any, lowered: Any, legendre: Any, turned: Any) -> None:
    """Fill ``legendre`` (L + 1, L + 1) with orthonormal Legendre values of a unit vector and ``turned`` (L + 1, 2) with
    the cosine and sine of multiples of its longitude."""
    degree = legendre.shape[0] - 1
    across = np.sqrt(x * x + y * y)
    c, s = (x / across, y / across) if across > 1e-12 else (1.0, 0.0)
    turned[0, 0], turned[0, 1] = 1.0, 0.0
    legendre[0, 0] = 0.28209479177387814  # 1 / sqrt(4 pi)
    for m in range(1, degree + 1):
        turned[m, 0] = turned[m - 1, 0] * c - turned[m - 1, 1] * s
        turned[m, 1] = turned[m - 1, 1] * c + turned[m - 1, 0] * s
        legendre[m, m] = np.sqrt(1.0 + 0.5 / m) * across * legendre[m - 1, m - 1]
    for m in range(degree):
        legendre[m + 1, m] = np.sqrt(2.0 * m + 3.0) * z * legendre[m, m]
        for n in range(m + 2, degree + 1):
            legendre[n, m] = raised[n, m] * (z * legendre[n - 1, m] - lowered[n, m] * legendre[n - 2, m])


@njit(allocates=False)
def _add_point(
    x: Any, y: Any, z: Any, area: Any, width: Any, raised: Any, lowered: Any, legendre: Any, turned: Any, out: Any
) -> None:
    radius = np.sqrt(x * x + y * y + z * z)
    if not radius > 1e-9:
        return
    _harmonics(x / radius, y / radius, z / radius, raised, lowered, legendre, turned)
    last = out.shape[0] - 1
    place = min(radius / width, last + 0.0)
    middle = int(place + 0.5)
    t = place - middle
    shares = (0.5 * (0.5 - t) ** 2, 0.75 - t * t, 0.5 * (0.5 + t) ** 2)  # quadratic B-spline
    for k in range(3):
        shell = min(max(middle - 1 + k, 0), last)
        weight = area * shares[k]
        for n in range(legendre.shape[0]):
            for m in range(n + 1):
                value = weight * legendre[n, m]
                out[shell, n, m, 0] += value * turned[m, 0]
                out[shell, n, m, 1] += value * turned[m, 1]


@njit(allocates=False)
def shell_moments(
    points: Any, faces: Any, width: Any, spacing: Any, raised: Any, lowered: Any, legendre: Any, turned: Any, out: Any
) -> None:
    """Add the area of every face, cut into pieces no longer than ``spacing``, to ``out`` (shells, L + 1, L + 1, 2).

    ``raised`` and ``lowered`` are the factors of the Legendre recurrence, ``legendre`` and ``turned`` room to work in.
    """
    for f in range(faces.shape[0]):
        a, b, c = faces[f, 0], faces[f, 1], faces[f, 2]
        ax, ay, az = points[a, 0], points[a, 1], points[a, 2]
        ux, uy, uz = points[b, 0] - ax, points[b, 1] - ay, points[b, 2] - az
        vx, vy, vz = points[c, 0] - ax, points[c, 1] - ay, points[c, 2] - az
        nx, ny, nz = uy * vz - uz * vy, uz * vx - ux * vz, ux * vy - uy * vx
        area = 0.5 * np.sqrt(nx * nx + ny * ny + nz * nz)
        if not area > 0.0:
            continue
        wx, wy, wz = ux - vx, uy - vy, uz - vz
        longest = max(ux * ux + uy * uy + uz * uz, vx * vx + vy * vy + vz * vz, wx * wx + wy * wy + wz * wz)
        n = max(1, int(np.ceil(np.sqrt(longest) / spacing)))
        for i in range(n):
            for j in range(2 * (n - i) - 1):
                third = (1.0 + j % 2) / 3.0
                s, t = (i + third) / n, (j // 2 + third) / n
                _add_point(
                    ax + s * ux + t * vx,
                    ay + s * uy + t * vy,
                    az + s * uz + t * vz,
                    area / (n * n),
                    width,
                    raised,
                    lowered,
                    legendre,
                    turned,
                    out,
                )
