"""A piece: one part of an avatar in one shape, with what ties it to the base mesh."""

from __future__ import annotations

import attrs
import numpy as np
from numpy.typing import NDArray

from axis_core.body.surfaces import Surface


__all__ = ["Piece", "normals_of", "piece_of_surface", "unit"]

Floats = NDArray[np.float64]
Ids = NDArray[np.int64]


@attrs.frozen(eq=False)
class Piece:
    """Triangles in the space of one shape; skin weights and face shapes come from the base vertices they hang on.

    Attributes
    ----------
    name : str
        Also the name of its material.
    positions : (n, 3) float64, metres
    faces : (m, 3) int64
    uvs : (n, 2) float32
    anchors, shares : (n, k) int64, float64
        Base mesh vertices each vertex hangs on, and how much on each; shares sum to 1.
    point_of : (n,) int64
        Vertices of one point share a normal: UV seams do not show.
    weight_anchors, weight_shares : like ``anchors`` or None
        Where the skin weights come from, if not from the anchors: hair moves with the scalp and hangs to the chest.
    """

    name: str
    positions: Floats
    faces: Ids
    uvs: NDArray[np.float32]
    anchors: Ids
    shares: Floats
    point_of: Ids
    weight_anchors: Ids | None = None
    weight_shares: Floats | None = None
    normals: Floats | None = None

    @property
    def shading_normals(self) -> Floats:
        """(n, 3) unit normals: its own, or smooth ones over its points."""
        if self.normals is not None:
            return self.normals
        n_points = int(self.point_of.max(initial=-1)) + 1
        points = np.zeros((n_points, 3))
        points[self.point_of] = self.positions
        return normals_of(points, self.point_of[self.faces])[self.point_of]


def piece_of_surface(surface: Surface, positions: Floats) -> Piece:
    """Return a surface of the base mesh in the shape ``positions`` (V, 3)."""
    _, point_of = np.unique(surface.vertices, return_inverse=True)
    return Piece(
        name=surface.name,
        positions=positions[surface.vertices],
        faces=surface.faces.astype(np.int64),
        uvs=surface.uvs,
        anchors=surface.vertices[:, None],
        shares=np.ones((len(surface.vertices), 1)),
        point_of=point_of.ravel(),
    )


def normals_of(positions: Floats, faces: Ids) -> Floats:
    """Return the area-weighted unit normals (n, 3) of vertices; where there is no area, up."""
    a, b, c = (positions[faces[:, i]] for i in range(3))
    area = np.cross(b - a, c - a)
    n = len(positions)
    total = np.stack(
        [np.bincount(faces.ravel(order="F"), np.tile(area[:, k], 3), minlength=n) for k in range(3)], axis=1
    )
    return unit(np.asarray(total, dtype=np.float64))


def unit(vectors: Floats) -> Floats:
    """Return vectors (..., 3) of length 1; up where there is none."""
    length = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return np.asarray(np.where(length > 1e-15, vectors / np.maximum(length, 1e-15), (0.0, 1.0, 0.0)))
