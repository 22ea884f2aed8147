"""Issue, Report and the registry of codes: what audit has to say about an avatar."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any

import attrs


__all__ = ["Issue", "IssueCode", "Report", "Severity"]


class Severity(StrEnum):
    """How bad it is; the words and the order of the glTF validator (0 is worst)."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"
    HINT = "hint"

    @property
    def rank(self) -> int:
        """0 for an error, 3 for a hint."""
        return list(Severity).index(self)


@attrs.frozen(kw_only=True)
class IssueCode:
    """What a code means.

    Attributes
    ----------
    code : str
        SCREAMING_SNAKE, stable.
    severity : Severity
        The default; options may override it.
    summary : str
        What was found, in a sentence.
    why : str
        Why it matters.
    fixed_by : tuple of str
        Names of the repairs that mend it.
    """

    code: str
    severity: Severity
    summary: str
    why: str
    fixed_by: tuple[str, ...] = ()


@attrs.frozen(kw_only=True)
class Issue:
    """One finding.

    Attributes
    ----------
    pointer : str
        Where: ``/meshes/0``, ``/nodes/3``, a JSON pointer into the file; empty for the whole.
    offset : int or None
        Byte offset, where the finding is about the container.
    value, limit : anything JSON can hold, or None
        What was measured and what is allowed.
    """

    code: str
    severity: Severity
    message: str
    pointer: str = ""
    offset: int | None = None
    value: Any = None
    limit: Any = None


def _issues(value: Iterable[Issue]) -> tuple[Issue, ...]:
    return tuple(value)


@attrs.frozen(kw_only=True)
class Report:
    """The findings of one audit.

    Attributes
    ----------
    issues : tuple of Issue
        Worst first, in the order of the rules within one severity.
    truncated : bool
        Whether findings were left out because there were too many.
    score : float
        0 to 100, see ``axis_core.audit.quality``.
    grade : str
        ``A`` to ``F``.
    facts : mapping
        What was measured: counts, bounds, extensions.
    """

    issues: tuple[Issue, ...] = attrs.field(default=(), converter=_issues)
    truncated: bool = False
    score: float = 100.0
    grade: str = "A"
    facts: Mapping[str, Any] = attrs.field(factory=dict)

    def count(self, severity: Severity) -> int:
        """Return the number of issues of one severity."""
        return sum(i.severity is severity for i in self.issues)

    @property
    def counts(self) -> dict[str, int]:
        """Number of issues by severity."""
        return {s.value: self.count(s) for s in Severity}

    @property
    def ok(self) -> bool:
        """Whether there is no error."""
        return self.count(Severity.ERROR) == 0

    @property
    def codes(self) -> frozenset[str]:
        """The codes found."""
        return frozenset(i.code for i in self.issues)

    @staticmethod
    def sorted_issues(issues: Iterable[Issue]) -> tuple[Issue, ...]:
        """Return the issues worst first, otherwise in the order given."""
        return tuple(sorted(issues, key=lambda i: i.severity.rank))
