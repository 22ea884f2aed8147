"""A runner for ``axis``."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from click.testing import CliRunner, Result

from axis_core.cli.app import axis
from axis_core.plugin import Command, PluginHost, hookimpl


@pytest.fixture
def axis_run() -> Callable[..., Result]:
    """Runs ``axis`` without installed plugins."""

    def run(*args: object) -> Result:
        return CliRunner().invoke(axis, ["--no-plugins", *map(str, args)])

    return run


@pytest.fixture
def axis_with() -> Callable[..., Callable[..., Result]]:
    """Gives a runner for ``axis`` whose only plugin offers the given commands."""

    def make(*commands: Command) -> Callable[..., Result]:
        plugin = SimpleNamespace(axis_commands=hookimpl(specname="axis_commands")(lambda: list(commands)))
        host = PluginHost([("extra", plugin)], installed=False)

        def run(*args: Any) -> Result:
            return CliRunner().invoke(axis, list(map(str, args)), host=host)

        return run

    return make


def _box(low: tuple[float, float, float], high: tuple[float, float, float], cells: int) -> tuple[Any, Any]:
    """Return (vertices, quads) of a closed box whose sides are grids of ``cells`` by ``cells``."""
    index: dict[tuple[int, ...], int] = {}
    vertices: list[tuple[float, ...]] = []
    quads = []

    def corner(place: tuple[int, ...]) -> int:
        if place not in index:
            index[place] = len(vertices)
            vertices.append(tuple(a + (b - a) * i / cells for a, b, i in zip(low, high, place)))
        return index[place]

    for k in range(3):
        u, v = (k + 1) % 3, (k + 2) % 3
        for side in (0, cells):
            for i in range(cells):
                for j in range(cells):
                    places = []
                    for du, dv in ((0, 0), (1, 0), (1, 1), (0, 1)):
                        place = [0, 0, 0]
                        place[k], place[u], place[v] = side, i + du, j + dv
                        places.append(corner(tuple(place)))
                    quads.append(places if side else places[::-1])
    return vertices, quads


def _obj(boxes: list[tuple[Any, Any]], cells: int) -> str:
    lines, first = [], 1
    for low, high in boxes:
        vertices, quads = _box(low, high, cells)
        lines += [f"v {x:.6f} {y:.6f} {z:.6f}" for x, y, z in vertices]
        lines += ["f " + " ".join(str(i + first) for i in quad) for quad in quads]
        first += len(vertices)
    return "\n".join(lines) + "\n"


@pytest.fixture
def cube(tmp_path: Path) -> Path:
    """A closed cube of 192 triangles, half a metre wide, as OBJ."""
    path = tmp_path / "cube.obj"
    path.write_text(_obj([((-0.25, 0.0, -0.25), (0.25, 0.5, 0.25))], 4))
    return path


BIPED = [
    ((-0.18, 0.85, -0.10), (0.18, 1.42, 0.10)),  # trunk
    ((-0.10, 1.45, -0.11), (0.10, 1.75, 0.11)),  # head
    ((-0.05, 1.38, -0.05), (0.05, 1.48, 0.05)),  # neck
    ((0.04, 0.05, -0.08), (0.17, 0.90, 0.08)),  # legs
    ((-0.17, 0.05, -0.08), (-0.04, 0.90, 0.08)),
    ((0.04, 0.0, -0.09), (0.17, 0.09, 0.20)),  # feet
    ((-0.17, 0.0, -0.09), (-0.04, 0.09, 0.20)),
    ((0.15, 1.28, -0.06), (0.80, 1.40, 0.06)),  # arms, stretched sideways
    ((-0.80, 1.28, -0.06), (-0.15, 1.40, 0.06)),
]


@pytest.fixture
def biped(tmp_path: Path) -> Path:
    """A man of boxes, arms stretched sideways, 1.75 m high, as OBJ."""
    path = tmp_path / "biped.obj"
    path.write_text(_obj(BIPED, 5))
    return path
