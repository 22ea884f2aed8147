"""The shape of a face from its landmarks, with the expression of the moment solved apart from it.

Landmarks are linear in the sliders of the face, in the mix of ancestries and in the 52 face shapes. In turns the head's
place is found (a scaled orthographic view) and the amounts are, each between 0 and 1 and no larger than they need be.

References
----------
V. Blanz, T. Vetter, *A morphable model for the synthesis of 3D faces*, 1999, doi:10.1145/311535.311556.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

import attrs
import numpy as np
from numpy.typing import NDArray

from axis_core.body.data import load_mesh
from axis_core.body.faces import face_shapes
from axis_core.body.phenotype import Phenotype
from axis_core.body.shape import BodyShape, shape_body
from axis_core.body.sliders import list_sliders
from axis_core.photo.face_points import face_points
from axis_core.photo.model import local_rows
from axis_core.vision.landmarks import FaceMarks


__all__ = ["FaceFit", "HeadView", "fit_face", "head_view"]

Floats = NDArray[np.float64]

_TURNS = 6
_SWEEPS = 40
_DEPTH = 0.12
"""What the network's depths count against places in the picture; they are a guess."""
_NOISE_M = 0.0015
_SLIDER_SPREAD = 0.30
_EXPRESSION_SPREAD = 0.30
_KIND_SPREAD = 0.35
_GROUPS = ("head", "forehead", "eyes", "nose", "cheek", "mouth", "chin", "eyebrows")
_UNSEEN = ("back_of_head", "eyelid_fold", "eye_bag", "laugh_lines", "dimples", "_left", "septum", "tilt", "face_age")
"""Sliders that landmarks say nothing of, or that would be the pose of the head."""
_LARGEST = 0.85


@attrs.frozen(eq=False)
class HeadView:
    """How a photo sees a head.

    Attributes
    ----------
    turn : (3, 3) float64
        Rows: right and up in the picture and towards the camera, in the body's space.
    scale : float, pixels a metre
    shift : (2,) float64, pixels
    """

    turn: Floats
    scale: float
    shift: Floats

    def project(self, points: Floats) -> Floats:
        """Return pixels (n, 2) of points (n, 3)."""
        seen = points @ self.turn[:2].T
        return np.stack([self.shift[0] + self.scale * seen[:, 0], self.shift[1] - self.scale * seen[:, 1]], axis=1)


@attrs.frozen(eq=False)
class FaceFit:
    """What was fitted.

    Attributes
    ----------
    sliders : mapping of slider to -1..1
    kinds : mapping of str to 0..1
        How far towards ``african``, ``asian``, ``european``, ``feminine``, ``masculine``, ``old``.
    expression : mapping of ARKit shape to 0..1
        What the face did in the photo; not part of the avatar.
    view : HeadView
    error_m : float
        Root mean square distance of the landmarks in the picture, metres.
    """

    sliders: Mapping[str, float]
    kinds: Mapping[str, float]
    expression: Mapping[str, float]
    view: HeadView
    error_m: float


def fit_face(face: FaceMarks, person: Phenotype, *, kinds: tuple[str, ...] = ()) -> FaceFit:
    """Return the face of ``person`` that has these landmarks.

    Parameters
    ----------
    face : FaceMarks
    person : Phenotype
        Whose body it is; the sliders come on top.
    kinds : tuple of str
        Which of ``african asian european feminine masculine old`` are to be found too.
    """
    table = face_points()
    shape = shape_body(person)
    columns = [*_slider_columns(), *_kind_columns(person, kinds), *_expression_columns(shape)]
    basis = np.stack([c.moved for c in columns])
    spread = np.array([c.spread for c in columns])
    trust = _trust()
    marks = face.points * [1.0, -1.0, -1.0]  # as in space: y up, z towards the viewer
    rest = table.of(shape.positions)
    amounts = np.zeros(len(columns))
    view = _head_view(rest, marks, trust)
    for _ in range(_TURNS):
        amounts = _amounts(rest, basis, marks, view, trust, spread, amounts)
        view = _head_view(rest + np.tensordot(amounts, basis, axes=1), marks, trust)
    off = view.project(rest + np.tensordot(amounts, basis, axes=1)) - face.points[:, :2]
    error = float(np.sqrt(np.average((off**2).sum(axis=1), weights=trust))) / view.scale
    out: dict[str, dict[str, float]] = {"slider": {}, "kind": {}, "expression": {}}
    for column, amount in zip(columns, amounts, strict=True):
        if amount > 1e-3:
            held = out[column.sort]
            held[column.name] = held.get(column.name, 0.0) + column.sign * float(amount)
    return FaceFit(out["slider"], out["kind"], out["expression"], view, error)


@attrs.frozen(eq=False)
class _Column:
    """One thing that moves landmarks: (468, 3) metres at full weight."""

    sort: str
    name: str
    sign: float
    moved: Floats
    spread: float


