"""Bytes <-> Scene, one file a format. The doors are ``read_scene``, ``read_path`` and ``write_scene``."""

from __future__ import annotations

from axis_core.formats.door import folder_companions, open_path, read_path, read_scene, write_scene
from axis_core.formats.glb import GLB, GLTF, VRM
from axis_core.formats.limits import DEFAULT_LIMITS, Limits
from axis_core.formats.obj import OBJ
from axis_core.formats.ply import PLY
from axis_core.formats.stl import STL
from axis_core.plugin.kinds import Format, no_companions


__all__ = [
    "DEFAULT_LIMITS",
    "FORMATS",
    "Limits",
    "folder_companions",
    "no_companions",
    "open_path",
    "read_path",
    "read_scene",
    "write_scene",
]

FORMATS: tuple[Format, ...] = (GLB, GLTF, VRM, OBJ, PLY, STL)
"""The built-in formats, for the plugin host."""
