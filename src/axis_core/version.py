"""The version, from the installed distribution."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version


__all__ = ["SOFTWARE", "VERSION"]


def _version() -> str:
    try:
        return version("axis-avatars")
    except PackageNotFoundError:
        return "0+unknown"


VERSION = _version()
SOFTWARE = f"AXIS {VERSION}"
"""What files say made them: glTF's ``asset.generator``."""
