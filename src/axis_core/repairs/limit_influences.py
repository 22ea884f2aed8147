"""``limit_influences``: the strongest joints of every vertex, renormalised."""

from __future__ import annotations

import attrs
import numpy as np

from axis_core.kernels.quantise import limit_influences
from axis_core.model.mesh import Mesh
from axis_core.model.scene import Scene
from axis_core.plugin.kinds import Repair, RepairResult
from axis_core.plugin.options import between, option
from axis_core.repairs.each import each_mesh


__all__ = ["REPAIR", "Options"]


@attrs.frozen(kw_only=True)
class Options:
    """How many."""

    count: int = option(4, "joints that may move a vertex", validator=between(1, 8))


def apply(scene: Scene, options: Options | None = None) -> RepairResult:
    """Limit every mesh."""
    count = (options or Options()).count

    def mend(mesh: Mesh) -> tuple[Mesh, str]:
        if mesh.joints is None or mesh.weights is None:
            return mesh, ""
        n = int(((mesh.weights > 0).sum(axis=1) > count).sum())
        if not n:
            return mesh, ""
        joints, weights = limit_influences(mesh.joints, np.nan_to_num(mesh.weights), count)
        pad = ((0, 0), (0, -(-count // 4) * 4 - count))
        return attrs.evolve(mesh, joints=np.pad(joints, pad), weights=np.pad(weights, pad)), f"limited {n} vertices"

    return each_mesh(scene, mend)


REPAIR = Repair(
    name="limit_influences",
    summary="Keeps the strongest joints of a vertex, renormalised.",
    fixes=("SKIN_TOO_MANY_INFLUENCES",),
    apply=apply,
    options=Options,
    lossy=True,
)
