"""Compiled Dijkstra on voxels: a binary heap over flat indices."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from axis_core.kernels.cpu.jit import as_kernel_array, njit


__all__ = ["inner_distance", "shorten"]


def inner_distance(
    solid: ArrayLike, seeds: ArrayLike, cost: ArrayLike | None = None
) -> tuple[NDArray[np.float32], NDArray[np.int32]]:
    """Return shortest inner distances and predecessors, as ``kernels.skeletonise.inner_distance``."""
    body = np.asarray(solid, bool)
    distance = np.full(body.shape, np.inf, np.float32)
    came = np.full(body.shape, -1, np.int32)
    shorten(body, seeds, distance, came, cost)
    return distance, came


def shorten(
    solid: ArrayLike,
    seeds: ArrayLike,
    distance: NDArray[np.float32],
    came_from: NDArray[np.int32],
    cost: ArrayLike | None = None,
) -> None:
    """Shorten distances in place by further seeds: only voxels that come nearer are visited.

    distance, came_from : (X, Y, Z), contiguous, as ``inner_distance`` returned them.
    """
    body = np.ascontiguousarray(np.asarray(solid, bool))
    shape = body.shape
    weight = as_kernel_array(np.ones(1) if cost is None else np.asarray(cost).ravel(), np.float32)
    start = np.asarray(seeds, np.int64).reshape(-1, 3)
    start = start[((start >= 0) & (start < np.array(shape))).all(axis=1)]
    flat = np.ravel_multi_index(tuple(start.T), shape) if len(start) else np.zeros(0, np.int64)
    _dijkstra(
        as_kernel_array(body.ravel(), np.bool_),
        as_kernel_array(flat, np.int64),
        weight,
        shape[1],
        shape[2],
        distance.reshape(-1),
        came_from.reshape(-1),
    )


@njit
def _dijkstra(solid: Any, seeds: Any, weight: Any, ny: int, nz: int, distance: Any, came: Any) -> None:
    nx = solid.shape[0] // (ny * nz)
    done = np.zeros(solid.shape[0], np.bool_)
    capacity = 1024
    keys = np.empty(capacity, np.float32)
    items = np.empty(capacity, np.int64)
    size = 0
    uniform = weight.shape[0] == 1
    root2, root3 = np.float32(np.sqrt(2.0)), np.float32(np.sqrt(3.0))
    for s in range(seeds.shape[0]):
        if solid[seeds[s]] and distance[seeds[s]] > 0:
            distance[seeds[s]] = 0.0
            came[seeds[s]] = -1
            if size == capacity:
                keys, items = np.concatenate((keys, keys)), np.concatenate((items, items))
                capacity *= 2
            keys[size], items[size] = 0.0, seeds[s]
            size += 1
    while size > 0:
        key, at = keys[0], items[0]
        size -= 1
        moved_key, moved_item = keys[size], items[size]
        hole = 0
        while True:
            child = 2 * hole + 1
            if child >= size:
                break
            if child + 1 < size and keys[child + 1] < keys[child]:
                child += 1
            if keys[child] >= moved_key:
                break
            keys[hole], items[hole] = keys[child], items[child]
            hole = child
        keys[hole], items[hole] = moved_key, moved_item
        if done[at]:
            continue
        done[at] = True
        x = at // (ny * nz)
        y = (at // nz) % ny
        z = at % nz
        for dx in range(-1, 2):
            for dy in range(-1, 2):
                for dz in range(-1, 2):
                    steps = abs(dx) + abs(dy) + abs(dz)
                    if steps == 0:
                        continue
                    i, j, k = x + dx, y + dy, z + dz
                    if i < 0 or j < 0 or k < 0 or i >= nx or j >= ny or k >= nz:
                        continue
                    to = (i * ny + j) * nz + k
                    if done[to] or not solid[to]:
                        continue
                    length = np.float32(1.0) if steps == 1 else (root2 if steps == 2 else root3)
                    if not uniform:
                        length = length * weight[to]
                    far = np.float32(key + length)
                    if far >= distance[to]:
                        continue
                    distance[to] = far
                    came[to] = at
                    if size == capacity:
                        keys, items = np.concatenate((keys, keys)), np.concatenate((items, items))
                        capacity *= 2
                    hole = size
                    size += 1
                    while hole > 0:
                        up = (hole - 1) // 2
                        if keys[up] <= far:
                            break
                        keys[hole], items[hole] = keys[up], items[up]
                        hole = up
                    keys[hole], items[hole] = far, to
