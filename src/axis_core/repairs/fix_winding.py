"""``fix_winding``: one orientation for every connected part, outward where it is closed.

Neighbours across an edge must walk it in opposite directions: a breadth-first walk over manifold edges turns those that
do not. A closed part with negative volume is turned as a whole; an open one keeps the orientation of most of its faces.
"""

from __future__ import annotations

import attrs
import numpy as np
import scipy
from numpy.typing import NDArray

from axis_core.kernels.normals import face_area_vectors
from axis_core.kernels.weld import weld_vertices
from axis_core.model.mesh import Mesh
from axis_core.model.scene import Scene
from axis_core.plugin.kinds import Repair, RepairResult
from axis_core.repairs.each import each_mesh


__all__ = ["REPAIR", "flips"]


def flips(points: NDArray[np.float64], faces: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Return which faces to turn. ``faces`` are welded; degenerate ones are left alone."""
    n = len(faces)
    pairs, agree = _neighbours(faces)
    # Parity by components of the double cover: face i as it is is node i, turned it is node i + n. A part that cannot
    # be oriented (a Möbius band) has both copies in one component and is left alone.
    same, other = pairs[agree], pairs[~agree]
    rows = np.concatenate([same[:, 0], same[:, 0] + n, other[:, 0], other[:, 0] + n])
    cols = np.concatenate([same[:, 1], same[:, 1] + n, other[:, 1] + n, other[:, 1]])
    graph = scipy.sparse.coo_matrix((np.ones(len(rows), np.int8), (rows, cols)), shape=(2 * n, 2 * n))
    _, labels = scipy.sparse.csgraph.connected_components(graph, directed=False)
    orientable = labels[:n] != labels[n:]
    _, parts = np.unique(np.minimum(labels[:n], labels[n:]), return_inverse=True)
    turned = (labels[:n] > labels[n:]) & orientable
    # Of the two ways to orient a part, first the one that turns fewer faces, then outward.
    count = np.bincount(parts, minlength=parts.max() + 1)
    n_turned = np.bincount(parts, turned, minlength=len(count))
    turned ^= (n_turned > count / 2)[parts] & orientable
    oriented = np.where(turned[:, None], faces[:, ::-1], faces)
    n_edges = np.bincount(parts[pairs[:, 0]], minlength=len(count))
    closed = 2 * n_edges == 3 * count
    inward = closed & _inward(points, oriented, parts, len(count))
    return np.asarray(turned ^ (inward[parts] & orientable))


def _neighbours(faces: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Return (pairs of faces across manifold edges, whether they walk the edge in opposite directions)."""
    directed = np.concatenate([faces[:, [0, 1]], faces[:, [1, 2]], faces[:, [2, 0]]])
    owner = np.tile(np.arange(len(faces)), 3)
    size = int(faces.max(initial=0)) + 1
    key = np.minimum(directed[:, 0], directed[:, 1]) * size + np.maximum(directed[:, 0], directed[:, 1])
    forward = directed[:, 0] < directed[:, 1]
    order = np.argsort(key, kind="stable")
    key = key[order]
    start = np.flatnonzero(np.concatenate([[True], key[1:] != key[:-1]]))
    length = np.diff(np.concatenate([start, [len(key)]]))
    two = start[length == 2]
    a, b = order[two], order[two + 1]
    proper = owner[a] != owner[b]
    return np.stack([owner[a], owner[b]], axis=1)[proper], (forward[a] != forward[b])[proper]


def _inward(
    points: NDArray[np.float64], faces: NDArray[np.int64], parts: NDArray[np.int64], n: int
) -> NDArray[np.bool_]:
    """Which parts face inwards: by signed volume about their own middle."""
    centre = points[faces].mean(axis=1)
    count = np.maximum(np.bincount(parts, minlength=n), 1)
    middle = np.stack([np.bincount(parts, centre[:, k], minlength=n) / count for k in range(3)], axis=1)
    vectors = face_area_vectors(points, faces)
    flux = np.einsum("ij,ij->i", vectors, centre - middle[parts])
    total = np.bincount(parts, flux, minlength=n)
    size = np.bincount(parts, np.abs(flux), minlength=n)
    return np.asarray(total < -1e-3 * size)


def mend(mesh: Mesh) -> tuple[Mesh, str]:
    """Return the mesh with one orientation a part."""
    if not mesh.n_triangles or not np.isfinite(mesh.positions).all():
        return mesh, ""
    first, remap = weld_vertices(mesh.positions)
    turn = flips(np.asarray(mesh.positions, np.float64)[first], remap[mesh.faces.astype(np.int64)])
    n = int(turn.sum())
    if not n:
        return mesh, ""
    faces = np.where(turn[:, None], mesh.faces[:, ::-1], mesh.faces)
    return attrs.evolve(mesh, faces=faces, normals=_facing(mesh, faces, turn)), f"turned {n} triangles"


def _facing(mesh: Mesh, faces: NDArray[np.uint32], turn: NDArray[np.bool_]) -> NDArray[np.float32] | None:
    """Normals of vertices all of whose faces were turned are turned if they look away from their faces."""
    if mesh.normals is None:
        return None
    kept = np.zeros(mesh.n_vertices, bool)
    kept[faces[~turn].ravel()] = True
    touched = np.zeros(mesh.n_vertices, bool)
    touched[faces[turn].ravel()] = True
    vectors = face_area_vectors(np.asarray(mesh.positions, np.float64), faces.astype(np.int64))
    about = np.zeros((mesh.n_vertices, 3))
    for k in range(3):
        np.add.at(about, faces[:, k], vectors)
    against = np.einsum("ij,ij->i", about, mesh.normals) < 0
    return np.where((touched & ~kept & against)[:, None], -mesh.normals, mesh.normals)


def apply(scene: Scene, options: object = None) -> RepairResult:  # noqa: ARG001 - the signature of a repair
    """Mend every mesh."""
    return each_mesh(scene, mend)


REPAIR = Repair(
    name="fix_winding",
    summary="One orientation a part, outward.",
    fixes=("MESH_INCONSISTENT_WINDING", "MESH_INWARD"),
    apply=apply,
)
