"""``axis convert``."""

from __future__ import annotations

from pathlib import Path

import click

from axis_core.cli.files import INPUT, OUTPUT, make_parents, refuse_overwriting
from axis_core.cli.group import AxisCommand
from axis_core.cli.session import Session


__all__ = ["command"]


@click.command("convert", cls=AxisCommand)
@click.argument("source", type=INPUT, metavar="IN")
@click.argument("target", type=OUTPUT, metavar="OUT")
@click.pass_obj
def command(session: Session, source: Path, target: Path) -> None:
    """Read IN and write OUT; its suffix names the format.

    What a format cannot hold is left out: OBJ has no skeleton, STL has triangles only.
    """
    from axis_core import door

    refuse_overwriting(target, source)
    session.host.format(target.suffix)  # an unknown suffix is told before the work
    make_parents(target)
    files = door.convert(source, target, host=session.host)
    session.result({"files": files}, "\n".join(f"wrote {file}" for file in files))
