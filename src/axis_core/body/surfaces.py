"""The surfaces an avatar shows: head and hands of the body, its suit, eyes, teeth, tongue and lashes.

This is where a body gets dressed, for every age: of the body's own faces only those stay that no cloth covers, so what
lies under the suit is in no output. Surfaces are topology, the same for every shape.
"""

from __future__ import annotations

from functools import lru_cache

import attrs
import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from axis_core.body.data import BodyMesh


__all__ = ["Surface", "body_surface", "cloth_surface", "covered_by_suit", "dressed_surfaces"]

_SUIT = "helper-tights"
_CLOTH = {"suit": _SUIT, "skirt": "helper-skirt"}
_CUFF_M = 0.012
"""How far inside the edge of the suit the skin goes on: enough to close the seam, not enough to show in a pose."""
_LASHES = ("helper-l-eyelashes-1", "helper-l-eyelashes-2", "helper-r-eyelashes-1", "helper-r-eyelashes-2")
_IRIS_RING_DEG = 30.0


@attrs.frozen(eq=False)
class Surface:
    """Triangles over the base mesh's vertices, split where UVs are.

    Attributes
    ----------
    name : str
        Also the name of its material.
    vertices : (n,) int64
        Base mesh vertex of each vertex.
    faces : (m, 3) uint32
    uvs : (n, 2) float32
    """

    name: str
    vertices: NDArray[np.int64]
    faces: NDArray[np.uint32]
    uvs: NDArray[np.float32]


@lru_cache(maxsize=2)
def dressed_surfaces(mesh: BodyMesh) -> tuple[Surface, ...]:
    """Return the visible surfaces of a dressed body: skin, suit, eyes, teeth, tongue, lashes."""
    body = mesh.quads_of("body")
    hidden = covered_by_suit(mesh)[mesh.quads[body]].any(axis=1)
    return (
        _surface(mesh, "skin", body[~hidden]),
        _filling_unit_square(_surface(mesh, "suit", mesh.quads_of(_SUIT))),
        _eyes(mesh),
        _surface(mesh, "teeth", mesh.quads_of("helper-upper-teeth", "helper-lower-teeth")),
        _surface(mesh, "tongue", mesh.quads_of("helper-tongue")),
        _filling_unit_square(_surface(mesh, "lashes", mesh.quads_of(*_LASHES))),
    )


@lru_cache(maxsize=4)
def cloth_surface(mesh: BodyMesh, name: str) -> Surface:
    """Return a whole surface that clothes are cut from: ``suit`` or ``skirt``; its UVs fill the unit square."""
    return _filling_unit_square(_surface(mesh, name, mesh.quads_of(_CLOTH[name])))


@lru_cache(maxsize=2)
def body_surface(mesh: BodyMesh) -> Surface:
    """Return the whole skin: to paint its texture and to choose faces from, never to be shown as it is."""
    return _surface(mesh, "skin", mesh.quads_of("body"))


def covered_by_suit(mesh: BodyMesh) -> NDArray[np.bool_]:
    """Return for each vertex (V,) whether it is a vertex of the body that the suit covers.

    Beyond its openings (neck, wrists) the edge of the suit is what is nearest; under it something else is.
    """
    suit_quads = mesh.quads[mesh.quads_of(_SUIT)]
    suit = np.unique(suit_quads)
    edge = _boundary_vertices(suit_quads)
    body = mesh.vertices_of("body")
    out = np.zeros(mesh.n_vertices, dtype=bool)
    _, nearest = cKDTree(mesh.vertices[suit]).query(mesh.vertices[body])
    to_edge, _ = cKDTree(mesh.vertices[edge]).query(mesh.vertices[body])
    out[body] = ~np.isin(suit[nearest], edge) & (to_edge > _CUFF_M)
    return out


def _boundary_vertices(quads: NDArray[np.int64]) -> NDArray[np.int64]:
    edges = np.sort(np.concatenate([quads[:, [i, (i + 1) % 4]] for i in range(4)]), axis=1)
    unique, counts = np.unique(edges, axis=0, return_counts=True)
    return np.unique(unique[counts == 1])


def _surface(mesh: BodyMesh, name: str, quads: NDArray[np.int64]) -> Surface:
    corners = np.stack([mesh.quads[quads], mesh.quad_uvs[quads]], axis=2).reshape(-1, 2)
    pairs, corner_index = np.unique(corners, axis=0, return_inverse=True)
    return Surface(name, pairs[:, 0], _triangles(corner_index.reshape(-1, 4)), mesh.uvs[pairs[:, 1]])


def _filling_unit_square(surface: Surface) -> Surface:
    """Return ``surface`` with its corner of the source's atlas stretched, evenly, over a whole image."""
    low = surface.uvs.min(axis=0)
    uvs = (surface.uvs - low) / np.ptp(surface.uvs, axis=0).max()
    return attrs.evolve(surface, uvs=uvs)


def _triangles(quads: NDArray[np.int64]) -> NDArray[np.uint32]:
    triangles = quads[:, [0, 1, 2, 0, 2, 3]].reshape(-1, 3)
    a, b, c = triangles.T
    return np.asarray(triangles[(a != b) & (b != c) & (a != c)], dtype=np.uint32)


def _eyes(mesh: BodyMesh) -> Surface:
    """Return both eyes with UVs of our own: angle from the gaze axis as the distance from the middle of the image."""
    vertices, quads, uvs, start = [], [], [], 0
    for group in ("helper-l-eye", "helper-r-eye"):
        corners = mesh.quads[mesh.quads_of(group)]
        ids, index = np.unique(corners, return_inverse=True)
        vertices.append(ids)
        quads.append(index.reshape(-1, 4) + start)
        uvs.append(_gaze_uvs(mesh.vertices[ids]))
        start += len(ids)
    return Surface("eyes", np.concatenate(vertices), _triangles(np.concatenate(quads)), np.concatenate(uvs))


def _gaze_uvs(points: NDArray[np.float64]) -> NDArray[np.float32]:
    centre = 0.5 * (points.min(axis=0) + points.max(axis=0))
    rays = points - centre
    rays /= np.linalg.norm(rays, axis=1, keepdims=True)
    front = rays[rays[:, 2] > np.cos(np.radians(_IRIS_RING_DEG))].mean(axis=0)
    axis = front / np.linalg.norm(front)
    right = np.cross([0.0, 1.0, 0.0], axis)
    right /= np.linalg.norm(right)
    up = np.cross(axis, right)
    angle = np.arccos(np.clip(rays @ axis, -1.0, 1.0))
    turn = np.arctan2(rays @ up, rays @ right)
    radius = 0.5 * angle / np.pi
    return np.stack([0.5 + radius * np.cos(turn), 0.5 - radius * np.sin(turn)], axis=1).astype(np.float32)
