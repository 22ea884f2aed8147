"""Faces wound one way around, outwards, as far as a mesh has an outside."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


__all__ = ["unique_faces", "wound_outwards"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

CLOSED = 0.02
"""Volume a part must hold to say which side is out, over its area to the power 1.5; a ball holds 0.094."""


def unique_faces(faces: Ints) -> Ints:
    """Return the faces (F, 3) of three different corners, each set of corners once, first ones first."""
    a, b, c = faces.T
    proper: Ints = faces[(a != b) & (b != c) & (c != a)]
    if len(proper) == 0:
        return proper.reshape(0, 3)
    ordered = np.sort(proper, axis=1)
    key = np.lexsort((ordered[:, 2], ordered[:, 1], ordered[:, 0]))
    rows = ordered[key]
    new = np.ones(len(rows), np.bool_)
    new[1:] = (rows[1:] != rows[:-1]).any(1)
    kept: Ints = proper[np.sort(key[new])]
    return kept


def wound_outwards(points: Floats, faces: Ints) -> Ints:
    """Return faces (F, 3) wound consistently over edges that two of them share.

    Each island keeps the way that most of its area runs, but one that holds a volume inside-out is turned.
    """
    from axis_core.kernels.cpu.orient import winding_parity

    n = len(faces)
    if n == 0:
        return faces
    ends = np.sort(np.stack([faces, np.roll(faces, -1, axis=1)], axis=2).reshape(-1, 2), axis=1)
    order = np.lexsort((ends[:, 1], ends[:, 0]))
    ends = ends[order]
    sides = np.cumsum(np.concatenate([[False], (ends[1:] != ends[:-1]).any(1)])).astype(np.int64)
    island, flipped = np.empty(n, np.int64), np.empty(n, np.bool_)
    winding_parity(faces, order.astype(np.int64), sides, island, flipped)
    a, b, c = (points[faces[:, k]] for k in range(3))
    area = np.linalg.norm(np.cross(b - a, c - a), axis=1) / 2.0
    against = np.bincount(island, area * flipped, n) > np.bincount(island, area * ~flipped, n)
    turn = flipped ^ against[island]
    turn ^= _inside_out(points, np.where(turn[:, None], faces[:, ::-1], faces), island, area)[island]
    return np.where(turn[:, None], faces[:, ::-1], faces)


def _inside_out(points: Floats, faces: Ints, island: Ints, area: Floats) -> NDArray[np.bool_]:
    """Return (F,) by island label whether it holds a clearly negative volume."""
    n = len(faces)
    total = np.maximum(np.bincount(island, area, n), 1e-300)
    middle = points[faces].mean(1)
    centre = np.stack([np.bincount(island, area * middle[:, k], n) for k in range(3)], axis=1) / total[:, None]
    a, b, c = (points[faces[:, k]] - centre[island] for k in range(3))
    volume = np.bincount(island, np.einsum("fk,fk->f", a, np.cross(b, c)) / 6.0, n)
    return volume < -CLOSED * total**1.5
