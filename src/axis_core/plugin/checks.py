"""Run rules over a subject, and repairs over a scene: what audit, stages and the door share."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from axis_core.errors import PluginError
from axis_core.model.issue import Issue, Report
from axis_core.model.quality import make_report
from axis_core.model.scene import Scene
from axis_core.plugin.kinds import Repair, RepairResult, Rule, Subject


__all__ = ["apply_repairs", "mend", "plan_repairs", "run_rules"]

UNLIMITED = ("gltf",)
"""Rules whose findings are all kept: they are held against the official validator's, one by one."""

MAX_ROUNDS = 6
"""One repair may bring up the next (a triangle goes, its corner stays): more rounds than this were never needed."""

MAX_ISSUES_PER_CODE = 100
"""More of one code helps nobody; the count of what was left out is in the report's facts."""


def run_rules(
    rules: Iterable[Rule], subject: Subject, *, only: Sequence[str] = (), facts: Mapping[str, Any] | None = None
) -> Report:
    """Return the report of ``rules`` over ``subject``.

    Parameters
    ----------
    only : sequence of str
        Names of rules to run; empty runs all.

    Raises
    ------
    PluginError
        If a rule raises: a bad avatar gives issues, an exception is a bug of the rule.
    """
    found: list[Issue] = []
    seen: dict[str, int] = {}
    for rule in rules:
        if only and rule.name not in only:
            continue
        try:
            issues = tuple(rule.check(subject))
        except Exception as exc:
            raise PluginError(
                f"audit rule {rule.name!r} failed on {subject.name or 'the scene'}: {type(exc).__name__}: {exc}",
                hint="This is a bug of the rule, not of the avatar.",
            ) from exc
        for item in issues:
            seen[item.code] = seen.get(item.code, 0) + 1
            if seen[item.code] <= MAX_ISSUES_PER_CODE or rule.name in UNLIMITED:
                found.append(item)
    kept = Counter(i.code for i in found)
    left_out = {code: n - kept[code] for code, n in seen.items() if n > kept[code]}
    return make_report(found, facts={**(facts or {}), **({"left_out": left_out} if left_out else {})})


def plan_repairs(repairs: Iterable[Repair], report: Report, *, lossy: bool = False) -> tuple[Repair, ...]:
    """Return the repairs that fix what ``report`` found, in the order in which they are registered."""
    return tuple(
        r for r in repairs if r.safe and (lossy or not r.adds_surface) and not report.codes.isdisjoint(r.fixes)
    )


def apply_repairs(
    scene: Scene,
    repairs: Iterable[Repair],
    *,
    options: Mapping[str, Any] | None = None,
    progress: Callable[[float, str], None] | None = None,
) -> RepairResult:
    """Return ``scene`` after ``repairs``, and what each changed (``name: what``)."""
    chosen = tuple(repairs)
    changes: list[str] = []
    for k, repair in enumerate(chosen):
        if progress is not None:
            progress(k / len(chosen), repair.name)
        given = (options or {}).get(repair.name)
        if given is None and repair.options is not None:
            given = repair.options()
        result = repair.apply(scene, given)
        scene = result.scene
        changes.extend(f"{repair.name}: {change}" for change in result.changes)
    return RepairResult(scene=scene, changes=tuple(changes))


def mend(
    scene: Scene,
    look: Callable[[Scene], Report],
    plan: Callable[[Report], Iterable[Repair]],
    *,
    report: Report | None = None,
    options: Mapping[str, Any] | None = None,
    progress: Callable[[float, str], None] | None = None,
) -> RepairResult:
    """Return ``scene`` after look, plan and repair in turns, until a round changes nothing.

    Parameters
    ----------
    look : callable (scene) -> Report
        The audit; cheap enough for several rounds.
    plan : callable (report) -> repairs
        ``plan_repairs`` with what the caller allows.
    report : Report, optional
        Of ``scene``, where the caller has it already.
    """
    changes: list[str] = []
    for k in range(MAX_ROUNDS):
        chosen = tuple(plan(look(scene) if report is None or k else report))
        result = apply_repairs(scene, chosen, options=options, progress=progress if k == 0 else None)
        if not result.changes:
            break
        scene = result.scene
        changes.extend(result.changes)
    return RepairResult(scene=scene, changes=tuple(changes))
