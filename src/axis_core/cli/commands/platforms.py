"""``axis platforms``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from axis_core.cli.columns import columns, thousands
from axis_core.cli.commands.stages import option_rows
from axis_core.cli.group import AxisCommand
from axis_core.cli.session import Session


if TYPE_CHECKING:
    from axis_core.plugin import Platform


__all__ = ["command"]


@click.command("platforms", cls=AxisCommand)
@click.argument("names", nargs=-1, metavar="[NAME]...")
@click.pass_obj
def command(session: Session, names: tuple[str, ...]) -> None:
    """List the platforms; with NAME their skeleton, axes, limits and options."""
    found = tuple(session.host.platform(name) for name in names) or session.host.platforms
    if names or session.verbose:
        text = "\n\n".join(_described(platform) for platform in found)
    else:
        rows = [(p.name, p.title, p.skeleton, str(p.max_influences), p.summary) for p in found]
        text = columns(rows, header=("NAME", "TITLE", "BONES", "INFLUENCES", "WHAT"), right=(3,))
    session.result({"platforms": [_plain(platform) for platform in found]}, text)


def _described(platform: Platform) -> str:
    rows = [
        ("  bone names", platform.skeleton),
        ("  influences", f"at most {platform.max_influences} a vertex"),
        ("  triangles", f"at most {thousands(platform.max_triangles)}"),
        ("  textures", f"at most {platform.max_texture} pixels a side"),
        ("  FBX, OBJ, STL", f"{platform.up_axis} up, facing {platform.forward_axis}, {platform.handedness}-handed, "
         f"unit {platform.unit_m:g} m"),
        ("  formats", ", ".join(platform.formats)),
    ]  # fmt: skip
    rows += [(f"  tier {tier}", f"{thousands(n)} triangles") for tier, n in platform.budgets.items()]
    options = columns(option_rows(_schema(platform), prefix=f"  {platform.name}."))
    return "\n".join(
        filter(None, (f"{platform.name}: {platform.title}. {platform.summary}".rstrip(), columns(rows), options))
    )


def _schema(platform: Platform) -> dict[str, Any]:
    from axis_core.plugin import options_schema

    return options_schema(platform.options) if platform.options else {"properties": {}}


def _plain(platform: Platform) -> dict[str, Any]:
    keys = (
        "name", "title", "summary", "skeleton", "up_axis", "forward_axis", "handedness", "unit_m", "max_influences",
        "max_triangles", "max_texture", "budgets", "formats",
    )  # fmt: skip
    return {**{key: getattr(platform, key) for key in keys}, "options": _schema(platform)}
