"""``validate``: what is wrong with what came in, before anything is mended."""

from __future__ import annotations

import attrs

from axis_core.plugin import Context, Outcome, Stage, Subject
from axis_core.plugin.checks import run_rules


__all__ = ["STAGE", "Options"]

ABOUT_GEOMETRY = ("mesh", "skin", "morph", "material", "texture")


@attrs.frozen(kw_only=True)
class Options:
    """Nothing to choose."""


def run(state: Outcome, options: Options, context: Context) -> Outcome:  # noqa: ARG001 - the signature of a stage
    """Audit the scene as it came in."""
    subject = Subject(scene=state.scene, name=context.name, tier=context.tier)
    report = run_rules(context.host.rules, subject, only=ABOUT_GEOMETRY)
    return Outcome(
        scene=state.scene, report=report, metrics={"score": report.score, "grade": report.grade, **report.counts}
    )


STAGE = Stage(
    name="validate",
    summary="Audits what came in.",
    run=run,
    options=Options,
    gives=("report",),
    order=40,
)