@lru_cache(maxsize=1)
def _slider_columns() -> tuple[_Column, ...]:
    table = face_points()
    wanted = [s for s in list_sliders() if s.group in _GROUPS and not any(word in s.name for word in _UNSEEN)]
    out = []
    for slider in wanted:
        for end, sign in ((0, -1.0), (1, 1.0)):
            names = [f"{slider.group}/{pair[end]}" for pair in slider.targets.values() if pair[end]]
            if not names:
                continue
            moved = _landmarks(local_rows(names, table.vertices.ravel()).sum(axis=0), table.shares)
            if np.abs(moved).max() > 5e-4:
                out.append(_Column("slider", slider.name, sign, moved, _SLIDER_SPREAD))
    return tuple(out)


def _kind_columns(person: Phenotype, kinds: tuple[str, ...]) -> list[_Column]:
    ends = {
        "african": {"african": 1.0, "asian": 0.0, "european": 0.0},
        "asian": {"african": 0.0, "asian": 1.0, "european": 0.0},
        "european": {"african": 0.0, "asian": 0.0, "european": 1.0},
        "feminine": {"gender": 0.0},
        "masculine": {"gender": 1.0},
        "old": {"age_years": 75.0},
    }
    table = face_points()
    height = person.target_height_m
    here = table.of(shape_body(attrs.evolve(person, height_m=height)).positions)
    out = []
    for kind in kinds:
        there = table.of(shape_body(attrs.evolve(person, height_m=height, **ends[kind])).positions)
        moved = there - here
        out.append(_Column("kind", kind, 1.0, moved - moved.mean(axis=0), _KIND_SPREAD))
    return out


def _expression_columns(shape: BodyShape) -> list[_Column]:
    table = face_points()
    out = []
    for name, (ids, moved) in face_shapes(shape).items():
        if name.startswith("eyeLook") or name == "tongueOut":
            continue
        full = np.zeros((load_mesh().n_vertices, 3))
        full[ids] = moved
        out.append(_Column("expression", name, 1.0, table.of(full), _EXPRESSION_SPREAD))
    return out


def head_view(face: FaceMarks, points: Floats) -> HeadView:
    """Return how a photo with these landmarks sees a head whose landmarks in space are (468, 3) ``points``."""
    return _head_view(points, face.points * [1.0, -1.0, -1.0], _trust())


def _trust() -> Floats:
    """Return (468,) how far each landmark belongs to one place of the skin."""
    spread = face_points().spread
    return np.sqrt(np.where(spread < 0.008, 1.0, np.where(spread < 0.02, 0.3, 0.0)))


def _landmarks(moved: Floats, shares: Floats) -> Floats:
    return np.asarray(np.einsum("nk,nkc->nc", shares, moved.reshape(len(shares), 3, 3)))


def _head_view(points: Floats, marks: Floats, trust: Floats) -> HeadView:
    """Return the scaled orthographic view by which (468, 3) ``points`` come nearest to ``marks``."""
    weights = trust**2
    a, b = points - np.average(points, axis=0, weights=weights), marks - np.average(marks, axis=0, weights=weights)
    u, sigma, vt = np.linalg.svd((b * weights[:, None]).T @ a)
    flip = np.diag([1.0, 1.0, np.linalg.det(u @ vt)])
    turn = u @ flip @ vt
    scale = float((sigma * np.diag(flip)).sum() / (weights[:, None] * a**2).sum())
    for _ in range(4):  # the depths are a guess: let the picture decide, step by step
        seen = a @ turn.T
        guess = np.column_stack([b[:, :2], (1.0 - _DEPTH) * scale * seen[:, 2] + _DEPTH * b[:, 2]])
        u, sigma, vt = np.linalg.svd((guess * weights[:, None]).T @ a)
        flip = np.diag([1.0, 1.0, np.linalg.det(u @ vt)])
        turn = u @ flip @ vt
        scale = float((sigma * np.diag(flip)).sum() / (weights[:, None] * a**2).sum())
    middle = (
        np.average(marks, axis=0, weights=weights)[:2]
        - scale * (np.average(points, axis=0, weights=weights) @ turn.T)[:2]
    )
    return HeadView(turn, scale, np.array([middle[0], -middle[1]]))


def _amounts(
    rest: Floats, basis: Floats, marks: Floats, view: HeadView, trust: Floats, spread: Floats, start: Floats
) -> Floats:
    """Return amounts (C,), 0..1, by coordinate descent on the normal equations."""
    seen = rest @ view.turn.T
    middle = (trust**2 @ (marks[:, 2] / view.scale - seen[:, 2])) / (trust**2).sum()
    target = np.column_stack([(marks[:, 0] - view.shift[0]) / view.scale, (marks[:, 1] + view.shift[1]) / view.scale])
    off = np.column_stack([target - seen[:, :2], marks[:, 2] / view.scale - middle - seen[:, 2]])
    weights = (trust[:, None] * [1.0, 1.0, _DEPTH]) / _NOISE_M / np.sqrt(len(trust) / 60.0)
    rows = ((basis @ view.turn.T) * weights).reshape(len(basis), -1)
    matrix = rows @ rows.T + np.diag(1.0 / spread**2)
    right = rows @ (off * weights).ravel()
    amounts = start.copy()
    diagonal = np.diag(matrix)
    for _ in range(_SWEEPS):
        for k in range(len(amounts)):
            gap = right[k] - matrix[k] @ amounts
            amounts[k] = min(max(amounts[k] + gap / diagonal[k], 0.0), _LARGEST)
    return amounts
