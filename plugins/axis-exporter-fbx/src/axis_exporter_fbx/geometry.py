"""The meshes of a node as one geometry: vertices that differ only in normal or UV are one control point."""

from __future__ import annotations

import attrs
import numpy as np
from numpy.typing import NDArray

from axis_core.plugin import Mesh, Scene


__all__ = ["Surface", "surface_of"]


@attrs.frozen
class Surface:
    """What FBX calls a mesh.

    Attributes
    ----------
    points : (P, 3) float64, metres
    corners : (F, 3) int64
        Control points of each triangle.
    normals : (3 F, 3) or None
        Of each corner.
    uvs : tuples of (V, 2), and the row of each corner (3 F,)
    materials : (F,) index into ``used``
    used : tuple of int or None
        The scene's materials.
    joints, weights : (P, K) or None
    shapes : names with (P, 3) displacements
    """

    points: NDArray[np.float64]
    corners: NDArray[np.int64]
    normals: NDArray[np.float64] | None
    uvs: tuple[NDArray[np.float32], ...]
    rows: NDArray[np.int64]
    materials: NDArray[np.int64]
    used: tuple[int | None, ...]
    joints: NDArray[np.int64] | None
    weights: NDArray[np.float64] | None
    shapes: tuple[tuple[str, NDArray[np.float64]], ...]


def surface_of(scene: Scene, node: int) -> Surface:
    """Return the meshes of a node as one surface, in their own space."""
    meshes = [scene.meshes[m] for m in scene.nodes[node].meshes]
    starts = np.cumsum([0, *(m.n_vertices for m in meshes)])[:-1]
    rows = np.concatenate([m.faces.astype(np.int64) + s for m, s in zip(meshes, starts, strict=True)])
    points = np.concatenate([m.positions for m in meshes])
    smooth = all(m.normals is not None for m in meshes)
    skinned = all(m.is_skinned for m in meshes) and scene.nodes[node].skin is not None
    joints, weights = _skin(meshes) if skinned else (None, None)
    shapes = _shapes(meshes)
    columns = [points, *(delta for _, delta in shapes)]
    columns += [a for a in (joints, weights) if a is not None]
    kept, place = _welded(columns)
    if smooth and _doubled(place[rows]):  # a sheet drawn from both sides: importers drop the second of equal faces
        kept, place = _welded([*columns, np.concatenate([m.normals for m in meshes if m.normals is not None])])
    used = tuple(dict.fromkeys(m.material for m in meshes))
    n_sets = min(len(m.uvs) for m in meshes)
    normals = np.concatenate([m.normals for m in meshes if m.normals is not None])[rows.reshape(-1)] if smooth else None
    return Surface(
        points=points[kept].astype(np.float64),
        corners=place[rows],
        normals=None if normals is None else normals.astype(np.float64),
        uvs=tuple(np.concatenate([m.uvs[k] for m in meshes]) for k in range(n_sets)),
        rows=rows.reshape(-1),
        materials=np.concatenate([np.full(m.n_triangles, used.index(m.material)) for m in meshes]),
        used=used,
        joints=None if joints is None else joints[kept],
        weights=None if weights is None else weights[kept],
        shapes=tuple((name, delta[kept].astype(np.float64)) for name, delta in shapes),
    )


def _shapes(meshes: list[Mesh]) -> list[tuple[str, NDArray[np.float32]]]:
    """Return the blend shapes by number; a mesh without one does not move."""
    longest = max(meshes, key=lambda m: len(m.morphs))
    out = []
    for k, morph in enumerate(longest.morphs):
        parts = [m.morphs[k].positions if k < len(m.morphs) else np.zeros_like(m.positions) for m in meshes]
        out.append((morph.name, np.concatenate(parts)))
    return out


def _skin(meshes: list[Mesh]) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    width = max(m.joints.shape[1] for m in meshes if m.joints is not None)
    pads = [((0, 0), (0, width - m.joints.shape[1])) for m in meshes if m.joints is not None]
    joints = [np.pad(m.joints, p) for m, p in zip(meshes, pads, strict=True) if m.joints is not None]
    weights = [np.pad(m.weights, p) for m, p in zip(meshes, pads, strict=True) if m.weights is not None]
    return np.concatenate(joints).astype(np.int64), np.concatenate(weights).astype(np.float64)


def _doubled(corners: NDArray[np.int64]) -> bool:
    return len(np.unique(np.sort(corners, axis=1), axis=0)) < len(corners)


def _welded(columns: list[NDArray[np.generic]]) -> tuple[NDArray[np.intp], NDArray[np.int64]]:
    """Return the first of each set of vertices that agree in all columns, and the set of each vertex."""
    table = np.concatenate([np.asarray(c, np.float64).reshape(len(c), -1) for c in columns], axis=1) + 0.0
    rows = np.ascontiguousarray(table).view(np.dtype((np.void, 8 * table.shape[1]))).reshape(-1)
    _, first, place = np.unique(rows, return_index=True, return_inverse=True)
    order = np.argsort(first, kind="stable")
    rank = np.empty(len(order), np.int64)
    rank[order] = np.arange(len(order))
    return first[order], rank[place.reshape(-1)]
