"""``axis convert``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from axis_core.cli.files import INPUT, OUTPUT, make_parents, refuse_overwriting
from axis_core.cli.group import AxisCommand
from axis_core.cli.session import Session


__all__ = ["command"]


@click.command("convert", cls=AxisCommand)
@click.argument("source", type=INPUT, metavar="IN")
@click.argument("target", type=OUTPUT, metavar="OUT")
@click.option("--compress", type=click.Choice(("meshopt", "draco")), help="Compress the geometry of a GLB.")
@click.option("--textures", type=click.Choice(("webp", "ktx2")), help="Encode the textures of a GLB anew.")
@click.pass_obj
def command(session: Session, source: Path, target: Path, compress: str | None, textures: str | None) -> None:
    """Read IN and write OUT; its suffix names the format.

    What a format cannot hold is left out: OBJ has no skeleton, STL has triangles only.
    """
    from axis_core import door

    refuse_overwriting(target, source)
    session.host.format(target.suffix)  # an unknown suffix is told before the work
    make_parents(target)
    cost: dict[str, Any] = {}
    files = door.convert(
        source, target, compress=compress or "", textures=textures or "", told=cost, host=session.host
    )
    lines = [f"wrote {file}" for file in files] + (_cost_lines(cost) if cost else [])
    session.result({"files": files, **({"compression": cost} if cost else {})}, "\n".join(lines))


def _cost_lines(cost: dict[str, Any]) -> list[str]:
    """Return what compression saved and what it cost."""
    share = cost["bytes"] / max(cost["bytes_before"], 1)
    return [
        f"{cost['bytes_before']:,} bytes became {cost['bytes']:,} ({share:.0%})",
        f"positions moved by at most {cost['position_error_m'] * 1000:.3g} mm",
        *(f"texture {t['name']}: error {t['rms_error']:.2f} of 255" for t in cost["textures"]),
    ]
