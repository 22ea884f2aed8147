"""Ways to spoil a rigged character without losing its skin, morphs and coordinates: as tools and scans do."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import attrs
import numpy as np
from numpy.typing import NDArray

from axis_core.model import Mesh, Scene
from axis_core.repairs.selection import with_vertices


__all__ = ["CORRUPTIONS", "spoilt"]

Spoil = Callable[[Mesh, np.random.Generator], Mesh]


def _rows(mesh: Mesh, rows: NDArray[np.int64], faces: NDArray[np.int64]) -> Mesh:
    """The mesh of some of its vertices, repeated as often as they are named."""
    same = np.arange(mesh.n_vertices)
    return attrs.evolve(with_vertices(mesh, rows, same), faces=faces)


def _specks(mesh: Mesh, rng: np.random.Generator) -> Mesh:
    """Twenty floating tetrahedra, 0.3 % of the extent wide."""
    count, positions = 20, np.asarray(mesh.positions, np.float64)
    low, high = positions.min(axis=0), positions.max(axis=0)
    size = 0.0015 * float((high - low).max())
    corners = np.array([[1, 1, 1], [1, -1, -1], [-1, 1, -1], [-1, -1, 1]]) * size
    triangles = np.array([[0, 1, 2], [0, 3, 1], [0, 2, 3], [1, 3, 2]])
    near = np.repeat(rng.integers(0, mesh.n_vertices, count), 4)
    wide = _rows(mesh, np.concatenate([np.arange(mesh.n_vertices), near]), np.asarray(mesh.faces, np.int64))
    placed = (rng.uniform(low - 0.1 * (high - low), high + 0.1 * (high - low), (count, 3))[:, None] + corners).reshape(
        -1, 3
    )
    new = mesh.n_vertices + 4 * np.arange(count)[:, None, None] + triangles
    moved = np.concatenate([positions, placed])
    return attrs.evolve(wide, positions=moved, faces=np.concatenate([mesh.faces, new.reshape(-1, 3)]))


def _flips(mesh: Mesh, rng: np.random.Generator) -> Mesh:
    """A fifth of the faces wound the other way."""
    chosen = rng.random(mesh.n_triangles) < 0.2
    return attrs.evolve(mesh, faces=np.where(chosen[:, None], mesh.faces[:, ::-1], mesh.faces))


def _split(mesh: Mesh, _: np.random.Generator) -> Mesh:
    """Every face on three vertices of its own."""
    flat = np.asarray(mesh.faces, np.int64).ravel()
    return _rows(mesh, flat, np.arange(len(flat)).reshape(-1, 3))


def _dupe(mesh: Mesh, _: np.random.Generator) -> Mesh:
    """Every face twice, the second time on vertices of its own."""
    rows, faces = np.tile(np.arange(mesh.n_vertices), 2), np.asarray(mesh.faces, np.int64)
    return _rows(mesh, rows, np.concatenate([faces, faces + mesh.n_vertices]))


def _fins(mesh: Mesh, rng: np.random.Generator) -> Mesh:
    """On a hundredth of the faces a triangle that sticks out of an edge."""
    faces = np.asarray(mesh.faces, np.int64)
    chosen = faces[rng.random(len(faces)) < 0.01]
    if not len(chosen):
        chosen = faces[:1]
    positions = np.asarray(mesh.positions, np.float64)
    a, b, c = (positions[chosen[:, k]] for k in range(3))
    normal = np.cross(b - a, c - a)
    normal /= np.maximum(np.linalg.norm(normal, axis=1, keepdims=True), 1e-30)
    tips = (a + b) / 2 + 0.01 * float(np.ptp(positions, axis=0).max()) * normal
    tip_rows = mesh.n_vertices + np.arange(len(chosen))
    new = np.stack([chosen[:, 0], chosen[:, 1], tip_rows], axis=1)
    wide = _rows(mesh, np.concatenate([np.arange(mesh.n_vertices), chosen[:, 0]]), np.concatenate([faces, new]))
    return attrs.evolve(wide, positions=np.concatenate([positions, tips]))


def _spikes(mesh: Mesh, rng: np.random.Generator) -> Mesh:
    """Three vertices that are not finite."""
    positions = np.array(mesh.positions)
    positions[rng.integers(0, mesh.n_vertices, 3)] = np.nan
    return attrs.evolve(mesh, positions=positions)


def _slack(mesh: Mesh, rng: np.random.Generator) -> Mesh:
    """Weights of a tenth of the vertices halved, of a few gone, of one not finite."""
    if mesh.weights is None:
        return mesh
    weights = np.array(mesh.weights)
    weights[rng.random(len(weights)) < 0.1] *= 0.5
    weights[rng.integers(0, len(weights), 4)] = 0.0
    weights[rng.integers(0, len(weights))] = np.nan
    return attrs.evolve(mesh, weights=weights)


def _dull(mesh: Mesh, rng: np.random.Generator) -> Mesh:
    """Normals of a tenth of the vertices without length."""
    if mesh.normals is None:
        return mesh
    normals = np.array(mesh.normals)
    normals[rng.random(len(normals)) < 0.1] = 0.0
    return attrs.evolve(mesh, normals=normals)


def _flat(mesh: Mesh, rng: np.random.Generator) -> Mesh:
    """Thirty faces without area."""
    picked = rng.integers(0, mesh.n_vertices, (30, 2))
    return attrs.evolve(mesh, faces=np.concatenate([mesh.faces, picked[:, [0, 1, 1]]]))


CORRUPTIONS: Mapping[str, Spoil] = {
    "specks": _specks,
    "flips": _flips,
    "split": _split,
    "dupe": _dupe,
    "fins": _fins,
    "spikes": _spikes,
    "slack": _slack,
    "dull": _dull,
    "flat": _flat,
}


def spoilt(scene: Scene, name: str, seed: int = 0) -> Scene:
    """Return ``scene`` with every mesh spoilt in one way."""
    rng = np.random.default_rng([seed, list(CORRUPTIONS).index(name)])
    meshes = [CORRUPTIONS[name](m, rng) if m.n_triangles else m for m in scene.meshes]
    return attrs.evolve(scene, meshes=meshes)
