"""Fitting shape, pose and cameras to what photos say: outlines of all views, joints and faces at once.

Gauss-Newton on one vector: shape, pose and a camera for each view. Every point of an outline pulls the nearest vertex
of the rim along the outline's normal only; rim vertices that stick out of the mask are pulled back; joints and
landmarks of the face hold the pose. Correspondences are renewed in every step; what does not agree loses its weight.

References
----------
S. Geman, D. McClure, *Statistical methods for tomographic image reconstruction*, 1987.
F. Bogo et al., *Keep it SMPL*, 2016, doi:10.1007/978-3-319-46454-1_34: landmarks with priors.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import attrs
import numpy as np
from numpy.typing import NDArray

from axis_core.body.data import load_mesh
from axis_core.body.shape import BodyShape
from axis_core.kernels.normals import vertex_normals
from axis_core.model.skeleton import Skeleton
from axis_core.photo.camera import VIEW_YAW, ViewCamera
from axis_core.photo.cloth import cloth_depth
from axis_core.photo.evidence import Evidence
from axis_core.photo.matching import Block, face_block, joint_blocks, outline_block, rim_block
from axis_core.photo.model import ShapeModel, ShapeState
from axis_core.photo.posing import POSE_ANGLES, motions_of, rest_skeleton, skin


__all__ = ["BodyFit", "Posed", "fit_body"]

Floats = NDArray[np.float64]

_STEPS = 16
_SIGMA_M = (0.08, 0.02)
"""How far off an outline point may be before it counts as something else: at the first step and at the last."""
_SHAPE_SPREAD = {"gender": 0.35, "weight": 0.22, "muscle": 0.18, "proportions": 0.22, "age_years": 0.22}
_SLIDER_SPREAD = 0.28
_YAW_SPREAD = 0.06
_ROLL_SPREAD = 0.03
_ANGLE_STEP = 1e-3
_CAMERA = 5


@attrs.frozen(eq=False)
class Posed:
    """A body in its pose, ready to be compared with photos."""

    state: ShapeState
    angles: Floats
    skeleton: Skeleton
    motions: Floats
    points: Floats
    turns: Floats
    normals: Floats
    clothed: Floats


@attrs.frozen(eq=False)
class BodyFit:
    """What was fitted.

    Attributes
    ----------
    model : ShapeModel
    posed : Posed
    cameras : tuple of ViewCamera
        One a view.
    overlap : tuple of float
        Of each view, how much of mask and dressed body together both cover (intersection over union).
    """

    model: ShapeModel
    posed: Posed
    cameras: tuple[ViewCamera, ...]
    overlap: tuple[float, ...] = ()

    @property
    def shape(self) -> BodyShape:
        """The body at rest."""
        return self.posed.state.shape


def pose_body(state: ShapeState, angles: Floats) -> Posed:
    """Return the body of ``state`` in the pose ``angles``, its cloth as a second surface."""
    mesh = load_mesh()
    body = mesh.quads[mesh.quads_of("body")]
    ids = np.arange(mesh.n_vertices)
    skeleton = rest_skeleton(state.shape)
    motions = motions_of(skeleton, angles)
    points, turns = skin(state.shape.positions, ids, motions)
    triangles = np.concatenate([body[:, [0, 1, 2]], body[:, [0, 2, 3]]])
    normals = np.asarray(vertex_normals(points, triangles), np.float64)
    clothed = points + normals * cloth_depth()[:, None]
    return Posed(state, angles, skeleton, motions, points, turns, normals, clothed)


def fit_body(
    model: ShapeModel,
    views: Sequence[Evidence],
    cameras: Sequence[ViewCamera],
    angles: Floats,
    *,
    steps: int = _STEPS,
    step: Callable[[float], None] | None = None,
) -> BodyFit:
    """Return the body, pose and cameras that agree best with ``views``.

    Parameters
    ----------
    model : ShapeModel
        What is free, and where it begins.
    views : sequence of Evidence, at least one
    cameras : one a view, to begin with
    angles : (A,) float64, radians
        The pose to begin with, in the order of ``POSE_ANGLES``.
    step : callable, optional
        Told the share of the work done; may raise to stop.
    """
    values = model.start
    seen = list(cameras)
    for k in range(steps):
        if step is not None:
            step(k / steps)
        sigma = _SIGMA_M[0] * (_SIGMA_M[1] / _SIGMA_M[0]) ** (k / max(steps - 1, 1))
        posed = pose_body(model.at(values), angles)
        blocks = [b for c, v in zip(seen, views, strict=True) for b in _blocks(posed, c, v, sigma)]
        change = _solve(model, posed, seen, views, blocks)
        n, m = len(model.names), len(angles)
        values = np.clip(values + np.clip(change[:n], -0.25, 0.25), model.low, model.high)
        angles = np.clip(angles + np.clip(change[n : n + m], -0.3, 0.3), -1.2, 1.2)
        seen = [_moved(c, change[n + m + _CAMERA * i :][:_CAMERA]) for i, c in enumerate(seen)]
    return BodyFit(model, pose_body(model.at(values), angles), tuple(seen))


def _blocks(posed: Posed, camera: ViewCamera, view: Evidence, sigma: float) -> list[Block]:
    blocks = [
        outline_block(posed, camera, view, sigma),
        rim_block(posed, camera, view, sigma),
        *joint_blocks(view),
    ]
    face = face_block(view)
    return [*blocks, face] if face is not None else blocks


def _moved(camera: ViewCamera, change: Floats) -> ViewCamera:
    return ViewCamera(
        yaw=camera.yaw + float(np.clip(change[0], -0.2, 0.2)),
        scale=camera.scale * float(np.exp(np.clip(change[1], -0.2, 0.2))),
        x=camera.x + float(change[2]) * camera.scale,
        y=camera.y + float(change[3]) * camera.scale,
        roll=camera.roll + float(np.clip(change[4], -0.1, 0.1)),
    )


def _solve(
    model: ShapeModel, posed: Posed, cameras: Sequence[ViewCamera], views: Sequence[Evidence], blocks: Sequence[Block]
) -> Floats:
    """Return one Gauss-Newton step: shape, pose (radians), and of each camera yaw, log scale, shift (metres), roll."""
    n, m = len(model.names), len(POSE_ANGLES)
    total = n + m + _CAMERA * len(views)
    matrix, right = np.zeros((total, total)), np.zeros(total)
    ids = np.unique(np.concatenate([b.ids.ravel() for b in blocks]))
    place = np.zeros(load_mesh().n_vertices, np.int64)
    place[ids] = np.arange(len(ids))
    spatial = _spatial_jacobian(model, posed, ids)
    order = {id(v): i for i, v in enumerate(views)}
    for block in blocks:
        camera = cameras[order[id(block.view)]]
        rows = _rows(block, camera, posed, spatial, place, n + m, order[id(block.view)], total)
        matrix += rows.T @ (block.weights[:, None] * rows)
        right += rows.T @ (block.weights * block.residuals(posed, camera))
    _add_priors(matrix, right, model, posed, cameras, views)
    return np.asarray(-np.linalg.solve(matrix + 1e-9 * np.eye(total), right))


def _rows(
    block: Block,
    camera: ViewCamera,
    posed: Posed,
    spatial: Floats,
    place: NDArray[np.int64],
    first: int,
    index: int,
    total: int,
) -> Floats:
    """Return d residual / d parameters, (r, total): residuals are metres along a direction in the picture."""
    way = np.einsum("ra,ac->rc", block.ways * [1.0, -1.0], camera.axes[:2])
    moved = np.einsum("rk,prkc->prc", block.shares, spatial[:, place[block.ids]])
    rows = np.zeros((len(block.weights), total))
    rows[:, :first] = np.einsum("prc,rc->rp", moved, way)
    points = block.points(posed)
    axes = camera.axes
    seen = points @ axes.T
    a = first + _CAMERA * index
    rows[:, a] = -block.ways[:, 0] * seen[:, 2]
    rows[:, a + 1] = block.ways[:, 0] * seen[:, 0] - block.ways[:, 1] * seen[:, 1]
    rows[:, a + 2 : a + 4] = block.ways
    rows[:, a + 4] = block.ways[:, 0] * seen[:, 1] + block.ways[:, 1] * seen[:, 0]
    return rows


def _spatial_jacobian(model: ShapeModel, posed: Posed, ids: NDArray[np.int64]) -> Floats:
    """Return how vertices move with shape and pose, (P + A, n, 3)."""
    moved = model.jacobian(posed.state, ids)
    shape = np.einsum("nij,pnj->pni", posed.turns[ids], moved)
    rest = posed.state.shape.positions[ids]
    pose = np.empty((len(POSE_ANGLES), len(ids), 3))
    here = posed.points[ids]
    for k in range(len(POSE_ANGLES)):
        angles = posed.angles.copy()
        angles[k] += _ANGLE_STEP
        pose[k] = (skin(rest, ids, motions_of(posed.skeleton, angles))[0] - here) / _ANGLE_STEP
    return np.concatenate([shape, pose])


def _add_priors(
    matrix: Floats,
    right: Floats,
    model: ShapeModel,
    posed: Posed,
    cameras: Sequence[ViewCamera],
    views: Sequence[Evidence],
) -> None:
    """Pull everything gently to what is usual: one standard deviation costs as much as one residual of 1 cm a point."""
    spread = [_SHAPE_SPREAD[name] for name in model.macros] + [_SLIDER_SPREAD] * len(model.sliders)
    spread += [s for _, _, s in POSE_ANGLES]
    usual = np.concatenate([model.start, np.zeros(len(POSE_ANGLES))])
    now = np.concatenate([posed.state.values, posed.angles])
    weights = 1.0 / np.square(spread)
    n = len(spread)
    matrix[np.arange(n), np.arange(n)] += weights
    right[:n] += weights * (now - usual)
    for i, (camera, view) in enumerate(zip(cameras, views, strict=True)):
        a = n + _CAMERA * i
        off = camera.yaw - VIEW_YAW[view.label]
        for at, value, spread_of in ((a, off, _YAW_SPREAD), (a + 4, camera.roll, _ROLL_SPREAD)):
            matrix[at, at] += 1.0 / spread_of**2
            right[at] += value / spread_of**2
