"""Decimation: bare arrays from 31k to 1M triangles, everything carried, and a chain of levels."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from benchmarks.peers.shapes import bumpy_torus
from numpy.typing import NDArray

from axis_core.kernels.decimate import VertexAttributes, decimate, decimate_mesh
from axis_core.kernels.lod_chain import lod_chain


def dressed(n: int, n_morphs: int) -> tuple[NDArray[np.float64], NDArray[np.int32], VertexAttributes]:
    """Return the torus with UVs, normals, four skin influences and morph targets."""
    positions, faces = bumpy_torus(4 * n * n)
    rng = np.random.default_rng(1)
    joints = rng.normal(size=(52, 3))
    near = np.exp(-((positions[:, None] - joints) ** 2).sum(axis=2))
    index = np.argsort(-near, axis=1)[:, :4]
    weights = np.take_along_axis(near, index, axis=1)
    return (
        positions,
        faces,
        VertexAttributes(
            normals=positions / np.linalg.norm(positions, axis=1, keepdims=True),
            uvs=(positions[:, :2].copy(),),
            joints=index,
            weights=weights / weights.sum(axis=1, keepdims=True),
            morphs=np.einsum("tij,vj->tvi", rng.normal(size=(n_morphs, 3, 3)), positions),
        ),
    )


@pytest.mark.parametrize("n", [88, 280, 500], ids=["31k", "314k", "1M"])
@pytest.mark.parametrize("ratio", [0.5, 0.1, 0.01])
def bench_bare(benchmark: Any, n: int, ratio: float) -> None:
    """Positions and faces only."""
    positions, faces = bumpy_torus(4 * n * n)
    target = round(len(faces) * ratio)
    decimate(positions, faces, target)
    _, kept = benchmark.pedantic(lambda: decimate(positions, faces, target), rounds=3)
    assert len(kept) == target - target % 2


@pytest.mark.parametrize("n", [82, 280], ids=["27k", "314k"])
def bench_with_attributes(benchmark: Any, n: int) -> None:
    """UVs, normals, skin; to a tenth."""
    positions, faces, attributes = dressed(n, 1)
    run = lambda: decimate_mesh(positions, faces, len(faces) // 10, attributes=attributes)  # noqa: E731
    run()
    benchmark.pedantic(run, rounds=3)


def bench_chain_of_four_levels(benchmark: Any) -> None:
    """A body of 27k triangles, 52 joints and 52 morph targets."""
    positions, faces, attributes = dressed(82, 52)
    targets = [len(faces) // 2**level for level in range(4)]
    run = lambda: lod_chain(positions, faces, targets, attributes=attributes)  # noqa: E731
    run()
    levels = benchmark.pedantic(run, rounds=3)
    assert [len(level.faces) for level in levels] == [target - target % 2 for target in targets]
