"""``axis retarget``."""

from __future__ import annotations

from pathlib import Path
from typing import cast

import click

from axis_core.cli.files import INPUT, refuse_overwriting
from axis_core.cli.group import AxisCommand
from axis_core.cli.options import output_option, split_words
from axis_core.cli.session import Session


__all__ = ["command"]


@click.command("retarget", cls=AxisCommand)
@click.argument("clip", type=INPUT)
@click.option("--onto", type=INPUT, required=True, metavar="FILE", help="The avatar that is to move.")
@click.option("--clips", multiple=True, callback=split_words, metavar="NAMES", help="Clips of CLIP by name; else all.")
@click.option(
    "--root",
    type=click.Choice(("keep", "in_place")),
    default="keep",
    show_default=True,
    help="keep: the body goes where it goes. in_place: the way is taken out, for engines that move the body.",
)
@output_option("Where the avatar with the clips goes.")
@click.pass_obj
def command(session: Session, clip: Path, onto: Path, clips: tuple[str, ...], root: str, output: Path) -> None:
    """Put the clips of CLIP on the humanoid rig of another file: other rest pose, bones, axes and size.

    Hips and feet go their way in lengths of a leg, so that feet which stand still do not slide.
    """
    from axis_core import door
    from axis_core.rig.motion.capture import Root

    refuse_overwriting(output, clip, onto)
    scene = door.retarget(clip, onto, names=clips, root=cast(Root, root), host=session.host)
    paths = door.write(scene, output, host=session.host)
    rows = [{"name": a.name, "seconds": round(a.seconds, 3), "channels": len(a.channels)} for a in scene.animations]
    text = f"{output}: {', '.join(a.name for a in scene.animations)}"
    session.result({"files": [str(p) for p in paths], "animations": rows}, text)
