"""The scalp of the base mesh: where hair grows, and how far inside the hairline a point is."""

from __future__ import annotations

from functools import lru_cache

import attrs
import numpy as np
from numpy.typing import NDArray

from axis_core.body.data import BodyMesh
from axis_core.body.dress.sheet import Sheet, cut_sheet
from axis_core.body.piece import normals_of
from axis_core.body.surfaces import body_surface


__all__ = ["CROWN", "Head", "eye_frame", "hairline_level", "head_of"]

Floats = NDArray[np.float64]

CROWN = (0.0, 0.843, -0.035)
"""The whorl of the base mesh, metres."""
_BACK = (-0.35, 0.1, 0.55, 0.90, 1.02, 1.30, 1.9, 2.6)
_LINE = (1.20, 1.02, 0.66, 0.56, 0.42, -0.12, -0.75, -1.10)
"""The hairline's height over its way from forehead over temple and ear to the nape; in eye distances."""


@attrs.frozen(eq=False)
class Head:
    """The scalp as a sheet, and the surface of the body that hair lies on.

    Attributes
    ----------
    sheet : Sheet
    level : (V,) float64, metres
        How far inside the hairline a vertex of the base mesh is.
    body : (b,) int64
        Vertices of the body.
    normals : (V, 3) float64
        Outwards; zero for helpers.
    """

    sheet: Sheet
    level: Floats
    body: NDArray[np.int64]
    normals: Floats


def eye_frame(mesh: BodyMesh) -> tuple[Floats, float]:
    """Return the middle of the left eyeball and the distance between the eyes, in the base mesh."""
    left, right = (mesh.vertices[mesh.vertices_of(g)].mean(axis=0) for g in ("helper-l-eye", "helper-r-eye"))
    return left, float(left[0] - right[0])


def hairline_level(mesh: BodyMesh, points: Floats) -> Floats:
    """Return how far (metres) points (..., 3) of the base mesh lie above the hairline; negative below it."""
    eye, distance = eye_frame(mesh)
    up = (points[..., 1] - eye[1]) / distance
    back = (eye[2] - points[..., 2]) / distance
    return np.asarray((up - np.interp(back, _BACK, _LINE)) * distance)


@lru_cache(maxsize=2)
def head_of(mesh: BodyMesh) -> Head:
    """Return the head of the base mesh."""
    surface = body_surface(mesh)
    level = hairline_level(mesh, mesh.vertices)
    columns = np.clip((surface.uvs[:, 0] * 512).astype(int), 0, 511)
    rows = np.clip((surface.uvs[:, 1] * 512).astype(int), 0, 511)
    ears = np.zeros(mesh.n_vertices)
    np.maximum.at(ears, surface.vertices, mesh.masks["ears"][rows, columns].astype(np.float64))
    level = np.where(ears > 0.35, -0.01, level)
    body = np.unique(surface.vertices)
    normals = normals_of(mesh.vertices, surface.vertices[surface.faces])
    return Head(cut_sheet(surface, level), level, body, normals)
