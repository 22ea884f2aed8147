"""FBX (from 7.1), Collada, 3DS and X files for AXIS, read by assimp in a child process with limits."""

from __future__ import annotations

from axis_core.plugin import Format, hookimpl
from axis_importer_assimp.records import FORMATS


__all__ = ["FORMATS", "axis_formats"]


@hookimpl
def axis_formats() -> list[Format]:
    """Return fbx, dae, threeds and x, for reading."""
    return list(FORMATS)
