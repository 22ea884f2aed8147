"""How far what lies under a garment stands out of it."""

from __future__ import annotations

import attrs
import numpy as np

from axis_core.body import AvatarRecipe
from axis_core.body.building import _body_parts, recipe_shape
from axis_core.body.data import load_mesh
from axis_core.body.dress.wardrobe import Worn, _level, complete, wear
from axis_core.body.piece import Piece
from axis_core.kernels.bvh import build_bvh
from axis_core.kernels.closest import closest_points


UNDER_M = 0.004
"""A point this far inside the border of a garment, along the body, is meant to be under it."""
NEAR_M = 0.05


def worst_poke_m(recipe: AvatarRecipe) -> tuple[float, str]:
    """Return how far (metres) the skin or a layer stands out of a layer above it, at rest, and which of which."""
    mesh, shape = load_mesh(), recipe_shape(recipe)
    below = [_body_parts(mesh, recipe, shape)[0]]
    worst = (0.0, "")
    for worn in wear(mesh, shape.positions, complete(recipe.garments, mesh)):
        for piece in below:
            poke = _poke(piece, worn)
            if poke > worst[0]:
                worst = (poke, f"{piece.name} through {worn.piece.name}")
        below.append(_outer(worn))
    return worst


def _outer(worn: Worn) -> Piece:
    faces = worn.piece.faces[: worn.n_outer]
    used = np.unique(faces)
    piece = worn.piece
    return attrs.evolve(
        piece, positions=piece.positions[used], anchors=piece.anchors[used], shares=piece.shares[used], faces=faces[:0]
    )


def _poke(piece: Piece, worn: Worn) -> float:
    faces, points = worn.piece.faces[: worn.n_outer], worn.piece.positions
    level = (_level(load_mesh(), worn.cut)[piece.anchors] * piece.shares).sum(axis=1)
    under = piece.positions[level > UNDER_M]
    if not len(faces) or not len(under):
        return 0.0
    found = closest_points(build_bvh(points, faces), under, reach=NEAR_M)
    hit = found.faces >= 0
    at = found.faces[hit]
    a, b, c = (points[faces[at, i]] for i in range(3))
    out = np.cross(b - a, c - a)
    out /= np.maximum(np.linalg.norm(out, axis=1, keepdims=True), 1e-15)
    edge = _border_points(worn)[worn.piece.point_of[faces[at]]].any(axis=1)
    depth = ((under[hit] - found.points[hit]) * out).sum(axis=1)
    return float(depth[~edge].max(initial=0.0))


def _border_points(worn: Worn) -> np.ndarray:
    corners = worn.piece.point_of[worn.piece.faces[: worn.n_outer]]
    edges = np.concatenate([corners[:, [0, 1]], corners[:, [1, 2]], corners[:, [2, 0]]])
    n = int(worn.piece.point_of.max()) + 1
    alone = ~np.isin(edges[:, 0] * n + edges[:, 1], edges[:, 1] * n + edges[:, 0])
    out = np.zeros(n, dtype=bool)
    out[edges[alone]] = True
    return out
