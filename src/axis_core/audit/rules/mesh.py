"""Rules about triangles: what breaks shading, culling, rigging and printing."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from axis_core.kernels.adjacency import edge_table
from axis_core.kernels.components import face_components
from axis_core.kernels.normals import face_area_vectors
from axis_core.kernels.weld import weld_vertices
from axis_core.model.issue import Issue
from axis_core.model.issue_codes import issue
from axis_core.model.mesh import Mesh
from axis_core.model.recognise import is_humanoid, recognise_humanoid
from axis_core.model.scene import Scene
from axis_core.model.soup import scene_soup
from axis_core.model.upright import PLAUSIBLE_M, main_skin
from axis_core.plugin.kinds import Rule, Subject


__all__ = ["RULE"]

DEGENERATE = 1e-12
"""Twice the area over the squared diagonal: what float32 cannot tell from a line."""

TINY_SHARE = 0.001
"""A loose part with less than this share of the area is a speck."""

LARGEST_BEAST_M = 40.0
"""The longest dinosaurs."""

UNIT_TOLERANCE = 0.00674
"""glTF-Validator's: slightly more than the error of signed 8-bit quantisation."""


def check(subject: Subject) -> Iterator[Issue]:
    """Yield what is wrong with the meshes and with the whole."""
    scene = subject.scene
    if scene is None:
        return
    if scene.n_triangles == 0:
        yield issue("MESH_EMPTY")
        return
    for m, mesh in enumerate(scene.meshes):
        yield from _values(mesh, f"/meshes/{m}")
        if mesh.n_triangles and np.isfinite(mesh.positions).all():
            yield from _topology(mesh, f"/meshes/{m}")
    soup = scene_soup(scene)
    low, high = soup.bounds
    height, longest = float(high[1] - low[1]), float((high - low).max())
    largest = LARGEST_BEAST_M if _is_beast(scene) else PLAUSIBLE_M[1] * 2
    if not PLAUSIBLE_M[0] <= longest <= largest:
        message = f"its longest side is {longest:.4g} m"
        yield issue("SCALE_IMPLAUSIBLE", message, value=longest, limit=[PLAUSIBLE_M[0], largest])
    if abs(float(low[1])) > 0.02 * max(height, 1e-9):
        yield issue("OFF_FLOOR", f"its lowest point is at y = {low[1]:.4g} m", value=float(low[1]), limit=0.0)


def _is_beast(scene: Scene) -> bool:
    """Whether it has a rig, and not a person's."""
    skin = main_skin(scene)
    return skin is not None and not is_humanoid(recognise_humanoid(scene.skeleton(skin)))


def _values(mesh: Mesh, pointer: str) -> Iterator[Issue]:
    bad = int((~np.isfinite(mesh.positions)).any(axis=1).sum())
    if bad:
        yield issue("MESH_NON_FINITE", f"{bad} vertices are NaN or infinite", pointer=pointer, value=bad, limit=0)
    if mesh.normals is None:
        yield issue("NORMALS_MISSING", pointer=pointer)
    else:
        length = np.linalg.norm(mesh.normals, axis=1)
        wrong = int((~(np.abs(length - 1) <= UNIT_TOLERANCE)).sum())
        if wrong:
            yield issue(
                "NORMALS_INVALID", f"{wrong} normals are not unit vectors", pointer=pointer, value=wrong, limit=0
            )
    used = np.zeros(mesh.n_vertices, bool)
    used[mesh.faces.ravel()] = True
    loose = int((~used).sum())
    if loose:
        yield issue(
            "MESH_UNREFERENCED_VERTICES", f"{loose} vertices have no triangle", pointer=pointer, value=loose, limit=0
        )


def _topology(mesh: Mesh, pointer: str) -> Iterator[Issue]:
    first, remap = weld_vertices(mesh.positions)
    points = np.asarray(mesh.positions, np.float64)[first]
    faces = remap[mesh.faces.astype(np.int64)]
    area = np.linalg.norm(face_area_vectors(points, faces), axis=1)
    diagonal = float(np.linalg.norm(np.ptp(points, axis=0)))
    thin = area <= DEGENERATE * diagonal**2
    if thin.any():
        n = int(thin.sum())
        yield issue("MESH_DEGENERATE_FACES", f"{n} triangles have no area", pointer=pointer, value=n, limit=0)
    solid = faces[~thin]
    if not len(solid):
        return
    n = _n_duplicates(solid)
    if n:
        yield issue("MESH_DUPLICATE_FACES", f"{n} triangles repeat another", pointer=pointer, value=n, limit=0)
    yield from _edges(solid, points, pointer)
    yield from _components(solid, points, area[~thin], pointer)


