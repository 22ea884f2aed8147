"""A report as one HTML page: the grade, what was found by code, why it matters, what mends it, pictures of where."""

from __future__ import annotations

import base64
import html
from collections.abc import Mapping
from typing import Any

from axis_core.model.issue import Issue, Report
from axis_core.model.issue_codes import ISSUE_CODES
from axis_core.version import SOFTWARE


__all__ = ["as_html"]

MAX_PLACES = 12
"""Lines of one code; the rest is counted."""

STYLE = """
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; --line: #8884; --soft: #8881; }
body { max-width: 68rem; margin: 0 auto; padding: 1.5rem 1rem 3rem; }
h1 { overflow-wrap: anywhere; margin: 0; font-size: 1.5rem; }
header { display: flex; gap: 1.2rem; align-items: center; margin-bottom: 1.5rem; }
.grade { font-size: 2.6rem; font-weight: 700; line-height: 1; padding: .8rem 1.1rem; border-radius: .6rem;
  color: #fff; background: #2e7d32; }
.grade.C, .grade.D { background: #b26a00; } .grade.F { background: #c62828; }
.counts { margin: .2rem 0 0; }
section { border: 1px solid var(--line); border-left: .35rem solid #5c6bc0; border-radius: .4rem;
  padding: .8rem 1rem; margin: 1rem 0; display: flow-root; }
section.error { border-left-color: #c62828; } section.warning { border-left-color: #e08a00; }
h2 { font-size: 1.05rem; margin: 0 0 .2rem; overflow-wrap: anywhere; }
h2 small { font-weight: 400; text-transform: uppercase; letter-spacing: .04em; margin-right: .5rem; }
.error h2 small { color: #d32f2f; } .warning h2 small { color: #c77700; } h2 small { color: #7986cb; }
p { margin: .3rem 0; } .why { opacity: .85; }
.shots { display: flex; flex-wrap: wrap; gap: .6rem; margin-top: .5rem; }
figure { margin: 0; flex: 1 1 18rem; max-width: 30rem; }
figure img { display: block; max-width: 100%; height: auto; border-radius: .3rem; border: 1px solid var(--line); }
figcaption { font-size: .85rem; opacity: .8; }
ul { margin: .4rem 0; padding-left: 1.2rem; } li { overflow-wrap: anywhere; }
code { font-size: .9em; background: var(--soft); padding: .05em .3em; border-radius: .2em; }
.fix { background: #2e7d3222; border-radius: .3rem; padding: .25rem .6rem; display: inline-block; }
footer { margin-top: 2rem; opacity: .7; font-size: .85rem; }
"""


def as_html(report: Report, *, name: str = "", pictures: Mapping[int, bytes] | None = None) -> bytes:
    """Return one self-contained page without scripts; everything from the file is escaped.

    Parameters
    ----------
    pictures : mapping, optional
        PNG files by the row of the issue in ``report.issues``.
    """
    title = html.escape(name or "Report")
    groups: dict[str, list[int]] = {}
    for row, issue in enumerate(report.issues):
        groups.setdefault(issue.code, []).append(row)
    sections = "".join(_section(report, rows, pictures or {}) for rows in groups.values())
    counts = ", ".join(f"{n} {s}{'' if n == 1 or s == 'info' else 's'}" for s, n in report.counts.items() if n)
    note = "<p>There were too many findings; some are left out.</p>" if report.truncated else ""
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}: {report.grade}</title>'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><style>{STYLE}</style></head><body>'
        f'<header><div class="grade {report.grade}" title="grade">{report.grade}</div><div><h1>{title}</h1>'
        f'<p class="counts">{report.score:g} of 100 &middot; {counts or "nothing found"}</p></div></header>'
        f"<main>{sections or '<p>Nothing found.</p>'}{note}</main>"
        f"<footer>{html.escape(SOFTWARE)}</footer></body></html>\n"
    ).encode()


def _section(report: Report, rows: list[int], pictures: Mapping[int, bytes]) -> str:
    issues = [report.issues[row] for row in rows]
    first = issues[0]
    entry = ISSUE_CODES.get(first.code)
    fixes = ", ".join(f"<code>{html.escape(f)}</code>" for f in entry.fixed_by) if entry else ""
    lines = "".join(f"<li>{_line(i)}</li>" for i in issues[:MAX_PLACES])
    more = f"<li>and {len(issues) - MAX_PLACES} more</li>" if len(issues) > MAX_PLACES else ""
    shown = [row for row in rows if row in pictures]
    figures = "".join(_figure(report.issues[row], pictures[row]) for row in shown)
    severity = first.severity.value
    return (
        f'<section class="{severity}"><h2><small>{severity}</small>{html.escape(first.code)}</h2>'
        + (f"<p>{html.escape(entry.summary)} <span class='why'>{html.escape(entry.why)}</span></p>" if entry else "")
        + f"<ul>{lines}{more}</ul>"
        + (f'<p class="fix">mended by {fixes}</p>' if fixes else "")
        + (f'<div class="shots">{figures}</div>' if figures else "")
        + "</section>"
    )


def _line(issue: Issue) -> str:
    where = issue.pointer if issue.offset is None else f"byte {issue.offset}"
    place = f"<code>{html.escape(where)}</code> " if where else ""
    limit = f" (limit {html.escape(_short(issue.limit))})" if issue.limit not in (None, 0, 0.0) else ""
    return f"{place}{html.escape(issue.message)}{limit}"


def _short(value: Any) -> str:
    text = f"{value:g}" if isinstance(value, float) else str(value)
    return text if len(text) <= 80 else text[:77] + "..."


def _figure(issue: Issue, png: bytes) -> str:
    where = html.escape(issue.pointer)
    data = base64.b64encode(png).decode("ascii")
    return (
        f'<figure><img alt="where {html.escape(issue.code)} is at {where}: the whole body, and near" '
        f'src="data:image/png;base64,{data}"><figcaption>{where}</figcaption></figure>'
    )
