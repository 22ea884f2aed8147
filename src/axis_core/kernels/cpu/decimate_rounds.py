"""The rounds of a decimation on one thread."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from axis_core.kernels.cpu.decimate import collapse_edges, price_edges, price_soft_edges, sort_cheapest
from axis_core.kernels.cpu.decimate_setup import build_rings, squeeze_faces, squeeze_vertices
from axis_core.kernels.cpu.jit import njit


BUCKET_SHIFT = 21
"""Costs are sorted by their 11 top bits: sign, exponent and two of the mantissa."""
N_BUCKETS = 1 << (32 - BUCKET_SHIFT)


@njit
def simplify_to(
    target: int,
    n_faces: int,
    n_vertices: int,
    faces: NDArray[np.uint32],
    wedges: NDArray[np.uint32],
    charts: NDArray[np.uint32],
    face_ids: NDArray[np.uint32],
    rows: NDArray[np.float32],
    kinds: NDArray[np.uint8],
    vertex_of: NDArray[np.uint32],
    starts: NDArray[np.uint32],
    ring: NDArray[np.uint32],
    costs: NDArray[np.float32],
    bits: NDArray[np.uint32],
    order: NDArray[np.uint32],
    dead: NDArray[np.uint8],
    touched: NDArray[np.uint8],
    stamps: NDArray[np.uint32],
    merged: NDArray[np.uint32],
    progress: NDArray[np.float64],
    max_square: float,
    share: float,
) -> tuple[int, int]:
    """Collapse edges until ``target`` faces are left or nothing can go; return (faces, vertices) left.

    The arrays are the state: only their first ``n_faces`` and ``n_vertices`` entries count. ``bits`` is ``costs`` seen as
    integers; ``order`` shares its length, three a face.
    """
    histogram = np.zeros(N_BUCKETS, dtype=np.uint32)
    part = share
    overshoot = False
    while n_faces > target:
        build_rings(faces, n_faces, n_vertices, starts, ring)
        if wedges.shape[0] > 0:
            n_priced = price_soft_edges(faces, n_faces, wedges, charts, dead, starts, ring, rows, kinds, costs)
        else:
            n_priced = price_edges(faces, n_faces, rows, kinds, costs)
        if n_priced == 0:
            break
        wanted = int(n_priced * part) + 16
        n_order = sort_cheapest(bits, 3 * n_faces, wanted, BUCKET_SHIFT, histogram, order)
        touched[:n_vertices] = 0
        removed = collapse_edges(
            order,
            n_order,
            faces,
            wedges,
            charts,
            dead,
            starts,
            ring,
            rows,
            kinds,
            touched,
            stamps,
            merged,
            progress,
            n_faces - target,
            max_square,
            overshoot,
        )
        if removed > 0:
            n_faces = squeeze_faces(faces, wedges, face_ids, dead, n_faces)
            n_vertices = squeeze_vertices(faces, n_faces, rows, kinds, vertex_of, n_vertices, order)
        if removed > n_faces // 64:
            continue
        if part < 1.0:
            part = min(1.0, 2.0 * part)
        elif removed == 0:
            if overshoot or n_faces - target != 1:
                break
            overshoot = True
    return n_faces, n_vertices
