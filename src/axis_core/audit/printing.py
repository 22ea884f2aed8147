"""Ways to print a report: JSON for scripts, Markdown and HTML for people, CSV for tables, SARIF and JUnit for CI."""

from __future__ import annotations

import csv
import io
import json
from typing import Any
from xml.etree import ElementTree as ET

import attrs

from axis_core.audit.page import as_html
from axis_core.model.issue import Issue, Report
from axis_core.model.issue_codes import ISSUE_CODES
from axis_core.plugin.kinds import AuditFormat
from axis_core.version import SOFTWARE, VERSION


__all__ = ["AUDIT_FORMATS", "report_dict"]

SARIF_LEVELS = {"error": "error", "warning": "warning", "info": "note", "hint": "note"}


def issue_dict(issue: Issue) -> dict[str, Any]:
    """Return an issue as plain values, without what is not there."""
    out = {k: v for k, v in attrs.asdict(issue).items() if v is not None}
    out["severity"] = issue.severity.value
    if issue.offset is not None:
        out.pop("pointer", None)
    entry = ISSUE_CODES.get(issue.code)
    if entry is not None:
        out["why"] = entry.why
        out["fixed_by"] = list(entry.fixed_by)
    return out


def report_dict(report: Report, name: str = "") -> dict[str, Any]:
    """Return a report as plain values."""
    return {
        "name": name,
        "ok": report.ok,
        "score": report.score,
        "grade": report.grade,
        "counts": report.counts,
        "truncated": report.truncated,
        "issues": [issue_dict(i) for i in report.issues],
        "facts": dict(report.facts),
        "software": SOFTWARE,
    }


def as_json(report: Report, *, name: str = "") -> bytes:
    """Return JSON."""
    return (json.dumps(report_dict(report, name), indent=2, ensure_ascii=False, default=str) + "\n").encode()


def _where(issue: Issue) -> str:
    return issue.pointer if issue.offset is None else f"byte {issue.offset}"


def as_markdown(report: Report, *, name: str = "") -> bytes:
    """Return Markdown: a heading, the grade, a table."""
    counts = ", ".join(f"{n} {s}" for s, n in report.counts.items() if n) or "nothing found"
    lines = [f"# {name or 'Report'}", "", f"Grade **{report.grade}** ({report.score}): {counts}.", ""]
    if report.issues:
        lines += ["| severity | code | where | what | fixed by |", "|---|---|---|---|---|"]
    for issue in report.issues:
        entry = ISSUE_CODES.get(issue.code)
        fixes = ", ".join(entry.fixed_by) if entry else ""
        cells = (issue.severity.value, issue.code, _where(issue), issue.message, fixes)
        lines.append("| " + " | ".join(c.replace("|", "\\|").replace("\n", " ") for c in cells) + " |")
    return ("\n".join(lines) + "\n").encode()


def as_csv(report: Report, *, name: str = "") -> bytes:
    """Return CSV (RFC 4180) with a header; cells that a spreadsheet would run as formulas get an apostrophe."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["file", "severity", "code", "where", "message", "value", "limit"])
    for i in report.issues:
        row = [name, i.severity.value, i.code, _where(i), i.message, i.value, i.limit]
        writer.writerow([f"'{c}" if isinstance(c, str) and c[:1] in "=+-@\t\r" else c for c in row])
    return out.getvalue().encode()


def as_sarif(report: Report, *, name: str = "") -> bytes:
    """Return SARIF 2.1.0."""
    codes = sorted(report.codes)
    rules = [{"id": c, "shortDescription": {"text": ISSUE_CODES[c].summary if c in ISSUE_CODES else c}} for c in codes]
    results = [
        {
            "ruleId": i.code,
            "ruleIndex": codes.index(i.code),
            "level": SARIF_LEVELS[i.severity.value],
            "message": {"text": i.message},
            "locations": [
                {
                    "physicalLocation": {"artifactLocation": {"uri": name or "scene"}},
                    "logicalLocations": [{"fullyQualifiedName": _where(i) or "/"}],
                }
            ],
        }
        for i in report.issues
    ]
    driver = {"name": "AXIS", "version": VERSION, "rules": rules}
    document = {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{"tool": {"driver": driver}, "results": results}],
    }
    return (json.dumps(document, indent=2, ensure_ascii=False) + "\n").encode()


def as_junit(report: Report, *, name: str = "") -> bytes:
    """Return JUnit XML: a test case a finding; errors fail, warnings and the rest pass with their text."""
    failures = report.counts["error"]
    suite = ET.Element(
        "testsuite", name=name or "avatar", tests=str(max(len(report.issues), 1)), failures=str(failures), errors="0"
    )
    if not report.issues:
        ET.SubElement(suite, "testcase", classname="axis.audit", name="no findings")
    for i in report.issues:
        case = ET.SubElement(suite, "testcase", classname=f"axis.audit.{i.code}", name=_where(i) or i.code)
        kind = "failure" if i.severity.value == "error" else "system-out"
        child = ET.SubElement(case, kind)
        text = "".join(c for c in i.message if c.isprintable())
        if kind == "failure":
            child.set("message", text)
        child.text = text
    return bytes(ET.tostring(suite, encoding="utf-8", xml_declaration=True))


AUDIT_FORMATS = (
    AuditFormat(name="json", media_type="application/json", render=as_json, summary="for scripts"),
    AuditFormat(name="markdown", media_type="text/markdown", render=as_markdown, summary="for pull requests"),
    AuditFormat(
        name="html", media_type="text/html", render=as_html, summary="one page for people", takes_pictures=True
    ),
    AuditFormat(name="csv", media_type="text/csv", render=as_csv, summary="for spreadsheets"),
    AuditFormat(name="sarif", media_type="application/sarif+json", render=as_sarif, summary="for code scanners"),
    AuditFormat(name="junit", media_type="application/xml", render=as_junit, summary="for build servers"),
)
"""The built-in ways to print a report."""
