"""``repair``: mends what the audit found, as far as the profile allows.

``default`` applies every safe repair that fixes a finding, ``strict`` repairs nothing silently, ``lenient`` only
reports. Named repairs are applied in any profile.
"""

from __future__ import annotations

import attrs

from axis_core.plugin import Context, Outcome, Stage, Subject, option
from axis_core.plugin.checks import apply_repairs, plan_repairs, run_rules
from axis_core.stages.validate import ABOUT_GEOMETRY


__all__ = ["STAGE", "Options"]


NORMALISES = ("rescale", "reorient")
"""What the stage ``normalise`` has decided, by its own options, is not decided again."""


@attrs.frozen(kw_only=True)
class Options:
    """Which repairs."""

    repairs: tuple[str, ...] = option((), "names of repairs to apply in this order; empty: those the findings call for")


def run(state: Outcome, options: Options, context: Context) -> Outcome:
    """Apply the planned or the named repairs."""
    host = context.host
    report = state.report
    if report is None:
        subject = Subject(scene=state.scene, name=context.name, tier=context.tier)
        report = run_rules(host.rules, subject, only=ABOUT_GEOMETRY)
    if options.repairs:
        chosen = tuple(host.repair(name) for name in options.repairs)
    elif context.profile == "default":
        chosen = tuple(r for r in plan_repairs(host.repairs, report) if r.name not in NORMALISES)
    else:
        chosen = ()
    result = apply_repairs(state.scene, chosen, progress=context.step)
    return Outcome(scene=result.scene, changes=result.changes, metrics={"repairs": [r.name for r in chosen]})


STAGE = Stage(
    name="repair",
    summary="Mends what the audit found, as far as the profile allows.",
    run=run,
    options=Options,
    order=50,
)
