"""Vertex arrays as glTF wants them: unit normals, weights that sum to one, the smallest exact integers.

Rows that conform pass through bit by bit. NaN passes as well: a scene may hold it, and audit reports it.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray


__all__ = [
    "compact_colors",
    "compact_indices",
    "compact_joints",
    "normalised_skin",
    "storable_attribute",
    "unit_normals",
    "unit_quaternions",
    "unit_tangents",
]

_UNIT_TOLERANCE = 1e-3
"""The glTF validator's is 0.00674 for vectors and 0.00769 for quaternions."""
_WEIGHT_TOLERANCE = 1e-7
"""Per weight that is not zero; the glTF validator's is 2e-7, summed in float32."""


def _bad_lengths(vectors: NDArray[np.floating[Any]]) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
    """Return the finite rows whose length is not 1, and their lengths."""
    squares = np.einsum("ij,ij->i", vectors, vectors, dtype=np.float64)
    rows = np.flatnonzero((np.abs(squares - 1.0) > _UNIT_TOLERANCE) & np.isfinite(squares))
    return rows, np.sqrt(squares[rows])


def unit_normals(
    normals: NDArray[np.float32], positions: NDArray[np.float32], faces: NDArray[np.uint32]
) -> NDArray[np.float32]:
    """Return (V, 3) unit normals; where one has no length, that of the faces around, or +Z where they have none."""
    rows, lengths = _bad_lengths(normals)
    if not len(rows):
        return normals
    out = normals.copy()
    tiny = lengths < 1e-12
    out[rows[~tiny]] = (normals[rows[~tiny]] / lengths[~tiny, None]).astype(np.float32)
    if tiny.any():
        out[rows[tiny]] = _normals_of_faces(positions, faces, rows[tiny])
    return out


def _normals_of_faces(
    positions: NDArray[np.float32], faces: NDArray[np.uint32], rows: NDArray[np.intp]
) -> NDArray[np.float64]:
    points = np.nan_to_num(positions[faces].astype(np.float64), posinf=0.0, neginf=0.0)
    areas = np.cross(points[:, 1] - points[:, 0], points[:, 2] - points[:, 0])
    sums = np.stack(
        [np.bincount(faces.ravel(), np.repeat(areas[:, k], 3), minlength=len(positions))[rows] for k in range(3)],
        axis=1,
    )
    lengths = np.linalg.norm(sums, axis=1, keepdims=True)
    safe = np.where(lengths > 1e-30, lengths, 1.0)
    return np.where(lengths > 1e-30, sums / safe, np.array([0.0, 0.0, 1.0]))


def unit_tangents(tangents: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return (V, 4) tangents with unit directions and a sign of 1 or -1; +X where one has no length."""
    rows, lengths = _bad_lengths(tangents[:, :3])
    signs = np.where(tangents[:, 3] < 0, np.float32(-1), np.float32(1))
    if not len(rows) and np.array_equal(signs, tangents[:, 3]):
        return tangents
    out = tangents.copy()
    out[:, 3] = signs
    tiny = lengths < 1e-12
    out[rows, :3] = np.where(tiny[:, None], [1.0, 0.0, 0.0], tangents[rows, :3] / np.where(tiny, 1.0, lengths)[:, None])
    return out


def unit_quaternions(rotations: NDArray[Any]) -> NDArray[Any]:
    """Return (..., 4) quaternions of length 1; the identity where one has no length."""
    flat = rotations.reshape(-1, 4)
    rows, lengths = _bad_lengths(flat)
    if not len(rows):
        return rotations
    out = flat.copy()
    tiny = lengths < 1e-12
    scaled = flat[rows] / np.where(tiny, 1.0, lengths)[:, None]
    out[rows] = np.where(tiny[:, None], [0.0, 0.0, 0.0, 1.0], scaled)
    return out.reshape(rotations.shape)


def normalised_skin(
    joints: NDArray[np.uint16], weights: NDArray[np.float32]
) -> tuple[NDArray[np.uint16], NDArray[np.float32]]:
    """Return joints and weights (V, K) as glTF wants them: sums of 1, no joint twice in a row, joint 0 for weight 0.

    Rows with a weight that is negative or not finite, and rows without any weight, are left as they are.
    """
    good = np.asarray((np.isfinite(weights) & (weights >= 0)).all(axis=1))
    joints, weights = _merge_repeated(joints, weights, good)
    total = np.zeros(len(weights), np.float32)
    for column in weights.T:  # in the validator's order and precision
        total += column
    n_used = np.count_nonzero(weights, axis=1)
    rows = np.flatnonzero(good & (total > 0) & (np.abs(total - 1) > _WEIGHT_TOLERANCE * np.maximum(n_used, 1)))
    if len(rows):
        weights = weights.copy()
        exact = weights[rows].astype(np.float64)
        weights[rows] = (exact / exact.sum(axis=1, keepdims=True)).astype(np.float32)
    idle = (weights == 0) & (joints != 0)
    return (np.where(idle, np.uint16(0), joints), weights) if idle.any() else (joints, weights)


def _merge_repeated(
    joints: NDArray[np.uint16], weights: NDArray[np.float32], good: NDArray[np.bool_]
) -> tuple[NDArray[np.uint16], NDArray[np.float32]]:
    n_slots = joints.shape[1]
    pairs = [(a, b) for a in range(n_slots) for b in range(a + 1, n_slots)]
    repeated = np.zeros(len(joints), bool)
    for a, b in pairs:
        repeated |= (joints[:, a] == joints[:, b]) & (weights[:, a] != 0) & (weights[:, b] != 0)
    rows = np.flatnonzero(repeated & good)
    if not len(rows):
        return joints, weights
    j, w = joints[rows], weights[rows].astype(np.float64)
    for a, b in pairs:
        same = (j[:, a] == j[:, b]) & (w[:, a] != 0)
        w[same, a] += w[same, b]
        w[same, b] = 0
    weights = weights.copy()
    weights[rows] = w.astype(np.float32)
    return joints, weights


def compact_colors(colors: NDArray[np.float32]) -> tuple[NDArray[Any], bool]:
    """Return (V, 4) colours and whether they are normalised integers: the smallest type that holds them exactly."""
    with np.errstate(invalid="ignore"):
        inside = bool(((colors >= 0) & (colors <= 1)).all())
    if inside:
        for dtype in (np.uint8, np.uint16):
            top = np.float32(np.iinfo(dtype).max)
            steps = np.rint(colors * top)
            if np.array_equal(steps / top, colors):
                return steps.astype(dtype), True
    return colors, False


def compact_joints(joints: NDArray[np.uint16]) -> NDArray[Any]:
    """Return uint8 where that is enough."""
    return joints.astype(np.uint8) if joints.size == 0 or int(joints.max()) < 256 else joints


def compact_indices(faces: NDArray[np.uint32], n_vertices: int) -> NDArray[Any]:
    """Return the corners as uint16 where that is enough: 65535 means "start anew" to graphics cards."""
    return faces.ravel().astype(np.uint16) if n_vertices <= 0xFFFF else faces.ravel()


def storable_attribute(values: NDArray[Any]) -> NDArray[Any]:
    """Return a custom attribute in a type that vertices may have: 32 or 64 bit numbers become float32."""
    if values.dtype.kind == "b":
        return values.astype(np.uint8)
    return values if values.dtype.kind in "iu" and values.itemsize <= 2 else values.astype(np.float32)
