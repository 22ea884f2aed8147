"""``axis demo``."""

from __future__ import annotations

from pathlib import Path

import click

from axis_core.cli.files import INPUT
from axis_core.cli.group import AxisCommand
from axis_core.cli.options import DEFAULT_TIER, platform_option, tier_option
from axis_core.cli.session import Session


__all__ = ["command"]

_BODY = "demo_body.glb"


@click.command("demo", cls=AxisCommand)
@click.argument("source", type=INPUT, required=False, metavar="[INPUT]")
@click.option(
    "-o",
    "--output",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("axis-demo"),
    show_default=True,
    metavar="DIR",
    help="Where the results go.",
)
@platform_option
@tier_option(DEFAULT_TIER)
@click.pass_obj
def command(session: Session, source: Path | None, output: Path, platform: str, tier: str) -> int:
    """Make a first avatar: the demo body as a plain mesh without a rig, then what `axis process` makes of it.

    With INPUT your own mesh takes the body's place. Without --platform it is made for Unity. The body needs the data
    pack `body`: run `axis assets install body` first.
    """
    from axis_core.cli.batch import Request, run_batch

    host = session.host
    name = platform or "unity"
    host.platform(name)
    mesh = source if source is not None else _write_body(session, output)
    status = run_batch(session, Request(sources=(mesh,), output=output, platform=name, tier=tier))
    if not session.json:
        session.remark(f"\nLook at {output / 'preview.png'}; drop {output / 'avatar.glb'} into a project.")
    return status


def _write_body(session: Session, folder: Path) -> Path:
    """Write the dressed demo body without skeleton into ``folder`` and return its path."""
    from axis_core import door
    from axis_core.body import demo_scene

    with session.progress("the demo body") as step:
        step(0.2, "reading the data pack")
        scene = demo_scene()
        path = folder / _BODY
        path.parent.mkdir(parents=True, exist_ok=True)
        door.write(scene, path, host=session.host)
    return path
