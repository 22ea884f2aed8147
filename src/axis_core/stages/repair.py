"""``repair``: mends what the audit found, as far as the profile allows.

``default`` applies every safe repair that fixes a finding, ``strict`` repairs nothing silently, ``lenient`` only
reports. Named repairs are applied in any profile.
"""

from __future__ import annotations

import attrs

from axis_core.model.issue import Report
from axis_core.model.scene import Scene
from axis_core.plugin import Context, Outcome, Repair, RepairResult, Stage, Subject, option
from axis_core.plugin.checks import apply_repairs, mend, plan_repairs, run_rules
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

    def look(scene: Scene) -> Report:
        return run_rules(host.rules, Subject(scene=scene, name=context.name, tier=context.tier), only=ABOUT_GEOMETRY)

    def plan(report: Report) -> tuple[Repair, ...]:
        return tuple(r for r in plan_repairs(host.repairs, report) if r.name not in NORMALISES)

    if options.repairs:
        named = [host.repair(name) for name in options.repairs]
        result = apply_repairs(state.scene, named, progress=context.step)
    elif context.profile == "default":
        result = mend(state.scene, look, plan, report=state.report, progress=context.step)
    else:
        result = RepairResult(scene=state.scene)
    applied = dict.fromkeys(change.partition(":")[0] for change in result.changes)
    return Outcome(scene=result.scene, changes=result.changes, metrics={"repairs": list(applied)})


STAGE = Stage(
    name="repair",
    summary="Mends what the audit found, as far as the profile allows.",
    run=run,
    options=Options,
    order=50,
)
