"""Verbs, one a file: options, a function on the model, a Stage."""

from axis_core.stages import (
    audit,
    classify,
    decimate,
    export,
    ingest,
    lods,
    morphs,
    normalise,
    pose,
    preview,
    repair,
    rig,
    skin,
    textures,
    unwrap,
    validate,
)


__all__ = ["STAGES"]

STAGES = (
    ingest.STAGE,
    classify.STAGE,
    normalise.STAGE,
    validate.STAGE,
    repair.STAGE,
    decimate.STAGE,
    unwrap.STAGE,
    rig.STAGE,
    skin.STAGE,
    morphs.STAGE,
    textures.STAGE,
    lods.STAGE,
    pose.STAGE,
    audit.STAGE,
    export.STAGE,
    preview.STAGE,
)
"""The built-in stages in the order of the pipeline."""
