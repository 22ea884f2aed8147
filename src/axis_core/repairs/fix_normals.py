"""``fix_normals``: unit normals; made anew where they are zero, missing or not finite."""

from __future__ import annotations

import attrs
import numpy as np

from axis_core.kernels.normals import vertex_normals
from axis_core.model.mesh import Mesh
from axis_core.model.scene import Scene
from axis_core.plugin.kinds import Repair, RepairResult
from axis_core.repairs.each import each_mesh


__all__ = ["REPAIR"]

UNIT = 0.00674
"""glTF-Validator's tolerance of a unit vector."""


def mend(mesh: Mesh) -> tuple[Mesh, str]:
    """Return the mesh with a unit normal at every vertex."""
    if not mesh.n_vertices or not np.isfinite(mesh.positions).all():
        return mesh, ""
    length = np.zeros(mesh.n_vertices) if mesh.normals is None else np.linalg.norm(mesh.normals, axis=1)
    wrong = ~(np.abs(length - 1) <= UNIT)
    if not wrong.any():
        return mesh, ""
    fresh = np.asarray(vertex_normals(mesh.positions, mesh.faces.astype(np.int64)))
    fresh = np.where(np.linalg.norm(fresh, axis=1, keepdims=True) > 0.5, fresh, np.array([0.0, 1.0, 0.0]))
    if mesh.normals is None:
        return attrs.evolve(mesh, normals=fresh), f"made {mesh.n_vertices} normals"
    usable = wrong & np.isfinite(length) & (length > 1e-6)
    scaled = np.asarray(mesh.normals, np.float64) / np.where(usable, length, 1.0)[:, None]
    out = np.where((wrong & ~usable)[:, None], fresh, scaled)
    return attrs.evolve(mesh, normals=out), f"mended {int(wrong.sum())} normals"


def apply(scene: Scene, options: object = None) -> RepairResult:  # noqa: ARG001 - the signature of a repair
    """Mend every mesh."""
    return each_mesh(scene, mend)


REPAIR = Repair(
    name="fix_normals",
    summary="Unit normals, recomputed where zero or missing.",
    fixes=("NORMALS_MISSING", "NORMALS_INVALID"),
    apply=apply,
)
