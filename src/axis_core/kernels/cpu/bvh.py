"""Compiled construction of a bounding volume hierarchy over triangles."""

from __future__ import annotations

from typing import Any

import numpy as np

from axis_core.kernels.cpu.jit import njit


__all__ = ["build_nodes"]

LEAF_SIZE = 4
N_BINS = 16


@njit
def _bounds_of(corners: Any, order: Any, first: int, count: int, out: Any) -> None:
    """Write the box of some triangles into ``out`` (6,): lower corner, upper corner."""
    for k in range(3):
        out[k] = np.inf
        out[3 + k] = -np.inf
    for i in range(first, first + count):
        t = order[i]
        for c in range(3):
            for k in range(3):
                x = corners[t, 3 * c + k]
                out[k] = min(out[k], x)
                out[3 + k] = max(out[3 + k], x)


@njit
def _middle(corners: Any, t: int, axis: int) -> float:
    middle: float = (corners[t, axis] + corners[t, 3 + axis] + corners[t, 6 + axis]) / 3.0
    return middle


@njit
def _half_area(box: Any) -> float:
    x, y, z = box[3] - box[0], box[4] - box[1], box[5] - box[2]
    area: float = x * y + y * z + z * x
    return area


@njit
def _split_plane(corners: Any, order: Any, first: int, count: int, axis: int, low: float, width: float) -> int:
    """Return the bin border (1 to N_BINS - 1) with the least surface area cost."""
    boxes = np.empty((N_BINS, 6))
    boxes[:, :3] = np.inf
    boxes[:, 3:] = -np.inf
    counts = np.zeros(N_BINS, np.int64)
    for i in range(first, first + count):
        t = order[i]
        b = min(int((_middle(corners, t, axis) - low) / width * N_BINS), N_BINS - 1)
        counts[b] += 1
        for c in range(3):
            for k in range(3):
                x = corners[t, 3 * c + k]
                boxes[b, k] = min(boxes[b, k], x)
                boxes[b, 3 + k] = max(boxes[b, 3 + k], x)
    costs = np.zeros(N_BINS)
    for backward in range(2):
        box = np.empty(6)
        box[:3] = np.inf
        box[3:] = -np.inf
        n = 0
        for step in range(N_BINS - 1):
            b = N_BINS - 1 - step if backward else step
            for k in range(3):
                box[k] = min(box[k], boxes[b, k])
                box[3 + k] = max(box[3 + k], boxes[b, 3 + k])
            n += counts[b]
            border = b if backward else b + 1
            costs[border] += n * _half_area(box) if n > 0 else np.inf
    return 1 + int(np.argmin(costs[1:]))


@njit
def _partition(corners: Any, order: Any, first: int, count: int, axis: int, low: float, width: float) -> int:
    """Reorder a range of triangles by the best plane; return how many lie before it (0 or all if none divides them)."""
    border = _split_plane(corners, order, first, count, axis, low, width)
    left, right = first, first + count - 1
    while left <= right:
        t = order[left]
        if min(int((_middle(corners, t, axis) - low) / width * N_BINS), N_BINS - 1) < border:
            left += 1
        else:
            order[left] = order[right]
            order[right] = t
            right -= 1
    return left - first


@njit
def build_nodes(corners: Any, order: Any, boxes: Any, links: Any) -> int:
    """Fill the nodes in depth-first order and return how many there are.

    corners : (T, 9) float64, finite. order : (T,) int64, 0..T-1 on entry, leaf order on return.
    boxes : (2 T, 6) float64. links : (2 T, 2) int32: of a leaf its first place in ``order`` and its count; of an inner
    node its right child (the left one follows it) and 0.
    """
    stack = np.empty((128, 3), np.int64)  # first, count, the node whose right child this is (or -1)
    stack[0, 0], stack[0, 1], stack[0, 2] = 0, len(order), -1
    depth, n_nodes = 1, 0
    while depth > 0:
        depth -= 1
        first, count, parent = stack[depth, 0], stack[depth, 1], stack[depth, 2]
        node = n_nodes
        n_nodes += 1
        if parent >= 0:
            links[parent, 0] = node
        _bounds_of(corners, order, first, count, boxes[node])
        if count <= LEAF_SIZE:
            links[node, 0], links[node, 1] = first, count
            continue
        axis, low, width = 0, 0.0, -1.0
        for k in range(3):
            least, most = np.inf, -np.inf
            for i in range(first, first + count):
                x = _middle(corners, order[i], k)
                least, most = min(least, x), max(most, x)
            if most - least > width:
                axis, low, width = k, least, most - least
        n_left = 0
        if width > 0.0 and depth < 96:
            n_left = _partition(corners, order, first, count, axis, low, width)
        if n_left == 0 or n_left == count:
            n_left = count // 2
        links[node, 1] = 0
        stack[depth, 0], stack[depth, 1], stack[depth, 2] = first + n_left, count - n_left, node
        stack[depth + 1, 0], stack[depth + 1, 1], stack[depth + 1, 2] = first, n_left, -1
        depth += 2
    return n_nodes
