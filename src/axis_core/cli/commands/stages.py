"""``axis stages``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import click

from axis_core.cli.columns import columns
from axis_core.cli.group import AxisCommand
from axis_core.cli.session import Session


if TYPE_CHECKING:
    from axis_core.plugin import Stage


__all__ = ["command", "option_rows"]


@click.command("stages", cls=AxisCommand)
@click.argument("names", nargs=-1, metavar="[NAME]...")
@click.pass_obj
def command(session: Session, names: tuple[str, ...]) -> None:
    """List the stages of the pipeline in order; with NAME also their options.

    Options are set by `axis process --option stage.key=value`.
    """
    from axis_core.plugin import options_schema

    stages = tuple(session.host.stage(name) for name in names) or session.host.stages
    schemas = {stage.name: options_schema(stage.options) for stage in stages}
    payload = [
        {"name": s.name, "summary": s.summary, "needs": s.needs, "gives": s.gives, "options": schemas[s.name]}
        for s in stages
    ]
    if names or session.verbose:
        text = "\n\n".join(_described(stage, schemas[stage.name]) for stage in stages)
    else:
        rows = [(s.name, s.summary, ", ".join(schemas[s.name]["properties"])) for s in stages]
        text = columns(rows, header=("STAGE", "WHAT", "OPTIONS"))
    session.result({"stages": payload}, text)


def _described(stage: Stage, schema: Mapping[str, Any]) -> str:
    rows = columns(option_rows(schema, prefix=f"  {stage.name}."))
    return f"{stage.name}: {stage.summary}\n{rows or '  no options'}"


def option_rows(schema: Mapping[str, Any], *, prefix: str = "  ") -> Iterator[tuple[str, str, str]]:
    """Yield (name, type and default, meaning) of the options of a JSON Schema."""
    for name, field in schema["properties"].items():
        kind = " | ".join(map(str, field["enum"])) if "enum" in field else field.get("type", "object")
        if "minimum" in field:
            kind += f" {field['minimum']} to {field['maximum']}"
        default = f" = {field['default']}" if "default" in field and field["default"] != "" else ""
        yield f"{prefix}{name}", f"{kind}{default}", field.get("description", "")
