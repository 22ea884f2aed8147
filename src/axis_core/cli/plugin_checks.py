"""What ``axis plugins check`` asks of the records of a plugin."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

import attrs
import click

from axis_core.errors import NotFound
from axis_core.plugin import Format, PluginHost, PluginInfo, Repair, Scene, Stage, options_schema


__all__ = ["check_records", "pick"]


def pick(host: PluginHost, names: Iterable[str]) -> tuple[PluginInfo, ...]:
    """Return what is known of the plugins of these names, or of all.

    Raises
    ------
    NotFound
    """
    known = {info.name: info for info in host.plugins()}
    wanted = tuple(names) or tuple(known)
    for name in wanted:
        if name not in known:
            raise NotFound(f"there is no plugin {name!r}.", hint=f"Known: {', '.join(known)}.")
    return tuple(known[name] for name in wanted)


def check_records(host: PluginHost, info: PluginInfo) -> list[str]:
    """Return what is wrong with the records of a plugin; empty for a good one."""
    problems: list[str] = []
    for entry in info.gives:
        kind, _, name = entry.partition(":")
        record = next(r for r in getattr(host, _SINGULAR.get(kind, kind)) if r.name == name)
        check = _CHECKS.get(kind)
        if check is None:
            continue
        try:
            problems += [f"{entry}: {problem}" for problem in check(record)]
        except Exception as exc:  # noqa: BLE001 - whatever a plugin's function raises is the finding
            problems.append(f"{entry}: {type(exc).__name__}: {exc}")
    return problems


def _check_format(record: Format) -> Iterator[str]:
    if not record.suffixes:
        yield "has no suffix"
    for suffix in record.suffixes:
        if suffix != suffix.lower() or not suffix.startswith("."):
            yield f"the suffix {suffix!r} is not lower case with a leading dot"
    if record.read is None and record.write is None:
        yield "can neither read nor write"
    for head in (b"", b"\x00" * 64, b"\xff\xfe" * 2048):
        if record.sniff(head):
            yield f"takes bytes that are of no format for its own: {head[:8]!r}"


def _check_stage(record: Stage) -> Iterator[str]:
    record.options()  # every option has a default
    options_schema(record.options)
    if not attrs.has(record.options):
        yield "its options are no attrs class"


def _check_repair(record: Repair) -> Iterator[str]:
    empty = Scene()
    if record.apply(empty, record.options() if record.options is not None else None).scene != empty:
        yield "changes an empty scene"


def _check_command(record: Any) -> Iterator[str]:
    if not isinstance(record.build(), click.Command):
        yield "build() gives no click command"


def _check_platform(record: Any) -> Iterator[str]:
    if record.options is not None:
        record.options()
    if record.unit_m <= 0 or record.max_influences < 1:
        yield f"has a unit of {record.unit_m} m and {record.max_influences} influences"


_SINGULAR = {"audit_rules": "rules"}
_CHECKS: dict[str, Callable[[Any], Iterable[str]]] = {
    "formats": _check_format,
    "stages": _check_stage,
    "repairs": _check_repair,
    "commands": _check_command,
    "platforms": _check_platform,
}
