"""``axis render``."""

from __future__ import annotations

from pathlib import Path

import click

from axis_core.cli.files import INPUT, refuse_overwriting, write_atomically
from axis_core.cli.group import AxisCommand
from axis_core.cli.options import output_option, split_words
from axis_core.cli.session import Session


__all__ = ["command", "picture_size"]


def picture_size(context: click.Context, option: click.Parameter, value: str) -> tuple[int, int]:
    """Return width and height of ``WIDTHxHEIGHT``: the callback of an option."""
    width, _, height = value.lower().partition("x")
    if not (width.isdecimal() and height.isdecimal() and 16 <= int(width) <= 8192 and 16 <= int(height) <= 8192):
        raise click.BadParameter(f"{value!r} is not WIDTHxHEIGHT, each 16 to 8192.", context, option)
    return int(width), int(height)


@click.command("render", cls=AxisCommand)
@click.argument("file", type=INPUT, metavar="FILE")
@output_option("Where the PNG goes.")
@click.option("--pose", default="", metavar="NAME", help="Bend a rigged avatar first, to see its weights at work.")
@click.option("--views", default="front,side,back", callback=split_words, show_default=True, help="Side by side.")
@click.option(
    "--size", default="640x800", callback=picture_size, show_default=True, metavar="WxH", help="Pixels of one view."
)
@click.option("--skeleton", is_flag=True, help="Draw the joints and bones.")
@click.option("--weights", default="", metavar="JOINT", help="Colour the surface by the weights of a joint.")
@click.pass_obj
def command(
    session: Session,
    file: Path,
    output: Path,
    pose: str,
    views: tuple[str, ...],
    size: tuple[int, int],
    skeleton: bool,
    weights: str,
) -> None:
    """Draw FILE into a PNG. No display is needed, an OpenGL library is; `axis doctor` says whether there is one."""
    from axis_core import door

    refuse_overwriting(output, file)
    if output.suffix.lower() != ".png":
        raise click.UsageError(f"{output} does not end in .png; that is what is written.")
    with session.progress(file.name) as step:
        step(0.1, "reading")
        scene = door.read(file, host=session.host)
        step(0.5, "drawing")
        view = door.render(scene, views=views, pose=pose, size=size, skeleton=skeleton, weights_of=weights)
        write_atomically(output, view.png())
    session.result({"files": [output], "views": views, "pose": pose}, f"wrote {output}")
