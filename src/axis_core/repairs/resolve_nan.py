"""``resolve_nan``: positions, normals, UVs, weights and morphs that are not finite.

A vertex without a position takes the mean of its finite neighbours, ring by ring; one that has none goes with its
faces.
"""

from __future__ import annotations

from typing import Any

import attrs
import numpy as np
from numpy.typing import NDArray

from axis_core.model.mesh import Mesh
from axis_core.model.scene import Scene
from axis_core.plugin.kinds import Repair, RepairResult
from axis_core.repairs.each import each_mesh
from axis_core.repairs.selection import with_faces


__all__ = ["REPAIR"]


def filled(values: NDArray[Any], faces: NDArray[np.int64]) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Return (values with bad rows from their neighbours, which rows are still bad)."""
    out = np.array(values, np.float64)
    bad: NDArray[np.bool_] = np.asarray(~np.isfinite(out).all(axis=1))
    edges = np.concatenate([faces[:, [0, 1]], faces[:, [1, 2]], faces[:, [2, 0]]])
    edges = np.concatenate([edges, edges[:, ::-1]])
    while bad.any():
        useful = bad[edges[:, 0]] & ~bad[edges[:, 1]]
        if not useful.any():
            break
        total = np.zeros_like(out)
        count = np.zeros(len(out))
        np.add.at(total, edges[useful, 0], out[edges[useful, 1]])
        np.add.at(count, edges[useful, 0], 1)
        ready = count > 0
        out[ready] = total[ready] / count[ready, None]
        bad = bad & ~ready
    return out, bad


def mend(mesh: Mesh) -> tuple[Mesh, str]:
    """Return the mesh with finite values, and what was replaced."""
    said = []
    faces = mesh.faces.astype(np.int64)
    changes: dict[str, Any] = {}
    if not np.isfinite(mesh.positions).all():
        n = int((~np.isfinite(mesh.positions)).any(axis=1).sum())
        positions, lost = filled(mesh.positions, faces)
        positions[lost] = 0.0
        changes["positions"] = positions
        mesh = with_faces(mesh, np.asarray(~lost[faces].any(axis=1)))
        said.append(f"{n} positions")
    for label, fallback in (("normals", (0.0, 1.0, 0.0)), ("tangents", (1.0, 0.0, 0.0, 1.0))):
        array = getattr(mesh, label)
        if array is not None and not np.isfinite(array).all():
            bad = ~np.isfinite(array).all(axis=1)
            changes[label] = np.where(bad[:, None], np.asarray(fallback), array)
            said.append(f"{int(bad.sum())} {label}")
    if any(not np.isfinite(uv).all() for uv in mesh.uvs):
        uvs = [filled(uv, faces) for uv in mesh.uvs]
        changes["uvs"] = [np.where(bad[:, None], 0.0, uv) for uv, bad in uvs]
        said.append("texture coordinates")
    if mesh.weights is not None and not (np.isfinite(mesh.weights) & (mesh.weights >= 0)).all():
        bad = ~np.isfinite(mesh.weights) | (mesh.weights < 0)
        changes["weights"] = np.where(bad, 0.0, mesh.weights)
        said.append(f"weights of {int(bad.any(axis=1).sum())} vertices")
    if any(not np.isfinite(m.positions).all() for m in mesh.morphs):
        changes["morphs"] = [
            attrs.evolve(m, positions=np.nan_to_num(m.positions, posinf=0, neginf=0)) for m in mesh.morphs
        ]
        said.append("morph targets")
    return (attrs.evolve(mesh, **changes), "replaced " + ", ".join(said)) if said else (mesh, "")


def apply(scene: Scene, options: object = None) -> RepairResult:  # noqa: ARG001 - the signature of a repair
    """Mend every mesh."""
    return each_mesh(scene, mend)


REPAIR = Repair(
    name="resolve_nan",
    summary="Replaces or drops non-finite positions, normals, UVs, weights and morphs.",
    fixes=("MESH_NON_FINITE", "UV_NON_FINITE", "SKIN_INVALID_WEIGHTS", "MORPH_NON_FINITE"),
    apply=apply,
    lossy=True,
)
