"""``remove_degenerate``: triangles without area."""

from __future__ import annotations

import numpy as np

from axis_core.kernels.normals import face_area_vectors
from axis_core.model.mesh import Mesh
from axis_core.model.scene import Scene
from axis_core.plugin.kinds import Repair, RepairResult
from axis_core.repairs.each import each_mesh
from axis_core.repairs.selection import with_faces


__all__ = ["REPAIR"]

THIN = 1e-12
"""Twice the area over the squared diagonal; the same bound as the audit's."""


def mend(mesh: Mesh) -> tuple[Mesh, str]:
    """Return the mesh without the triangles that have no area."""
    if not mesh.n_triangles or not np.isfinite(mesh.positions).all():
        return mesh, ""
    points = np.asarray(mesh.positions, np.float64)
    diagonal = float(np.linalg.norm(np.ptp(points, axis=0)))
    area = np.linalg.norm(face_area_vectors(points, mesh.faces.astype(np.int64)), axis=1)
    keep = area > THIN * diagonal**2
    gone = int((~keep).sum())
    return (with_faces(mesh, keep), f"dropped {gone} triangles without area") if gone else (mesh, "")


def apply(scene: Scene, options: object = None) -> RepairResult:  # noqa: ARG001 - the signature of a repair
    """Mend every mesh."""
    return each_mesh(scene, mend)


REPAIR = Repair(
    name="remove_degenerate",
    summary="Drops zero-area and collapsed triangles.",
    fixes=("MESH_DEGENERATE_FACES",),
    apply=apply,
)
