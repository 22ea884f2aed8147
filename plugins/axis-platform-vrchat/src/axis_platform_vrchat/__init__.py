"""VRChat as a platform of AXIS."""

from __future__ import annotations

from axis_core.plugin import Platform, hookimpl
from axis_platform_vrchat.platform import PLATFORM


__all__ = ["PLATFORM", "axis_platforms"]


@hookimpl
def axis_platforms() -> list[Platform]:
    """Return vrchat."""
    return [PLATFORM]
