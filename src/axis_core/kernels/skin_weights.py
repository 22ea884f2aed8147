"""Skin weights of a mesh on a given skeleton: bone heat that never fails, or rigid.

A vertex belongs to the bone whose segment is nearest in a distance that knows the surface's direction; the sharp choice
is then spread over the surface by one linear solve for all joints. Every vertex has an owner, so no vertex is ever left
without weight, whatever the mesh.

References
----------
Baran, Popović, *Automatic Rigging and Animation of 3D Characters*, SIGGRAPH 2007, doi:10.1145/1276377.1276467.
Sharp, Crane, *A Laplacian for Nonmanifold Triangle Meshes*, SGP 2020, doi:10.1111/cgf.14069.
"""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import diags
from scipy.sparse.linalg import splu

from axis_core.errors import InputError


__all__ = ["SkinMethod", "bone_segments", "skin_weights"]

SkinMethod = Literal["heat", "voxel", "rigid"]

HEAT = 4.0
"""Heat of a bone at unit distance: 4 measured best in L1 over 1, 2, 8 and 16."""

WELD_SHARE = 1e-6
"""Vertices nearer than this share of the diagonal (the same cell of a grid so fine) are one."""

LEAST_WEIGHT = 1e-3
"""Weights below are dropped: they move nothing and cost a slot."""


def skin_weights(
    positions: ArrayLike,
    faces: ArrayLike,
    joints: ArrayLike,
    parents: ArrayLike,
    *,
    method: SkinMethod = "heat",
    max_influences: int = 4,
    components: ArrayLike | None = None,
) -> tuple[NDArray[np.uint16], NDArray[np.float64]]:
    """Return which joints move each vertex, and by how much."""
    v = np.ascontiguousarray(positions, np.float64).reshape(-1, 3)
    f = np.ascontiguousarray(faces, np.int64).reshape(-1, 3)
    j = np.ascontiguousarray(joints, np.float64).reshape(-1, 3)
    p = np.ascontiguousarray(parents, np.int64).reshape(-1)
    if len(j) == 0 or len(j) != len(p):
        raise InputError(f"{len(j)} joints and {len(p)} parents: expected as many, and at least one")
    if len(v) == 0:
        return np.zeros((0, max_influences), np.uint16), np.zeros((0, max_influences))
    points, welded, group = _weld(v, f)
    dense = _heat(points, welded, j, p) if method != "rigid" else _owners(points, welded, j, p)[0]
    index, weight = _limit(dense, max_influences)
    return index[group].astype(np.uint16), weight[group]


def bone_segments(joints: NDArray[np.float64], parents: NDArray[np.int64]) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Return the (S, 6) segments that stand for the bones and the (S,) joints they belong to."""
    segments, owners = [], []
    for i, joint in enumerate(joints):
        kids = np.flatnonzero(parents == i)
        if len(kids) == 0:
            up = parents[i]
            tip = joint + (0.35 * (joint - joints[up]) if up >= 0 else 0.0)
            segments.append(np.concatenate([joint, tip]))
            owners.append(i)
            continue
        main = _main_child(joints, parents, i, kids)
        for k in kids:
            share = 1.0 if k == main else 0.5
            segments.append(np.concatenate([joint, joint + share * (joints[k] - joint)]))
            owners.append(i)
    return np.array(segments), np.array(owners, np.int64)


def _main_child(joints: NDArray[Any], parents: NDArray[Any], joint: int, kids: NDArray[Any]) -> int:
    up = parents[joint]
    reach = joints[kids] - joints[joint]
    length = np.linalg.norm(reach, axis=1)
    unit = reach / np.maximum(length, 1e-30)[:, None]
    paired = np.array([(np.abs(np.delete(length, i) - x) < 0.02 * x).any() for i, x in enumerate(length)])
    ahead = joints[joint] - joints[up] if up >= 0 else np.zeros(3)
    score = unit @ ahead / max(float(np.linalg.norm(ahead)), 1e-30) - 2.0 * paired
    return int(kids[np.argmax(score)])


def _weld(v: NDArray[Any], f: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any]]:
    low = v.min(0)
    cell = WELD_SHARE * max(float(np.linalg.norm(np.ptp(v, axis=0))), 1e-300)
    grid = np.round((v - low) / cell).astype(np.int64)
    key = (grid[:, 0] << 42) | (grid[:, 1] << 21) | grid[:, 2]
    _, first, group = np.unique(key, return_index=True, return_inverse=True)
    faces = group[f]
    keep = (faces[:, 0] != faces[:, 1]) & (faces[:, 1] != faces[:, 2]) & (faces[:, 0] != faces[:, 2])
    return v[first], faces[keep], group


def _normals(points: NDArray[Any], faces: NDArray[Any]) -> NDArray[Any]:
    a, b, c = (points[faces[:, k]] for k in range(3))
    area = np.cross(b - a, c - a)
    out = np.zeros_like(points)
    for k in range(3):
        np.add.at(out, faces[:, k], area)
    return out / np.maximum(np.linalg.norm(out, axis=1), 1e-300)[:, None]


def _owners(points: NDArray[Any], faces: NDArray[Any], joints: NDArray[Any], parents: NDArray[Any]) -> Any:
    from axis_core.kernels.cpu.skin_weights import bone_distances

    segments, owners = bone_segments(joints, parents)
    floor = 1e-4 * max(float(np.ptp(points, axis=0).max()), 1e-300)
    distances = np.empty((len(points), len(joints)))
    facing = np.ones(len(points), np.bool_)
    bone_distances(points, _normals(points, faces), segments, owners, facing, floor, distances, 0, len(points))
    nearest = distances.min(1, keepdims=True)
    owned = distances <= nearest * (1 + 1e-4)
    return owned / owned.sum(1, keepdims=True), nearest[:, 0]


def _heat(points: NDArray[Any], faces: NDArray[Any], joints: NDArray[Any], parents: NDArray[Any]) -> NDArray[Any]:
    owned, nearest = _owners(points, faces, joints, parents)
    if len(faces) == 0:
        return owned
    import robust_laplacian

    lap, mass = robust_laplacian.mesh_laplacian(points, faces)
    m = mass.diagonal()
    m = np.maximum(m, m[m > 0].min(initial=1.0))
    source = m * HEAT / nearest**2
    solver = splu((lap + diags(source)).tocsc(), permc_spec="MMD_AT_PLUS_A", diag_pivot_thresh=0.0, options={"SymmetricMode": True})
    return np.maximum(solver.solve(source[:, None] * owned), 0.0)


def _limit(dense: NDArray[Any], count: int) -> tuple[NDArray[Any], NDArray[Any]]:
    order = np.argsort(-dense, axis=1, kind="stable")[:, :count]
    weight = np.take_along_axis(dense, order, 1)
    weight[weight < LEAST_WEIGHT * weight[:, :1]] = 0.0
    weight /= weight.sum(1, keepdims=True)
    order = np.where(weight > 0, order, 0)
    short = count - order.shape[1]
    return np.pad(order, ((0, 0), (0, short))), np.pad(weight, ((0, 0), (0, short)))
