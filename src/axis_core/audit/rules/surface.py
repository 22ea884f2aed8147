"""Rules about the quality of a surface: where it cuts itself, slivers, islands, uneven density, copies of vertices."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from axis_core.audit.rules.box_pairs import box_pairs
from axis_core.kernels.components import face_components
from axis_core.kernels.normals import face_area_vectors
from axis_core.kernels.weld import weld_vertices
from axis_core.model.issue import Issue
from axis_core.model.issue_codes import issue
from axis_core.model.mesh import Mesh, vertex_keys
from axis_core.plugin.kinds import Rule, Subject


__all__ = ["RULE", "pierced_faces"]

MAX_CUT_TRIANGLES = 60_000
"""Meshes above this are not searched for cuts: it takes seconds, and they come from scans that are decimated first."""

TOUCH = 1e-5
"""Of the diagonal: surfaces that overlap by less touch (0.02 mm on a person)."""

SLIVER = 0.01
"""Height over longest side of a triangle that shades like a scratch and bends like a knife."""

SLIVER_SHARE = 0.05

DENSE_AREA, DENSE_SHARE = 0.01, 0.5
"""The densest hundredth of the surface may hold half of the triangles: a detailed face does not reach that."""

MANY_ISLANDS = 500
"""Hair of cards has some three hundred."""

COPIES_SHARE = 0.02
"""Share of vertices that are copies from which on it is worth a word."""

Points = NDArray[np.float64]
Faces = NDArray[np.int64]


def check(subject: Subject) -> Iterator[Issue]:
    """Yield what is poor about the surfaces."""
    if subject.scene is None:
        return
    for m, mesh in enumerate(subject.scene.meshes):
        if mesh.n_triangles and np.isfinite(mesh.positions).all():
            yield from _copies(mesh, f"/meshes/{m}")
            yield from _shape(mesh, f"/meshes/{m}")


def _copies(mesh: Mesh, pointer: str) -> Iterator[Issue]:
    first, _ = weld_vertices(mesh.positions, keys=vertex_keys(mesh))
    n = mesh.n_vertices - len(first)
    if n > COPIES_SHARE * mesh.n_vertices:
        message = f"{n} of {mesh.n_vertices} vertices are copies of another in all they have"
        yield issue("MESH_DUPLICATE_VERTICES", message, pointer=pointer, value=n, limit=0)


def _shape(mesh: Mesh, pointer: str) -> Iterator[Issue]:
    first, remap = weld_vertices(mesh.positions)
    points = np.asarray(mesh.positions, np.float64)[first]
    faces = remap[mesh.faces.astype(np.int64)]
    area = np.linalg.norm(face_area_vectors(points, faces), axis=1)  # twice the area
    solid = area > 1e-12 * float(np.linalg.norm(np.ptp(points, axis=0))) ** 2
    faces, area = faces[solid], area[solid]
    if not len(faces):
        return
    sides = np.linalg.norm(points[faces] - points[np.roll(faces, -1, axis=1)], axis=2).max(axis=1)
    thin = float((area / sides**2 < SLIVER).mean())
    if thin > SLIVER_SHARE:
        message = f"{thin:.0%} of the triangles are slivers"
        yield issue("MESH_SLIVERS", message, pointer=pointer, value=round(thin, 4), limit=SLIVER_SHARE)
    yield from _density(area, pointer)
    n, labels = face_components(faces, len(points))
    if n > MANY_ISLANDS:
        yield issue("MESH_MANY_ISLANDS", f"it is {n} loose parts", pointer=pointer, value=n, limit=MANY_ISLANDS)
    if len(faces) <= MAX_CUT_TRIANGLES:
        cut = int(pierced_faces(points, faces, labels).sum())
        if cut:
            message = f"{cut} triangles are cut by others of the same part"
            yield issue("MESH_SELF_INTERSECTION", message, pointer=pointer, value=cut, limit=0)


def _density(area: Points, pointer: str) -> Iterator[Issue]:
    ordered = np.sort(area)
    n_dense = int(np.searchsorted(np.cumsum(ordered), DENSE_AREA * float(ordered.sum())))
    share = n_dense / len(ordered)
    if share > DENSE_SHARE and len(ordered) > 1000:
        message = f"{share:.0%} of the triangles lie in {DENSE_AREA:.0%} of the surface"
        yield issue("MESH_DENSITY_UNEVEN", message, pointer=pointer, value=round(share, 3), limit=DENSE_SHARE)


def pierced_faces(points: Points, faces: Faces, labels: NDArray[np.integer]) -> NDArray[np.bool_]:
    """Return which faces an edge of another face of the same part goes through; parts may overlap freely.

    Parameters
    ----------
    points : (V, 3) float64, finite and welded
    faces : (F, 3) int64, none without area
    labels : (F,) int
        The part of each face.

    Returns
    -------
    (F,) bool
        Faces that share a corner with the edge are never cut by it. Overlaps of less than ``TOUCH`` are contacts.
    """
    directed = np.concatenate([faces[:, [0, 1]], faces[:, [1, 2]], faces[:, [2, 0]]])
    edges, first = np.unique(np.sort(directed, axis=1), axis=0, return_index=True)
    part = np.tile(labels, 3)[first]
    ends, corners = points[edges], points[faces]
    e, f = box_pairs(ends.min(axis=1), ends.max(axis=1), corners.min(axis=1), corners.max(axis=1))
    apart = (edges[e][:, :, None] != faces[f][:, None, :]).all(axis=(1, 2)) & (part[e] == labels[f])
    e, f = e[apart], f[apart]
    tolerance = TOUCH * float(np.linalg.norm(np.ptp(points, axis=0)))
    through = _goes_through(ends[e], corners[f], tolerance)
    out = np.zeros(len(faces), bool)
    out[f[through]] = True
    return out


def _goes_through(ends: Points, corners: Points, tolerance: float) -> NDArray[np.bool_]:
    """Whether each segment (n, 2, 3) meets the inside of its triangle (n, 3, 3), its ends clearly on either side."""
    normal = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    normal /= np.linalg.norm(normal, axis=1, keepdims=True)
    above = np.einsum("nij,nj->ni", ends - corners[:, :1], normal)
    crosses = (above.min(axis=1) < -tolerance) & (above.max(axis=1) > tolerance)
    share = above[:, 0] / np.where(crosses, above[:, 0] - above[:, 1], 1.0)
    place = ends[:, 0] + share[:, None] * (ends[:, 1] - ends[:, 0])
    inside = crosses
    for k in range(3):
        start, along = corners[:, k], corners[:, (k + 1) % 3] - corners[:, k]
        inward = np.cross(normal, along)
        inward /= np.linalg.norm(inward, axis=1, keepdims=True)
        inside = inside & (np.einsum("ni,ni->n", place - start, inward) > tolerance)
    return np.asarray(inside)


RULE = Rule(
    name="surface",
    codes=(
        "MESH_DUPLICATE_VERTICES",
        "MESH_SLIVERS",
        "MESH_DENSITY_UNEVEN",
        "MESH_MANY_ISLANDS",
        "MESH_SELF_INTERSECTION",
    ),
    check=check,
)
