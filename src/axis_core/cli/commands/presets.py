"""``axis presets``."""

from __future__ import annotations

from typing import Any

import click

from axis_core.cli.columns import columns
from axis_core.cli.group import AxisCommand
from axis_core.cli.session import Session


__all__ = ["command"]


@click.command("presets", cls=AxisCommand)
@click.argument("names", nargs=-1, metavar="[NAME]...")
@click.option("--sliders", is_flag=True, help="List the parameters and sliders for --set instead.")
@click.option("--animations", is_flag=True, help="List the clips for --animate instead.")
@click.pass_obj
def command(session: Session, names: tuple[str, ...], sliders: bool, animations: bool) -> None:
    """List the people to begin with; with NAME all their values."""
    if sliders:
        _sliders(session)
    elif animations:
        _animations(session)
    else:
        _presets(session, names)


def _presets(session: Session, names: tuple[str, ...]) -> None:
    from axis_core.body.presets import find_preset, list_presets
    from axis_core.cli.json_text import json_bytes
    from axis_core.providers.parametric import plain_recipe

    found = tuple(find_preset(name) for name in names) or list_presets()
    rows: list[dict[str, Any]] = [
        {"name": p.name, "summary": p.summary, "parameters": plain_recipe(p.recipe)} for p in found
    ]
    text = columns((r["name"], r["summary"]) for r in rows)
    if names:
        text = "\n".join(f"{r['name']}: {r['summary']}\n{json_bytes(r['parameters']).decode()}" for r in rows)
    session.result({"presets": rows}, text)


def _sliders(session: Session) -> None:
    from axis_core.body import AvatarRecipe, list_sliders
    from axis_core.cli.commands.stages import option_rows
    from axis_core.plugin import options_schema

    schema = options_schema(AvatarRecipe)
    listed = list_sliders()
    cells = (
        (s.name, s.area, s.group, f"{s.low} {s.minimum:g}", f"{s.high} {s.maximum:g}", "left_ right_" * s.sided)
        for s in listed
    )
    table = columns(cells, header=("SLIDER", "AREA", "GROUP", "LOW", "HIGH", "SIDES"))
    rows = [
        {"name": s.name, "area": s.area, "group": s.group, "minimum": s.minimum, "maximum": s.maximum,
         "low": s.low, "high": s.high, "sided": s.sided}
        for s in listed
    ]  # fmt: skip
    session.result({"parameters": schema, "sliders": rows}, f"{columns(option_rows(schema))}\n\n{table}")


def _animations(session: Session) -> None:
    import attrs

    from axis_core.body.clips import list_clips

    rows = [attrs.asdict(clip) for clip in list_clips()]
    text = columns(
        ((r["name"], r["group"], f"{r['seconds']:.1f} s", "loops" if r["loops"] else "", r["summary"]) for r in rows),
        header=("CLIP", "GROUP", "LENGTH", "", "WHAT"),
        right=(2,),
    )
    session.result({"animations": rows}, text)
