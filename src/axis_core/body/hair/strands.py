"""Strands: curves that grow from the scalp along a comb, fall under gravity and stay off the head and shoulders."""

from __future__ import annotations

from collections.abc import Callable

import attrs
import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from axis_core.body.data import BodyMesh
from axis_core.body.hair.scalp import Head
from axis_core.body.piece import unit


__all__ = ["Comb", "Growth", "Strands", "Tress", "grow_strands"]

Floats = NDArray[np.float64]


@attrs.frozen(eq=False)
class Tress:
    """Strands while they grow: their roots (n, 3), and where they have come to (n, 3)."""

    roots: Floats
    at: Floats


Comb = Callable[[Tress], Floats]
"""From strands to the directions (n, 3) they are combed in."""


_LEAST_LEVEL_M = 0.002
_FREE_BELOW_Y = 0.66
"""Below this height of the base mesh hair hangs free."""


@attrs.frozen(kw_only=True)
class Growth:
    """How the strands of a style grow; lengths are metres of the base mesh.

    Attributes
    ----------
    count, stations : int
        Strands, and points along each.
    length : function of roots (n, 3) to lengths (n,)
    comb : Comb
    lift : float
        How far the strand leaves the scalp: 0 flat, 1 straight out.
    gravity : float
        Turn downwards for each station.
    follow : float
        Turn towards the comb for each station.
    clearance : (float, float)
        Least distance from the body; strands spread between the two.
    curl : float
        Radius of the curls, 0 for straight hair.
    turns : float
        Turns of a curl for each decimetre.
    hug : float, 0..1
        How much of what it stands off too far is taken back at each station, on the head.
    jitter : float
        Disorder of the first direction.
    """

    count: int
    stations: int
    length: Callable[[Floats], Floats]
    comb: Comb
    lift: float = 0.35
    gravity: float = 0.2
    follow: float = 0.35
    clearance: tuple[float, float] = (0.004, 0.012)
    curl: float = 0.0
    turns: float = 2.0
    hug: float = 0.6
    jitter: float = 0.12


@attrs.frozen(eq=False)
class Strands:
    """Curves (n, s, 3) with the direction across them (n, s, 3) and a number 0..1 for each."""

    points: Floats
    across: Floats
    chance: Floats


def grow_strands(mesh: BodyMesh, head: Head, growth: Growth, seed: int) -> Strands:
    """Return the strands of a style on the base mesh; the same seed gives the same strands."""
    rng = np.random.default_rng(seed)
    roots, normals = _roots(mesh, head, growth, rng)
    chance = rng.uniform(size=growth.count)
    tree = cKDTree(mesh.vertices[head.body])
    clear = growth.clearance[0] + (growth.clearance[1] - growth.clearance[0]) * chance
    step = growth.length(roots) * rng.uniform(0.82, 1.12, growth.count) / (growth.stations - 1)
    at = roots - 0.002 * normals
    way = unit(growth.comb(Tress(roots, roots)) + growth.lift * normals + growth.jitter * rng.normal(size=roots.shape))
    points, across = [at], [unit(np.cross(way, normals))]
    out = normals
    for k in range(growth.stations - 1):
        heavy = growth.gravity * min(1.0, (k + 1) / 3.0)
        way = unit(way + growth.follow * unit(growth.comb(Tress(roots, at))) + heavy * np.array([0.0, -1.0, 0.0]))
        new, out = _laid(mesh, head, tree, at + way * step[:, None], clear, growth.hug)
        way = unit(new - at)
        at = new
        points.append(at)
        across.append(unit(np.cross(way, out)))
    curve = np.stack(points, axis=1)
    return Strands(_curled(curve, np.stack(across, axis=1), growth, rng), np.stack(across, axis=1), chance)


def _roots(mesh: BodyMesh, head: Head, growth: Growth, rng: np.random.Generator) -> tuple[Floats, Floats]:
    """Return roots and normals, spread over the scalp by area."""
    sheet = head.sheet
    points, level = sheet.at(mesh.vertices), sheet.at(head.level)
    faces = sheet.point_of[sheet.faces]
    faces = faces[(level[faces] > _LEAST_LEVEL_M).all(axis=1) | (level[faces].max(axis=1) > 0.01)]
    a, b, c = (points[faces[:, i]] for i in range(3))
    area = np.linalg.norm(np.cross(b - a, c - a), axis=1)
    # stratified along the cumulated area: no clusters, no gaps
    marks = (np.arange(growth.count) + rng.uniform(size=growth.count)) / growth.count * area.sum()
    order = np.lexsort((np.arctan2(a[:, 0], a[:, 2]), np.rint(a[:, 1] / 0.02)))
    face = order[np.minimum(np.searchsorted(np.cumsum(area[order]), marks), len(order) - 1)]
    u, v = rng.uniform(size=(2, growth.count))
    u, v = np.where(u + v > 1, 1 - u, u), np.where(u + v > 1, 1 - v, v)
    w = np.stack([1 - u - v, u, v], axis=1)[:, :, None]
    normals = sheet.at(head.normals)
    return (w * points[faces[face]]).sum(axis=1), unit((w * normals[faces[face]]).sum(axis=1))


def _laid(
    mesh: BodyMesh, head: Head, tree: cKDTree, points: Floats, clearance: Floats, hug: float
) -> tuple[Floats, Floats]:
    """Return points at least ``clearance`` off the body, on the head drawn to it, and the directions out of it."""
    _, near = tree.query(points, k=4)
    vertices = head.body[near]
    out = unit(head.normals[vertices].mean(axis=1))
    depth = ((points[:, None] - mesh.vertices[vertices]) * out[:, None]).sum(axis=2).min(axis=1)
    drawn = hug * np.clip((points[:, 1] - _FREE_BELOW_Y) / 0.05, 0.0, 1.0)
    need = clearance - depth
    return points + out * np.where(need > 0, need, need * drawn)[:, None], out


def _curled(points: Floats, across: Floats, growth: Growth, rng: np.random.Generator) -> Floats:
    if not growth.curl:
        return points
    way = unit(np.gradient(points, axis=1))
    up = np.cross(way, across)
    gone = np.concatenate(
        [np.zeros((len(points), 1)), np.cumsum(np.linalg.norm(np.diff(points, axis=1), axis=2), axis=1)], axis=1
    )
    phase = 2 * np.pi * (growth.turns * gone / 0.1 + rng.uniform(size=(len(points), 1)))
    radius = growth.curl * np.clip(gone / 0.03, 0.0, 1.0)
    return np.asarray(
        points + across * (radius * np.cos(phase))[..., None] + up * (radius * (1.0 + np.sin(phase)))[..., None]
    )
