"""What ``axis plugins check`` asks of a plugin's records: the checks that ``axis_core.testing`` gives to authors."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import click

from axis_core.errors import NotFound
from axis_core.model import Issue, Report
from axis_core.plugin import AuditFormat, Command, PluginHost, PluginInfo, Rule, Stage, Subject
from axis_core.testing import capsule_person, check_archetype, check_format, check_platform, check_repair, check_stage
from axis_core.testing.record_checks import check_options, require


__all__ = ["check_records", "pick"]

BUILT_IN = "axis"
"""The plugin that our own tests check; it takes a while, so it is done only where it is named."""


def pick(host: PluginHost, names: Iterable[str]) -> tuple[PluginInfo, ...]:
    """Return what is known of the plugins of these names, or of all but the built-in one.

    Raises
    ------
    NotFound
    """
    known = {info.name: info for info in host.plugins()}
    wanted = tuple(names) or tuple(name for name in known if name != BUILT_IN)
    for name in wanted:
        if name not in known:
            raise NotFound(f"there is no plugin {name!r}.", hint=f"Known: {', '.join(known)}.")
    return tuple(known[name] for name in wanted)


def check_records(host: PluginHost, info: PluginInfo) -> list[str]:
    """Return what is wrong with the records of a plugin; empty for a good one."""
    problems: list[str] = []
    for entry in info.gives:
        kind, _, name = entry.partition(":")
        check = _CHECKS.get(kind)
        if check is None:
            continue
        record = next(r for r in getattr(host, _ATTRIBUTES.get(kind, kind)) if r.name == name)
        try:
            check(record, host)
        except AssertionError as exc:
            problems.append(str(exc))
        except Exception as exc:  # noqa: BLE001 - whatever a plugin's function raises is the finding
            problems.append(f"{entry}: {type(exc).__name__}: {exc}")
    return problems


def _alone(check: Callable[[Any], None]) -> Callable[[Any, PluginHost], None]:
    return lambda record, _: check(record)


def _check_stage(record: Stage, host: PluginHost) -> None:
    if "source" not in record.needs:
        check_stage(record, host=host)
    else:  # there is no file that every reader takes
        check_options(f"stage {record.name!r}", record.options)


def _check_rule(record: Rule) -> None:
    found = list(record.check(Subject(scene=capsule_person())))
    require(all(isinstance(i, Issue) for i in found), f"rule {record.name!r} gives other things than Issue records")
    stray = sorted({issue.code for issue in found} - set(record.codes))
    require(not stray, f"rule {record.name!r} finds {', '.join(stray)}, which it does not name")


def _check_audit_format(record: AuditFormat) -> None:
    printed = [record.render(Report(), name="person.glb") for _ in range(2)]
    require(isinstance(printed[0], bytes), f"audit format {record.name!r} gives {type(printed[0]).__name__}, not bytes")
    require(printed[0] == printed[1], f"audit format {record.name!r} prints one report in two ways")


def _check_command(record: Command) -> None:
    require(isinstance(record.build(), click.Command), f"command {record.name!r}: build() gives no click command")


_ATTRIBUTES = {"audit_rules": "rules"}
_CHECKS: dict[str, Callable[[Any, PluginHost], None]] = {
    "archetypes": _alone(check_archetype),
    "audit_formats": _alone(_check_audit_format),
    "audit_rules": _alone(_check_rule),
    "commands": _alone(_check_command),
    "formats": _alone(check_format),
    "platforms": _alone(check_platform),
    "repairs": _alone(check_repair),
    "stages": _check_stage,
}
