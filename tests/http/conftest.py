"""Services to talk to, and a mesh to send."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.http.running import Running

import axis_core
from axis_core.testing import capsule_person
from axis_http import Settings


@pytest.fixture(scope="module")
def serve(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Running]]:
    """Start services with settings of one's own; they are stopped after the module."""
    started: list[Running] = []

    def start(**settings: Any) -> Running:
        home = tmp_path_factory.mktemp("home")
        running = Running(Settings(home=home, **{"workers": 1, "plugins": False, "drain": 5.0, **settings}))
        started.append(running)
        return running

    yield start
    for running in started:
        running.close()


@pytest.fixture(scope="module")
def axis(serve: Callable[..., Running]) -> Running:
    """A service in open mode."""
    return serve()


@pytest.fixture(scope="session")
def person_glb(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """An unrigged person as GLB."""
    path = tmp_path_factory.mktemp("person") / "person.glb"
    axis_core.write(capsule_person(rigged=False), path)
    return path.read_bytes()


@pytest.fixture(scope="session")
def rigged_glb(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A rigged person as a GLB file."""
    path = tmp_path_factory.mktemp("person") / "rigged.glb"
    axis_core.write(capsule_person(), path)
    return path
