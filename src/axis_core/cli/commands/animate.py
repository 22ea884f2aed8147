"""``axis animate``."""

from __future__ import annotations

from pathlib import Path

import click

from axis_core.cli.files import INPUT, refuse_overwriting
from axis_core.cli.group import AxisCommand
from axis_core.cli.options import output_option, split_words
from axis_core.cli.session import Session


__all__ = ["command"]


@click.command("animate", cls=AxisCommand)
@click.argument("file", type=INPUT)
@click.option(
    "--clips",
    multiple=True,
    callback=split_words,
    required=True,
    metavar="NAMES",
    help="Clips by name, or all; see `axis presets --animations`.",
)
@output_option("Where the file with the clips goes.")
@click.pass_obj
def command(session: Session, file: Path, clips: tuple[str, ...], output: Path) -> None:
    """Put named clips on the humanoid rig of FILE, whatever its rest pose and its bones are called."""
    from axis_core.body.clips import animate
    from axis_core.door import read, write

    refuse_overwriting(output, file)
    scene = animate(read(file, host=session.host), clips)
    paths = write(scene, output, host=session.host)
    rows = [{"name": a.name, "seconds": round(a.seconds, 3), "channels": len(a.channels)} for a in scene.animations]
    text = f"{output}: {', '.join(a.name for a in scene.animations)}"
    session.result({"files": [str(p) for p in paths], "animations": rows}, text)
