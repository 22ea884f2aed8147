"""Glasses: two rims before the eyes, a bridge over the nose and temples to the ears; sunglasses have dark lenses."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from axis_core.body.accessories.model import Accessory, Form, cleaned, crown_vertex
from axis_core.body.data import BodyMesh
from axis_core.body.hair.scalp import head_of
from axis_core.body.piece import unit


__all__ = ["glasses_model"]

Floats = NDArray[np.float64]

_RIMS = {
    "round": (0.0225, 0.0215, 2.0, 0.0013),
    "square": (0.0255, 0.0170, 3.6, 0.0021),
    "sun": (0.0275, 0.0215, 2.7, 0.0019),
}
"""Half width and half height of a rim, the power of its superellipse, and the radius of its wire; metres."""
_AROUND = 24
_SIDES = 6
_EAR = (0.0822, 0.7348, 0.0483)
FRAME_UV, LENS_UV = (0.25, 0.5), (0.75, 0.5)


@lru_cache(maxsize=8)
def glasses_model(mesh: BodyMesh, kind: str) -> Accessory:
    """Return glasses on the base mesh."""
    wide, high, power, wire = _RIMS[kind]
    rig = mesh.rigs["default"]
    eyes = [rig.heads[rig.names.index(f"eye.{s}")] for s in "LR"]
    eye = mesh.vertices[eyes[0]].mean(axis=0)
    turn = np.linspace(0.0, 2 * np.pi, _AROUND, endpoint=False)
    c, s = np.cos(turn), np.sin(turn)
    x = eye[0] + 0.002 + wide * np.sign(c) * np.abs(c) ** (2 / power)
    y = eye[1] - 0.002 + high * np.sign(s) * np.abs(s) ** (2 / power)
    rim = np.stack([x, y, _front(x)], axis=1)
    outer = rim[np.argmax(rim[:, 0] + 0.3 * rim[:, 1])]
    temple = np.array(
        [
            outer,
            outer + np.array((0.006, 0.001, -0.012)),
            (0.0765, 0.741, 0.09),
            (0.083, 0.7385, 0.048),
            (0.081, 0.722, 0.026),
        ]
    )
    inner = rim[np.argmin(rim[:, 0])]
    bridge = np.array(
        [
            inner,
            (0.0045, inner[1] + 0.004, _front(0.0) + 0.002),
            (-0.0045, inner[1] + 0.004, _front(0.0) + 0.002),
            inner * (-1, 1, 1),
        ]
    )
    mirrored = (-1.0, 1.0, 1.0)
    forms = [_tube(rim, wire, True), _tube(rim[::-1] * mirrored, wire, True), _tube(bridge, wire, False)]
    forms += [_tube(temple, wire, False), _tube(temple * mirrored, wire, False)]
    if kind == "sun":
        forms += [_lens(rim), _lens(rim[::-1] * mirrored)]
    return _placed(mesh, _joined(forms), eyes)


def _front(x: Floats | float) -> Floats:
    return np.asarray(0.1605 - 3.2 * np.square(x))


def _tube(path: Floats, radius: float, closed: bool) -> Form:
    """Return a tube around a path (k, 3)."""
    ahead = np.roll(path, -1, axis=0) - np.roll(path, 1, axis=0) if closed else np.gradient(path, axis=0)
    way = unit(ahead)
    side = unit(np.cross(way, (0.0, 0.25, 1.0)))
    up = np.cross(side, way)
    turn = np.linspace(0.0, 2 * np.pi, _SIDES, endpoint=False)[None, :, None]
    normals = side[:, None] * np.cos(turn) + up[:, None] * np.sin(turn)
    points = path[:, None] + radius * normals
    k = len(path)
    rows = np.arange(k if closed else k - 1)[:, None]
    index, after = np.arange(_SIDES)[None, :], (np.arange(_SIDES)[None, :] + 1) % _SIDES
    a, b = rows * _SIDES + index, rows * _SIDES + after
    c, d = (rows + 1) % k * _SIDES + after, (rows + 1) % k * _SIDES + index
    faces = np.concatenate([np.stack([a, b, c], -1).reshape(-1, 3), np.stack([a, c, d], -1).reshape(-1, 3)])
    form = Form(points.reshape(-1, 3), normals.reshape(-1, 3), faces, np.tile(FRAME_UV, (k * _SIDES, 1)))
    p, q, r = (form.points[faces[:, i]] for i in range(3))
    inside_out = (np.cross(q - p, r - p) * form.normals[faces].sum(axis=1)).sum() < 0
    return Form(form.points, form.normals, faces[:, ::-1] if inside_out else faces, form.uvs)


def _lens(rim: Floats) -> Form:
    """Return a lens: a fan from its middle, slightly domed; seen from both sides by its material."""
    k = len(rim)
    points = np.concatenate([rim, [rim.mean(axis=0) + np.array((0.0, 0.0, 0.002))]])
    faces = np.stack([np.arange(k), (np.arange(k) + 1) % k, np.full(k, k)], axis=1)
    a, b, c = (points[faces[0, i]] for i in range(3))
    if np.cross(b - a, c - a)[2] < 0:
        faces = faces[:, ::-1]
    return Form(points, np.tile((0.0, 0.0, 1.0), (k + 1, 1)), faces, np.tile(LENS_UV, (k + 1, 1)))


def _joined(forms: list[Form]) -> Form:
    starts = np.cumsum([0, *(len(f.points) for f in forms)])
    return cleaned(
        np.concatenate([f.points for f in forms]),
        np.concatenate([f.normals for f in forms]),
        np.concatenate([f.faces + s for f, s in zip(forms, starts)]),
        np.concatenate([f.uvs for f in forms]),
    )


def _placed(mesh: BodyMesh, form: Form, eyes: list[NDArray[np.int64]]) -> Accessory:
    """Return ``form`` placed by the middles of the eyes in front and by the ears behind."""
    body = head_of(mesh).body
    ears = [
        int(body[np.linalg.norm(mesh.vertices[body] - np.array(_EAR) * m, axis=1).argmin()])
        for m in ((1, 1, 1), (-1, 1, 1))
    ]
    anchors = np.concatenate([*eyes, ears])
    left = np.clip(0.5 + form.points[:, 0] / 0.062, 0.0, 1.0)
    behind = np.clip((0.14 - form.points[:, 2]) / 0.09, 0.0, 1.0)
    n_left, n_right = len(eyes[0]), len(eyes[1])
    shares = np.concatenate(
        [
            np.tile(((1 - behind) * left / n_left)[:, None], (1, n_left)),
            np.tile(((1 - behind) * (1 - left) / n_right)[:, None], (1, n_right)),
            np.stack([behind * left, behind * (1 - left)], axis=1),
        ],
        axis=1,
    )
    return Accessory(form, np.tile(anchors, (len(form.points), 1)), shares, crown_vertex(mesh))
