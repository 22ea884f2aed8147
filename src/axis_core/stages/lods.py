"""``lods``: levels of detail from one decimation pass, with weights and morphs carried over.

Levels are scenes of their own and become files of their own (``NAME_LOD1.glb``), with mesh names ``..._LOD1``.
"""

from __future__ import annotations

import attrs

from axis_core.model.scene import Scene
from axis_core.plugin import Context, Outcome, Stage, between, option
from axis_core.stages.decimate import decimated_scenes


__all__ = ["STAGE", "Options", "lod_scenes"]

FEWEST = 64
"""A level below this is no longer a body."""


@attrs.frozen(kw_only=True)
class Options:
    """How many levels."""

    count: int = option(2, "levels below LOD 0", validator=between(0, 6))
    ratio: float = option(0.5, "triangles of a level over those of the one above", validator=between(0.05, 0.95))


def lod_scenes(scene: Scene, count: int, ratio: float) -> tuple[Scene, ...]:
    """Return levels 1 to ``count``, each with ``ratio`` of the triangles of the one above; fewer where it ends."""
    targets = [round(scene.n_triangles * ratio**k) for k in range(1, count + 1)]
    targets = [t for t in targets if t >= FEWEST]
    if not targets:
        return ()
    levels = decimated_scenes(scene, targets)
    return tuple(named_level(s, k) for k, s in enumerate(levels, start=1))


def named_level(scene: Scene, level: int) -> Scene:
    """Return ``scene`` with ``_LODn`` at the end of the names of its meshes and of their nodes."""
    suffix = f"_LOD{level}"
    return attrs.evolve(
        scene,
        meshes=[attrs.evolve(m, name=(m.name or "mesh") + suffix) for m in scene.meshes],
        nodes=[attrs.evolve(n, name=(n.name or "mesh") + suffix) if n.meshes else n for n in scene.nodes],
    )


def run(state: Outcome, options: Options, context: Context) -> Outcome:
    """Make the levels."""
    context.step(0.05, f"{options.count} levels")
    levels = lod_scenes(state.scene, options.count, options.ratio)
    counts = [s.n_triangles for s in levels]
    facts = {"lods": counts}
    changes = (f"levels of {', '.join(map(str, counts))} triangles",) if counts else ()
    return Outcome(scene=state.scene, lods=levels, changes=changes, facts=facts, metrics={"triangles": counts})


STAGE = Stage(
    name="lods",
    summary="Levels of detail with weights and morphs carried.",
    run=run,
    options=Options,
    gives=("scene", "lods"),
    order=120,
)
