"""``ingest``: bytes become a scene.

Example: ``Pipeline.of("ingest", "audit").run(b"...", name="hero.glb")``.
"""

from __future__ import annotations

import hashlib

import attrs

from axis_core.errors import InputError
from axis_core.formats import read_scene
from axis_core.plugin import Context, Outcome, Stage


__all__ = ["STAGE", "Options"]


@attrs.frozen(kw_only=True)
class Options:
    """Nothing to choose: the bytes and the name say all."""


def run(state: Outcome, options: Options, context: Context) -> Outcome:  # noqa: ARG001 - the signature of a stage
    """Read the source of the run.

    Raises
    ------
    InputError
        If there is no source, or it cannot be read, or it holds no triangles.
    """
    if context.source is None:
        raise InputError("there is nothing to read", hint="Give a file, its bytes or a scene.")
    scene = read_scene(context.source, name=context.name, formats=context.host.formats, companions=context.companions)
    if scene.n_triangles == 0:
        raise InputError(
            f"{context.name} holds no triangles", code="empty_geometry", hint="Export the character with its mesh."
        )
    source = {
        "name": context.name,
        "format": scene.source_format,
        "bytes": len(context.source),
        "sha256": hashlib.sha256(context.source).hexdigest(),
    }
    return Outcome(
        scene=scene,
        facts={"source": source},
        metrics={"vertices": scene.n_vertices, "triangles": scene.n_triangles, "format": scene.source_format},
        changes=(f"read {scene.n_triangles} triangles from {scene.source_format}", *scene.notes),
    )


STAGE = Stage(
    name="ingest",
    summary="Reads a file of any known format into a scene.",
    run=run,
    options=Options,
    needs=("source",),
    gives=("scene",),
    order=10,
)
