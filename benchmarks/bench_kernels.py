"""The kernels that have no file of their own: one number each on a torus of 100,000 triangles or a field of 128 cubed.

python -m pytest benchmarks/bench_kernels.py --benchmark-only --benchmark-columns=median,iqr,rounds
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from axis_core.kernels.adjacency import half_edge_twins
from axis_core.kernels.bake import sample_image, spread_texels, texels_of
from axis_core.kernels.boundary import boundary_edges
from axis_core.kernels.components import face_components
from axis_core.kernels.curvature import mean_curvature
from axis_core.kernels.distance_field import distance_field
from axis_core.kernels.isosurface import isosurface
from axis_core.kernels.normals import vertex_normals
from axis_core.kernels.occlusion import ambient_occlusion
from axis_core.kernels.pack_rectangles import pack_rectangles
from axis_core.kernels.quadrics import edge_optima, vertex_quadrics
from axis_core.kernels.quantise import limit_influences, quantise_weights
from axis_core.kernels.tangents import vertex_tangents
from axis_core.kernels.transfer import transfer_attributes
from axis_core.kernels.unwrap import unwrap_mesh
from axis_core.kernels.voxel import surface_voxels
from axis_core.kernels.weld import weld_vertices
from axis_core.kernels.winding import winding_numbers


def torus(n: int) -> tuple[Any, Any]:
    """Return a torus of 4 n n triangles."""
    i, j = np.meshgrid(np.arange(2 * n), np.arange(n), indexing="ij")
    u, v = i * np.pi / n, j * 2 * np.pi / n
    tube = 0.4 + 0.02 * np.sin(9 * u) * np.cos(7 * v)
    r = 1.0 + tube * np.cos(v)
    at = lambda a, b: ((a % (2 * n)) * n + b % n).ravel()  # noqa: E731
    p, q, s, t = at(i, j), at(i + 1, j), at(i + 1, j + 1), at(i, j + 1)
    positions = np.stack([r * np.cos(u), tube * np.sin(v), r * np.sin(u)], axis=-1).reshape(-1, 3)
    return positions, np.concatenate([np.stack([p, s, q], 1), np.stack([p, t, s], 1)])


V, F = torus(158)
SMALL_V, SMALL_F = torus(30)
N = V / np.linalg.norm(V, axis=1, keepdims=True)
SOUP = V[F].reshape(-1, 3)
G = np.linspace(-1.2, 1.2, 128)
BALL = 1.0 - np.sqrt(G[:, None, None] ** 2 + G[None, :, None] ** 2 + G[None, None, :] ** 2)
RNG = np.random.default_rng(0)
WEIGHTS = RNG.random((100_000, 8))
JOINTS = RNG.integers(0, 52, (100_000, 8))
IMAGE = RNG.random((1024, 1024, 4)).astype(np.float32)
AT = RNG.random((1_000_000, 2))
SIZES = [(int(a), int(b)) for a, b in RNG.integers(4, 60, (300, 2))]
SHEET = torus(60)
TEXELS = texels_of(SHEET[0][:, :2] * 0.35 + 0.5, SHEET[1], 1024, 1024)

KERNELS: dict[str, Callable[[], Any]] = {
    "weld_300k": lambda: weld_vertices(SOUP),
    "half_edge_twins": lambda: half_edge_twins(F, len(V)),
    "boundary_edges": lambda: boundary_edges(F, len(V)),
    "components": lambda: face_components(F, len(V)),
    "normals_angle": lambda: vertex_normals(V, F),
    "normals_area": lambda: vertex_normals(V, F, weighting="area"),
    "tangents": lambda: vertex_tangents(V, F, N, V[:, :2]),
    "mean_curvature": lambda: mean_curvature(V, F),
    "occlusion_64_rays_7k": lambda: ambient_occlusion(SMALL_V, SMALL_F),
    "winding_10k": lambda: winding_numbers(V, F, V[:10_000] * 0.9),
    "transfer_10k": lambda: transfer_attributes(V, F, N, V[:10_000] * 1.01),
    "surface_voxels_128": lambda: surface_voxels(V, F, (-1.5, -0.5, -1.5), 3.0 / 128, (128, 44, 128)),
    "distance_field_128": lambda: distance_field(BALL > 0, 1.0),
    "isosurface_128": lambda: isosurface(BALL, 0.0),
    "limit_influences_100k": lambda: limit_influences(JOINTS, WEIGHTS),
    "quantise_weights_100k": lambda: quantise_weights(WEIGHTS),
    "unwrap_7k": lambda: unwrap_mesh(SMALL_V, SMALL_F),
    "texels_1024": lambda: texels_of(SHEET[0][:, :2] * 0.35 + 0.5, SHEET[1], 1024, 1024),
    "sample_1M": lambda: sample_image(IMAGE, AT),
    "spread_1024": lambda: spread_texels(TEXELS, np.zeros((len(TEXELS.rows), 4), np.uint8), (0, 0, 0, 0)),
    "pack_300": lambda: pack_rectangles(SIZES, (1024, 1024)),
    "plain_quadrics": lambda: vertex_quadrics(V, F),
    "plain_edge_optima": lambda: edge_optima(V, vertex_quadrics(V, F), F[:, :2]),
}


@pytest.mark.parametrize("name", KERNELS)
def bench_kernel(benchmark: Any, name: str) -> None:
    """Time one kernel after a warm-up."""
    KERNELS[name]()
    benchmark.pedantic(KERNELS[name], rounds=5)
