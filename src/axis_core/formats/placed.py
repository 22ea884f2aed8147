"""Meshes where they stand: for formats without a hierarchy."""

from __future__ import annotations

from collections.abc import Iterator

import attrs
import numpy as np
from numpy.typing import NDArray

from axis_core.errors import InputError
from axis_core.model.mesh import Mesh
from axis_core.model.scene import Scene
from axis_core.model.transform import transform_points


__all__ = ["Placed", "placed_meshes"]


@attrs.frozen
class Placed:
    """A mesh at a node, in world space, at rest.

    Attributes
    ----------
    positions : (V, 3) float64
    normals : (V, 3) float64 or None
        Unit vectors; (0, 0, 0) where the mesh has none.
    faces : (F, 3) uint32
        Turned where the transform mirrors, so that they still face outwards.
    """

    name: str
    mesh: Mesh
    positions: NDArray[np.float64]
    normals: NDArray[np.float64] | None
    faces: NDArray[np.uint32]


def placed_meshes(scene: Scene) -> Iterator[Placed]:
    """Yield every mesh at every node that shows it, those without triangles left out.

    Raises
    ------
    InputError
        ``empty_geometry``: there is nothing to yield.
    """
    world = scene.world_matrices()
    found = False
    for node, m in scene.instances():
        mesh = scene.meshes[m]
        if not mesh.n_triangles:
            continue
        found = True
        matrix = world[node] if scene.nodes[node].skin is None else scene.bind_matrix(node)
        mirrored = np.linalg.det(matrix[:3, :3]) < 0
        yield Placed(
            name=scene.nodes[node].name or mesh.name,
            mesh=mesh,
            positions=transform_points(matrix, mesh.positions),
            normals=None if mesh.normals is None else _turned(mesh.normals, matrix),
            faces=np.ascontiguousarray(mesh.faces[:, ::-1]) if mirrored else mesh.faces,
        )
    if not found:
        raise InputError("the scene shows no triangles", code="empty_geometry")


def _turned(normals: NDArray[np.float32], matrix: NDArray[np.float64]) -> NDArray[np.float64]:
    out = normals.astype(np.float64) @ np.linalg.pinv(matrix[:3, :3])
    lengths = np.linalg.norm(out, axis=1, keepdims=True)
    return np.asarray(np.divide(out, lengths, out=np.zeros_like(out), where=lengths > 0))
