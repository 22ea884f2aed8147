"""What importing costs, and what it must not do."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest


HEAVY = ("numba", "cupy", "pyvista", "vtkmodules", "litestar", "sqlite_utils", "scipy", "PIL", "ai_edge_litert")

_PROBE = """
import builtins, json, os, socket, sys
opened = []
real_open = builtins.open
def watched(file, mode="r", *args, **kwargs):
    if any(c in mode for c in "wax+"):
        opened.append(str(file))
    return real_open(file, mode, *args, **kwargs)
builtins.open = watched
def no_network(*args, **kwargs):
    raise AssertionError("importing reached for the network")
socket.socket.connect = no_network
before = set(os.environ.items())
import {module}
print(json.dumps({{
    "loaded": sorted(m for m in {heavy!r} if m in sys.modules),
    "written": opened,
    "environment": sorted(k for k, _ in set(os.environ.items()) ^ before),
}}))
"""


def probe(module: str, cwd: Path) -> dict[str, list[str]]:
    """Return what importing ``module`` in a new process loads, writes and sets."""
    code = _PROBE.format(module=module, heavy=HEAVY)
    done = subprocess.run([sys.executable, "-B", "-c", code], capture_output=True, text=True, cwd=cwd, check=True)
    result: dict[str, list[str]] = json.loads(done.stdout)
    return result


@pytest.mark.parametrize("module", ["axis_core", "axis_core.errors", "axis_core.cli", "axis_core.kernels.decimate"])
def test_importing_loads_nothing_heavy_and_does_no_work(module: str, tmp_path: Path) -> None:
    seen = probe(module, tmp_path)
    allowed = {"scipy"} if module.startswith("axis_core.kernels") else set()
    assert set(seen["loaded"]) <= allowed
    assert seen["written"] == []
    assert seen["environment"] == []
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("module", ["axis_core.door", "axis_core.plugin", "axis_core.testing", "axis_core.render"])
def test_the_doors_load_no_compiler_no_opengl_and_no_server(module: str, tmp_path: Path) -> None:
    seen = probe(module, tmp_path)
    assert set(seen["loaded"]) <= {"scipy", "PIL"}
    assert seen["written"] == []


def test_the_door_has_every_name_it_announces() -> None:
    import axis_core

    for name in axis_core.__all__:
        assert getattr(axis_core, name) is not None
    assert set(axis_core.__all__) <= set(dir(axis_core))


def test_an_unknown_name_of_the_door_is_an_attribute_error() -> None:
    import axis_core

    with pytest.raises(AttributeError, match="no attribute"):
        _ = axis_core.no_such_verb
