"""Where in space a finding is: points for pictures, found again from its code and pointer."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray

from axis_core.audit.rules.surface import pierced_faces
from axis_core.kernels.adjacency import edge_table
from axis_core.kernels.components import face_components
from axis_core.kernels.normals import face_area_vectors
from axis_core.kernels.weld import weld_vertices
from axis_core.model.issue import Issue
from axis_core.model.mesh import Mesh
from axis_core.model.scene import Scene


__all__ = ["MAX_PLACES", "places_of"]

MAX_PLACES = 200
"""More points than this hide the body that they are on."""

Points = NDArray[np.float64]


def places_of(issue: Issue, scene: Scene) -> Points:
    """Return the (n, 3) points in world space, at most ``MAX_PLACES``, at which a finding is; none for the whole.

    Parameters
    ----------
    issue : Issue
        Of a rule about the scene, with a pointer to a mesh, a skin or a node of it. Others have no place.
    """
    match = re.fullmatch(r"/(meshes|skins|nodes)/(\d+)", issue.pointer)
    if match is None:
        return np.zeros((0, 3))
    kind, index = match[1], int(match[2])
    if kind == "skins":
        found = _joint(issue, scene, index)
    elif kind == "nodes":
        found = _moved(issue, scene, index)
    else:
        found = _on_mesh(issue, scene, index)
    found = found[np.isfinite(found).all(axis=1)]
    return found[np.linspace(0, len(found) - 1, min(len(found), MAX_PLACES)).astype(np.int64)]


def _joint(issue: Issue, scene: Scene, skin: int) -> Points:
    """The joint that a finding names."""
    if skin >= len(scene.skins) or not isinstance(issue.value, str):
        return np.zeros((0, 3))
    skeleton = scene.skeleton(skin)
    rows = [j for j, name in enumerate(skeleton.names) if name == issue.value]
    return np.asarray(skeleton.positions, np.float64)[rows].reshape(-1, 3)


def _moved(issue: Issue, scene: Scene, node: int) -> Points:
    """What a morph target moves."""
    if node >= len(scene.nodes):
        return np.zeros((0, 3))
    out = [np.zeros((0, 3))]
    for m in scene.nodes[node].meshes:
        target = next((t for t in scene.meshes[m].morphs if t.name == issue.value), None)
        if target is not None:
            out.append(scene.world_positions(m, node)[np.flatnonzero((target.positions != 0).any(axis=1))])
    return np.concatenate(out)


def _on_mesh(issue: Issue, scene: Scene, m: int) -> Points:
    node = next((n for n, k in scene.instances() if k == m), None)
    if node is None:
        return np.zeros((0, 3))
    mesh = scene.meshes[m]
    world = np.asarray(scene.world_positions(m, node), np.float64)
    locate = _LOCATORS.get(issue.code)
    if locate is None:
        return world[np.unique(mesh.faces)]
    return world[locate(mesh)]


def _welded(mesh: Mesh) -> tuple[NDArray[np.int64], Points, NDArray[np.int64]]:
    """First vertices, points and faces of the welded mesh; what is not finite lies at the origin."""
    first, remap = weld_vertices(mesh.positions)
    points = np.nan_to_num(np.asarray(mesh.positions, np.float64)[first], posinf=0.0, neginf=0.0)
    return np.asarray(first), points, remap[mesh.faces.astype(np.int64)]


def _solid(mesh: Mesh) -> tuple[NDArray[np.int64], Points, NDArray[np.int64], NDArray[np.bool_]]:
    first, points, faces = _welded(mesh)
    area = np.linalg.norm(face_area_vectors(points, faces), axis=1)
    return first, points, faces, area > 1e-12 * float(np.linalg.norm(np.ptp(points, axis=0))) ** 2


def _edges(mesh: Mesh, wanted: Callable[[NDArray[np.int64]], NDArray[np.bool_]]) -> NDArray[np.int64]:
    first, points, faces, solid = _solid(mesh)
    table = edge_table(faces[solid], len(points))
    rows = wanted(np.asarray(table.face_counts, np.int64))
    return first[np.unique(np.asarray(table.edges, np.int64)[rows])]


def _flat(mesh: Mesh) -> NDArray[np.int64]:
    first, _, faces, solid = _solid(mesh)
    return first[np.unique(faces[~solid])]


def _repeated(mesh: Mesh) -> NDArray[np.int64]:
    first, _, faces = _welded(mesh)
    _, inverse, counts = np.unique(np.sort(faces, axis=1), axis=0, return_inverse=True, return_counts=True)
    return first[np.unique(faces[counts[inverse.ravel()] > 1])]


def _cut(mesh: Mesh) -> NDArray[np.int64]:
    first, points, faces, solid = _solid(mesh)
    kept = faces[solid]
    _, labels = face_components(kept, len(points))
    return first[np.unique(kept[pierced_faces(points, kept, labels)])]


def _turned(mesh: Mesh) -> NDArray[np.int64]:
    first, _, faces, solid = _solid(mesh)
    kept = faces[solid]
    directed = np.concatenate([kept[:, [0, 1]], kept[:, [1, 2]], kept[:, [2, 0]]])
    rows, counts = np.unique(directed, axis=0, return_counts=True)
    return np.asarray(first[np.unique(rows[counts > 1])], np.int64)


def _specks(mesh: Mesh) -> NDArray[np.int64]:
    first, points, faces = _welded(mesh)
    n, labels = face_components(faces, len(points))
    area = np.linalg.norm(face_area_vectors(points, faces), axis=1)
    shares = np.bincount(labels, area, minlength=n) / max(float(area.sum()), 1e-300)
    rows = np.flatnonzero(shares[labels] < 0.001)
    return np.asarray(first[np.unique(faces[rows])], np.int64)


def _beside_broken(mesh: Mesh) -> NDArray[np.int64]:
    """The finite neighbours of vertices that are not."""
    bad = np.asarray(np.logical_not(np.isfinite(mesh.positions).all(axis=1)), np.bool_)
    faces = mesh.faces.astype(np.int64)
    beside = np.unique(faces[bad[faces].any(axis=1)])
    return np.asarray(np.setdiff1d(beside, np.flatnonzero(bad)), np.int64)


def _weightless(mesh: Mesh) -> NDArray[np.int64]:
    if mesh.weights is None:
        return np.unique(mesh.faces).astype(np.int64)
    return np.flatnonzero(~(np.nan_to_num(np.asarray(mesh.weights, np.float64)).sum(axis=1) > 0))


def _unsteady(mesh: Mesh) -> NDArray[np.int64]:
    weights = np.asarray(mesh.weights if mesh.weights is not None else np.zeros((0, 4)), np.float64)
    return np.flatnonzero(~(np.abs(weights.sum(axis=1) - 1.0) <= 5e-3) | (weights < 0).any(axis=1))


def _dull(mesh: Mesh) -> NDArray[np.int64]:
    normals = np.asarray(mesh.normals if mesh.normals is not None else np.zeros((0, 3)), np.float64)
    return np.flatnonzero(~(np.abs(np.linalg.norm(normals, axis=1) - 1.0) <= 0.00674))


_LOCATORS: Mapping[str, Callable[[Mesh], NDArray[np.int64]]] = {
    "MESH_BOUNDARY_EDGES": lambda mesh: _edges(mesh, lambda counts: counts == 1),
    "MESH_NON_MANIFOLD_EDGES": lambda mesh: _edges(mesh, lambda counts: counts > 2),
    "MESH_DEGENERATE_FACES": _flat,
    "MESH_DUPLICATE_FACES": _repeated,
    "MESH_INCONSISTENT_WINDING": _turned,
    "MESH_NON_FINITE": _beside_broken,
    "MESH_SELF_INTERSECTION": _cut,
    "MESH_SMALL_COMPONENTS": _specks,
    "NORMALS_INVALID": _dull,
    "SKIN_INVALID_WEIGHTS": _unsteady,
    "SKIN_NOT_NORMALISED": _unsteady,
    "SKIN_UNWEIGHTED": _weightless,
}
