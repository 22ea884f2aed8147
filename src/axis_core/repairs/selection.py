"""Keep some vertices and faces of a mesh, with everything that hangs on them."""

from __future__ import annotations

import attrs
import numpy as np
from numpy.typing import NDArray

from axis_core.model.mesh import Mesh


__all__ = ["with_faces", "with_vertices"]


def with_faces(mesh: Mesh, keep: NDArray[np.bool_]) -> Mesh:
    """Return ``mesh`` with the faces of a mask; vertices stay."""
    return mesh if keep.all() else attrs.evolve(mesh, faces=mesh.faces[keep])


def with_vertices(mesh: Mesh, rows: NDArray[np.int64], remap: NDArray[np.int64]) -> Mesh:
    """Return ``mesh`` with the vertices ``rows`` and its faces renumbered by ``remap``."""

    def take(array: NDArray[np.float32] | None) -> NDArray[np.float32] | None:
        return None if array is None else array[rows]

    return attrs.evolve(
        mesh,
        positions=mesh.positions[rows],
        faces=remap[mesh.faces.astype(np.int64)],
        normals=take(mesh.normals),
        tangents=take(mesh.tangents),
        uvs=[uv[rows] for uv in mesh.uvs],
        colors=[c[rows] for c in mesh.colors],
        joints=None if mesh.joints is None else mesh.joints[rows],
        weights=take(mesh.weights),
        morphs=[
            attrs.evolve(m, positions=m.positions[rows], normals=take(m.normals), tangents=take(m.tangents))
            for m in mesh.morphs
        ],
        attributes={k: v[rows] for k, v in mesh.attributes.items()},
    )
