"""Which points of a body a photo speaks of: residuals in metres along directions of the picture, with weights."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import attrs
import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from axis_core.body.data import load_mesh
from axis_core.body.rigs import body_weights, joint_vertices
from axis_core.photo.camera import ViewCamera
from axis_core.photo.evidence import Evidence
from axis_core.photo.face_points import face_points
from axis_core.photo.posing import body_joint_names, outline_candidates
from axis_core.vision.landmarks import POSE_JOINTS


if TYPE_CHECKING:
    from axis_core.photo.body_fit import Posed


__all__ = ["Block", "face_block", "joint_blocks", "outline_block", "rim_block"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_RIM = 0.30
"""Cosine between a rim vertex's normal and the picture up to which it may be in the outline."""
_NORMAL_M = 0.06
"""How much a turned normal counts against distance when outline points look for their vertex: metres a radian."""
_OUTLINE_SIGMA = 0.006
_JOINT_SIGMA = 0.030
_FACE_SIGMA = 0.006
_STEADY = (33, 133, 362, 263, 1, 168, 6, 197, 98, 327, 61, 291, 152, 234, 454, 10, 151, 9)
"""Landmarks of eyes, nose, mouth, chin and temples that hold the head."""


@attrs.frozen(eq=False)
class Block:
    """Residuals of one kind in one view.

    Attributes
    ----------
    view : Evidence
    ids, shares : (r, k) int64, float64
        The body's point of each residual: a weighted mean of vertices.
    ways : (r, 2) float64
        Directions in the picture, x right and y down.
    targets : (r, 2) float64, pixels
    weights : (r,) float64
        One over the variance in square metres, fading for what does not agree.
    lift : (r, 3) float64
        What is added to the point: the cloth over it.
    """

    view: Evidence
    ids: Ints
    shares: Floats
    ways: Floats
    targets: Floats
    weights: Floats
    lift: Floats

    def points(self, posed: Posed) -> Floats:
        """Return the body's points (r, 3)."""
        return np.asarray(np.einsum("rk,rkc->rc", self.shares, posed.points[self.ids]) + self.lift)

    def residuals(self, posed: Posed, camera: ViewCamera) -> Floats:
        """Return (r,) metres along ``ways`` from the targets to the points."""
        off = (camera.project(self.points(posed)) - self.targets) / camera.scale
        return np.asarray((off * self.ways).sum(axis=1))


def outline_block(posed: Posed, camera: ViewCamera, view: Evidence, sigma: float) -> Block:
    """Return for each point of the outline the rim vertex that is nearest in place and direction."""
    rim = _rim(posed.normals, camera)
    at = camera.project(posed.clothed[rim])
    flat = _flat_normals(posed.normals[rim], camera)
    outline = view.outline
    keep = _below_neck(outline.points, posed, camera)
    points, ways = outline.points[keep], outline.normals[keep]
    tree = cKDTree(np.concatenate([at / camera.scale, _NORMAL_M * flat], axis=1))
    _, near = tree.query(np.concatenate([points / camera.scale, _NORMAL_M * ways], axis=1))
    chosen = rim[near]
    off = np.linalg.norm(at[near] - points, axis=1) / camera.scale
    agree = np.clip((flat[near] * ways).sum(axis=1), 0.0, 1.0) ** 2
    return _outline_rows(view, chosen, ways, points, _fading(off, sigma) * agree, posed, len(points))


def rim_block(posed: Posed, camera: ViewCamera, view: Evidence, sigma: float) -> Block:
    """Return for each rim vertex that sticks out of the mask how far, along the way back."""
    rim = _rim(posed.normals, camera)
    at = camera.project(posed.clothed[rim])
    height, width = view.mask.shape
    inside = (at >= 1).all(axis=1) & (at[:, 0] < width - 2) & (at[:, 1] < height - 2)
    rim, at = rim[inside], at[inside]
    away, slope = view.outline.outside(at)
    out = (away > 0.5) & _below_neck(at, posed, camera)
    rim, at, away, slope = rim[out], at[out], away[out], slope[out]
    ways = slope / np.maximum(np.linalg.norm(slope, axis=1, keepdims=True), 1e-9)
    targets = at - away[:, None] * ways
    weights = 0.5 * _fading(away / camera.scale, sigma)
    return _outline_rows(view, rim, ways, targets, weights, posed, max(len(view.outline.points), 1))


