"""What is really worn: a recipe's garments, completed to decency, in layers, over one shape.

Two rules hold for every age and cannot be turned off. Faces of the body on chest and hips are in no output at all; and
where the garments leave chest or hips bare, a shirt and trousers are worn with them.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import attrs
import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from axis_core.body.data import BodyMesh
from axis_core.body.dress.cloth import HIDDEN_M, Cloth, cloth_piece, drape
from axis_core.body.dress.fields import modest_vertices, places_of
from axis_core.body.dress.kinds import CUTS, Cut
from axis_core.body.dress.sheet import Sheet, cut_sheet
from axis_core.body.piece import Piece, normals_of, unit
from axis_core.body.recipe import Garment
from axis_core.body.surfaces import body_surface, cloth_surface


__all__ = ["Worn", "bare_faces", "complete", "wear"]

Floats = NDArray[np.float64]

_NORMAL_STEPS = 36
_CLEFT_STEPS = 250
_CLEFT = (0.08, -0.10, 0.17)
"""Half width, lowest and highest height of where the two sides of the seat face each other; base mesh, metres."""
_GAP_M = 0.007
_SKIRT_GAP_M = 0.008
"""A skirt is no part of the suit: how far off it stands is known at the nearest vertices only."""
_TUCKED_LAYER = 4
_SEEN_BELOW_Y = -0.10
_WORN_CLOSE_M = 0.06
"""A skirt that stands off farther is no layer any more: what lies above it hangs free."""
_ADULT_M = 1.7


@attrs.frozen(eq=False)
class Worn:
    """One cut of a garment over a shape; the first ``n_outer`` faces of its piece are its outer side."""

    garment: Garment
    cut: Cut
    piece: Piece
    n_outer: int


def complete(garments: Sequence[Garment], mesh: BodyMesh) -> tuple[Garment, ...]:
    """Return ``garments`` with what they lack to cover chest and hips; a bodysuit where there are none."""
    if not garments:
        return (Garment("bodysuit", "navy"),)
    covered = np.zeros(mesh.n_vertices, dtype=bool)
    for cut in (c for g in garments for c in CUTS[g.kind] if c.surface == "suit"):  # a skirt is open below
        covered |= _level(mesh, cut) > 0
    body = np.zeros(mesh.n_vertices, dtype=bool)
    body[mesh.vertices_of("body")] = True
    chest, hips = (body & part for part in modest_vertices(mesh))
    more = [] if covered[chest].all() else [Garment("t_shirt", "white")]
    more += [] if covered[hips].all() else [Garment("trousers", "charcoal")]
    return (*more, *garments)


def bare_faces(mesh: BodyMesh, garments: Sequence[Garment]) -> NDArray[np.bool_]:
    """Return which faces (m,) of the skin may show: none on chest or hips, none deep inside a garment."""
    deep = np.zeros(mesh.n_vertices, dtype=bool)
    for cut in (c for g in garments for c in CUTS[g.kind] if c.surface == "suit"):
        deep |= _level(mesh, cut) > HIDDEN_M
    body = body_surface(mesh)
    corners = body.vertices[body.faces]
    chest, hips = modest_vertices(mesh)
    return np.asarray(~deep[corners].all(axis=1) & ~(chest | hips)[corners].any(axis=1))


def wear(mesh: BodyMesh, positions: Floats, garments: Sequence[Garment]) -> tuple[Worn, ...]:
    """Return the garments of :func:`complete` over the shape ``positions`` (V, 3), inner first.

    A layer stands off what lies below it, and what lies deep inside a layer above is left out.
    """
    body = positions[mesh.vertices_of("body"), 1]
    size = float(np.clip(np.ptp(body) / _ADULT_M, 0.45, 1.2))
    layers = sorted(((c, g) for g in garments for c in CUTS[g.kind]), key=lambda row: row[0].layer)
    normals = {s: _surface_normals(mesh, s, positions) for s in ("suit", *{c.surface for c, _ in layers})}
    occupied = np.zeros(mesh.n_vertices)
    out = []
    for k, (cut, garment) in enumerate(layers):
        sheet = _sheet(mesh, cut)
        near, stand = _nearest_suit(mesh, cut, positions, normals["suit"])
        below = sheet.at(occupied) if near is None else np.maximum(occupied[near] - stand, 0.0)
        below = np.where(below > 0, below + (_GAP_M if near is None else _SKIRT_GAP_M) * size, 0.0)
        cloth = drape(sheet, cut, sheet.at(mesh.vertices[:, 1]), positions, normals[cut.surface], below, size)
        _occupy(occupied, cloth, near, stand)
        depths = _depths(mesh, cloth, [c for c, _ in layers[k + 1 :]])
        piece, n_outer = cloth_piece(garment.kind, cloth, depths, size, float(body.min()))
        if len(piece.faces):
            out.append(Worn(garment, cut, piece, n_outer))
    return tuple(out)


def _nearest_suit(
    mesh: BodyMesh, cut: Cut, positions: Floats, normals: Floats
) -> tuple[NDArray[np.int64] | None, Floats]:
    """Return, for a skirt, the nearest vertex of the suit to each point, and how far off it the point is."""
    if cut.surface == "suit":
        return None, np.zeros(0)
    near = _suit_below(mesh, cut)
    return near, ((_sheet(mesh, cut).at(positions) - positions[near]) * normals[near]).sum(axis=1)


@lru_cache(maxsize=16)
def _suit_below(mesh: BodyMesh, cut: Cut) -> NDArray[np.int64]:
    suit = np.unique(cloth_surface(mesh, "suit").vertices)
    _, nearest = cKDTree(mesh.vertices[suit]).query(_sheet(mesh, cut).at(mesh.vertices))
    return np.asarray(suit[nearest])


def _occupy(occupied: Floats, cloth: Cloth, near: NDArray[np.int64] | None, stand: Floats) -> None:
    """Raise what is taken above the suit's vertices to ``cloth``."""
    if near is not None:
        close = stand + cloth.off < _WORN_CLOSE_M
        np.maximum.at(occupied, near[close], (stand + cloth.off)[close] + _GAP_M)
        return
    anchors, shares = cloth.sheet.anchors, cloth.sheet.shares
    for k in range(anchors.shape[1]):
        on = shares[:, k] > 0
        np.maximum.at(occupied, anchors[on, k], cloth.off[on])


