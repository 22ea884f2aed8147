"""The rounds of a decimation on one thread."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from axis_core.kernels.cpu.decimate import collapse_edges
from axis_core.kernels.cpu.decimate_lanes import LANES, SIZE
from axis_core.kernels.cpu.decimate_price import bucket_limit, price_edges, price_soft_edges, sort_blocks
from axis_core.kernels.cpu.decimate_setup import build_rings, squeeze_faces, squeeze_vertices
from axis_core.kernels.cpu.jit import njit


BUCKET_SHIFT = 19
"""Costs are sorted by their 13 top bits: sign, exponent and four of the mantissa."""
N_BUCKETS = 1 << (32 - BUCKET_SHIFT)
BLOCK = 3 * 8192
"""Half-edges sorted together: rows, faces and rings of 8192 faces fit half a megabyte."""
EDGES_PER_FACE = 1.25
"""Edges that a round near its target tries for each face to go: about half of what is left goes, and again."""
LAST_ROUND = 0.02
"""Share of the faces below which one round takes all that is left: it tries three times as many edges."""


@njit(allocates=False)
def edges_to_try(n_priced: int, n_faces: int, share: float, surplus: float) -> int:
    """Return how many of the cheapest edges a round should try: ``share`` of them, fewer near the target.

    Cheap edges crowd, and one tried in four or five is still free, so a face costs two or three tries.
    """
    tries = EDGES_PER_FACE * surplus
    if surplus < LAST_ROUND * n_faces:
        tries *= 3.0
    return int(min(share * n_priced, tries)) + 16


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
    chosen: NDArray[np.uint32],
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

    The arrays are the state: only their first ``n_faces`` and ``n_vertices`` entries count. ``bits`` is ``costs`` seen
    as integers; ``order`` shares its length, three a face.
    """
    histogram = np.zeros(N_BUCKETS, dtype=np.uint32)
    pairs = np.zeros((2, 2), dtype=np.uint32)
    lanes = np.zeros(SIZE, dtype=np.float32)
    waiting = np.zeros(LANES, dtype=np.uint32)
    part = share
    overshoot = target < 0  # False, but not as a literal: one compiled version of the collapse serves both
    while n_faces > target:
        surplus = n_faces - target
        build_rings(faces, n_faces, n_vertices, starts, ring)
        if wedges.shape[0] > 0:
            n_priced = price_soft_edges(
                faces,
                0,
                n_faces,
                wedges,
                charts,
                dead,
                starts,
                ring,
                rows,
                kinds,
                touched,
                costs,
                bits,
                BUCKET_SHIFT,
                histogram,
                pairs,
            )
        else:
            n_priced = price_edges(
                faces, 0, n_faces, rows, kinds, touched, costs, bits, BUCKET_SHIFT, histogram, lanes, waiting
            )
        if n_priced == 0:
            break
        wanted = edges_to_try(n_priced, n_faces, part, surplus * part / share) if part < 1.0 else n_priced
        block = BLOCK
        if wanted < int(part * n_priced) or part > share:  # the last rounds: one order over the whole mesh
            block = 3 * n_faces
        n_buckets = bucket_limit(histogram, wanted)
        n_order = sort_blocks(bits, 0, 3 * n_faces, n_buckets, block, BUCKET_SHIFT, histogram, chosen, order)
        touched[:n_vertices] = 0
        removed, _left = collapse_edges(
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
            surplus,
            max_square,
            overshoot,
            0,
            n_faces,
            pairs,
        )
        if removed > 0:
            n_faces = squeeze_faces(faces, wedges, face_ids, costs, dead, n_faces)
            n_vertices = squeeze_vertices(faces, n_faces, rows, kinds, vertex_of, touched, n_vertices, order)
        if removed > n_faces // 64:
            continue
        if part < 1.0:
            part = min(1.0, 2.0 * part)
        elif removed == 0:
            if overshoot or n_faces - target != 1:
                break
            overshoot = True
    return n_faces, n_vertices
