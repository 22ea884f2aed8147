"""``axis doctor``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from axis_core.cli.columns import columns
from axis_core.cli.group import AxisCommand
from axis_core.cli.session import Session


if TYPE_CHECKING:
    from axis_core.cli.health import Finding


__all__ = ["command"]


@click.command("doctor", cls=AxisCommand)
@click.option("--warm", is_flag=True, help="Compile all kernels now, so that the first run need not.")
@click.pass_obj
def command(session: Session, warm: bool) -> None:
    """Check what AXIS needs on this machine: Python, libraries, OpenGL, compiled kernels, plugins, data packs."""
    from axis_core.cli.health import examine

    seconds = _warm(session) if warm else None
    with session.progress("looking") as step:
        findings = []
        for n, finding in enumerate(examine(session), start=1):
            findings.append(finding)
            step(min(n / 16, 1.0), finding.name)
    payload = {"ok": all(f.state != "bad" for f in findings), "warm_seconds": seconds, "findings": findings}
    session.result(payload, _text(findings, seconds))


def _warm(session: Session) -> float:
    """Compile every kernel and return how long it took, in seconds."""
    from time import perf_counter

    from axis_core.warm import warm_kernels

    start = perf_counter()
    with session.progress("compiling") as step:
        warm_kernels(step)
    return round(perf_counter() - start, 2)


def _text(findings: Sequence[Finding], seconds: float | None) -> str:
    lines = [] if seconds is None else [f"all kernels are compiled; it took {seconds:.1f} s", ""]
    lines.append(columns((f.state.upper() if f.state == "bad" else f.state, f.name, f.detail) for f in findings))
    todo = [f"  {finding.name}: {finding.hint}" for finding in findings if finding.hint]
    bad = sum(finding.state == "bad" for finding in findings)
    lines += ["", f"{bad} {'thing' if bad == 1 else 'things'} will not work" if bad else "all that is needed is there"]
    return "\n".join([*lines, *todo])
