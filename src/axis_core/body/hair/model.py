"""A hair style on the base mesh: triangles, texture coordinates and what every vertex hangs on."""

from __future__ import annotations

from functools import lru_cache

import attrs
import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from axis_core.body.data import BodyMesh
from axis_core.body.hair.scalp import Head, head_of
from axis_core.body.hair.strands import Growth, Strands, grow_strands
from axis_core.body.hair.styles import HAIR, KNOT, HairStyle
from axis_core.body.piece import unit


__all__ = ["HairModel", "hair_model"]

Floats = NDArray[np.float64]
Ids = NDArray[np.int64]

_CENTRE = (0.0, 0.745, 0.01)
_NEAREST = 6
_CHIN_Y, _CHEST_Y = 0.62, 0.50
CAP_UV, STRAND_UV = (0.0, 0.5), (0.5, 1.0)
"""Columns of the hair's texture: solid hair, and ribbons with gaps."""
_RIBBONS = 4
"""Ribbons drawn side by side in the texture."""


@attrs.frozen(eq=False)
class HairModel:
    """Hair in the base mesh.

    Attributes
    ----------
    points, normals : (n, 3) float64
    faces : (m, 3) int64
    uvs : (n, 2) float32
    anchors, shares : (n, k)
        Vertices of the scalp it hangs on.
    weight_anchors, weight_shares : (n, j)
        Vertices whose skin weights it takes: of the scalp, lower down of the body.
    loose : (n,) bool
        What may touch the shoulders and is kept off them.
    """

    points: Floats
    normals: Floats
    faces: Ids
    uvs: NDArray[np.float32]
    anchors: Ids
    shares: Floats
    weight_anchors: Ids
    weight_shares: Floats
    loose: NDArray[np.bool_]


@attrs.frozen(eq=False)
class _Part:
    points: Floats
    normals: Floats
    faces: Ids
    uvs: Floats


@lru_cache(maxsize=32)
def hair_model(mesh: BodyMesh, name: str, thinning: float = 1.0) -> HairModel:
    """Return the model of a style of ``HAIR``; ``thinning`` 0..1 is the share of its ribbons that is made."""
    style, head = HAIR[name], head_of(mesh)
    seed = sorted(HAIR).index(name) + 1
    parts = [_cap(mesh, head, style)]
    if style.growth:
        strands = grow_strands(mesh, head, _thinned(style.growth, thinning), seed)
        parts.append(_ribbons(strands, style, thinning))
    if style.ball:
        parts.append(_ball(style.ball))
    if style.tail:
        parts.append(_tail(style, seed, thinning))
    starts = np.cumsum([0, *(len(p.points) for p in parts)])
    points = np.concatenate([p.points for p in parts])
    faces = np.concatenate([p.faces + s for p, s in zip(parts, starts)])
    return _bound(mesh, head, points, np.concatenate([p.normals for p in parts]), faces, [p.uvs for p in parts])


def _thinned(growth: Growth, thinning: float) -> Growth:
    fewer = max(round(growth.count * thinning), 24)
    stations = max(round(growth.stations * (0.5 + 0.5 * thinning)), 3)
    return attrs.evolve(growth, count=fewer, stations=stations)


def _cap(mesh: BodyMesh, head: Head, style: HairStyle) -> _Part:
    """Return the scalp lifted to the style's height, down to the skin at the hairline."""
    sheet = head.sheet
    points, level = sheet.at(mesh.vertices), sheet.at(head.level)
    out = unit(sheet.at(head.normals))
    for _ in range(10):  # a thick cap is rounder than the skull
        out = unit(0.5 * out + 0.5 * (sheet.smooth @ out))
    rise = np.clip(level / max(0.012, 0.8 * style.cap), 0.0, 1.0)
    azimuth = np.arctan2(np.abs(points[:, 0]), points[:, 2] - _CENTRE[2])
    locks = np.sin(26.0 * azimuth + 90.0 * points[:, 1]) * np.sin(70.0 * points[:, 1] + 7.0 * azimuth)
    height = style.cap * np.sqrt(rise * (2.0 - rise)) + style.cap_bumps * locks * rise
    lifted = points + out * (height - 0.0015 * (1.0 - rise))[:, None]
    polar = np.arccos(np.clip(unit(points - np.array(_CENTRE))[:, 1], -1.0, 1.0))
    uvs = np.stack([0.02 + 0.46 * azimuth / np.pi, np.clip(polar / 2.2, 0.0, 1.0)], axis=1)
    faces = sheet.point_of[sheet.faces]
    return _Part(lifted, unit(0.5 * out + 0.5 * unit(lifted - np.array(_CENTRE))), faces, uvs)


def _ribbons(strands: Strands, style: HairStyle, thinning: float) -> _Part:
    """Return a ribbon along each strand: two rows of vertices, wider where ribbons are fewer."""
    points = strands.points
    n, s, _ = points.shape
    along = np.linspace(0.0, 1.0, s)
    half = 0.5 * style.width / np.sqrt(max(thinning, 0.2)) * (1.0 + (style.tip - 1.0) * along**1.5)
    sides = np.stack([points - strands.across * half[:, None], points + strands.across * half[:, None]], axis=2)
    index = np.arange(n * s * 2).reshape(n, s, 2)
    a, b, c, d = index[:, :-1, 0], index[:, :-1, 1], index[:, 1:, 1], index[:, 1:, 0]
    faces = np.concatenate([np.stack([a, b, c], -1).reshape(-1, 3), np.stack([a, c, d], -1).reshape(-1, 3)])
    lane = np.floor(strands.chance * _RIBBONS) % _RIBBONS
    wide = (STRAND_UV[1] - STRAND_UV[0]) / _RIBBONS
    u = STRAND_UV[0] + wide * (lane[:, None, None] + np.array([0.04, 0.96]))
    uvs = np.stack(np.broadcast_arrays(u, along[None, :, None]), axis=-1)
    axis = np.stack([np.zeros((n, s)), np.clip(points[..., 1], 0.60, _CENTRE[1]), np.full((n, s), _CENTRE[2])], -1)
    normals = np.repeat(unit(points - axis)[:, :, None], 2, axis=2)
    return _outward(_Part(sides.reshape(-1, 3), normals.reshape(-1, 3), faces, uvs.reshape(-1, 2)))


