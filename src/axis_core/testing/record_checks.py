"""What every record promises, and how a broken promise is told."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TypeVar

import attrs
import numpy as np

from axis_core.model.artefact import Artefact
from axis_core.model.digest import scene_digest
from axis_core.model.scene import Scene
from axis_core.plugin.options import options_schema


__all__ = ["check_files", "check_name", "check_options", "require", "unchanged"]

_NAME = re.compile(r"[a-z][a-z0-9]*(?:[_-][a-z0-9]+)*")
_MEDIA_TYPE = re.compile(r"[a-z]+/[A-Za-z0-9.+-]+")
_T = TypeVar("_T")


def require(condition: object, message: str) -> None:
    """Raise AssertionError with ``message`` unless ``condition`` holds; works under ``python -O`` as well."""
    if not condition:
        raise AssertionError(message)


def check_name(kind: str, name: str) -> None:
    """Check that a record's name is lower case words joined by ``-`` or ``_``."""
    require(_NAME.fullmatch(name), f"{kind} {name!r}: names are lower case words joined by - or _")


def check_options(label: str, options: type | None) -> None:
    """Check that an options class is a frozen attrs class with a default for every field and a JSON Schema."""
    if options is None:
        return
    require(attrs.has(options), f"{label}: options {options.__name__} is no attrs class")
    missing = [f.name for f in attrs.fields(options) if f.default is attrs.NOTHING]
    require(not missing, f"{label}: the options {missing} have no default")
    schema = options_schema(options)
    silent = [n for n, s in schema["properties"].items() if not s.get("description")]
    require(not silent, f"{label}: the options {silent} have no line of documentation; see axis_core.plugin.option")
    if attrs.fields(options):
        field = attrs.fields(options)[0]
        instance = options()
        try:
            setattr(instance, field.name, getattr(instance, field.name))
        except attrs.exceptions.FrozenInstanceError:
            return
        raise AssertionError(f"{label}: options {options.__name__} is not frozen")


def check_files(label: str, files: object, *, suffixes: tuple[str, ...] = ()) -> tuple[Artefact, ...]:
    """Check that ``files`` are artefacts with plain, unique names and media types, the first with a known suffix."""
    given = isinstance(files, tuple) and len(files) > 0
    require(given, f"{label} must give a tuple of at least one Artefact, gave {files!r:.80}")
    assert isinstance(files, tuple)
    for file in files:
        require(isinstance(file, Artefact), f"{label} gave {type(file).__name__}, expected Artefact")
        require(isinstance(file.data, bytes), f"{label}: {file.name} holds {type(file.data).__name__}, expected bytes")
        plain = file.name and "/" not in file.name and "\\" not in file.name and file.name not in (".", "..")
        require(plain, f"{label}: {file.name!r} is no plain file name")
        require(_MEDIA_TYPE.fullmatch(file.media_type), f"{label}: {file.media_type!r} is no media type")
    names = [file.name for file in files]
    require(len(set(names)) == len(names), f"{label}: two files are called the same: {names}")
    if suffixes:
        require(files[0].name.endswith(suffixes), f"{label}: {files[0].name!r} has none of the suffixes {suffixes}")
    return files


def unchanged(label: str, scene: Scene, act: Callable[[], _T]) -> _T:
    """Run ``act`` and check that it leaves ``scene`` alone, values and write protection of its arrays."""
    before = scene_digest(scene)
    result = act()
    require(scene_digest(scene) == before, f"{label} changed the scene it was given")
    writable = [
        m.name
        for m in scene.meshes
        if m.positions.flags.writeable or m.faces.flags.writeable or _writable(m.weights) or _writable(m.normals)
    ]
    require(not writable, f"{label} made arrays of {writable} writable")
    return result


def _writable(array: object) -> bool:
    return isinstance(array, np.ndarray) and bool(array.flags.writeable)
