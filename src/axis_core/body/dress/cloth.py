"""Cloth over one shape: how far it stands off everywhere, and the piece with its hems, collar and sole."""

from __future__ import annotations

from itertools import pairwise

import attrs
import numpy as np
from numpy.typing import NDArray

from axis_core.body.dress.collars import collar_rings
from axis_core.body.dress.kinds import Cut
from axis_core.body.dress.sheet import Sheet
from axis_core.body.piece import Piece, unit


__all__ = ["HIDDEN_M", "Cloth", "cloth_piece", "drape"]

Floats = NDArray[np.float64]
Ids = NDArray[np.int64]

_STEP = 0.6
_TIGHTEST = 0.6
"""Share of the ease that smoothing has to leave."""
_SLACK_M = 0.045
_TUCK_M = 0.018
_UNDER_M = 0.002
HIDDEN_M = 0.028
"""How far inside a garment the layer below ends: enough for the hem to close, not enough to show."""
_COVERED_M = 0.006
_THROAT_Y = (0.50, 0.525)
"""Heights in the base mesh between which a front edge turns into a collar."""


@attrs.frozen(eq=False)
class Cloth:
    """A sheet over a shape.

    Attributes
    ----------
    base, normals : (p, 3) float64
        Points of the suit below, and where outwards is.
    off : (p,) float64, metres
        How far the cloth stands off.
    height : (p,) float64
        Of the points in the base mesh.
    """

    sheet: Sheet
    cut: Cut
    base: Floats
    normals: Floats
    off: Floats
    height: Floats

    @property
    def outside(self) -> Floats:
        """(p, 3) points of the outer side."""
        return np.asarray(self.base + self.normals * self.off[:, None])


def drape(
    sheet: Sheet, cut: Cut, height: Floats, positions: Floats, normals: Floats, below: Floats, size: float
) -> Cloth:
    """Return ``sheet`` over a shape: at its ease where the body is convex, stretched over what is hollow.

    The cloth moves along the normals of the suit only, so a layer that stands farther off is outside everywhere.

    Parameters
    ----------
    height : (p,) float64
        Of the points in the base mesh: decides the flare.
    positions, normals : (V, 3) float64
        The shape, and the normals of the surface the sheet is cut from.
    below : (p,) float64, metres
        What the layers below need.
    size : float
        Of the person: 1 for an adult.
    """
    base, out = sheet.at(positions), unit(sheet.at(normals))
    grown = np.clip((cut.flare_from - height) / (cut.flare_from - cut.flare_to), 0.0, 1.0)
    ease = size * (cut.ease + cut.flare * grown)
    least = np.maximum(_TIGHTEST * ease, below)
    off = np.maximum(ease, below)
    most = np.maximum(ease, below) + size * _SLACK_M
    for _ in range(cut.relax):
        outside = base + out * off[:, None]
        pull = ((sheet.smooth @ outside - outside) * out).sum(axis=1)
        off = np.clip(off + _STEP * pull, least, most)
    return Cloth(sheet, cut, base, out, off, height)


def cloth_piece(name: str, cloth: Cloth, depths: Floats, size: float, floor: float) -> tuple[Piece, int]:
    """Return the piece of ``cloth``, and how many of its faces, the first ones, are its outer side.

    Outer faces that lie deep under other layers are left out; hems, collar and sole are sewn on.

    Parameters
    ----------
    depths : (p,) float64
        How deep its points lie inside the layers above; negative outside of them.
    size, floor : float
        Of the person, and the height of the foot's sole.
    """
    sheet, cut = cloth.sheet, cloth.cut
    outside = _soled(cloth, cut, size, floor) if cut.sole else cloth.outside
    corners = depths[sheet.point_of[sheet.faces]]
    keep = (corners.max(axis=1) < HIDDEN_M) | (corners.min(axis=1) < _COVERED_M)
    builder = _Builder(sheet, outside)
    builder.faces.append(sheet.faces[keep])
    for loop in sheet.loops:
        if (depths[loop] < HIDDEN_M).any():
            builder.add_rings(loop, _rings(cloth, outside, loop, cut, size))
    return builder.piece(name), int(keep.sum())


