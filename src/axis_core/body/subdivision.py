"""Loop subdivision of a mesh with all it carries: four triangles for one, a rounder surface, skin and shapes along.

References
----------
Charles Loop, "Smooth Subdivision Surfaces Based on Triangles", Master's thesis, University of Utah (1987).
"""

from __future__ import annotations

import attrs
import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from axis_core.body.piece import normals_of
from axis_core.errors import InputError
from axis_core.kernels.tangents import vertex_tangents
from axis_core.kernels.weld import weld_vertices
from axis_core.model import Mesh


__all__ = ["subdivide_mesh"]

Ids = NDArray[np.int64]
Floats = NDArray[np.float64]


def subdivide_mesh(mesh: Mesh, levels: int = 1) -> Mesh:
    """Return ``mesh`` with 4**levels times its triangles.

    Positions and morph targets follow Loop's masks over the welded points, so seams of UVs stay closed; borders follow
    the curve along them. UVs and skin weights are linear; as many influences stay as there were, summing to 1.

    Raises
    ------
    InputError
        If it has colours or attributes of its own: bodies have none.
    """
    if mesh.colors or mesh.attributes:
        raise InputError(f"mesh {mesh.name!r} has colours or attributes, which are not subdivided")
    for _ in range(levels):
        mesh = _once(mesh)
    return mesh


def _once(mesh: Mesh) -> Mesh:
    n = mesh.n_vertices
    first, point_of = weld_vertices(mesh.positions)
    point_of = np.asarray(point_of, dtype=np.int64)
    faces = mesh.faces.astype(np.int64)
    ends, middle = _edges(faces)
    points_fine, edge_point = _masks(point_of[faces], len(first))
    new_faces = _split(faces, middle + n)
    # the point of a new vertex is that of its edge between points
    low, high = np.sort(point_of[ends], axis=1).T
    fine_point = np.concatenate([point_of, len(first) + edge_point(low, high)])

    def moved(values: NDArray[np.float32]) -> NDArray[np.float32]:
        fine = points_fine @ np.asarray(values, np.float64)[first]
        return np.asarray(fine[fine_point], np.float32)

    positions = moved(mesh.positions)
    normals = _normals(mesh, positions, new_faces, fine_point, ends)
    uvs = [np.concatenate([uv, uv[ends].mean(axis=1)]) for uv in mesh.uvs]
    joints, weights = _skin(mesh, ends)
    return attrs.evolve(
        mesh,
        positions=positions,
        faces=new_faces,
        normals=normals,
        tangents=None if mesh.tangents is None else vertex_tangents(positions, new_faces, normals, uvs[0]),
        uvs=uvs,
        joints=joints,
        weights=weights,
        morphs=[attrs.evolve(m, positions=moved(m.positions), normals=None, tangents=None) for m in mesh.morphs],
    )


def _edges(faces: Ids) -> tuple[Ids, Ids]:
    """Return the edges (e, 2) and for each face (m, 3) those opposite to no corner: 0-1, 1-2, 2-0."""
    directed = np.concatenate([faces[:, [0, 1]], faces[:, [1, 2]], faces[:, [2, 0]]])
    ends, index = np.unique(np.sort(directed, axis=1), axis=0, return_inverse=True)
    return ends, index.ravel().reshape(3, -1).T


def _split(faces: Ids, middle: Ids) -> Ids:
    a, b, c = faces.T
    ab, bc, ca = middle.T
    corners = ((a, ab, ca), (ab, b, bc), (ca, bc, c), (ab, bc, ca))
    return np.concatenate([np.stack(row, axis=1) for row in corners])


class _EdgePoints:
    """Finds the edge between two points."""

    def __init__(self, ends: Ids, n: int) -> None:
        self.keys = ends[:, 0] * n + ends[:, 1]
        self.n = n

    def __call__(self, low: Ids, high: Ids) -> Ids:
        return np.searchsorted(self.keys, low * self.n + high)


def _masks(faces: Ids, n: int) -> tuple[csr_array, _EdgePoints]:
    """Return Loop's matrix (n + e, n) over welded points, and the numbers of the edges."""
    ends, middle = _edges(faces)
    count = np.bincount(middle.ravel(), minlength=len(ends))
    inner = count == 2
    opposite = faces[:, [2, 0, 1]]
    e = len(ends)
    rows, columns, values = [], [], []

    def add(row: Ids, column: Ids, value: Floats) -> None:
        rows.append(row)
        columns.append(column)
        values.append(value)

    number = np.arange(e)
    for k in range(2):
        add(n + number, ends[:, k], np.where(inner, 0.375, 0.5))
    across = inner[middle]
    add(n + middle[across], opposite[across], np.full(int(across.sum()), 0.125))
    on_border = np.zeros(n, dtype=bool)
    on_border[ends[~inner]] = True
    both = np.concatenate([ends, ends[:, ::-1]])
    along = np.tile(~inner, 2)
    valence = np.bincount(both[:, 0], minlength=n)
    border_edges = np.bincount(both[along][:, 0], minlength=n)
    beta = np.where(valence > 3, 0.375 / np.maximum(valence, 1), 0.1875)
    corner = border_edges > 2  # where borders cross the point stays
    keep = np.where(on_border, np.where(corner, 1.0, 0.75), 1.0 - valence * beta)
    keep[valence == 0] = 1.0
    add(np.arange(n), np.arange(n), keep)
    spread = ~on_border[both[:, 0]]
    add(both[spread, 0], both[spread, 1], beta[both[spread, 0]])
    follow = along & on_border[both[:, 0]] & ~corner[both[:, 0]]
    add(both[follow, 0], both[follow, 1], np.full(int(follow.sum()), 0.125))
    triple = (np.concatenate(values), (np.concatenate(rows), np.concatenate(columns)))
    return csr_array(triple, shape=(n + e, n)), _EdgePoints(ends, n)


def _normals(mesh: Mesh, positions: NDArray[np.float32], faces: Ids, point: Ids, ends: Ids) -> Floats:
    """Return smooth normals over points; where a mesh brings others than its shape's, theirs, halved on the way."""
    own = mesh.normals
    if own is not None and mesh.name in ("hair", "hat", "glasses"):
        mean = np.concatenate([own, own[ends].mean(axis=1)]).astype(np.float64)
        return np.asarray(mean / np.maximum(np.linalg.norm(mean, axis=1, keepdims=True), 1e-12))
    welded = np.zeros((int(point.max()) + 1, 3))
    welded[point] = positions
    return normals_of(welded, point[faces])[point]


def _skin(mesh: Mesh, ends: Ids) -> tuple[NDArray[np.uint16] | None, NDArray[np.float32] | None]:
    if mesh.joints is None or mesh.weights is None:
        return None, None
    width = mesh.joints.shape[1]
    n_joints = max(int(mesh.joints.max()) + 1, width)
    dense = np.zeros((mesh.n_vertices, n_joints), dtype=np.float32)
    np.add.at(dense, (np.arange(mesh.n_vertices)[:, None], mesh.joints), mesh.weights)
    half = dense[ends].mean(axis=1)
    best = np.argsort(-half, axis=1, kind="stable")[:, :width]
    picked = np.take_along_axis(half, best, axis=1)
    picked = picked / picked.sum(axis=1, keepdims=True)
    best[picked == 0] = 0
    return (
        np.concatenate([mesh.joints, best.astype(np.uint16)]),
        np.concatenate([mesh.weights, picked.astype(np.float32)]),
    )
