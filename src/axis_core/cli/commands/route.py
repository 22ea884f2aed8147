"""``axis route``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from axis_core.cli.columns import columns
from axis_core.cli.group import AxisCommand, AxisGroup
from axis_core.cli.session import Session


__all__ = ["command"]


@click.group("route", cls=AxisGroup)
def command() -> None:
    """Show who would be asked to make something."""


@command.command("explain", cls=AxisCommand)
@click.argument("mode", metavar="MODE")
@click.option("--provider", "hint", default="", metavar="NAME", help="Who should go first.")
@click.option("--config", type=click.Path(path_type=Path), default=None, metavar="FILE", help="Routing rules, TOML.")
@click.option("--class", "asset_class", default="avatar", show_default=True, help="avatar, object or scene.")
@click.option("--may-leave", is_flag=True, help="The request may leave this machine, if the rules allow it.")
@click.pass_obj
def explain(session: Session, mode: str, hint: str, config: Path | None, asset_class: str, may_leave: bool) -> None:
    """Say who would be asked for MODE, in which order, who not, and why; nobody is asked.

    MODE is text_to_3d, image_to_3d, avatar_parametric or mesh_upload.

    \b
      axis route explain image_to_3d
      axis route explain text_to_3d --config routing.toml --may-leave
    """
    from axis_core.plugin import Request
    from axis_core.providers.routing import plan_route
    from axis_core.providers.routing_config import load_routing

    plan = plan_route(
        Request(mode=mode),
        session.host.providers,
        load_routing(config),
        hint=hint,
        asset_class=asset_class,
        may_leave=may_leave,
    )
    told = plan.explained()
    session.result(told, _text(told))


def _text(told: dict[str, Any]) -> str:
    rows = [(f"  {k}.", c["name"], c["reason"]) for k, c in enumerate(told["order"], start=1)]
    rows += [("  no", c["name"], c["reason"]) for c in told["refused"]]
    first = told["provider"] or "nobody"
    return "\n".join([f"{told['mode']}: {first}", columns(rows)])
