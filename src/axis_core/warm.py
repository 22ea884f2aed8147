"""Compile every kernel ahead: a tiny figure is taken through the whole pipeline once, and its code stays in the cache.

Many processes may start on an empty cache: the first one compiles, the others wait for it and then load.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial
from typing import Any

from axis_core.door import process, rig, skin
from axis_core.errors import AxisError
from axis_core.kernels.cpu.cache import cache_folder, file_lock
from axis_core.kernels.decimate import decimate
from axis_core.model.skeleton import Skeleton
from axis_core.model.soup import scene_soup
from axis_core.stages.decimate import decimated_scenes
from axis_core.stages.skin import Method
from axis_core.testing import capsule_person


__all__ = ["ensure_warm", "is_warm", "warm_kernels"]

Progress = Callable[[float, str], None]
Steps = tuple[tuple[str, Callable[[], None]], ...]


def is_warm() -> bool:
    """Return whether the kernels of this version have been compiled on this machine."""
    return bool(_marker().is_file())


def _marker() -> Any:
    return cache_folder() / "warm.json"


def warm_kernels(progress: Progress | None = None) -> dict[str, float]:
    """Compile everything that is not in the cache and return seconds by step.

    Two processes share the work: a child compiles what reduces triangles and weighs through voxels, while this one
    compiles what rigs and weighs by heat.

    Parameters
    ----------
    progress : callable (fraction, message), optional

    Raises
    ------
    AxisError
        If the child fails, with what it said last.
    """
    say = progress or _quiet
    child = subprocess.Popen(
        [sys.executable, "-m", "axis_core.warm"], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )
    try:
        seconds = _run_steps(_RIGGING, lambda done, name: say(0.6 * done, name))
        begun = time.perf_counter()
        _, said = child.communicate()
        seconds["levels"] = round(time.perf_counter() - begun, 2)
    finally:
        child.kill()
    if child.returncode:
        last = said.decode(errors="replace").strip().splitlines()[-1:]
        raise AxisError(f"the process that compiles kernels ended with {child.returncode}: {' '.join(last)}")
    seconds |= _run_steps(_REST, lambda done, name: say(0.6 + 0.4 * done, name))
    _marker().parent.mkdir(parents=True, exist_ok=True)
    _marker().write_text(json.dumps(seconds))
    return seconds


def _quiet(fraction: float, message: str) -> None:
    """Take progress and say nothing."""


def _rigged() -> None:
    rig(capsule_person(rigged=False))


def _weighed(method: Method) -> None:
    small = Skeleton(names=("a", "b"), parents=(-1, 0), positions=((0, 1, 0), (0, 1.5, 0)))
    skin(capsule_person(rigged=False), small, method=method)


def _reduced() -> None:
    person = capsule_person()
    decimated_scenes(person, [person.n_triangles // 2, person.n_triangles // 4])
    soup = scene_soup(person)
    decimate(soup.positions, soup.faces, soup.faces.shape[0] // 2)


def _processed() -> None:
    process(capsule_person(rigged=False), profile="lenient")


_RIGGING: Steps = (("rigging", _rigged), ("rigid weights", partial(_weighed, "rigid")))
_LEVELS: Steps = (("levels of detail", _reduced), ("voxel weights", partial(_weighed, "voxel")))
_REST: Steps = (("whole pipeline", _processed),)


def _run_steps(steps: Steps, say: Progress) -> dict[str, float]:
    seconds = {}
    for k, (name, run) in enumerate(steps):
        say(k / len(steps), name)
        begun = time.perf_counter()
        run()
        seconds[name] = round(time.perf_counter() - begun, 2)
    say(1.0, "done")
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


if __name__ == "__main__":
    _run_steps(_LEVELS, _quiet)
