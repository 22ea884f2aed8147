"""``axis contract``."""

from __future__ import annotations

from pathlib import Path

import click

from axis_core.cli.columns import columns
from axis_core.cli.failures import DONE, FINDINGS
from axis_core.cli.files import INPUT_OR_FOLDER
from axis_core.cli.group import AxisGroup
from axis_core.cli.session import Session


__all__ = ["command"]


@click.group("contract", cls=AxisGroup)
def command() -> None:
    """Check or show the record of what an avatar is and how it was made.

    FILE is a contract.json with the files it names beside it, the folder of both, or a GLB, which carries its own
    digest and a summary.
    """


@command.command("verify", short_help="Compare a file with its record.")
@click.argument("file", type=INPUT_OR_FOLDER, metavar="FILE")
@click.pass_obj
def verify(session: Session, file: Path) -> int:
    """Compare FILE with its record: every file's bytes, the chain of stages, the digest in a GLB.

    Exits with 1 if a byte differs.
    """
    from axis_core import door

    verdict = door.verify_contract(file)
    problems = [f"  {problem}" for problem in verdict.problems]
    session.result(
        {"file": str(file), "ok": verdict.ok, "problems": verdict.problems, "checked": verdict.checked},
        "\n".join([f"{file}: {'as recorded' if verdict.ok else 'NOT as recorded'}", *problems]),
    )
    return DONE if verdict.ok else FINDINGS


@command.command("show", short_help="Print the record of a file.")
@click.argument("file", type=INPUT_OR_FOLDER, metavar="FILE")
@click.pass_obj
def show(session: Session, file: Path) -> None:
    """Print the record of FILE, one dotted path a line."""
    from axis_core.cli.records import dotted, read_record

    record = read_record(file)
    session.result(record, columns((path, value) for path, value in dotted(record) if value not in ("", "null")))