def _outward(part: _Part) -> _Part:
    """Return ``part`` with its faces turned to the side its normals point to: back faces are lit from behind."""
    a, b, c = (part.points[part.faces[:, i]] for i in range(3))
    wrong = (np.cross(b - a, c - a) * part.normals[part.faces].sum(axis=1)).sum(axis=1) < 0
    return attrs.evolve(part, faces=np.where(wrong[:, None], part.faces[:, ::-1], part.faces))


def _ball(radius: float) -> _Part:
    """Return a bun at the knot."""
    rows, columns = 9, 14
    theta = np.linspace(0.0, np.pi, rows)[:, None]
    phi = np.linspace(0.0, 2 * np.pi, columns)[None, :]
    away = np.stack(
        np.broadcast_arrays(np.sin(theta) * np.cos(phi), np.sin(theta) * np.sin(phi), -np.cos(theta)), axis=-1
    )
    wound = 1.0 + 0.05 * np.sin(5.0 * theta + 2.0 * phi)
    centre = np.array(KNOT) + np.array([0.0, 0.0, -0.55 * radius])
    points = centre + radius * away * wound[..., None] * (1.05, 1.0, 0.8)
    index = np.arange(rows * columns).reshape(rows, columns)
    a, b, c, d = index[:-1, :-1], index[:-1, 1:], index[1:, 1:], index[1:, :-1]
    faces = np.concatenate([np.stack([a, b, c], -1).reshape(-1, 3), np.stack([a, c, d], -1).reshape(-1, 3)])
    u = 0.03 + 0.44 * (np.abs(((phi / np.pi + 2.0 * theta / np.pi) % 2.0) - 1.0))
    uvs = np.stack(np.broadcast_arrays(u, 0.2 + 0.6 * theta / np.pi), axis=-1)
    return _Part(points.reshape(-1, 3), away.reshape(-1, 3), faces, uvs.reshape(-1, 2))


def _tail(style: HairStyle, seed: int, thinning: float) -> _Part:
    """Return a ponytail: strands that rise a little from the knot and hang in a bundle."""
    assert style.tail is not None
    growth = _thinned(style.tail, thinning)
    rng = np.random.default_rng(seed + 100)
    s = growth.stations
    along = np.linspace(0.0, 1.0, s)
    swell = 0.016 * np.sin(np.pi * np.clip(along * 0.9 + 0.12, 0, 1))
    turn = 2 * np.pi * rng.uniform(size=(growth.count, 1))
    radius = np.sqrt(rng.uniform(0.2, 1.0, size=(growth.count, 1))) * swell
    x = radius * np.cos(turn)
    z = KNOT[2] - 0.02 - 0.03 * np.sin(np.pi * 0.5 * np.clip(along * 3.0, 0, 1)) + radius * np.sin(turn)
    y = KNOT[1] + 0.012 * np.sin(np.pi * np.clip(along * 2.5, 0, 1)) - 0.30 * along**1.2 + 0 * radius
    points = np.stack(np.broadcast_arrays(x, y, z), axis=-1)
    across = np.stack(np.broadcast_arrays(-np.sin(turn), 0.0 * y, np.cos(turn)), axis=-1)
    part = _ribbons(Strands(points, unit(across), rng.uniform(size=growth.count)), style, thinning)
    normals = np.repeat(np.stack(np.broadcast_arrays(np.cos(turn), 0.0 * y + 0.2, np.sin(turn)), -1)[:, :, None], 2, 2)
    return _outward(attrs.evolve(part, normals=unit(normals.reshape(-1, 3))))


def _bound(mesh: BodyMesh, head: Head, points: Floats, normals: Floats, faces: Ids, uvs: list[Floats]) -> HairModel:
    scalp = head.body[head.level[head.body] > 0.0]
    distance, near = cKDTree(mesh.vertices[scalp]).query(points, k=_NEAREST)
    shares = 1.0 / (distance + 0.004) ** 2
    shares = shares / np.sum(shares, axis=1, keepdims=True)
    anchors = scalp[near]
    body_distance, body_near = cKDTree(mesh.vertices[head.body]).query(points, k=_NEAREST)
    low = np.clip((_CHIN_Y - points[:, 1]) / (_CHIN_Y - _CHEST_Y), 0.0, 1.0)
    low = (low * low * (3.0 - 2.0 * low))[:, None]
    body_shares = 1.0 / (body_distance + 0.01)
    body_shares = body_shares / np.sum(body_shares, axis=1, keepdims=True)
    return HairModel(
        points=points,
        normals=normals,
        faces=faces,
        uvs=np.concatenate(uvs).astype(np.float32),
        anchors=anchors,
        shares=shares,
        weight_anchors=np.concatenate([anchors, head.body[body_near]], axis=1),
        weight_shares=np.concatenate([shares * (1.0 - low), body_shares * low], axis=1),
        loose=points[:, 1] < 0.66,
    )
