"""What ``axis process`` says of its results."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from axis_core.cli.columns import columns, thousands


__all__ = ["batch_text", "outcome_text"]

_SHOWN = 5
Row = Mapping[str, Any]


def outcome_text(row: Row, *, verbose: bool) -> str:
    """Return one result in a few lines."""
    head = f"{row['source']} -> {row['folder']}: {'done' if row['status'] == 'done' else 'FAILED by its profile'}"
    lines = [head, columns(_facts(row))]
    lines += _finding_lines(row, all_of_them=verbose)
    if row["status"] == "failed":
        lines.append("  no avatar was written: report.json says why; `--profile lenient` writes it all the same")
    if verbose:
        lines += ["  stages", columns((f"    {name}", f"{seconds:.2f} s") for name, seconds in row["stages"].items())]
    return "\n".join(lines)


def _facts(row: Row) -> Iterator[tuple[str, str]]:
    rig, issues = row["rig"], row["issues"]
    lods = "".join(f", LOD {level}: {thousands(n)}" for level, n in row["lods"].items())
    for_what = ", ".join(filter(None, (row["platform"], row["tier"])))
    yield "  for", f"{for_what or 'any engine'}, {row['seconds']:.1f} s"
    yield "  mesh", f"{thousands(row['triangles'])} triangles{lods}; {row['height_m']:.2f} m high; grade {row['grade']}"
    if rig.joint_count:
        confidence = f" (confidence {rig.confidence:.2f})" if rig.confidence else ""
        influences = f", at most {row['max_influences']} a vertex"
        yield "  rig", f"{rig.archetype or 'unnamed'}{confidence}, {rig.joint_count} joints{influences}"
    yield "  findings", ", ".join(f"{issues.get(kind, 0)} {kind}s" for kind in ("error", "warning", "info"))
    yield "  files", ", ".join(row["files"])


def _finding_lines(row: Row, *, all_of_them: bool) -> list[str]:
    findings: Sequence[Mapping[str, str]] = row["findings"]
    worst = [f for f in findings if all_of_them or f["severity"] == "error" or row["status"] == "failed"]
    shown = worst if all_of_them else worst[:_SHOWN]
    rows = ((f"    {f['severity']}", f["code"], f["pointer"], f["message"]) for f in shown)
    more = [f"    ... and {len(worst) - len(shown)} more"] if len(worst) > len(shown) else []
    return [columns(rows), *more] if shown else []


def batch_text(rows: Sequence[Row], *, verbose: bool) -> str:
    """Return a table of all results, and below it what was wrong with those that failed."""
    header = ("INPUT", "TRIANGLES", "JOINTS", "GRADE", "ERRORS", "WARNINGS", "SECONDS", "RESULT")
    table = columns((_cells(row) for row in rows), header=header, right=(1, 2, 4, 5, 6))
    parts = [table, *_problems(rows, verbose=verbose), _totals(rows)]
    return "\n\n".join(part for part in parts if part)


def _cells(row: Row) -> tuple[str, ...]:
    name, seconds = Path(row["source"]).name, f"{row['seconds']:.1f}"
    if row["status"] == "refused":
        return (name, "-", "-", "-", "-", "-", seconds, "refused")
    issues, counts = row["issues"], (thousands(row["triangles"]), str(row["rig"].joint_count))
    result = row["folder"] if row["status"] == "done" else f"{row['folder']} (failed by its profile)"
    return (name, *counts, row["grade"], str(issues.get("error", 0)), str(issues.get("warning", 0)), seconds, result)


def _problems(rows: Iterable[Row], *, verbose: bool) -> Iterator[str]:
    for row in rows:
        if row["status"] == "refused":
            error = row["error"]
            labelled = ((f"  {label}", error[key]) for label, key in (("where:", "pointer"), ("to do:", "hint")))
            lines = [f"{row['source']}: {error['message']}", *(f"{a} {b}" for a, b in labelled if b)]
            yield "\n".join(lines)
        elif row["status"] == "failed":
            yield "\n".join([f"{row['source']}: failed by its profile", *_finding_lines(row, all_of_them=verbose)])


def _totals(rows: Sequence[Row]) -> str:
    counts = {status: sum(row["status"] == status for row in rows) for status in ("done", "failed", "refused")}
    return ", ".join(f"{n} {status}" for status, n in counts.items() if n)
