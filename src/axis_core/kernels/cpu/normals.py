"""Face and vertex normals in one pass over the faces."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from axis_core.kernels.cpu.jit import njit


@njit
def corner_angle(ux: float, uy: float, uz: float, vx: float, vy: float, vz: float) -> float:
    """Return the angle between two vectors, radians; 0 if one of them is zero."""
    cx = uy * vz - uz * vy
    cy = uz * vx - ux * vz
    cz = ux * vy - uy * vx
    return math.atan2(math.sqrt(cx * cx + cy * cy + cz * cz), ux * vx + uy * vy + uz * vz)


@njit
def normalise_rows(rows: NDArray[np.float64]) -> None:
    """Scale every row to length 1, in place; rows without a finite, positive length become zero."""
    for i in range(rows.shape[0]):
        length = math.sqrt(rows[i, 0] * rows[i, 0] + rows[i, 1] * rows[i, 1] + rows[i, 2] * rows[i, 2])
        scale = 1.0 / length if length > 1e-300 and length < np.inf else 0.0
        for k in range(3):
            rows[i, k] = rows[i, k] * scale if scale > 0.0 else 0.0


@njit
def face_area_vectors(positions: NDArray[np.float64], faces: NDArray[np.uint32]) -> NDArray[np.float64]:
    """Return the cross product of two sides of every face (F, 3): its length is twice the area."""
    out = np.empty((faces.shape[0], 3))
    for f in range(faces.shape[0]):
        a = faces[f, 0]
        b = faces[f, 1]
        c = faces[f, 2]
        ux = positions[b, 0] - positions[a, 0]
        uy = positions[b, 1] - positions[a, 1]
        uz = positions[b, 2] - positions[a, 2]
        vx = positions[c, 0] - positions[a, 0]
        vy = positions[c, 1] - positions[a, 1]
        vz = positions[c, 2] - positions[a, 2]
        out[f, 0] = uy * vz - uz * vy
        out[f, 1] = uz * vx - ux * vz
        out[f, 2] = ux * vy - uy * vx
    return out


@njit
def face_normals(positions: NDArray[np.float64], faces: NDArray[np.uint32]) -> NDArray[np.float64]:
    """Return unit normals (F, 3), zero for faces without area."""
    out = face_area_vectors(positions, faces)
    normalise_rows(out)
    return out


@njit
def area_vertex_normals(positions: NDArray[np.float64], faces: NDArray[np.uint32]) -> NDArray[np.float64]:
    """Return unit vertex normals (V, 3), faces weighted by area."""
    out = np.zeros((positions.shape[0], 3))
    vectors = face_area_vectors(positions, faces)
    for f in range(faces.shape[0]):
        x = vectors[f, 0]
        y = vectors[f, 1]
        z = vectors[f, 2]
        if math.isfinite(x + y + z):
            for k in range(3):
                v = faces[f, k]
                out[v, 0] += x
                out[v, 1] += y
                out[v, 2] += z
    normalise_rows(out)
    return out


@njit
def angle_vertex_normals(positions: NDArray[np.float64], faces: NDArray[np.uint32]) -> NDArray[np.float64]:
    """Return unit vertex normals (V, 3), faces weighted by their angle at the vertex."""
    out = np.zeros((positions.shape[0], 3))
    normals = face_normals(positions, faces)
    for f in range(faces.shape[0]):
        if normals[f, 0] == 0.0 and normals[f, 1] == 0.0 and normals[f, 2] == 0.0:
            continue
        for k in range(3):
            v = faces[f, k]
            b = faces[f, (k + 1) % 3]
            c = faces[f, (k + 2) % 3]
            angle = corner_angle(
                positions[b, 0] - positions[v, 0],
                positions[b, 1] - positions[v, 1],
                positions[b, 2] - positions[v, 2],
                positions[c, 0] - positions[v, 0],
                positions[c, 1] - positions[v, 1],
                positions[c, 2] - positions[v, 2],
            )
            out[v, 0] += normals[f, 0] * angle
            out[v, 1] += normals[f, 1] * angle
            out[v, 2] += normals[f, 2] * angle
    normalise_rows(out)
    return out
