"""``audit``: all rules over the finished avatar, the platform's own included."""

from __future__ import annotations

import attrs

from axis_core.model.quality import make_report
from axis_core.plugin import Context, Outcome, Stage, Subject
from axis_core.plugin.checks import run_rules


__all__ = ["STAGE", "Options"]


@attrs.frozen(kw_only=True)
class Options:
    """Nothing to choose."""


def run(state: Outcome, options: Options, context: Context) -> Outcome:  # noqa: ARG001 - the signature of a stage
    """Audit the scene; findings of the stages before are in the report too."""
    subject = Subject(scene=state.scene, name=context.name, platform=context.platform, tier=context.tier)
    report = run_rules(context.host.rules, subject)
    issues = [*report.issues, *state.issues]
    if context.platform:
        issues += context.host.platform(context.platform).check(state.scene, tier=context.tier)
    report = make_report(issues, facts=report.facts)
    return Outcome(
        scene=state.scene, report=report, metrics={"score": report.score, "grade": report.grade, **report.counts}
    )


STAGE = Stage(
    name="audit",
    summary="Audits the finished avatar for its platform.",
    run=run,
    options=Options,
    gives=("report",),
    order=140,
)
