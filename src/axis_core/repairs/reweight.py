"""``reweight``: weights of at least zero that sum to one; a vertex without any takes its neighbours'.

Copies of one position are neighbours. A part without any weight takes those of the nearest vertex that has some.
"""

from __future__ import annotations

import attrs
import numpy as np
import scipy
from numpy.typing import NDArray

from axis_core.model.mesh import Mesh
from axis_core.model.scene import Scene
from axis_core.plugin.kinds import Repair, RepairResult


__all__ = ["REPAIR"]

EXACT = 1e-6


def apply(scene: Scene, options: object = None) -> RepairResult:  # noqa: ARG001 - the signature of a repair
    """Mend the meshes of every skin together, so that a part can borrow from another."""
    meshes, changes = list(scene.meshes), []
    for s in range(len(scene.skins)):
        group = [m for n in scene.nodes if n.skin == s for m in n.meshes if meshes[m].weights is not None]
        n_joints = len(scene.skins[s].joints)
        cleaned = {m: _cleaned(meshes[m], n_joints) for m in dict.fromkeys(group)}
        n_scaled = sum(n for _, n in cleaned.values())
        for m, (mesh, _) in cleaned.items():
            meshes[m] = mesh
        n_filled = _fill(meshes, list(cleaned))
        if n_scaled:
            changes.append(f"skin {s}: normalised the weights of {n_scaled} vertices")
        if n_filled:
            changes.append(f"skin {s}: {n_filled} vertices took their neighbours' weights")
    return RepairResult(scene=attrs.evolve(scene, meshes=meshes) if changes else scene, changes=tuple(changes))


def _cleaned(mesh: Mesh, n_joints: int) -> tuple[Mesh, int]:
    assert mesh.weights is not None
    assert mesh.joints is not None
    weights = np.nan_to_num(np.asarray(mesh.weights, np.float64), nan=0.0, posinf=0.0, neginf=0.0)
    weights = np.where(mesh.joints < n_joints, np.maximum(weights, 0.0), 0.0)
    total = weights.sum(axis=1)
    off = (np.abs(total - 1) > EXACT) & (total > 0)
    dirty = off | ~np.isclose(weights, mesh.weights, equal_nan=False).all(axis=1)
    if not dirty.any():
        return mesh, 0
    weights = weights / np.where(total > 0, total, 1.0)[:, None]
    joints = np.where(weights > 0, mesh.joints, 0)
    return attrs.evolve(mesh, weights=weights, joints=joints), int(off.sum())


def _fill(meshes: list[Mesh], group: list[int]) -> int:
    if not group:
        return 0
    totals = [np.asarray(meshes[m].weights).sum(axis=1) for m in group]
    if all((t > 0).all() for t in totals):
        return 0
    donors = [np.asarray(meshes[m].positions, np.float64)[t > 0] for m, t in zip(group, totals, strict=True)]
    points = np.concatenate(donors)
    if not len(points):
        return 0
    tree = scipy.spatial.cKDTree(np.nan_to_num(points))
    rows = np.concatenate(
        [np.stack([np.full((t > 0).sum(), k), np.flatnonzero(t > 0)], 1) for k, t in enumerate(totals)]
    )
    n = 0
    for m, total in zip(group, totals, strict=True):
        empty = np.flatnonzero(total <= 0)
        if len(empty):
            n += len(empty)
            _, nearest = tree.query(np.nan_to_num(np.asarray(meshes[m].positions, np.float64)[empty]))
            meshes[m] = _borrowed(meshes, group, m, empty, rows[nearest])
    return n


def _borrowed(
    meshes: list[Mesh], group: list[int], m: int, empty: NDArray[np.int64], source: NDArray[np.int64]
) -> Mesh:
    mesh = meshes[m]
    joints, weights = np.array(mesh.joints), np.array(mesh.weights)
    width = weights.shape[1]
    for k, other in enumerate(group):
        mine = source[:, 0] == k
        if mine.any():
            donor_joints, donor_weights = np.asarray(meshes[other].joints), np.asarray(meshes[other].weights)
            most = min(width, donor_weights.shape[1])
            joints[empty[mine], :most] = donor_joints[source[mine, 1], :most]
            weights[empty[mine], :most] = donor_weights[source[mine, 1], :most]
    total = weights.sum(axis=1, keepdims=True)
    return attrs.evolve(mesh, joints=joints, weights=weights / np.where(total > 0, total, 1.0))


REPAIR = Repair(
    name="reweight",
    summary="Weights that sum to one; unweighted vertices take their neighbours'.",
    fixes=("SKIN_UNWEIGHTED", "SKIN_NOT_NORMALISED", "SKIN_INVALID_WEIGHTS"),
    apply=apply,
)
