"""Hair on one shape: it follows the scalp, keeps its size in proportion to the head, and stays off the shoulders."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from axis_core.body.data import BodyMesh
from axis_core.body.hair.model import HairModel
from axis_core.body.hair.scalp import head_of
from axis_core.body.piece import Piece


__all__ = ["follow_scalp", "hang_hair", "head_ratio"]

Floats = NDArray[np.float64]

_CLEAR_M = 0.007
_PASSES = 3
_REACH_M = 0.12


def head_ratio(mesh: BodyMesh, positions: Floats) -> Floats:
    """Return how much larger (3,) the scalp of a shape is than the base mesh's."""
    head = head_of(mesh)
    scalp = head.body[head.level[head.body] > 0.0]
    return np.asarray(np.ptp(positions[scalp], axis=0) / np.ptp(mesh.vertices[scalp], axis=0))


def follow_scalp(
    mesh: BodyMesh, positions: Floats, points: Floats, anchors: NDArray[np.int64], shares: Floats
) -> Floats:
    """Return where ``points`` (n, 3) of the base mesh lie in a shape: offsets from their anchors grow with the head."""
    offset = points[:, None] - mesh.vertices[anchors]
    return np.asarray((shares[:, :, None] * (positions[anchors] + offset * head_ratio(mesh, positions))).sum(axis=1))


def hang_hair(mesh: BodyMesh, model: HairModel, positions: Floats, worn: Sequence[Piece]) -> Piece:
    """Return the hair of ``model`` on the shape ``positions`` (V, 3), outside of the pieces ``worn``."""
    points = follow_scalp(mesh, positions, model.points, model.anchors, model.shares)
    if model.loose.any() and worn:
        points[model.loose] = _kept_off(points[model.loose], worn, float(head_ratio(mesh, positions).mean()))
    return Piece(
        name="hair",
        positions=points,
        faces=model.faces,
        uvs=model.uvs,
        anchors=model.anchors,
        shares=model.shares,
        point_of=np.arange(len(points)),
        weight_anchors=model.weight_anchors,
        weight_shares=model.weight_shares,
        normals=model.normals,
    )


def _kept_off(points: Floats, worn: Sequence[Piece], ratio: float) -> Floats:
    surface = np.concatenate([p.positions for p in worn])
    out = np.concatenate([p.shading_normals for p in worn])
    tree = cKDTree(surface)
    for _ in range(_PASSES):
        distance, near = (np.asarray(a) for a in tree.query(points, k=3, distance_upper_bound=_REACH_M))
        found = np.isfinite(distance[:, 0])
        near = np.where(np.isfinite(distance), near, near[:, :1])
        near = np.where(found[:, None], near, 0)
        depth = ((points[:, None] - surface[near]) * out[near]).sum(axis=2)
        worst = depth.argmin(axis=1)
        rows = np.arange(len(points))
        need = np.where(found, np.maximum(_CLEAR_M * ratio - depth[rows, worst], 0.0), 0.0)
        points = points + out[near[rows, worst]] * need[:, None]
    return points