def _n_duplicates(faces: NDArray[np.int64]) -> int:
    return len(faces) - len(np.unique(np.sort(faces, axis=1), axis=0))


def _edges(faces: NDArray[np.int64], points: NDArray[np.float64], pointer: str) -> Iterator[Issue]:
    edges = edge_table(faces, len(points))
    crowded = int((edges.face_counts > 2).sum())
    if crowded:
        yield issue(
            "MESH_NON_MANIFOLD_EDGES",
            f"{crowded} edges have more than two triangles",
            pointer=pointer,
            value=crowded,
            limit=0,
        )
    open_edges = int((edges.face_counts == 1).sum())
    if open_edges:
        yield issue("MESH_BOUNDARY_EDGES", f"{open_edges} edges are open", pointer=pointer, value=open_edges, limit=0)
    turned = _n_turned(faces)
    if turned:
        yield issue(
            "MESH_INCONSISTENT_WINDING",
            f"{turned} edges are walked twice in one direction",
            pointer=pointer,
            value=turned,
            limit=0,
        )


def _n_turned(faces: NDArray[np.int64]) -> int:
    """Number of directed edges that two triangles walk the same way, where exactly two triangles meet."""
    directed = np.concatenate([faces[:, [0, 1]], faces[:, [1, 2]], faces[:, [2, 0]]])
    n = int(directed.max()) + 1
    keys = directed[:, 0] * n + directed[:, 1]
    undirected = np.minimum(directed[:, 0], directed[:, 1]) * n + np.maximum(directed[:, 0], directed[:, 1])
    _, inverse, counts = np.unique(undirected, return_inverse=True, return_counts=True)
    pairs = counts[inverse] == 2
    _, repeats = np.unique(keys[pairs], return_counts=True)
    return int((repeats > 1).sum())


def _components(
    faces: NDArray[np.int64], points: NDArray[np.float64], area: NDArray[np.float64], pointer: str
) -> Iterator[Issue]:
    n, labels = face_components(faces, len(points))
    if n < 2:
        shares = np.ones(1)
    else:
        shares = np.bincount(labels, area, minlength=n) / max(float(area.sum()), 1e-300)
    specks = int((shares < TINY_SHARE).sum())
    if specks:
        yield issue(
            "MESH_SMALL_COMPONENTS", f"{specks} of {n} loose parts are specks", pointer=pointer, value=specks, limit=0
        )
    volume = np.einsum("ij,ij->i", points[faces[:, 0]], np.cross(points[faces[:, 1]], points[faces[:, 2]])) / 6
    signed = np.bincount(labels, volume, minlength=n)
    closed = _closed(faces, labels, n)
    inward = int((closed & (signed < 0)).sum())
    if inward:
        yield issue("MESH_INWARD", f"{inward} closed parts are inside out", pointer=pointer, value=inward, limit=0)


def _closed(faces: NDArray[np.int64], labels: NDArray[np.int64], n: int) -> NDArray[np.bool_]:
    """Which components have no open edge and one orientation."""
    directed = np.concatenate([faces[:, [0, 1]], faces[:, [1, 2]], faces[:, [2, 0]]])
    size = int(directed.max()) + 1
    there = np.unique(directed[:, 0] * size + directed[:, 1])
    back = np.isin(directed[:, 1] * size + directed[:, 0], there)
    open_count = np.bincount(np.tile(labels, 3), ~back, minlength=n)
    return np.asarray(open_count == 0)


RULE = Rule(
    name="mesh",
    codes=(
        "MESH_EMPTY",
        "MESH_NON_FINITE",
        "MESH_DEGENERATE_FACES",
        "MESH_DUPLICATE_FACES",
        "MESH_UNREFERENCED_VERTICES",
        "MESH_NON_MANIFOLD_EDGES",
        "MESH_BOUNDARY_EDGES",
        "MESH_INCONSISTENT_WINDING",
        "MESH_INWARD",
        "MESH_SMALL_COMPONENTS",
        "NORMALS_MISSING",
        "NORMALS_INVALID",
        "SCALE_IMPLAUSIBLE",
        "OFF_FLOOR",
    ),
    check=check,
)
