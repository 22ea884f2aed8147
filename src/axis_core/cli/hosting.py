"""The plugin host of a run."""

from __future__ import annotations

from axis_core import builtin, door
from axis_core.plugin import PluginHost


__all__ = ["make_host"]


def make_host(*, plugins: bool) -> PluginHost:
    """Return the library's own host, or one without installed plugins."""
    return door.default_host() if plugins else PluginHost([("axis", builtin)], installed=False)
