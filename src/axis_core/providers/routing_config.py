"""How requests are routed, as one TOML table; nothing in it is secret.

::

    [routing]
    preferred_order = ["trellis2", "photo_fit", "parametric"]
    allow_remote = false            # whether anything may leave this machine at all

    [routing.per_mode]
    image_to_3d = ["photo_fit", "visual_hull"]

    [routing.retry]
    max_attempts = 3
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import attrs

from axis_core.errors import InputError
from axis_core.plugin.options import between, option, structure_options


__all__ = ["MODES", "Breaker", "Retry", "RoutingConfig", "load_routing"]

MODES = ("text_to_3d", "image_to_3d", "avatar_parametric", "mesh_upload")


@attrs.frozen(kw_only=True)
class Retry:
    """How often one provider is asked again; waits double from ``base_s``, each shortened by up to ``jitter``."""

    max_attempts: int = option(2, "Calls of one provider for one request.", validator=between(1, 10))
    base_s: float = option(0.5, "First wait.", validator=between(0.0, 60.0), unit="s")
    max_s: float = option(20.0, "Longest wait.", validator=between(0.0, 600.0), unit="s")
    jitter: float = option(0.5, "Share of a wait that is left to chance.", validator=between(0.0, 1.0))


@attrs.frozen(kw_only=True)
class Breaker:
    """When a provider is left alone: after so many failures in a row, for so long."""

    failures: int = option(4, "Failures in a row that open the circuit.", validator=between(1, 100))
    cooldown_s: float = option(30.0, "How long it stays open.", validator=between(0.0, 86400.0), unit="s")


@attrs.frozen(kw_only=True)
class RoutingConfig:
    """How a provider is chosen.

    Attributes
    ----------
    preferred_order : tuple of str
        Providers in the order in which they are tried; others follow in the order in which they are installed.
    per_mode : mapping of mode to tuple of str
        An order of its own for a mode.
    fallback : bool
        Whether another provider is tried where one fails.
    allow_remote : bool
        Whether requests may leave this machine; a photo needs the caller's word besides.
    prefer_byogpu : bool
        Whether a worker of the caller's own goes first.
    allow_cpu_fallback : bool
        Whether a provider on the CPU may stand in for one on a GPU.
    """

    preferred_order: tuple[str, ...] = option((), "Providers in the order in which they are tried.")
    per_mode: Mapping[str, tuple[str, ...]] = option(dict, "An order of its own for a mode.", factory=True)
    fallback: bool = option(True, "Try another provider where one fails.")
    allow_remote: bool = option(False, "Requests may leave this machine.")
    prefer_byogpu: bool = option(True, "A worker of the caller's own goes first.")
    allow_cpu_fallback: bool = option(True, "A provider on the CPU may stand in for one on a GPU.")
    retry: Retry = option(Retry(), "How often one provider is asked again.")
    breaker: Breaker = option(Breaker(), "When a provider is left alone.")

    def order_of(self, mode: str) -> tuple[str, ...]:
        """Return the order for a mode."""
        return tuple(self.per_mode.get(mode, self.preferred_order))


def load_routing(source: Path | str | None) -> RoutingConfig:
    """Return the table ``[routing]`` of a TOML file, given as a path or as text; without one, the defaults.

    Raises
    ------
    InputError
        ``parse_failed`` for a file that is no TOML, ``invalid_request`` for a name or value that does not fit.
    """
    if source is None:
        return RoutingConfig()
    try:
        text = source.read_text("utf-8") if isinstance(source, Path) else source
        table = tomllib.loads(text).get("routing", {})
    except OSError as exc:
        raise InputError(f"{source} cannot be read: {exc.strerror}") from exc
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as exc:
        raise InputError(f"the routing table is no TOML: {exc}", code="parse_failed") from exc
    return _structured(table)


def _structured(table: Any) -> RoutingConfig:
    if not isinstance(table, dict):
        raise InputError("[routing] is no table", pointer="/routing")
    values = dict(table)
    parts: dict[str, Any] = {}
    for name, kind in (("retry", Retry), ("breaker", Breaker)):
        if name in values:
            parts[name] = structure_options(kind, values.pop(name))
    for mode in values.get("per_mode", {}):
        if mode not in MODES:
            raise InputError(f"there is no mode {mode!r}", pointer="/routing/per_mode", hint=f"Modes: {MODES}.")
    return attrs.evolve(structure_options(RoutingConfig, values), **parts)