def _rings(cloth: Cloth, outside: Floats, loop: Ids, cut: Cut, size: float) -> list[Floats]:
    """Return the rings of a border: a hem turned over the thickness and up inside, and a collar around the throat."""
    into = unit((cloth.sheet.inwards @ outside)[loop] - outside[loop])
    edge = outside[loop] - cloth.normals[loop] * (min(cut.thickness, 0.5 * cut.ease) * size)
    deep = cloth.base[loop] - cloth.normals[loop] * (_UNDER_M * size) + into * (_TUCK_M * size)
    if cut.surface == "skirt":
        deep = edge + into * (_TUCK_M * size)
    border = outside[loop]
    throat = np.clip((cloth.height[loop] - _THROAT_Y[0]) / (_THROAT_Y[1] - _THROAT_Y[0]), 0.0, 1.0)[:, None]
    if cut.collar == "none" or not throat.any():
        return [edge, deep]
    collar = collar_rings(cut.collar, border, throat[:, 0], size)
    hem = [edge] + [deep] * (len(collar) - 1)
    return [h + (c - h) * throat for h, c in zip(hem, collar)]


def _soled(cloth: Cloth, cut: Cut, size: float, floor: float) -> Floats:
    """Return the outer side with its underside pressed into a flat sole that stands out a little."""
    out = cloth.outside
    rise = (out[:, 1] - floor) / (0.026 * size)
    low = np.clip(1.0 - rise, 0.0, 1.0)
    low = low * low * (3.0 - 2.0 * low)
    flat = floor - cut.sole * size
    side = cloth.normals * (1.0, 0.0, 1.0)
    out = out + side * (0.004 * size * low)[:, None]
    out[:, 1] = np.where(cloth.normals[:, 1] < -0.35, flat, out[:, 1] + (flat - out[:, 1]) * 0.75 * low)
    return np.asarray(out)


class _Builder:
    """Gathers the outer side and the rings that are sewn to it."""

    def __init__(self, sheet: Sheet, outside: Floats) -> None:
        self.sheet = sheet
        self.positions = [outside[sheet.point_of]]
        self.uvs = [sheet.uvs]
        self.points = [sheet.point_of]
        self.hangs_on = [sheet.point_of]
        self.faces: list[Ids] = []
        self.outside = outside
        self.vertex_of = np.zeros(sheet.n_points, dtype=np.int64)
        self.vertex_of[sheet.point_of] = np.arange(len(sheet.point_of))
        self.n_vertices = len(sheet.point_of)
        self.n_points = sheet.n_points

    def add_rings(self, loop: Ids, rings: list[Floats]) -> None:
        """Sew strips from ring to ring, beginning at the border; every strip has normals of its own.

        Where two rings are one (a hem away from its collar) nothing is sewn.
        """
        rows = [self.outside[loop], *rings]
        k = len(loop)
        index = np.arange(k)
        after = (index + 1) % k
        for upper, lower in pairwise(rows):
            a0, b0 = index + self.n_vertices, after + self.n_vertices
            a1, b1 = a0 + k, b0 + k
            apart = (upper != lower).any(axis=1)
            strips = [np.stack([b0, a0, a1], 1)[apart], np.stack([b0, a1, b1], 1)[apart[after]]]
            self.faces.append(np.concatenate(strips))
            self.positions.append(np.concatenate([upper, lower]))
            self.uvs.append(np.tile(self.sheet.uvs[self.vertex_of[loop]], (2, 1)))
            self.hangs_on.append(np.tile(loop, 2))
            self.points.append(np.arange(2 * k) + self.n_points)
            self.n_vertices += 2 * k
            self.n_points += 2 * k

    def piece(self, name: str) -> Piece:
        """Return what was gathered, without unused vertices."""
        faces = np.concatenate(self.faces)
        used, index = np.unique(faces, return_inverse=True)
        hangs_on = np.concatenate(self.hangs_on)[used]
        _, points = np.unique(np.concatenate(self.points)[used], return_inverse=True)
        return Piece(
            name=name,
            positions=np.concatenate(self.positions)[used],
            faces=index.reshape(-1, 3),
            uvs=np.concatenate(self.uvs)[used],
            anchors=self.sheet.anchors[hangs_on],
            shares=self.sheet.shares[hangs_on],
            point_of=points.ravel(),
        )
