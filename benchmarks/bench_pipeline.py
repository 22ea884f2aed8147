"""The whole pipeline on a body of capsules, its atlas stage alone, and one batch.

python -m pytest benchmarks/bench_pipeline.py --benchmark-only --benchmark-columns=median,iqr,rounds
"""

from __future__ import annotations

from typing import Any

import attrs
import numpy as np
import pytest

import axis_core
from axis_core.model.material import Material
from axis_core.model.scene import Scene
from axis_core.stages.atlas import atlas_scene
from axis_core.testing import capsule_person


QUIET = {"preview": {"views": ("front",), "width": 64, "height": 64}}


def many_coloured(n_materials: int) -> Scene:
    """Return a rigged person cut into parts of different colours."""
    person = capsule_person()
    parts, holders = [], {m: n for n, m in person.instances()}
    nodes = [attrs.evolve(n, meshes=()) for n in person.nodes]
    for k, mesh in enumerate(person.meshes):
        for faces in np.array_split(mesh.faces, n_materials // len(person.meshes)):
            home = holders[k]
            nodes[home] = attrs.evolve(nodes[home], meshes=(*nodes[home].meshes, len(parts)))
            parts.append(attrs.evolve(mesh, faces=faces, material=len(parts)))
    materials = [Material(base_color=(k / len(parts), 0.4, 0.6, 1.0), metallic=0.0) for k in range(len(parts))]
    return attrs.evolve(person, meshes=parts, nodes=nodes, materials=materials)


@pytest.mark.parametrize("rigged", [False, True], ids=["bare", "rigged"])
def bench_process(benchmark: Any, rigged: bool) -> None:
    """A mesh in; avatar, two levels, contract and a small preview out."""
    person = capsule_person(rigged=rigged)
    run = lambda: axis_core.process(person, platform="unity", options=QUIET)  # noqa: E731
    run()
    result = benchmark.pedantic(run, rounds=3)
    assert result.ok


def bench_atlas_of_twenty_materials(benchmark: Any) -> None:
    """Twenty colours become one material and one mesh."""
    person = many_coloured(20)
    out, _ = benchmark(atlas_scene, person, 1024)
    assert len(out.materials) == len(out.meshes) == 1
