"""Apply a function to every mesh of a scene and say how many it changed."""

from __future__ import annotations

from collections.abc import Callable

import attrs

from axis_core.model.mesh import Mesh
from axis_core.model.scene import Scene
from axis_core.plugin.kinds import RepairResult


__all__ = ["each_mesh"]


def each_mesh(scene: Scene, mend: Callable[[Mesh], tuple[Mesh, str]]) -> RepairResult:
    """Return the scene with ``mend(mesh) -> (mesh, what changed or "")`` applied; the same scene if nothing changed."""
    meshes, changes = [], []
    for k, mesh in enumerate(scene.meshes):
        mended, change = mend(mesh)
        meshes.append(mended)
        if change:
            changes.append(f"{mesh.name or k}: {change}")
    return (
        RepairResult(scene=attrs.evolve(scene, meshes=meshes), changes=tuple(changes))
        if changes
        else RepairResult(scene=scene)
    )
