"""Rules about morph targets."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import numpy as np

from axis_core.kernels.weld import weld_vertices
from axis_core.model.issue import Issue
from axis_core.model.issue_codes import issue
from axis_core.model.mesh import Mesh
from axis_core.plugin.kinds import Rule, Subject


__all__ = ["RULE"]

FAR = 1.0
"""Of the diagonal of the mesh: no muscle moves a vertex farther; a target of absolute positions does."""

TEAR = 0.002
"""Of the diagonal: how far copies of one point may go apart before the gap shows (3 mm on a person)."""


def check(subject: Subject) -> Iterator[Issue]:
    """Yield what is wrong with the morph targets."""
    if subject.scene is None:
        return
    scene = subject.scene
    for n, node in enumerate(scene.nodes):
        groups = [scene.meshes[m] for m in node.meshes if scene.meshes[m].morphs]
        if not groups:
            continue
        pointer = f"/nodes/{n}"
        names = [m.name for m in groups[0].morphs]
        for name, count in Counter(names).items():
            if count > 1:
                message = f"{count} morph targets are called {name!r}"
                yield issue("MORPH_DUPLICATE_NAME", message, pointer=pointer, value=name)
        for k, name in enumerate(names):
            deltas = [g.morphs[k].positions for g in groups if k < len(g.morphs)]
            if not all(np.isfinite(d).all() for d in deltas):
                yield issue("MORPH_NON_FINITE", f"{name} is not finite", pointer=pointer, value=name)
            elif not any(np.any(d) for d in deltas):
                yield issue("MORPH_EMPTY", f"{name} moves nothing", pointer=pointer, value=name)
            else:
                yield from _sanity(groups, k, name, pointer)


def _sanity(groups: list[Mesh], k: int, name: str, pointer: str) -> Iterator[Issue]:
    """Whether a target moves farther than a body does, or opens seams."""
    farthest, torn, worst = 0.0, 0, 0.0
    for mesh in groups:
        if k >= len(mesh.morphs) or not mesh.n_vertices or not np.isfinite(mesh.positions).all():
            continue
        deltas = np.asarray(mesh.morphs[k].positions, np.float64)
        diagonal = max(float(np.linalg.norm(np.ptp(mesh.positions, axis=0))), 1e-12)
        farthest = max(farthest, float(np.linalg.norm(deltas, axis=1).max()) / diagonal)
        first, group = weld_vertices(mesh.positions)
        gaps = np.linalg.norm(deltas - deltas[first][group], axis=1) / diagonal
        torn, worst = torn + int((gaps > TEAR).sum()), max(worst, float(gaps.max()))
    if farthest > FAR:
        message = f"{name} moves a vertex by {farthest:.2g} times the size of its mesh"
        yield issue("MORPH_TOO_FAR", message, pointer=pointer, value=round(farthest, 3), limit=FAR)
    if torn:
        message = f"{name} opens seams at {torn} vertices, by up to {worst:.2%} of the size"
        yield issue("MORPH_TEARS_SEAM", message, pointer=pointer, value=torn, limit=0)


RULE = Rule(
    name="morph",
    codes=("MORPH_NON_FINITE", "MORPH_EMPTY", "MORPH_DUPLICATE_NAME", "MORPH_TOO_FAR", "MORPH_TEARS_SEAM"),
    check=check,
)
