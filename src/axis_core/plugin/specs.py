"""The hooks. An implementation returns a list of records and may take fewer arguments than the specification."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pluggy


if TYPE_CHECKING:
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


__all__ = ["Specs", "hookimpl"]

hookimpl = pluggy.HookimplMarker("axis")
"""Marks a function of a plugin as the implementation of the hook of the same name."""

_spec = pluggy.HookspecMarker("axis")


class Specs:
    """Every hook of AXIS. The records are documented in ``axis_core.plugin.kinds``."""

    @_spec
    def axis_formats(self) -> list[Format]:  # type: ignore[empty-body]
        """Return file formats to read or write. Do not open files: you are given bytes."""

    @_spec
    def axis_platforms(self) -> list[Platform]:  # type: ignore[empty-body]
        """Return engines or services with their rules."""

    @_spec
    def axis_providers(self) -> list[Provider]:  # type: ignore[empty-body]
        """Return sources of avatars: from words, parameters or pictures. Keys come from the environment."""

    @_spec
    def axis_repairs(self) -> list[Repair]:  # type: ignore[empty-body]
        """Return ways to mend findings. Each is idempotent and keeps skins, morphs, UVs and materials alive."""

    @_spec
    def axis_audit_rules(self) -> list[Rule]:  # type: ignore[empty-body]
        """Return rules that find issues. A rule never raises for a bad avatar."""

    @_spec
    def axis_audit_formats(self) -> list[AuditFormat]:  # type: ignore[empty-body]
        """Return ways to print a report."""

    @_spec
    def axis_stages(self) -> list[Stage]:  # type: ignore[empty-body]
        """Return stages of the pipeline. The name is unique; options have a default each."""

    @_spec
    def axis_archetypes(self) -> list[Archetype]:  # type: ignore[empty-body]
        """Return kinds of bodies that can be recognised and given a skeleton."""

    @_spec
    def axis_ai_providers(self) -> list[AIProvider]:  # type: ignore[empty-body]
        """Return language models that plan goals. They are asked, and what they propose is checked; keys stay yours."""

    @_spec
    def axis_commands(self) -> list[Command]:  # type: ignore[empty-body]
        """Return subcommands of ``axis``."""

    @_spec
    def axis_stage_started(self, stage: Stage, state: Outcome) -> None:
        """Observe that a stage starts. What is returned is ignored."""

    @_spec
    def axis_stage_finished(self, stage: Stage, state: Outcome, seconds: float) -> None:
        """Observe that a stage has ended well. What is returned is ignored."""
