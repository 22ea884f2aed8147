"""``axis sheet``."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from axis_core.cli.commands.render import picture_size
from axis_core.cli.files import find_inputs, refuse_overwriting, write_atomically
from axis_core.cli.group import AxisCommand
from axis_core.cli.options import output_option, split_words
from axis_core.cli.session import Session
from axis_core.errors import AxisError, CannotFit, InputError


if TYPE_CHECKING:
    from axis_core.model import Scene
    from axis_core.render import View


__all__ = ["command"]

REST = "rest"
"""The pose that needs no rig."""


@click.command("sheet", cls=AxisCommand)
@click.argument("sources", nargs=-1, required=True, metavar="INPUTS...")
@output_option("Where the PNG goes.")
@click.option("--poses", default=REST, callback=split_words, show_default=True, help="One picture each.")
@click.option("--views", default="front", callback=split_words, show_default=True, help="Side by side in a picture.")
@click.option("--weights", is_flag=True, help="Colour each vertex by the joint that moves it most.")
@click.option("--skeleton", is_flag=True, help="Draw the joints and bones.")
@click.option("--columns", type=click.IntRange(1, 40), default=6, show_default=True, help="Pictures in a row.")
@click.option(
    "--size", default="240x300", callback=picture_size, show_default=True, metavar="WxH", help="Pixels of one view."
)
@click.pass_obj
def command(
    session: Session,
    sources: tuple[str, ...],
    output: Path,
    poses: tuple[str, ...],
    views: tuple[str, ...],
    weights: bool,
    skeleton: bool,
    columns: int,
    size: tuple[int, int],
) -> None:
    """Draw many files (INPUTS: files, folders, patterns) on one page, to see at a glance which rig is wrong.

    A file that cannot be read or drawn in a pose is left out and named.
    """
    from axis_core.render import contact_sheet

    if output.suffix.lower() != ".png":
        raise click.UsageError(f"{output} does not end in .png; that is what is written.")
    suffixes = {suffix for kind in session.host.formats if kind.read for suffix in kind.suffixes}
    files = find_inputs(sources, suffixes)
    refuse_overwriting(output, *files)
    look: dict[str, Any] = {"views": views, "size": size, "skeleton": skeleton, "weights_of": "*" if weights else ""}
    skipped: list[dict[str, str]] = []
    with session.progress(output.name) as step:
        cells = list(_cells(session, files, poses, look, skipped, step))
        if not cells:
            raise InputError(f"none of {len(files)} files could be drawn", hint=skipped[0]["error"])
        write_atomically(output, contact_sheet(cells, columns=columns))
    left_out = "".join(f"\n  left out {s['file']} {s['pose']}: {s['error']}" for s in skipped)
    session.result({"files": [output], "pictures": len(cells), "skipped": skipped}, f"wrote {output}{left_out}")


def _cells(
    session: Session,
    files: tuple[Path, ...],
    poses: tuple[str, ...],
    look: dict[str, Any],
    skipped: list[dict[str, str]],
    step: Any,
) -> Iterator[tuple[str, View]]:
    """Labelled pictures; what is left out is added to ``skipped``."""
    from axis_core import door

    for k, file in enumerate(files):
        step(k / len(files), file.name)
        try:
            scene = door.read(file, host=session.host)
        except AxisError as problem:
            skipped.append({"file": str(file), "pose": "", "error": str(problem)})
            continue
        for pose in poses:
            try:
                yield f"{file.stem} {pose}", _view(scene, pose, look)
            except CannotFit as problem:
                skipped.append({"file": str(file), "pose": pose, "error": str(problem)})


def _view(scene: Scene, pose: str, look: dict[str, Any]) -> View:
    from axis_core import door

    return door.render(scene, pose="" if pose == REST else pose, **look)
