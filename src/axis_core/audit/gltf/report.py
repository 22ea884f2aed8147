"""The report of one audit, in the shape that the field's tools read."""

from __future__ import annotations

from typing import Any

import attrs

from axis_core.model.issue import Issue, Severity


__all__ = ["GltfReport"]


@attrs.frozen(kw_only=True)
class GltfReport:
    """The findings about one file.

    Attributes
    ----------
    issues : tuple of Issue
        In the order in which they were found.
    info : dict or None
        Metrics; None for a file that could not be read to its end.
    uri, mime_type : str or None
        As given, and as recognised.
    truncated : bool
        Whether the limit on the number of issues was reached.
    """

    issues: tuple[Issue, ...] = ()
    info: dict[str, Any] | None = None
    uri: str | None = None
    mime_type: str | None = None
    truncated: bool = False

    def count(self, severity: Severity) -> int:
        """Return the number of issues of one severity."""
        return sum(issue.severity is severity for issue in self.issues)

    @property
    def ok(self) -> bool:
        """Whether there is no error."""
        return self.count(Severity.ERROR) == 0

    def as_dict(self) -> dict[str, Any]:
        """Return the report in the shape of the Khronos validator's JSON, without its version and time."""
        heads = {"uri": self.uri, "mimeType": self.mime_type}
        report: dict[str, Any] = {name: value for name, value in heads.items() if value is not None}
        report["issues"] = {
            "numErrors": self.count(Severity.ERROR),
            "numWarnings": self.count(Severity.WARNING),
            "numInfos": self.count(Severity.INFO),
            "numHints": self.count(Severity.HINT),
            "messages": [_message(issue) for issue in self.issues],
            "truncated": self.truncated,
        }
        if self.info is not None:
            report["info"] = self.info
        return report


def _message(issue: Issue) -> dict[str, Any]:
    place = {"pointer": issue.pointer} if issue.offset is None else {"offset": issue.offset}
    return {"code": issue.code, "message": issue.message, "severity": issue.severity.rank, **place}
