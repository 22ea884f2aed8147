"""Beards: where they grow on the face of the base mesh, and a layer of hair that moves with every face shape."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from axis_core.body.data import BodyMesh
from axis_core.body.dress.sheet import Sheet, cut_sheet
from axis_core.body.piece import Piece, normals_of, unit
from axis_core.body.surfaces import body_surface


__all__ = ["BEARD_DEPTH_M", "beard_level", "beard_piece"]

Floats = NDArray[np.float64]

BEARD_DEPTH_M = {"full": 0.014, "goatee": 0.011, "moustache": 0.007}
_LIPS = (0.660, 0.029, 0.0125)
"""Height of the mouth in the base mesh, half its width and half its height, metres."""


def beard_level(points: Floats, kind: str) -> Floats:
    """Return how far (metres) points (..., 3) of the base mesh lie inside a beard; negative outside.

    ``stubble`` grows where a full beard does.
    """
    x, y, z = np.abs(points[..., 0]), points[..., 1], points[..., 2]
    mouth = (np.hypot(x / _LIPS[1], (y - _LIPS[0]) / _LIPS[2]) - 1.0) * _LIPS[2]
    droop = np.maximum(x - 0.016, 0.0)
    lip = np.minimum(np.minimum(0.6835 - 0.25 * droop - y, y - 0.6705 + 1.3 * droop), 0.031 - x)
    moustache = np.minimum(np.minimum(lip, mouth + 0.001), z - 0.10)
    if kind == "moustache":
        return np.asarray(moustache)
    sides = np.minimum(np.minimum(x - 0.022, 0.034 - x), np.minimum(0.674 - y, y - 0.64))
    chin = np.minimum(0.645 - 0.25 * x - y, 0.033 - x)
    goatee = np.minimum(np.minimum(np.maximum(chin, sides), mouth), np.minimum(z - 0.075, y - 0.602))
    if kind == "goatee":
        return np.asarray(np.maximum(moustache, goatee))
    cheek = np.interp(x, (0.0, 0.030, 0.045, 0.062, 0.072), (0.640, 0.655, 0.664, 0.690, 0.722)) - y
    behind = z - np.interp(y, (0.60, 0.63, 0.68, 0.72), (0.062, 0.048, 0.052, 0.056))
    jaw = np.minimum(np.minimum(cheek, behind), np.minimum(y - 0.598, mouth))
    return np.asarray(np.maximum(np.maximum(moustache, goatee), jaw))


def beard_piece(mesh: BodyMesh, kind: str, positions: Floats, ratio: float) -> Piece:
    """Return the beard ``kind`` of ``BEARD_DEPTH_M`` on a shape (V, 3) whose head is ``ratio`` times as large."""
    sheet = _sheet(mesh, kind)
    surface = body_surface(mesh)
    rest = sheet.at(mesh.vertices)
    level = beard_level(rest, kind)
    out = unit(sheet.at(normals_of(positions, surface.vertices[surface.faces])))
    for _ in range(4):
        out = unit(0.5 * out + 0.5 * (sheet.smooth @ out))
    rise = np.clip(level / 0.009, 0.0, 1.0)
    locks = 0.12 * np.sin(900.0 * rest[:, 0] + 300.0 * rest[:, 1]) + 0.08 * np.sin(1500.0 * rest[:, 0])
    depth = BEARD_DEPTH_M[kind] * np.sqrt(rise * (2.0 - rise)) * (1.0 + locks) - 0.001 * (1.0 - rise)
    longer = np.clip((0.655 - rest[:, 1]) / 0.04, 0.0, 1.0) * 0.6
    points = sheet.at(positions) + out * (ratio * depth * (1.0 + longer))[:, None]
    points[:, 1] -= ratio * depth * longer * 0.5
    uvs = np.stack([0.25 + 2.2 * rest[:, 0], np.clip((0.74 - rest[:, 1]) / 0.16, 0.0, 1.0)], axis=1)
    return Piece(
        name="beard",
        positions=points,
        faces=sheet.point_of[sheet.faces],
        uvs=uvs.astype(np.float32),
        anchors=sheet.anchors,
        shares=sheet.shares,
        point_of=np.arange(sheet.n_points),
    )


@lru_cache(maxsize=8)
def _sheet(mesh: BodyMesh, kind: str) -> Sheet:
    return cut_sheet(body_surface(mesh), beard_level(mesh.vertices, kind))
