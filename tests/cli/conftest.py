"""A runner for ``axis``."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from click.testing import CliRunner, Result

from axis_core import door, testing
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


@pytest.fixture
def cube(tmp_path: Path) -> Path:
    """A closed cube of 12 triangles, half a metre wide, as OBJ."""
    return door.write(testing.cube(0.5), tmp_path / "cube.obj")[0]


@pytest.fixture
def biped(tmp_path: Path) -> Path:
    """A person of capsules without a rig, as OBJ."""
    return door.write(testing.capsule_person(rigged=False), tmp_path / "biped.obj")[0]
