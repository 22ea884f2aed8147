"""Compile every kernel ahead: a tiny figure is taken through the whole pipeline once, and its code stays in the cache.

Many processes may start on an empty cache: the first one compiles, the others wait for it and then load.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any

from axis_core.door import process, skin
from axis_core.kernels.cpu.jit import cache_folder, file_lock
from axis_core.kernels.decimate import decimate
from axis_core.model.skeleton import Skeleton
from axis_core.model.soup import scene_soup
from axis_core.testing import capsule_person


__all__ = ["ensure_warm", "is_warm", "warm_kernels"]

Progress = Callable[[float, str], None]


def is_warm() -> bool:
    """Return whether the kernels of this version have been compiled on this machine."""
    return bool(_marker().is_file())


def _marker() -> Any:
    return cache_folder() / "warm.json"


def warm_kernels(progress: Progress | None = None) -> dict[str, float]:
    """Compile everything that is not in the cache and return seconds by step.

    Parameters
    ----------
    progress : callable (fraction, message), optional
    """
    seconds: dict[str, float] = {}
    scene = capsule_person(rigged=False)
    soup = scene_soup(scene)
    small = Skeleton(names=("a", "b"), parents=(-1, 0), positions=((0, 1, 0), (0, 1.5, 0)))

    def whole(fraction: float, message: str) -> None:
        if progress is not None:
            progress(0.9 * fraction, message)

    steps: tuple[tuple[str, Callable[[], Any]], ...] = (
        ("pipeline", lambda: process(scene, profile="lenient", progress=whole)),
        ("decimate", lambda: decimate(soup.positions, soup.faces, 500)),
        ("voxel weights", lambda: skin(scene, small, method="voxel")),
        ("rigid weights", lambda: skin(scene, small, method="rigid")),
    )
    for k, (name, run) in enumerate(steps):
        begun = time.perf_counter()
        run()
        seconds[name] = round(time.perf_counter() - begun, 2)
        if progress is not None:
            progress(0.9 + 0.1 * (k + 1) / len(steps), name)
    _marker().parent.mkdir(parents=True, exist_ok=True)
    _marker().write_text(json.dumps(seconds))
    return seconds


def ensure_warm(progress: Progress | None = None) -> bool:
    """Compile the kernels if nobody has, or wait for the process that does; return whether there was anything to do."""
    if is_warm():
        return False
    with file_lock(cache_folder() / "warming"):
        if is_warm():
            return True
        warm_kernels(progress)
    return True
