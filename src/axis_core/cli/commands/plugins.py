"""``axis plugins``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from axis_core.cli.columns import columns
from axis_core.cli.failures import DONE, FINDINGS, failure_json
from axis_core.cli.group import AxisGroup
from axis_core.cli.session import Session
from axis_core.errors import PluginError


if TYPE_CHECKING:
    from axis_core.plugin import PluginInfo


__all__ = ["command"]


@click.group("plugins", cls=AxisGroup)
def command() -> None:
    """List or check plugins: what is built in, and what installed distributions add."""


@command.command("list", short_help="List plugins and what they give.")
@click.pass_obj
def list_plugins(session: Session) -> None:
    """List every plugin with what it gives; one that cannot be used is listed with its error."""
    infos = session.host.plugins()
    session.result({"plugins": infos}, "\n".join(_text(info, all_names=session.verbose) for info in infos))


@command.command("check", short_help="Check that plugins load and keep the rules.")
@click.argument("names", nargs=-1, metavar="[NAME]...")
@click.pass_obj
def check_plugins(session: Session, names: tuple[str, ...]) -> int:
    """Check that installed plugins load and that their records keep what they promise; all of them, or those named.

    The checks are those of `axis_core.testing`. Exits with 1 if one fails.
    """
    problems = _problems(session, names)
    failed = {name: found for name, found in problems.items() if found}
    lines = [f"{name}: {'ok' if not found else found[0]}" for name, found in problems.items()]
    lines += [f"  {name}: {problem}" for name, found in failed.items() for problem in found[1:]]
    text = "\n".join(lines) or "no plugin is installed; `axis plugins check axis` checks what is built in"
    session.result({"ok": not failed, "plugins": problems}, text)
    return FINDINGS if failed else DONE


def _problems(session: Session, names: tuple[str, ...]) -> dict[str, list[str]]:
    """Return plugin -> what is wrong with it."""
    from axis_core.cli.plugin_checks import check_records, pick

    try:
        host = session.host
    except PluginError as exc:  # two plugins of one name: no host can be made, and that is the finding
        return {"(all)": [f"{failure_json(exc)['message']} {exc.hint or ''}".strip()]}
    return {info.name: [info.error] if info.error else check_records(host, info) for info in pick(host, names)}


def _text(info: PluginInfo, *, all_names: bool) -> str:
    origin = f"{info.distribution} {info.version}".strip() or "built in"
    if info.error:
        return f"{info.name} ({origin})  SET ASIDE: {info.error}"
    kinds: dict[str, list[str]] = {}
    for entry in info.gives:
        kind, _, name = entry.partition(":")
        kinds.setdefault(kind.replace("_", " "), []).append(name)
    rows = [(f"  {kind}", _listed(names, all_names=all_names)) for kind, names in kinds.items()]
    return "\n".join(filter(None, (f"{info.name} ({origin})", columns(rows))))


def _listed(names: list[str], *, all_names: bool) -> str:
    most = len(names) if all_names else 12
    more = f", and {len(names) - most} more (-v)" if len(names) > most else ""
    return ", ".join(names[:most]) + more
