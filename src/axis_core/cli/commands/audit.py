"""``axis audit``."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from axis_core.cli.columns import columns
from axis_core.cli.failures import DONE, FINDINGS
from axis_core.cli.files import INPUT, OUTPUT, refuse_overwriting, write_atomically
from axis_core.cli.group import AxisCommand
from axis_core.cli.options import platform_option, split_words, tier_option
from axis_core.cli.session import Session


if TYPE_CHECKING:
    from axis_core.model import Report


__all__ = ["command", "report_text"]

_SHOWN = 40


@click.command("audit", cls=AxisCommand)
@click.argument("file", type=INPUT, metavar="FILE")
@click.option("--format", "form", metavar="NAME", help="json, markdown, html, csv, sarif, junit or one of a plugin.")
@click.option(
    "--rules", multiple=True, callback=split_words, metavar="NAME,...", help="Only these rules: gltf, mesh, ..."
)
@platform_option
@tier_option(None)
@click.option("-o", "--output", type=OUTPUT, metavar="FILE", help="Write the report there instead of printing it.")
@click.pass_obj
def command(
    session: Session,
    file: Path,
    form: str | None,
    rules: tuple[str, ...],
    platform: str,
    tier: str | None,
    output: Path | None,
) -> int:
    """Find what is wrong with FILE, as a file and as an avatar, and grade it.

    With --platform and --tier also what breaks their rules. Exits with 1 if an error is found; warnings leave 0.
    """
    from axis_core import door

    if output is not None:
        refuse_overwriting(output, file)
    host = session.host
    name = form or ("json" if session.json or output is not None else "")
    if name:
        host.audit_format(name)  # a wrong name is told before the work
    report = door.audit(file, platform=platform, tier=tier or "", rules=rules, host=host)
    if output is not None:
        write_atomically(output, door.print_report(report, name, name=file.name, host=host))
        summary = {"file": str(file), "ok": report.ok, "counts": report.counts, "files": [output]}
        session.result(summary, f"{_verdict(file, report)}\nwrote {output}")
    elif name:
        session.raw(door.print_report(report, name, name=file.name, host=host))
    else:
        session.result({}, report_text(file, report, limit=None if session.verbose else _SHOWN))
    return DONE if report.ok else FINDINGS


def report_text(file: Path, report: Report, *, limit: int | None) -> str:
    """Return a verdict and one line a finding, worst first, at most ``limit``."""
    lines = [_verdict(file, report)]
    if report.issues:
        lines += ["", columns(_rows(report, limit))]
    left = len(report.issues) - (limit or len(report.issues))
    if left > 0:
        lines.append(f"... and {left} more; -v shows all")
    if report.truncated:
        lines.append("There were too many findings; some are left out.")
    fixes = _fixes(report)
    if fixes:
        lines += ["", f"`axis repair` can mend: {', '.join(fixes)}"]
    return "\n".join(lines)


def _verdict(file: Path, report: Report) -> str:
    counts = report.counts
    words = ", ".join(
        f"{counts[kind] or 'no'} {kind}{'' if counts[kind] == 1 else 's'}" for kind in ("error", "warning", "info")
    )
    return f"{file}: {words}; grade {report.grade} ({report.score:.0f} of 100)"


def _rows(report: Report, limit: int | None) -> Iterator[tuple[str, str, str, str]]:
    for issue in report.issues[:limit]:
        where = issue.pointer or ("" if issue.offset is None else f"byte {issue.offset}")
        yield issue.severity.value, issue.code, where, issue.message


def _fixes(report: Report) -> list[str]:
    from axis_core.model import ISSUE_CODES

    return sorted({name for code in report.codes if code in ISSUE_CODES for name in ISSUE_CODES[code].fixed_by})