def _depths(mesh: BodyMesh, cloth: Cloth, above: Sequence[Cut]) -> Floats:
    """Return how deep (p,) the points of ``cloth`` lie inside the layers above, in metres of the base mesh."""
    depth = np.full(cloth.sheet.n_points, -1.0)
    for cut in above:
        if cut.surface == "suit":
            depth = np.maximum(depth, cloth.sheet.at(_level(mesh, cut)))
        elif cloth.cut.layer >= _TUCKED_LAYER:  # what is tucked into a skirt is not seen from below
            depth = np.maximum(depth, np.minimum(cloth.sheet.at(_level(mesh, cut)), cloth.height - _SEEN_BELOW_Y))
    return depth


def _surface_normals(mesh: BodyMesh, name: str, positions: Floats) -> Floats:
    """Return the normals (V, 3) along which cloth stands off: smoothed, so that it does not follow every hollow."""
    surface = cloth_surface(mesh, name)
    whole = _whole(mesh, name)
    rough = normals_of(positions, surface.vertices[surface.faces])
    smooth = whole.at(rough)
    for _ in range(_NORMAL_STEPS):
        smooth = 0.5 * smooth + 0.5 * (whole.smooth @ smooth)
    rest = whole.at(mesh.vertices)
    cleft = (np.abs(rest[:, 0]) < _CLEFT[0]) & (rest[:, 1] > _CLEFT[1]) & (rest[:, 1] < _CLEFT[2]) & (rest[:, 2] < 0.03)
    mean = whole.smooth[cleft]
    for _ in range(_CLEFT_STEPS):
        smooth[cleft] = mean @ smooth
    out = np.zeros_like(positions)
    out[whole.anchors[:, 0]] = unit(smooth)
    return out


@lru_cache(maxsize=4)
def _whole(mesh: BodyMesh, name: str) -> Sheet:
    return cut_sheet(cloth_surface(mesh, name), np.ones(mesh.n_vertices))


@lru_cache(maxsize=64)
def _level(mesh: BodyMesh, cut: Cut) -> Floats:
    return cut.level(places_of(mesh))


@lru_cache(maxsize=64)
def _sheet(mesh: BodyMesh, cut: Cut) -> Sheet:
    return cut_sheet(cloth_surface(mesh, cut.surface), _level(mesh, cut))