def joint_blocks(view: Evidence) -> list[Block]:
    """Return the joints that a pose was found for, both directions of the picture; none where there is no pose."""
    joints, seen = view.joints, view.seen
    if joints is None:
        return []
    ids, shares = _joint_points()
    marks = np.array(list(POSE_JOINTS.values()))
    blocks = []
    for way in ((1.0, 0.0), (0.0, 1.0)):
        n = len(marks)
        blocks.append(
            Block(
                view=view,
                ids=ids,
                shares=shares,
                ways=np.tile(way, (n, 1)),
                targets=joints[marks],
                weights=np.clip(seen[marks] - 0.2, 0.0, 1.0) / (_JOINT_SIGMA**2 * n),
                lift=np.zeros((n, 3)),
            )
        )
    return blocks


def face_block(view: Evidence) -> Block | None:
    """Return the landmarks that hold the head, or None where no face was found."""
    face = view.sighting.face
    if face is None:
        return None
    table = face_points()
    marks = np.array([k for k in _STEADY if table.spread[k] < 0.02])
    n = len(marks)
    both = np.concatenate([np.tile((1.0, 0.0), (n, 1)), np.tile((0.0, 1.0), (n, 1))])
    return Block(
        view=view,
        ids=np.tile(table.vertices[marks], (2, 1)),
        shares=np.tile(table.shares[marks], (2, 1)),
        ways=both,
        targets=np.tile(face.points[marks, :2], (2, 1)),
        weights=np.full(2 * n, 1.0 / (_FACE_SIGMA**2 * n)),
        lift=np.zeros((2 * n, 3)),
    )


def _outline_rows(
    view: Evidence, ids: Ints, ways: Floats, targets: Floats, weights: Floats, posed: Posed, n: int
) -> Block:
    """Return rows whose points are single vertices of the clothed surface; ``n`` of them weigh as much as a hundred."""
    return Block(
        view=view,
        ids=ids[:, None],
        shares=np.ones((len(ids), 1)),
        ways=ways,
        targets=targets,
        weights=weights * (100.0 / n) / _OUTLINE_SIGMA**2 / 10.0,
        lift=posed.clothed[ids] - posed.points[ids],
    )


def _rim(normals: Floats, camera: ViewCamera) -> Ints:
    candidates = outline_candidates()
    facing = np.abs(normals[candidates] @ camera.axes[2])
    return np.asarray(candidates[facing < _RIM])


def _flat_normals(normals: Floats, camera: ViewCamera) -> Floats:
    flat = normals @ camera.axes[:2].T * [1.0, -1.0]
    return np.asarray(flat / np.maximum(np.linalg.norm(flat, axis=1, keepdims=True), 1e-9))


def _below_neck(points: Floats, posed: Posed, camera: ViewCamera) -> NDArray[np.bool_]:
    """Return which pixels lie below the shoulders' line: above it hair, hats and collars draw the outline."""
    neck = camera.project(posed.points[_neck_vertices()].mean(axis=0)[None])[0]
    return np.asarray(points[:, 1] > neck[1])


def _fading(off: Floats, sigma: float) -> Floats:
    """Return weights 1..0: half a weight where ``off`` is 0.64 ``sigma``."""
    return np.asarray(1.0 / np.square(1.0 + np.square(off / sigma)))


@lru_cache(maxsize=1)
def _neck_vertices() -> Ints:
    joints, weights = body_weights("humanoid")
    neck = body_joint_names().index("neck")
    body = load_mesh().vertices_of("body")
    share = np.where(joints[body] == neck, weights[body], 0.0).sum(axis=1)
    return np.asarray(body[share > 0.5])


@lru_cache(maxsize=1)
def _joint_points() -> tuple[Ints, Floats]:
    """Return the vertices whose mean is each joint of ``POSE_JOINTS``, and their shares."""
    heads = [joint_vertices(bone) for bone in POSE_JOINTS]
    most = max(len(h) for h in heads)
    ids = np.zeros((len(heads), most), np.int64)
    shares = np.zeros((len(heads), most))
    for row, head in enumerate(heads):
        ids[row, : len(head)] = head
        shares[row, : len(head)] = 1.0 / len(head)
    return ids, shares
