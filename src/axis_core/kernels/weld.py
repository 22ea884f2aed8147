"""Welding: vertices that are copies of one point become one vertex."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from axis_core.errors import InputError
from axis_core.kernels.triangles import face_array, position_array


__all__ = ["weld", "weld_vertices"]


def weld_vertices(
    positions: ArrayLike, *, tolerance: float = 0.0, keys: Sequence[ArrayLike] = ()
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return (first vertex of each group, group of each vertex).

    Parameters
    ----------
    positions : (V, 3) real numbers, metres
        A vertex that is not finite is welded to nothing.
    tolerance : float, metres
        0 welds exact copies (0.0 and -0.0 are equal). Above 0, each vertex in turn joins the earliest first vertex not
        farther than this; groups do not grow by chains, so a fine mesh cannot melt.
    keys : sequence of (V,) or (V, K) arrays
        Attributes that must be equal as well, value for value: UVs, normals, joints, weights, material ids.

    Returns
    -------
    first : (U,) int64
        Increasing. ``attribute[first]`` is the welded attribute.
    remap : (V,) int64
        ``remap[faces]`` are the welded faces.

    Raises
    ------
    InputError
        ``invalid_request``: a wrong shape, or a tolerance that is negative or not finite.

    Examples
    --------
    >>> first, remap = weld_vertices([[0, 0, 0], [1, 0, 0], [0, 0, 0]])
    >>> first.tolist(), remap.tolist()
    ([0, 1], [0, 1, 0])
    """
    from axis_core.kernels.cpu import weld as cpu

    if not 0.0 <= tolerance < np.inf:
        raise InputError(f"tolerance: expected 0 or more, got {tolerance}")
    points = position_array(positions)
    lonely = ~np.isfinite(points).all(axis=1)
    if tolerance == 0.0:
        return _pair(cpu.weld_exact(_words([points, *keys], len(points)), lonely))
    # Cell coordinates have to fit 62 bits; a tolerance that small against the extent is exact welding.
    extent = np.abs(points[~lonely]).max(initial=0.0)
    if extent / tolerance > 2.0**60:
        return _pair(cpu.weld_exact(_words([points, *keys], len(points)), lonely))
    return _pair(cpu.weld_within(points, _words(keys, len(points)), lonely, float(tolerance)))


def weld(
    positions: ArrayLike, faces: ArrayLike, *, tolerance: float = 0.0, keys: Sequence[ArrayLike] = ()
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Return (positions (U, 3), faces (F', 3)) welded as by `weld_vertices`, faces that lost a corner dropped.

    Raises
    ------
    InputError
        ``invalid_request``: as `weld_vertices`, or a face index out of range.

    Examples
    --------
    >>> p, f = weld([[0, 0, 0], [1, 0, 0], [0, 1, 0], [1, 0, 0]], [[0, 1, 2], [0, 3, 1]])
    >>> p.shape, f.tolist()
    ((3, 3), [[0, 1, 2]])
    """
    points = position_array(positions)
    first, remap = weld_vertices(points, tolerance=tolerance, keys=keys)
    corners = remap[face_array(faces, len(points))]
    whole = (corners[:, 0] != corners[:, 1]) & (corners[:, 1] != corners[:, 2]) & (corners[:, 2] != corners[:, 0])
    return points[first], corners[whole]


def _pair(result: tuple[NDArray[np.int64], NDArray[np.int64]]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    return result


def _words(keys: Sequence[ArrayLike], n_vertices: int) -> NDArray[np.uint64]:
    """Return the keys as (V, K) 64-bit words that are equal exactly where the values are."""
    columns = [np.zeros((n_vertices, 0), dtype=np.uint64)]
    for number, key in enumerate(keys):
        array = np.asarray(key)
        if array.ndim == 0 or len(array) != n_vertices:
            raise InputError(f"keys[{number}]: expected {n_vertices} rows, got shape {array.shape}")
        rows: NDArray[Any] = array.reshape(n_vertices, math.prod(array.shape[1:]))
        rows = rows.astype(np.float64 if array.dtype.kind == "f" else np.int64)
        rows += 0  # -0.0 becomes 0.0
        columns.append(rows.view(np.uint64))
    return np.ascontiguousarray(np.concatenate(columns, axis=1))
