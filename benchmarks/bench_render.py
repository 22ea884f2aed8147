"""Pictures: a person and a heavy ball, posed and not."""

from __future__ import annotations

from typing import Any

import attrs
import numpy as np
import pytest

from axis_core.model.mesh import Mesh
from axis_core.model.scene import Node, Scene
from axis_core.render import render
from axis_core.testing import capsule, capsule_person


def ball(n_around: int) -> Scene:
    """Return a sphere of about n_around² triangles."""
    positions, faces = capsule((0, 0, 0), (0, 1e-6, 0), 1.0, n_around=n_around, n_cap=n_around // 4)
    mesh = Mesh(positions=positions.astype(np.float32), faces=faces.astype(np.uint32))
    return Scene(nodes=(Node(meshes=(0,)),), meshes=(mesh,))


@pytest.mark.parametrize("pose", ["", "run"])
def bench_person(benchmark: Any, pose: str) -> None:
    """Three views of 640 by 800 pixels."""
    person = capsule_person()
    benchmark(lambda: render(person, pose=pose).png())


def bench_half_a_million_triangles(benchmark: Any) -> None:
    """Three views of 640 by 800 pixels."""
    heavy = attrs.evolve(ball(700), name="ball")
    benchmark.pedantic(lambda: render(heavy).png(), rounds=3, warmup_rounds=1)
