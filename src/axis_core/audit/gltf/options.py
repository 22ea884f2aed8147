"""What a caller may ask of the audit: which codes, how severe, how many."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import attrs

from axis_core.model.issue import Severity


__all__ = ["ValidationOptions"]


def _severities(value: Mapping[str, Severity | int | str]) -> dict[str, Severity]:
    order = list(Severity)
    return {code: order[s] if isinstance(s, int) else Severity(s) for code, s in value.items()}


def _names(value: Iterable[str]) -> frozenset[str]:
    return frozenset(value)


@attrs.frozen(kw_only=True)
class ValidationOptions:
    """Options of one audit.

    Attributes
    ----------
    max_issues : int
        Stop after so many; 0 means no limit.
    ignored_issues : frozenset of str
        Codes that are not reported. Not together with ``only_issues``.
    only_issues : frozenset of str
        If not empty, the only codes that are reported.
    severity_overrides : mapping
        Code to severity: a Severity, its name, or 0 (error) to 3 (hint).
    """

    max_issues: int = attrs.field(default=0, validator=attrs.validators.ge(0))
    ignored_issues: frozenset[str] = attrs.field(default=frozenset(), converter=_names)
    only_issues: frozenset[str] = attrs.field(default=frozenset(), converter=_names)
    severity_overrides: Mapping[str, Severity] = attrs.field(factory=dict, converter=_severities)

    def __attrs_post_init__(self) -> None:
        if self.ignored_issues and self.only_issues:
            raise ValueError("ignored_issues and only_issues exclude each other: give one of them")

    def wants(self, code: str) -> bool:
        """Whether a code is to be reported."""
        return code in self.only_issues if self.only_issues else code not in self.ignored_issues
