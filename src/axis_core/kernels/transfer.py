"""Attributes and skin weights carried from one mesh to another by the closest point of its surface."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from axis_core.errors import InputError
from axis_core.kernels.bvh import build_bvh, triangle_arrays
from axis_core.kernels.closest import closest_points, query_array


__all__ = ["blend_weight_rows", "surface_coordinates", "transfer_attributes", "transfer_weights"]


def surface_coordinates(
    positions: ArrayLike, faces: ArrayLike, queries: ArrayLike
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Return for each query the three vertices and the barycentric weights of the nearest point of the mesh.

    Parameters
    ----------
    positions : (V, 3) float
    faces : (F, 3) int
        Without faces the nearest vertex is taken, thrice.
    queries : (Q, 3) float
        One that is not finite takes vertex 0.

    Returns
    -------
    corners : (Q, 3) int64
    shares : (Q, 3) float64
        Not negative, rows sum to 1.

    Raises
    ------
    InputError
        ``invalid_request`` if the mesh has no vertices or a shape is wrong.
    """
    points, triangles = triangle_arrays(positions, faces)
    targets = query_array(queries, "queries")
    if len(points) == 0:
        raise InputError("the source mesh has no vertices, expected at least one", pointer="/positions")
    tree = build_bvh(points, triangles)
    if tree.n_triangles == 0:
        return _nearest_vertices(points, targets)
    hit = closest_points(tree, targets)
    shares = np.clip(hit.barycentric, 0.0, 1.0)
    lost = hit.faces < 0
    shares[lost] = (1.0, 0.0, 0.0)
    corners = np.where(lost[:, None], 0, triangles[np.where(lost, 0, hit.faces)])
    return corners, shares / shares.sum(1, keepdims=True)


def transfer_attributes(
    source_positions: ArrayLike, source_faces: ArrayLike, values: ArrayLike, targets: ArrayLike
) -> NDArray[np.float64]:
    """Return vertex values (V, C) of a mesh, interpolated at the points nearest to ``targets``: (T, C) float64.

    Values (V,) give (T,). Raises InputError as ``surface_coordinates`` does, and if there is not one value a vertex.
    """
    table = np.asarray(values, np.float64)
    corners, shares = surface_coordinates(source_positions, source_faces, targets)
    n = len(np.asarray(source_positions))
    if len(table) != n:
        raise InputError(f"{len(table)} values for {n} vertices, expected as many", pointer="/values")
    blended: NDArray[np.float64] = np.einsum("tk,tk...->t...", shares, table[corners])
    return blended


def transfer_weights(
    source_positions: ArrayLike,
    source_faces: ArrayLike,
    indices: ArrayLike,
    weights: ArrayLike,
    target_positions: ArrayLike,
    *,
    max_influences: int = 4,
) -> tuple[NDArray[np.uint16], NDArray[np.float64]]:
    """Return skin weights for ``target_positions`` from the nearest points of a skinned mesh.

    Parameters
    ----------
    source_positions : (V, 3) float
    source_faces : (F, 3) int
    indices : (V, K) int
    weights : (V, K) float
    target_positions : (T, 3) float
    max_influences : int

    Returns
    -------
    indices : (T, max_influences) uint16, strongest first, 0 in unused slots
    weights : (T, max_influences) float64, rows sum to 1

    Raises
    ------
    InputError
        ``invalid_request`` for wrong shapes or a mesh without vertices.
    """
    corners, shares = surface_coordinates(source_positions, source_faces, target_positions)
    n = len(np.asarray(source_positions))
    if np.ndim(indices) != 2 or np.shape(indices) != np.shape(weights) or len(np.asarray(indices)) != n:
        seen = f"indices {np.shape(indices)} and weights {np.shape(weights)} for {n} vertices"
        raise InputError(f"{seen}, expected (V, K) both", pointer="/weights")
    index, weight = blend_weight_rows(corners, shares, indices, weights, max_influences)
    return index.astype(np.uint16), weight


def blend_weight_rows(
    corners: ArrayLike, shares: ArrayLike, indices: ArrayLike, weights: ArrayLike, max_influences: int = 4
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Return the strongest influences of weighted sums of skin rows.

    corners (T, C) are rows of ``indices`` and ``weights`` (V, K), shares (T, C) how much of each. Result: (T,
    max_influences) joints and weights, strongest first, normalised; where nothing has weight, the first row's first
    joint takes all.
    """
    from axis_core.kernels.cpu.jit import as_kernel_array
    from axis_core.kernels.cpu.ranges import run_ranges
    from axis_core.kernels.cpu.transfer import blend_rows

    rows, parts = as_kernel_array(corners, np.int64), as_kernel_array(shares, np.float64)
    index, weight = as_kernel_array(indices, np.int64), as_kernel_array(weights, np.float64)
    out = np.zeros((len(rows), max_influences), np.int64), np.zeros((len(rows), max_influences))
    run_ranges(lambda a, b: blend_rows(rows, parts, index, weight, *out, a, b), len(rows), least=20_000)
    return out


def _nearest_vertices(points: NDArray[Any], targets: NDArray[Any]) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    from scipy.spatial import cKDTree

    finite, known = np.isfinite(targets).all(1), np.isfinite(points).all(1)
    nearest = np.zeros(len(targets), np.int64)
    if known.any():
        nearest[finite] = np.flatnonzero(known)[cKDTree(points[known]).query(targets[finite])[1]]
    return np.tile(nearest[:, None], (1, 3)), np.tile([1.0, 0.0, 0.0], (len(targets), 1))
