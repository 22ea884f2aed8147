"""Tangents by corner, after MikkTSpace: groups of corners around a vertex, weighted by angle in the normal's plane."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from axis_core.kernels.cpu.components import find_root
from axis_core.kernels.cpu.jit import njit
from axis_core.kernels.cpu.normals import corner_angle


@njit
def face_tangents(
    positions: NDArray[np.float64], faces: NDArray[np.uint32], uvs: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.int8]]:
    """Return (unit direction of growing u (F, 3), orientation of the UVs (F,): 1, -1, or 0 without a UV area)."""
    tangents = np.zeros((faces.shape[0], 3))
    signs = np.zeros(faces.shape[0], dtype=np.int8)
    for f in range(faces.shape[0]):
        a, b, c = faces[f, 0], faces[f, 1], faces[f, 2]
        s1, t1 = uvs[b, 0] - uvs[a, 0], uvs[b, 1] - uvs[a, 1]
        s2, t2 = uvs[c, 0] - uvs[a, 0], uvs[c, 1] - uvs[a, 1]
        area = s1 * t2 - t1 * s2
        sign = 1.0 if area > 0.0 else -1.0
        square = 0.0
        for k in range(3):
            x = sign * (t2 * (positions[b, k] - positions[a, k]) - t1 * (positions[c, k] - positions[a, k]))
            tangents[f, k] = x
            square += x * x
        if abs(area) > 1e-30 and square > 1e-60 and square < np.inf:
            scale = 1.0 / math.sqrt(square)
            for k in range(3):
                tangents[f, k] *= scale
            signs[f] = 1 if area > 0.0 else -1
        else:
            tangents[f, :] = 0.0
    return tangents, signs


@njit
def corner_groups(alike: NDArray[np.uint32], twins: NDArray[np.int64], signs: NDArray[np.int8]) -> NDArray[np.uint32]:
    """Return the group of every corner (3F,): corners at one vertex, joined across edges of equally oriented faces.

    ``alike`` are the faces over vertices that agree in position, normal and UV; ``twins`` their opposite half-edges.
    """
    parents = np.arange(3 * alike.shape[0]).astype(np.uint32)
    for h in range(twins.shape[0]):
        t = twins[h]
        if t > h and signs[h // 3] == signs[t // 3]:
            for end in range(2):
                a = find_root(parents, np.uint32(h // 3 * 3 + (h + end) % 3))
                b = find_root(parents, np.uint32(t // 3 * 3 + (t + 1 - end) % 3))
                if a < b:
                    parents[b] = a
                else:
                    parents[a] = b
    for corner in range(parents.shape[0]):
        parents[corner] = find_root(parents, np.uint32(corner))
    return parents


@njit
def in_plane(x: NDArray[np.float64], n: NDArray[np.float64]) -> tuple[float, float, float]:
    """Return ``x`` without its part along the unit vector ``n``."""
    d = x[0] * n[0] + x[1] * n[1] + x[2] * n[2]
    return x[0] - d * n[0], x[1] - d * n[1], x[2] - d * n[2]


@njit
def any_perpendicular(n: NDArray[np.float64]) -> tuple[float, float, float]:
    """Return a unit vector perpendicular to ``n``; the x axis where ``n`` is zero."""
    if abs(n[0]) < 0.9:
        x, y, z = 1.0 - n[0] * n[0], -n[0] * n[1], -n[0] * n[2]
    else:
        x, y, z = -n[1] * n[0], 1.0 - n[1] * n[1], -n[1] * n[2]
    length = math.sqrt(x * x + y * y + z * z)
    return x / length, y / length, z / length


@njit
def corner_tangents(
    positions: NDArray[np.float64],
    faces: NDArray[np.uint32],
    normals: NDArray[np.float64],
    tangents: NDArray[np.float64],
    signs: NDArray[np.int8],
    groups: NDArray[np.uint32],
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return (tangents and signs of the corners (3F, 4), angle that each corner's group gathered (3F,))."""
    n_corners = 3 * faces.shape[0]
    sums = np.zeros((n_corners, 4))
    out = np.zeros((n_corners, 4))
    gathered = np.zeros(n_corners)
    edge = np.empty(3)
    for f in range(faces.shape[0]):
        if signs[f] == 0:
            continue
        for k in range(3):
            v, b, c = faces[f, k], faces[f, (k + 1) % 3], faces[f, (k + 2) % 3]
            x, y, z = in_plane(tangents[f], normals[v])
            length = math.sqrt(x * x + y * y + z * z)
            for i in range(3):
                edge[i] = positions[b, i] - positions[v, i]
            ux, uy, uz = in_plane(edge, normals[v])
            for i in range(3):
                edge[i] = positions[c, i] - positions[v, i]
            wx, wy, wz = in_plane(edge, normals[v])
            angle = corner_angle(ux, uy, uz, wx, wy, wz)
            if length > 1e-12 and angle > 0.0:
                group = groups[3 * f + k]
                sums[group, 0] += angle / length * x
                sums[group, 1] += angle / length * y
                sums[group, 2] += angle / length * z
                sums[group, 3] += angle
    for f in range(faces.shape[0]):
        for k in range(3):
            corner = 3 * f + k
            s = sums[groups[corner]]
            length = math.sqrt(s[0] * s[0] + s[1] * s[1] + s[2] * s[2])
            if length > 1e-12:
                out[corner, 0] = s[0] / length
                out[corner, 1] = s[1] / length
                out[corner, 2] = s[2] / length
                gathered[corner] = s[3]
            else:
                x, y, z = any_perpendicular(normals[faces[f, k]])
                out[corner, 0] = x
                out[corner, 1] = y
                out[corner, 2] = z
            out[corner, 3] = -1.0 if signs[f] < 0 else 1.0
    return out, gathered


@njit
def strongest_corner(faces: NDArray[np.uint32], gathered: NDArray[np.float64], n_vertices: int) -> NDArray[np.int64]:
    """Return for each vertex its corner whose group gathered the largest angle; -1 for a vertex of no face."""
    out = np.full(n_vertices, -1, dtype=np.int64)
    for f in range(faces.shape[0]):
        for k in range(3):
            v = faces[f, k]
            if out[v] < 0 or gathered[3 * f + k] > gathered[out[v]]:
                out[v] = 3 * f + k
    return out
