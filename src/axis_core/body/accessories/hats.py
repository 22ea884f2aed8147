"""Hats: the top of the head, lifted and rounded, with a brim or a turned-up edge."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from itertools import pairwise

import attrs
import numpy as np
from numpy.typing import NDArray

from axis_core.body.accessories.model import Accessory, cleaned, hung_on
from axis_core.body.data import BodyMesh
from axis_core.body.dress.sheet import Sheet, cut_sheet
from axis_core.body.hair.scalp import head_of
from axis_core.body.piece import unit
from axis_core.body.surfaces import body_surface


__all__ = ["hat_level", "hat_model"]

Floats = NDArray[np.float64]

_CENTRE = (0.0, 0.765, 0.015)


@attrs.frozen(kw_only=True)
class _Hat:
    """Lengths in metres of the base mesh: how far it stands off, how much higher its crown is, its brim.

    ``begins`` is how far forward (0 the ears, 1 the middle) a brim in front begins.
    """

    off: float
    crown: float
    low: float = 0.0
    front: float = 0.0
    back: float = 0.0
    droop: float = 0.0
    begins: float = 0.0
    fold: float = 0.0


_HATS: Mapping[str, _Hat] = {
    "beanie": _Hat(off=0.015, crown=0.022, low=0.012, fold=0.007),
    "cap": _Hat(off=0.014, crown=0.012, front=0.072, droop=0.012, begins=0.45),
    "brimmed": _Hat(off=0.015, crown=0.035, front=0.075, back=0.065, droop=0.004),
}


def hat_level(points: Floats, kind: str) -> Floats:
    """Return how far (metres) points (..., 3) of the base mesh lie above the edge of a hat."""
    return np.asarray(points[..., 1] - (0.770 - _HATS[kind].low + 0.20 * points[..., 2]))


@lru_cache(maxsize=8)
def hat_model(mesh: BodyMesh, kind: str) -> Accessory:
    """Return a hat on the base mesh."""
    hat, head = _HATS[kind], head_of(mesh)
    sheet = cut_sheet(body_surface(mesh), np.where(mesh.vertices[:, 1] > 0.6, hat_level(mesh.vertices, kind), -1.0))
    out = unit(sheet.at(head.normals))
    for _ in range(24):
        out = unit(0.4 * out + 0.6 * (sheet.smooth @ out))
    points = sheet.at(mesh.vertices)
    rise = np.clip(hat_level(points, kind) / 0.07, 0.0, 1.0)
    points = points + out * hat.off
    points[:, 1] += hat.crown * rise * rise * (3.0 - 2.0 * rise)
    for _ in range(6):
        points = 0.5 * points + 0.5 * (sheet.smooth @ points)
    if hat.fold:  # a turned-up edge, as thick again as the knitting
        points = points + out * (hat.fold * (hat_level(sheet.at(mesh.vertices), kind) < 0.028))[:, None]
    return _sewn(mesh, hat, sheet, points, out)


def _sewn(mesh: BodyMesh, hat: _Hat, sheet: Sheet, points: Floats, out: Floats) -> Accessory:
    faces, rows, normals = [sheet.point_of[sheet.faces]], [points], [out]
    loop = max(sheet.loops, key=len)
    border = points[loop]
    away = unit((border - np.array(_CENTRE)) * (1.0, 0.0, 1.0))
    front = np.clip((away[:, 2] - hat.begins) / (1.0 - hat.begins), 0.0, 1.0) ** 0.6
    reach = (hat.front * front + hat.back * (1.0 - front))[:, None]
    forward = unit(away + np.array([0.0, 0.0, 0.9]) * (hat.back == 0.0))
    rings = [border]
    if reach.any():
        for share in (0.4, 0.8, 1.0):
            dip = hat.droop * share**2 * (1.0 + 1.2 * np.abs(away[:, :1]))
            rings.append(border + forward * reach * share - np.array([0.0, 1.0, 0.0]) * dip * (reach > 1e-6))
        rings += [ring - np.array([0.0, 0.003, 0.0]) for ring in rings[:0:-1]]
    rings.append(border - away * (0.75 * hat.off) - np.array([0.0, 0.003, 0.0]))
    start, k = len(points), len(loop)
    index = np.arange(k)
    after = (index + 1) % k
    for upper, lower in pairwise(rings):
        a, b = index + start, after + start
        strip = np.concatenate([np.stack([b, a, a + k], 1), np.stack([b, a + k, b + k], 1)])
        faces.append(strip)
        rows += [upper, lower]
        side = np.cross(np.roll(upper, -1, axis=0) - upper, lower - upper)
        normals += [unit(-side), unit(-side)]
        start += 2 * k
    every = np.concatenate(rows)
    polar = unit(every - np.array(_CENTRE))
    uvs = np.stack(
        [np.arctan2(np.abs(polar[:, 0]), polar[:, 2]) / np.pi, np.arccos(np.clip(polar[:, 1], -1, 1)) / 2.0], axis=1
    )
    return hung_on(mesh, cleaned(every, np.concatenate(normals), np.concatenate(faces), uvs))
