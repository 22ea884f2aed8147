"""``axis preview``."""

from __future__ import annotations

from pathlib import Path

import click

from axis_core.cli.files import INPUT, refuse_overwriting, write_atomically
from axis_core.cli.group import AxisCommand
from axis_core.cli.options import output_option
from axis_core.cli.session import Session


__all__ = ["command"]


@click.command("preview", cls=AxisCommand)
@click.argument("file", type=INPUT, metavar="FILE")
@click.argument("levels", type=INPUT, nargs=-1, metavar="[LODS...]")
@output_option("Where the page goes.")
@click.option("--before", type=INPUT, metavar="FILE", help="What the avatar was made of: a divided view shows both.")
@click.option("--clip", default="", metavar="NAME", help="The animation that plays at first.")
@click.option("--title", default="", help="The heading; the name of the file by default.")
@click.pass_obj
def command(
    session: Session,
    file: Path,
    levels: tuple[Path, ...],
    output: Path,
    before: Path | None,
    clip: str,
    title: str,
) -> None:
    """Write one HTML page that shows FILE: turn it, pose it, move its face, see its weights, compare its LODs.

    The page holds all it needs and opens from a disk, without a network.
    """
    from axis_core import door

    refuse_overwriting(output, file, *levels, *([before] if before else []))
    if output.suffix.lower() not in {".html", ".htm"}:
        raise click.UsageError(f"{output} does not end in .html; that is what is written.")
    with session.progress(file.name) as step:
        step(0.1, "reading")
        page = door.preview(file, levels=levels, before=before, title=title, clip=clip, host=session.host)
        step(0.9, "writing")
        write_atomically(output, page.encode())
    session.result({"files": [output], "bytes": len(page)}, f"wrote {output}: open it in a browser")
