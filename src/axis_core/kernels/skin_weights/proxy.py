"""A coarse stand-in for a fine mesh, and its weights carried back.

Seeds are one vertex for each cell of a grid, part and direction of the normal; every vertex joins a seed near it along
the surface. So patches are connected: fingers that nearly touch stay apart, and so do parts.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from axis_core.kernels.skin_weights.body import Body
from axis_core.kernels.skin_weights.orient import unique_faces


__all__ = ["coarse_body", "spread_weights"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

CELL = 1.6
"""Side of a cell in square roots of the area per seed: with the directions this gives about as many seeds as asked."""


def coarse_body(body: Body, n_wanted: int) -> tuple[Body, Ints]:
    """Return a mesh of about ``n_wanted`` vertices with the parts of ``body``, and the patch of each vertex in it."""
    from axis_core.kernels.adjacency import vertex_faces
    from axis_core.kernels.cpu.patches import grow_patches

    starts, around = vertex_faces(body.faces, len(body.points))
    seeds = _seeds(body, n_wanted)
    patch = np.full(len(body.points), -1, np.int64)
    patch[seeds] = np.arange(len(seeds))
    grow_patches(body.faces, starts, around, body.points, seeds, patch)
    return _patched(body, patch, len(seeds)), patch


def _seeds(body: Body, n_wanted: int) -> Ints:
    side = CELL * np.sqrt(max(float(body.areas.sum()), 1e-300) / n_wanted)
    # no more than 2^20 cells a side, so that three fit one key
    side = max(side, body.extent / (1 << 20))
    cell = ((body.points - body.points.min(0)) / side).astype(np.int64)
    key = (cell[:, 0] << 42) | (cell[:, 1] << 21) | cell[:, 2]
    axis = np.abs(body.normals).argmax(1)
    sign = np.take_along_axis(body.normals, axis[:, None], 1)[:, 0] < 0.0
    order = np.lexsort((2 * axis + sign, body.parts, key))
    table = np.stack([key[order], body.parts[order], (2 * axis + sign)[order]], axis=1)
    new = np.ones(len(order), np.bool_)
    new[1:] = (table[1:] != table[:-1]).any(1)
    return np.sort(order[new])


def _patched(body: Body, patch: Ints, count: int) -> Body:
    weight = body.areas + 1e-9 * max(float(body.areas.mean()), 1e-300)
    total = _sums(patch, weight, count)
    normals = np.stack([_sums(patch, weight * body.normals[:, k], count) for k in range(3)], axis=1)
    normals /= np.maximum(np.linalg.norm(normals, axis=1), 1e-300)[:, None]
    points = np.stack([_sums(patch, weight * body.points[:, k], count) / total for k in range(3)], axis=1)
    parts = np.zeros(count, np.int64)
    parts[patch] = body.parts
    faces = unique_faces(patch[body.faces])
    return Body(points, faces, normals, _sums(patch, body.areas, count), parts, body.n_parts)


def _sums(patch: Ints, values: Floats, count: int) -> Floats:
    return np.bincount(patch, values, count).astype(np.float64)


def spread_weights(
    body: Body, coarse: Body, patch: Ints, indices: Ints, weights: Floats, max_influences: int
) -> tuple[Ints, Floats]:
    """Return sparse weights of ``body`` from those of its coarse stand-in (K a vertex).

    Each vertex takes the nearest point on the coarse faces around its own patch: never those of another limb or part.
    """
    from axis_core.kernels.adjacency import vertex_faces
    from axis_core.kernels.cpu.patches import nearest_around
    from axis_core.kernels.cpu.ranges import run_ranges
    from axis_core.kernels.transfer import blend_weight_rows

    starts, around = vertex_faces(coarse.faces, len(coarse.points))
    n = len(body.points)
    corners, shares = np.empty((n, 3), np.int64), np.empty((n, 3))
    args = (body.points, patch, coarse.points, coarse.faces, starts, around, corners, shares)
    run_ranges(lambda a, b: nearest_around(*args, a, b), n, least=20_000)
    return blend_weight_rows(corners, shares, indices, weights, max_influences)
