"""Quality: one number and one letter from the findings, by a formula that stays.

Each code costs its weight once, plus a little for each time it is found again: a hundred bad triangles are one problem.

    score = 100 * product over codes of (1 - w(severity) * (1 + 0.1 * min(log2(n), 5)))
    w: error 0.25, warning 0.06, info 0.01, hint 0

Grades: A from 90, B from 80, C from 70, D from 50, F below.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from axis_core.model.issue import Issue, Report, Severity


__all__ = ["grade_of", "make_report", "quality_score"]

WEIGHTS = {Severity.ERROR: 0.25, Severity.WARNING: 0.06, Severity.INFO: 0.01, Severity.HINT: 0.0}
GRADES = ((90.0, "A"), (80.0, "B"), (70.0, "C"), (50.0, "D"))


def quality_score(issues: Iterable[Issue]) -> float:
    """Return 0 to 100, one decimal."""
    found = Counter((i.code, i.severity) for i in issues)
    score = 100.0
    for (_, severity), n in found.items():
        score *= 1.0 - WEIGHTS[severity] * (1.0 + 0.1 * min(math.log2(n), 5.0))
    return round(score, 1)


def grade_of(score: float) -> str:
    """Return the letter of a score."""
    return next((letter for least, letter in GRADES if score >= least), "F")


def make_report(issues: Iterable[Issue], *, facts: Mapping[str, Any] | None = None, max_issues: int = 0) -> Report:
    """Return a report of ``issues``, worst first; 0 keeps all of them."""
    ordered = Report.sorted_issues(issues)
    score = quality_score(ordered)
    kept = ordered[:max_issues] if max_issues else ordered
    return Report(
        issues=kept, truncated=len(kept) < len(ordered), score=score, grade=grade_of(score), facts=facts or {}
    )
