"""``axis repair``."""

from __future__ import annotations

from pathlib import Path

import click

from axis_core.cli.files import INPUT, OUTPUT, make_parents, refuse_overwriting
from axis_core.cli.group import AxisCommand
from axis_core.cli.options import split_words
from axis_core.cli.session import Session


__all__ = ["command"]


@click.command("repair", cls=AxisCommand)
@click.argument("file", type=INPUT, metavar="FILE")
@click.option("-o", "--output", type=OUTPUT, metavar="FILE", help="Where the result goes; needed without --dry-run.")
@click.option(
    "--only", multiple=True, callback=split_words, metavar="NAME,...", help="Only these repairs, in this order."
)
@click.option("--dry-run", is_flag=True, help="Say what would be done and write nothing.")
@click.pass_obj
def command(session: Session, file: Path, output: Path | None, only: tuple[str, ...], dry_run: bool) -> None:
    """Mend what an audit of FILE finds; skins, morph targets, UVs and materials stay.

    Without --only, every safe repair that the findings ask for. A sound file comes out unchanged.
    """
    from axis_core import door

    host = session.host
    if output is None and not dry_run:
        raise click.UsageError("Give -o FILE, or --dry-run to see what would be done.")
    if output is not None:
        refuse_overwriting(output, file)
        host.format(output.suffix)
    for name in only:
        host.repair(name)
    result = door.repair(file, repairs=only, host=host)
    lines = [f"  {change}" for change in result.changes] or ["  nothing to mend"]
    files: tuple[Path, ...] = ()
    if dry_run or output is None:
        lines.insert(0, f"{file}: would be done")
    else:
        make_parents(output)
        files = door.write(result.scene, output, host=host)
        lines = [f"{file}: done", *lines, f"wrote {output}"]
    session.result({"changes": result.changes, "dry_run": dry_run, "files": files}, "\n".join(lines))
