"""The parent's side: lay the file out in a folder of its own, let a child process read it, take its GLB."""

from __future__ import annotations

import tempfile
from pathlib import Path, PurePosixPath
from typing import Any

import attrs

import axis_core
from axis_core.plugin import Companions, Sandbox, Scene
from axis_importer_usd.package import lay_out


__all__ = ["MAX_SECONDS", "MEMORY_MB", "read_scene"]

MEMORY_MB = 4096
MAX_SECONDS = 120.0
MAX_ROUNDS = 4
"""How often files beside the layer may name further ones."""


def read_scene(
    data: bytes,
    *,
    name: str,  # noqa: ARG001 - part of every reader's signature; content decides
    companions: Companions,
    seconds: float = MAX_SECONDS,
    memory_mb: int = MEMORY_MB,
) -> Scene:
    """Return the scene in ``data``, in metres, Y up.

    Parameters
    ----------
    companions : callable
        Asked for textures and layers by their base names where the file is no package.

    Raises
    ------
    InputError
        ``parse_failed``: USD refuses it, or died on it; ``external_uri``: it composes layers from outside;
        ``empty_geometry``.
    LimitExceeded
        It took too long or too much memory.
    """
    with tempfile.TemporaryDirectory(prefix="axis-usd-") as folder:
        inside, target = Path(folder) / "in", Path(folder) / "scene.glb"
        inside.mkdir()
        root = lay_out(data, inside)
        task = {"root": str(root), "folder": str(inside), "target": str(target), "seconds": seconds}
        for _ in range(MAX_ROUNDS):
            sandbox = Sandbox("axis_importer_usd.child:parse", memory_mb=memory_mb, seconds=seconds)
            try:
                told = sandbox.run(task)
            finally:
                sandbox.close()
            if not _fetch(told.get("missing", ()), companions, inside):
                break
        scene = axis_core.read(target.read_bytes(), name="scene.glb")
    notes = [*map(str, told.get("notes", ())), *scene.notes]
    return attrs.evolve(scene, source_format="usd", asset={"version": "2.0"}, notes=tuple(notes))


def _fetch(missing: Any, companions: Companions, folder: Path) -> int:
    """Put the files that the child missed into the folder, by base name; return how many there were."""
    n = 0
    for path in missing:
        base = PurePosixPath(str(path).replace("\\", "/")).name
        found = companions(base) if base and not (folder / base).exists() else None
        if found is not None:
            (folder / base).write_bytes(found)
            n += 1
    return n
