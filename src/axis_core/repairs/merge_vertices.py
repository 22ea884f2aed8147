"""``merge_vertices``: vertices that are copies of one another become one; seams and hard edges stay."""

from __future__ import annotations

import attrs
import numpy as np

from axis_core.kernels.weld import weld_vertices
from axis_core.model.mesh import Mesh, vertex_keys
from axis_core.model.scene import Scene
from axis_core.plugin.kinds import Repair, RepairResult
from axis_core.plugin.options import between, option
from axis_core.repairs.each import each_mesh
from axis_core.repairs.selection import with_vertices


__all__ = ["REPAIR", "Options"]


@attrs.frozen(kw_only=True)
class Options:
    """How near."""

    tolerance_m: float = option(
        0.0, "largest distance; 0 merges exact copies", validator=between(0, 0.1), unit="metres"
    )


def apply(scene: Scene, options: Options | None = None) -> RepairResult:
    """Merge in every mesh."""
    tolerance = (options or Options()).tolerance_m

    def mend(mesh: Mesh) -> tuple[Mesh, str]:
        first, remap = weld_vertices(mesh.positions, tolerance=tolerance, keys=vertex_keys(mesh))
        gone = mesh.n_vertices - len(first)
        return (with_vertices(mesh, np.asarray(first), remap), f"merged {gone} vertices") if gone else (mesh, "")

    return each_mesh(scene, mend)


REPAIR = Repair(
    name="merge_vertices",
    summary="Welds vertices closer than a tolerance whose attributes agree.",
    fixes=("MESH_DUPLICATE_VERTICES",),
    apply=apply,
    options=Options,
)
