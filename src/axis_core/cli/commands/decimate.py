"""``axis decimate``."""

from __future__ import annotations

from pathlib import Path

import click

from axis_core.cli.columns import thousands
from axis_core.cli.files import INPUT, make_parents, refuse_overwriting
from axis_core.cli.group import AxisCommand
from axis_core.cli.options import output_option
from axis_core.cli.session import Session


__all__ = ["command"]


@click.command("decimate", cls=AxisCommand)
@click.argument("source", type=INPUT, metavar="INPUT")
@output_option("Where the result goes; the suffix names the format.")
@click.option("--triangles", type=click.IntRange(1), metavar="N", help="At most as many triangles.")
@click.option(
    "--max-error",
    type=click.FloatRange(0, min_open=True),
    metavar="M",
    help="Stop before the surface moves further than this, in metres of the file.",
)
@click.pass_obj
def command(session: Session, source: Path, output: Path, triangles: int | None, max_error: float | None) -> None:
    """Reduce the number of triangles of INPUT; seams, materials, skins and morph targets are kept."""
    from axis_core import door

    if triangles is None and max_error is None:
        raise click.UsageError("Give --triangles N, --max-error M, or both.")
    refuse_overwriting(output, source)
    session.host.format(output.suffix)
    scene = door.read(source, host=session.host)
    before = scene.n_triangles
    smaller = door.decimate(scene, triangles, max_error_m=max_error)
    after = smaller.n_triangles
    make_parents(output)
    files = door.write(smaller, output, host=session.host)
    missed = triangles is not None and after > triangles
    short = f"\n{triangles:,} could not be reached without breaking the mesh" if missed else ""
    session.result(
        {"files": files, "triangles": after, "triangles_before": before},
        f"wrote {output}: {thousands(before)} -> {thousands(after)} triangles{short}",
    )
