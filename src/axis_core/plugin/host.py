"""PluginHost: collects what plugins offer. A value, not a global: make as many as you like."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from importlib.metadata import EntryPoint, entry_points
from types import MappingProxyType
from typing import Any

import attrs
import pluggy

from axis_core.errors import NotFound, PluginError
from axis_core.plugin.ai import AIProvider
from axis_core.plugin.kinds import (
    Archetype,
    AuditFormat,
    Command,
    Format,
    Outcome,
    Platform,
    Provider,
    Repair,
    Rule,
    Stage,
)
from axis_core.plugin.specs import Specs


__all__ = ["ENTRY_POINT_GROUP", "PluginHost", "PluginInfo"]

ENTRY_POINT_GROUP = "axis"

KINDS: Mapping[str, type] = MappingProxyType(
    {
        "axis_formats": Format,
        "axis_platforms": Platform,
        "axis_providers": Provider,
        "axis_repairs": Repair,
        "axis_audit_rules": Rule,
        "axis_audit_formats": AuditFormat,
        "axis_stages": Stage,
        "axis_archetypes": Archetype,
        "axis_ai_providers": AIProvider,
        "axis_commands": Command,
    }
)
"""The record that each collecting hook returns."""


@attrs.frozen(kw_only=True)
class PluginInfo:
    """What is known of one plugin.

    Attributes
    ----------
    error : str
        Why it was set aside; empty when it works.
    gives : tuple of str
        ``kind:name`` of each record.
    """

    name: str
    distribution: str = ""
    version: str = ""
    error: str = ""
    gives: tuple[str, ...] = ()


class PluginHost:
    """Loads plugins and finds their records by name.

    Parameters
    ----------
    plugins : iterable of (name, module or object)
        Registered first, in order. A broken one raises.
    installed : bool
        Whether to load the entry points of the group ``axis``. Each is loaded on its own: a broken one is set aside,
        listed with its error by ``plugins()``, and takes nothing down with it.
    allow : iterable of str or None
        Names of entry points that may be loaded; None allows all.

    Raises
    ------
    PluginError
        ``duplicate_name`` if two plugins give a record of one kind and name; ``unknown_hook`` for a misspelt hook;
        ``plugin_broken`` if a hook does not return a list of its records.
    """

    def __init__(
        self,
        plugins: Iterable[tuple[str, Any]] = (),
        *,
        installed: bool = True,
        allow: Iterable[str] | None = None,
    ) -> None:
        self._manager = pluggy.PluginManager("axis")
        self._manager.add_hookspecs(Specs)
        self._infos: dict[str, PluginInfo] = {}
        self._records: dict[str, dict[str, tuple[Any, str]]] = {hook: {} for hook in KINDS}
        for name, plugin in plugins:
            self._register(name, plugin, PluginInfo(name=name))
        if installed:
            allowed = None if allow is None else frozenset(allow)
            for point in sorted(entry_points(group=ENTRY_POINT_GROUP), key=lambda p: p.name):
                if allowed is None or point.name in allowed:
                    self._load(point)

    def _load(self, point: EntryPoint) -> None:
        dist = point.dist
        info = PluginInfo(name=point.name, distribution=dist.name if dist else "", version=dist.version if dist else "")
        try:
            self._register(point.name, point.load(), info)
        except PluginError as exc:
            if exc.code == "duplicate_name":
                raise
            self._infos[point.name] = attrs.evolve(info, error=str(exc))
        except Exception as exc:  # noqa: BLE001 - whatever a plugin raises is what this host is for
            self._infos[point.name] = attrs.evolve(info, error=f"{type(exc).__name__}: {exc}")

    def _register(self, name: str, plugin: Any, info: PluginInfo) -> None:
        if name in self._infos:
            raise PluginError(
                f"two plugins are called {name!r}: {self._infos[name].distribution or 'built in'} and "
                f"{info.distribution or 'built in'}",
                code="duplicate_name",
                hint="Uninstall one of them.",
            )
        try:
            self._manager.register(plugin, name=name)
            self._manager.check_pending()
            gives = self._collect(name, plugin)
        except pluggy.PluginValidationError as exc:
            if self._manager.is_registered(plugin):
                self._manager.unregister(plugin)
            hooks = ", ".join(sorted(n for n in vars(Specs) if n.startswith("axis_")))
            what = " ".join(str(exc).partition(" in plugin")[0].split())
            raise PluginError(f"plugin {name!r}: {what}", code="unknown_hook", hint=f"Hooks are: {hooks}.") from exc
        except PluginError:
            self._manager.unregister(plugin)
            raise
        except Exception as exc:
            self._manager.unregister(plugin)
            raise PluginError(f"plugin {name!r} failed while listing what it gives: {exc}") from exc
        self._infos[name] = attrs.evolve(info, gives=gives)

    def _collect(self, name: str, plugin: Any) -> tuple[str, ...]:
        found: list[tuple[str, Any]] = []
        for hook, kind in KINDS.items():
            implementation = next(
                (i for i in getattr(self._manager.hook, hook).get_hookimpls() if i.plugin is plugin), None
            )
            if implementation is None:
                continue
            records = implementation.function()
            if not isinstance(records, list | tuple) or not all(isinstance(r, kind) for r in records):
                raise PluginError(f"plugin {name!r}: {hook} must return a list of {kind.__name__}, got {records!r:.80}")
            found.extend((hook, record) for record in records)
        for hook, record in found:
            earlier = self._records[hook].get(record.name)
            if earlier is not None and joined_format(earlier[0], record) is None:
                raise PluginError(
                    f"plugins {earlier[1]!r} and {name!r} both give {hook.removeprefix('axis_')} {record.name!r}",
                    code="duplicate_name",
                    hint="Uninstall one of them.",
                )
        for hook, record in found:
            there = self._records[hook].get(record.name)
            both = None if there is None else joined_format(there[0], record)
            self._records[hook][record.name] = (record, name) if there is None else (both, there[1])
        return tuple(f"{hook.removeprefix('axis_')}:{record.name}" for hook, record in found)

    def plugins(self) -> tuple[PluginInfo, ...]:
        """Return what is known of every plugin, broken ones with their error."""
        return tuple(self._infos.values())

    def _all(self, hook: str) -> tuple[Any, ...]:
        return tuple(record for record, _ in self._records[hook].values())

    def _get(self, hook: str, name: str, what: str) -> Any:
        entry = self._records[hook].get(name)
        if entry is not None:
            return entry[0]
        broken = "".join(f" (plugin {i.name!r} is set aside: {i.error})" for i in self._infos.values() if i.error)
        known = ", ".join(sorted(self._records[hook])) or "none"
        raise NotFound(f"there is no {what} {name!r}", hint=f"Known: {known}.{broken}")

    def origin(self, hook: str, name: str) -> str:
        """Return the name of the plugin that gives a record."""
        return self._records[hook][name][1]

    @property
    def formats(self) -> tuple[Format, ...]:
        """All file formats."""
        return self._all("axis_formats")

    @property
    def platforms(self) -> tuple[Platform, ...]:
        """All platforms."""
        return self._all("axis_platforms")

    @property
    def providers(self) -> tuple[Provider, ...]:
        """All sources of avatars, the built-in ones first."""
        return self._all("axis_providers")

    @property
    def ai_providers(self) -> tuple[AIProvider, ...]:
        """All sources of language models; none is built in."""
        return self._all("axis_ai_providers")

    def ai_provider(self, name: str) -> AIProvider:
        """Return the source of language models called ``name``; raises NotFound."""
        record: AIProvider = self._get("axis_ai_providers", name, "AI provider")
        return record

    @property
    def repairs(self) -> tuple[Repair, ...]:
        """All repairs."""
        return self._all("axis_repairs")

    @property
    def rules(self) -> tuple[Rule, ...]:
        """All audit rules."""
        return self._all("axis_audit_rules")

    @property
    def audit_formats(self) -> tuple[AuditFormat, ...]:
        """All ways to print a report."""
        return self._all("axis_audit_formats")

    @property
    def stages(self) -> tuple[Stage, ...]:
        """All stages, in the order of the pipeline."""
        return tuple(sorted(self._all("axis_stages"), key=lambda s: s.order))

    @property
    def archetypes(self) -> tuple[Archetype, ...]:
        """All archetypes."""
        return self._all("axis_archetypes")

    @property
    def commands(self) -> tuple[Command, ...]:
        """All further subcommands."""
        return self._all("axis_commands")

    def format(self, name: str) -> Format:
        """Return a format by name or suffix."""
        wanted = name.lower().lstrip(".")
        by_name = (f for f in self.formats if f.name == wanted)
        by_suffix = (f for f in self.formats if f".{wanted}" in f.suffixes)
        found = next(by_name, None) or next(by_suffix, None)
        if found is not None:
            return found
        return self._get("axis_formats", wanted, "format")  # type: ignore[no-any-return]

    def platform(self, name: str) -> Platform:
        """Return a platform by name."""
        return self._get("axis_platforms", name, "platform")  # type: ignore[no-any-return]

    def provider(self, name: str) -> Provider:
        """Return a source of avatars by name."""
        return self._get("axis_providers", name, "provider")  # type: ignore[no-any-return]

    def repair(self, name: str) -> Repair:
        """Return a repair by name."""
        return self._get("axis_repairs", name, "repair")  # type: ignore[no-any-return]

    def audit_format(self, name: str) -> AuditFormat:
        """Return a report format by name."""
        return self._get("axis_audit_formats", name, "audit format")  # type: ignore[no-any-return]

    def stage(self, name: str) -> Stage:
        """Return a stage by name."""
        return self._get("axis_stages", name, "stage")  # type: ignore[no-any-return]

    def stage_started(self, stage: Stage, state: Outcome) -> None:
        """Tell the observers that a stage starts."""
        self._manager.hook.axis_stage_started(stage=stage, state=state)

    def stage_finished(self, stage: Stage, state: Outcome, seconds: float) -> None:
        """Tell the observers that a stage has ended."""
        self._manager.hook.axis_stage_finished(stage=stage, state=state, seconds=seconds)


def joined_format(first: Any, second: Any) -> Format | None:
    """Return one format out of two of one name, where one plugin only reads it and the other only writes it."""
    if not (isinstance(first, Format) and isinstance(second, Format)):
        return None
    reader, writer = (first, second) if first.read is not None else (second, first)
    if reader.read is None or reader.write is not None or writer.write is None or writer.read is not None:
        return None
    return attrs.evolve(reader, write=writer.write, summary=f"{reader.summary}; {writer.summary}".strip("; "))
