"""Compiled search for consistent windings."""

from __future__ import annotations

from typing import Any

import numpy as np

from axis_core.kernels.cpu.jit import njit


__all__ = ["winding_parity"]


@njit
def _root(above: Any, odd: Any, face: int) -> Any:
    """Return the root of a face's set and whether the face runs against it; shortens the way."""
    root, parity = face, False
    while above[root] != root:
        parity ^= odd[root]
        root = above[root]
    top, rest = face, parity
    while above[top] != root and top != root:
        up, step = above[top], odd[top]
        above[top], odd[top] = root, rest
        rest ^= step
        top = up
    return root, parity


@njit
def winding_parity(faces: Any, edges: Any, sides: Any, island: Any, flipped: Any) -> None:
    """Join faces across edges of two faces; write each one's island and whether it runs against the first of it.

    faces : (F, 3). edges : (3F,) int64, half-edges (3 f + k: corner k to the next) sorted so that those of one edge
    follow each other. sides : (3F,) int64, number of the edge of each. island : (F,) int64. flipped : (F,) bool.
    A join that contradicts earlier ones (a one-sided surface) is left out.
    """
    n = faces.shape[0]
    above = np.arange(n)
    odd = np.zeros(n, np.bool_)
    at = 0
    while at < len(edges):
        stop = at + 1
        while stop < len(edges) and sides[stop] == sides[at]:
            stop += 1
        if stop - at == 2:
            f, g = edges[at] // 3, edges[at + 1] // 3
            same = faces[f, edges[at] % 3] == faces[g, edges[at + 1] % 3]
            rf, pf = _root(above, odd, f)
            rg, pg = _root(above, odd, g)
            if rf != rg:
                if rg < rf:
                    rf, rg = rg, rf
                above[rg] = rf
                odd[rg] = pf ^ pg ^ same
        at = stop
    for f in range(n):
        island[f], flipped[f] = _root(above, odd, f)
