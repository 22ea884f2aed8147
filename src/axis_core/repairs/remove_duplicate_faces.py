"""``remove_duplicate_faces``: one of several triangles on the same corners."""

from __future__ import annotations

import numpy as np

from axis_core.kernels.weld import weld_vertices
from axis_core.model.mesh import Mesh
from axis_core.model.scene import Scene
from axis_core.plugin.kinds import Repair, RepairResult
from axis_core.repairs.each import each_mesh
from axis_core.repairs.selection import with_faces


__all__ = ["REPAIR"]


def mend(mesh: Mesh) -> tuple[Mesh, str]:
    """Return the mesh with the first of every set of triangles that stand on the same points."""
    if not mesh.n_triangles:
        return mesh, ""
    _, remap = weld_vertices(mesh.positions)
    corners = np.sort(remap[mesh.faces.astype(np.int64)], axis=1)
    _, first = np.unique(corners, axis=0, return_index=True)
    collapsed = (corners[:, 0] == corners[:, 1]) | (corners[:, 1] == corners[:, 2])
    keep = collapsed  # those are another repair's
    keep[first] = True
    gone = int((~keep).sum())
    return (with_faces(mesh, keep), f"dropped {gone} repeated triangles") if gone else (mesh, "")


def apply(scene: Scene, options: object = None) -> RepairResult:  # noqa: ARG001 - the signature of a repair
    """Mend every mesh."""
    return each_mesh(scene, mend)


REPAIR = Repair(
    name="remove_duplicate_faces",
    summary="Keeps one of faces with the same corners.",
    fixes=("MESH_DUPLICATE_FACES",),
    apply=apply,
)
