"""Influences limited, weights normalised, and weights as whole numbers whose rows sum exactly.

The first two accept arrays of any library and answer in kind, see ``kernels.backend``.
"""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from axis_core.errors import InputError
from axis_core.kernels.backend import array_namespace
from axis_core.kernels.plain import influences as plain


__all__ = ["limit_influences", "normalise_weights", "quantise_weights"]


def normalise_weights(weights: ArrayLike) -> NDArray[np.float64]:
    """Return weights (V, K) whose rows sum to 1.

    NaN, infinite and negative entries count as 0. A row in which nothing is left gets all its weight in the first slot,
    so that no vertex falls to the origin.

    Examples
    --------
    >>> normalise_weights([[3, 1], [0, float("nan")]]).tolist()
    [[0.75, 0.25], [1.0, 0.0]]
    """
    xp = array_namespace(weights)
    if xp is not None:
        return plain.normalise_weights(xp, _with_slots(weights))  # type: ignore[no-any-return]
    w = np.array(weights, np.float64, ndmin=2)
    w[~np.isfinite(w) | (w < 0.0)] = 0.0
    if w.shape[1] == 0:
        raise InputError(f"weights have shape {w.shape}: a vertex needs at least one influence", pointer="/weights")
    w /= np.maximum(w.max(1, keepdims=True), 1e-300)  # first by the largest: sums of tiny numbers lose digits
    total = w.sum(1, keepdims=True)
    w[total[:, 0] <= 0.0, 0] = 1.0
    return w / np.where(total > 0.0, total, 1.0)


def limit_influences(
    indices: ArrayLike, weights: ArrayLike, count: int = 4, *, least: float = 0.0
) -> tuple[NDArray[Any], NDArray[np.float64]]:
    """Return the ``count`` strongest influences of each vertex, strongest first, normalised.

    Parameters
    ----------
    indices : (V, K) int
        Slots of one row that name the same joint are added up.
    weights : (V, K) float
    count : int
    least : float
        Weights below this share of the row's sum are dropped (the strongest never is).

    Returns
    -------
    indices : (V, count), dtype of the input
        0 in unused slots.
    weights : (V, count) float64
        Rows sum to 1. Equal weights are ordered by joint.

    Raises
    ------
    InputError
        ``invalid_request`` if the shapes differ or ``count`` is below 1.
    """
    if count < 1:
        raise InputError(f"count is {count}, expected at least 1", pointer="/count")
    xp = array_namespace(indices, weights)
    if xp is not None:
        there, amounts = _with_slots(indices), _with_slots(weights)
        if there.shape != amounts.shape:
            raise InputError(f"indices {there.shape} and weights {amounts.shape}, expected (V, K)", pointer="/weights")
        return plain.limit_influences(xp, there, amounts, count, least)
    index = np.asarray(indices)
    if index.ndim != 2 or index.shape != np.shape(weights):
        raise InputError(f"indices {index.shape} and weights {np.shape(weights)}, expected (V, K)", pointer="/weights")
    w = normalise_weights(weights)
    by_joint = np.argsort(index, axis=1, kind="stable")
    index, w = np.take_along_axis(index, by_joint, 1), np.take_along_axis(w, by_joint, 1)
    for k in range(index.shape[1] - 1):
        same = index[:, k] == index[:, k + 1]
        w[:, k + 1] += np.where(same, w[:, k], 0.0)
        w[same, k] = 0.0
    order = np.argsort(-w, axis=1, kind="stable")[:, :count]
    index, w = np.take_along_axis(index, order, 1), np.take_along_axis(w, order, 1)
    w[:, 1:][w[:, 1:] < least] = 0.0
    w /= w.sum(1, keepdims=True)
    index = np.where(w > 0.0, index, 0).astype(index.dtype)
    short = ((0, 0), (0, count - index.shape[1]))
    return np.pad(index, short), np.pad(w, short)


def _with_slots(array: Any) -> Any:
    if array.ndim != 2 or array.shape[1] == 0:
        raise InputError(f"weights have shape {array.shape}: expected (V, K) with K at least 1", pointer="/weights")
    return array


def quantise_weights(weights: ArrayLike, levels: Literal[255, 65535] = 255) -> NDArray[Any]:
    """Return weights as whole numbers whose rows sum to exactly ``levels``, by largest remainder.

    Every entry is rounded down; what is missing goes, one each, to the entries that lost most. No other rounding that
    keeps the sum is nearer in any entry's sum of errors.

    Parameters
    ----------
    weights : (V, K) float
        Normalised first, see ``normalise_weights``.
    levels : 255 or 65535
        For uint8 and uint16, as glTF stores them.

    Returns
    -------
    (V, K) uint8 or uint16
        An entry of 0 stays 0.

    Examples
    --------
    >>> quantise_weights([[1 / 3, 1 / 3, 1 / 3, 0]]).tolist()
    [[85, 85, 85, 0]]
    """
    if levels not in (255, 65535):
        raise InputError(f"levels is {levels}, expected 255 or 65535", pointer="/levels")
    exact = normalise_weights(weights) * levels
    whole = np.floor(exact)
    missing = levels - whole.sum(1).astype(np.int64)
    lost = np.where(exact > 0.0, exact - whole, -1.0)
    rank = np.argsort(np.argsort(-lost, axis=1, kind="stable"), axis=1, kind="stable")
    whole += rank < missing[:, None]
    return whole.astype(np.uint8 if levels == 255 else np.uint16)
