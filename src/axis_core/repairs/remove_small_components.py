"""``remove_small_components``: loose specks under a share of the area."""

from __future__ import annotations

import attrs
import numpy as np

from axis_core.kernels.components import face_components
from axis_core.kernels.normals import face_area_vectors
from axis_core.kernels.weld import weld_vertices
from axis_core.model.mesh import Mesh
from axis_core.model.scene import Scene
from axis_core.plugin.kinds import Repair, RepairResult
from axis_core.plugin.options import between, option
from axis_core.repairs.each import each_mesh
from axis_core.repairs.selection import with_faces


__all__ = ["REPAIR", "Options"]


@attrs.frozen(kw_only=True)
class Options:
    """What is a speck."""

    area_share: float = option(0.001, "smallest share of the mesh's area", validator=between(0, 0.5))
    most_triangles: int = option(64, "a part with more is never a speck", validator=between(1, 1_000_000))


def apply(scene: Scene, options: Options | None = None) -> RepairResult:
    """Drop the specks of every mesh."""
    chosen = options or Options()

    def mend(mesh: Mesh) -> tuple[Mesh, str]:
        if not mesh.n_triangles or not np.isfinite(mesh.positions).all():
            return mesh, ""
        first, remap = weld_vertices(mesh.positions)
        faces = remap[mesh.faces.astype(np.int64)]
        n, labels = face_components(faces, len(first))
        if n < 2:
            return mesh, ""
        points = np.asarray(mesh.positions, np.float64)[first]
        area = np.bincount(labels, np.linalg.norm(face_area_vectors(points, faces), axis=1), minlength=n)
        count = np.bincount(labels, minlength=n)
        speck = (area < chosen.area_share * area.sum()) & (count <= chosen.most_triangles)
        if not speck.any() or speck.all():
            return mesh, ""
        return with_faces(mesh, ~speck[labels]), f"dropped {int(speck.sum())} specks"

    return each_mesh(scene, mend)


REPAIR = Repair(
    name="remove_small_components",
    summary="Drops islands under a share of the area.",
    fixes=("MESH_SMALL_COMPONENTS",),
    apply=apply,
    options=Options,
    safe=False,
    lossy=True,
)
