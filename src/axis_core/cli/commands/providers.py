"""``axis providers``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from axis_core.cli.columns import columns
from axis_core.cli.group import AxisCommand
from axis_core.cli.session import Session


if TYPE_CHECKING:
    from axis_core.plugin import Provider


__all__ = ["command"]


@click.command("providers", cls=AxisCommand)
@click.argument("names", nargs=-1, metavar="[NAME]...")
@click.pass_obj
def command(session: Session, names: tuple[str, ...]) -> None:
    """List who makes avatars, from what, and whether they can now."""
    found = tuple(session.host.provider(name) for name in names) or session.host.providers
    rows = [_plain(p) for p in found]
    header = ("NAME", "FROM", "WHERE", "NOW", "WHAT")
    table = [
        (r["name"], ", ".join(r["modes"]), r["where"], "ready" if r["available"] else r["reason"], r["summary"])
        for r in rows
    ]
    session.result({"providers": rows}, columns(table, header=header))


def _plain(provider: Provider) -> dict[str, Any]:
    reason = provider.health()
    return {
        "name": provider.name,
        "summary": provider.summary,
        "modes": list(provider.modes),
        "asset_classes": list(provider.asset_classes),
        "where": "this machine" if provider.local else "remote",
        "device": provider.device,
        "licence": provider.licence,
        "available": not reason,
        "reason": reason,
    }
