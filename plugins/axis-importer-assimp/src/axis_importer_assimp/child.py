"""The child's side: assimp parses, and a GLB is left for the parent."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import axis_core
from axis_importer_assimp.convert import convert_scene
from axis_importer_assimp.library import import_bytes, load_library


__all__ = ["parse"]

MAX_FILE_BYTES = 2 * 1024**3


def parse(
    arguments: Mapping[str, Any],
    progress: Callable[[float, str], None],
    cancelled: Callable[[], bool],  # noqa: ARG001 - the signature is the sandbox's
) -> dict[str, Any]:
    """Read ``source``, write ``target`` and return what had to be left out or mended."""
    data = Path(arguments["source"]).read_bytes()
    _limit_time(float(arguments["seconds"]))
    with _no_files():
        held = import_bytes(data, str(arguments["kind"]))
    progress(0.5, "parsed")
    scene, notes = convert_scene(held, str(arguments["kind"]))
    axis_core.write(scene, Path(arguments["target"]))
    return {"notes": notes}


def _limit_time(seconds: float) -> None:
    with contextlib.suppress(ImportError):
        import resource

        resource.setrlimit(resource.RLIMIT_CPU, (int(seconds) + 1, int(seconds) + 1))  # both: SIGKILL
        resource.setrlimit(resource.RLIMIT_FSIZE, (MAX_FILE_BYTES, MAX_FILE_BYTES))


@contextlib.contextmanager
def _no_files() -> Iterator[None]:
    """Let no file be opened while assimp runs: it looks for companions by names from inside the file, ``../`` too."""
    load_library()  # before the door closes
    try:
        import resource
    except ImportError:
        yield
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    held = os.dup(0)
    os.close(held)  # the lowest number that is free: from here on nothing can be opened
    resource.setrlimit(resource.RLIMIT_NOFILE, (held, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
