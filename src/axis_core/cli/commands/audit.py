"""``axis audit``."""

from __future__ import annotations

from collections.abc import Collection, Iterable
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
    from axis_core.model import Issue, Report, Scene
    from axis_core.plugin import PluginHost


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
    shown = _scene(file, host) if name and host.audit_format(name).takes_pictures else None
    if output is not None:
        write_atomically(output, door.print_report(report, name, name=file.name, scene=shown, host=host))
        summary = {"file": str(file), "ok": report.ok, "counts": report.counts, "files": [output]}
        session.result(summary, f"{_verdict(file, report)}\nwrote {output}")
    elif name:
        session.raw(door.print_report(report, name, name=file.name, scene=shown, host=host))
    else:
        session.result({}, report_text(file, report, repairs=[r.name for r in host.repairs], every=session.verbose))
    return DONE if report.ok else FINDINGS


def _scene(file: Path, host: PluginHost) -> Scene | None:
    """What pictures are drawn of; None for a file that cannot be read, which the report says."""
    from axis_core import door
    from axis_core.errors import InputError

    try:
        return door.read(file, host=host)
    except InputError:
        return None


def report_text(file: Path, report: Report, *, repairs: Collection[str], every: bool) -> str:
    """Return a verdict and a line a finding, worst first; without ``every`` those that say the same share a line."""
    lines = [_verdict(file, report)]
    rows = [_row(issue) for issue in report.issues] if every else _grouped(report.issues)
    if rows:
        lines += ["", columns(rows if every else rows[:_SHOWN])]
    if not every and len(rows) > _SHOWN:
        lines.append(f"... and {len(rows) - _SHOWN} more; -v shows all")
    if report.truncated:
        lines.append("There were too many findings; some are left out.")
    fixes = [name for name in _fixes(report) if name in repairs]
    if fixes:
        lines += ["", f"`axis repair` can mend: {', '.join(fixes)}"]
    return "\n".join(lines)


def _verdict(file: Path, report: Report) -> str:
    counts = report.counts
    words = ", ".join(
        f"{counts[kind] or 'no'} {kind}{'' if counts[kind] == 1 else 's'}" for kind in ("error", "warning", "info")
    )
    return f"{file}: {words}; grade {report.grade} ({report.score:.0f} of 100)"


def _row(issue: Issue) -> tuple[str, str, str, str]:
    where = issue.pointer or ("" if issue.offset is None else f"byte {issue.offset}")
    return issue.severity.value, issue.code, where, issue.message


def _grouped(issues: Iterable[Issue]) -> list[tuple[str, str, str, str]]:
    """Return one row for all findings of one code and message, in the order of the first of each."""
    groups: dict[tuple[str, str, str], list[str]] = {}
    for severity, code, where, message in map(_row, issues):
        groups.setdefault((severity, code, message), []).append(where)
    return [
        (severity, code, places[0] + (f" and {len(places) - 1} more" if len(places) > 1 else ""), message)
        for (severity, code, message), places in groups.items()
    ]


def _fixes(report: Report) -> list[str]:
    from axis_core.model import ISSUE_CODES

    return sorted({name for code in report.codes if code in ISSUE_CODES for name in ISSUE_CODES[code].fixed_by})
