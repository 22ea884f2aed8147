"""An accessory on the base mesh, and the same on a shape."""

from __future__ import annotations

import attrs
import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from axis_core.body.data import BodyMesh
from axis_core.body.hair.hanging import follow_scalp
from axis_core.body.hair.scalp import CROWN, head_of
from axis_core.body.piece import Piece


__all__ = ["Accessory", "Form", "cleaned", "hung_on", "put_on"]

Floats = NDArray[np.float64]
Ids = NDArray[np.int64]


@attrs.frozen(eq=False)
class Form:
    """Triangles with normals and UVs in the base mesh."""

    points: Floats
    normals: Floats
    faces: Ids
    uvs: Floats


@attrs.frozen(eq=False)
class Accessory:
    """A form and the base vertices (n, k) it is placed by; it moves with the head as one piece."""

    form: Form
    anchors: Ids
    shares: Floats
    crown: int


def cleaned(points: Floats, normals: Floats, faces: Ids, uvs: Floats) -> Form:
    """Return a form without faces that have no area and without unused vertices."""
    a, b, c = (points[faces[:, i]] for i in range(3))
    solid = np.linalg.norm(np.cross(b - a, c - a), axis=1) > 1e-9
    used, index = np.unique(faces[solid], return_inverse=True)
    return Form(points[used], normals[used], index.reshape(-1, 3), uvs[used])


def hung_on(mesh: BodyMesh, form: Form) -> Accessory:
    """Return ``form`` placed by the nearest vertices of the scalp."""
    head = head_of(mesh)
    scalp = head.body[head.level[head.body] > 0.0]
    distance, near = cKDTree(mesh.vertices[scalp]).query(form.points, k=8)
    shares = 1.0 / (distance + 0.01) ** 2
    return Accessory(form, scalp[near], shares / np.sum(shares, axis=1, keepdims=True), crown_vertex(mesh))


def crown_vertex(mesh: BodyMesh) -> int:
    """Return the vertex of the body nearest to the crown: it moves with the head only."""
    body = head_of(mesh).body
    return int(body[np.linalg.norm(mesh.vertices[body] - np.array(CROWN), axis=1).argmin()])


def put_on(mesh: BodyMesh, name: str, worn: Accessory, positions: Floats) -> Piece:
    """Return the accessory on the shape ``positions`` (V, 3)."""
    n = len(worn.form.points)
    return Piece(
        name=name,
        positions=follow_scalp(mesh, positions, worn.form.points, worn.anchors, worn.shares),
        faces=worn.form.faces,
        uvs=worn.form.uvs.astype(np.float32),
        anchors=np.full((n, 1), worn.crown, dtype=np.int64),
        shares=np.ones((n, 1)),
        point_of=np.arange(n),
        normals=worn.form.normals,
    )
