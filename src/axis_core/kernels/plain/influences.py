"""Skin weights normalised and limited."""

from __future__ import annotations

from typing import Any


__all__ = ["limit_influences", "normalise_weights"]


def normalise_weights(xp: Any, weights: Any) -> Any:
    """Return weights (V, K) float64 whose rows sum to 1; see ``kernels.quantise.normalise_weights``."""
    w = xp.astype(weights, xp.float64)
    usable = xp.isfinite(w) & (w >= 0)
    w = xp.where(usable, w, xp.zeros_like(w))
    top = xp.max(w, axis=1, keepdims=True)
    empty = top <= 0
    w = w / xp.where(empty, xp.ones_like(top), top)
    first = xp.arange(w.shape[1]) == 0
    w = xp.where(empty & first[None, :], xp.ones_like(w), w)
    return w / xp.sum(w, axis=1, keepdims=True)


def limit_influences(xp: Any, indices: Any, weights: Any, count: int, least: float) -> tuple[Any, Any]:
    """Return (indices, weights) (V, count), strongest first; see ``kernels.quantise.limit_influences``."""
    w = normalise_weights(xp, weights)
    by_joint = xp.argsort(indices, axis=1, stable=True)
    index, w = xp.take_along_axis(indices, by_joint, axis=1), xp.take_along_axis(w, by_joint, axis=1)
    same = index[:, :, None] == index[:, None, :]  # K by K a vertex: K is 4 or 8
    sums = xp.sum(xp.where(same, w[:, None, :], xp.zeros_like(w)[:, None, :]), axis=2)
    slot = xp.arange(index.shape[1])
    later = xp.any(same & (slot[None, None, :] > slot[None, :, None]), axis=2)
    w = xp.where(later, xp.zeros_like(sums), sums)  # the last of each run has it all
    order = xp.argsort(-w, axis=1, stable=True)[:, : min(count, int(w.shape[1]))]
    index, w = xp.take_along_axis(index, order, axis=1), xp.take_along_axis(w, order, axis=1)
    weak = (w < least) & (xp.arange(w.shape[1])[None, :] > 0)
    w = xp.where(weak, xp.zeros_like(w), w)
    w = w / xp.sum(w, axis=1, keepdims=True)
    index = xp.where(w > 0, index, xp.zeros_like(index))
    missing = count - int(w.shape[1])
    if missing > 0:
        rows = int(w.shape[0])
        index = xp.concat([index, xp.zeros((rows, missing), dtype=index.dtype)], axis=1)
        w = xp.concat([w, xp.zeros((rows, missing), dtype=w.dtype)], axis=1)
    return index, w
