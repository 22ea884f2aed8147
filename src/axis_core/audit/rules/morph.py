"""Rules about morph targets."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import numpy as np

from axis_core.model.issue import Issue
from axis_core.model.issue_codes import issue
from axis_core.plugin.kinds import Rule, Subject


__all__ = ["RULE"]


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


RULE = Rule(name="morph", codes=("MORPH_NON_FINITE", "MORPH_EMPTY", "MORPH_DUPLICATE_NAME"), check=check)
