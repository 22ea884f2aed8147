"""How far each vertex is from each bone, and which bone owns it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from axis_core.kernels.skin_weights.body import Body
from axis_core.kernels.skin_weights.bones import Bones


__all__ = ["LEAST_DISTANCE", "bone_distances", "inside_factors", "owner_shares", "penalise_hidden"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

LEAST_FACING = 0.3
"""A surface that looks away from a bone is 1 / 0.3 times as far from it. The textbook's 0.0005 hands the inside of hair
and sleeves to whatever lies behind them, fingertips included."""

LEAST_DISTANCE = 1e-4
"""Shortest distance to a bone, in largest sides of the box: the source term is its inverse square."""

PIECES = 5
"""Pieces a bone is cut into to ask where it is inside the body."""

OUTSIDE = 1.0
"""A bone piece outside the body counts as this much farther: roots on the floor, targets in the air."""

HIDDEN = 0.75
"""Each surface of another part between vertex and bone adds this share to the distance, up to ``MOST_HIDDEN``."""

MOST_HIDDEN = 3
CANDIDATES = 6
"""Bones a vertex that are looked at for what lies between: the nearest."""

TIE = 1e-4
"""Bones as near as this, relatively, share a vertex: the middle line of a mirrored body stays in the middle."""


def inside_factors(body: Body, bones: Bones) -> Floats:
    """Return (S, PIECES) factors on the distance: 1 for pieces of bone inside the body, up to 1 + OUTSIDE outside.

    Inside is read from the winding number with a wide margin: meshes are open, and a fifth of the faces may be flipped.
    """
    from axis_core.kernels.winding import tree_winding_numbers

    at = (np.arange(PIECES) + 0.5) / PIECES
    start, along = bones.segments[:, None, :3], bones.segments[:, None, 3:] - bones.segments[:, None, :3]
    middle = (start + at[None, :, None] * along).reshape(-1, 3)
    winding = np.abs(tree_winding_numbers(body.tree, middle))
    within = np.clip((winding - 0.2) / 0.3, 0.0, 1.0)
    return (1.0 + OUTSIDE * (1.0 - within)).reshape(-1, PIECES)


def bone_distances(body: Body, bones: Bones, n_joints: int, factors: Floats | None = None) -> tuple[Floats, Ints]:
    """Return the distance of each vertex to each joint's nearest bone and which segment that is, (V, J) each.

    Distances are divided by how much the surface looks away from the bone, and multiplied by ``factors``.
    """
    from axis_core.kernels.cpu.jit import as_kernel_array
    from axis_core.kernels.cpu.ranges import run_ranges
    from axis_core.kernels.cpu.skin_weights import bone_distances as compiled

    n = len(body.points)
    distances, nearest = np.empty((n, n_joints)), np.zeros((n, n_joints), np.int64)
    weight = np.ones((len(bones.segments), 1)) if factors is None else factors
    args = (
        as_kernel_array(body.points, np.float64),
        as_kernel_array(body.normals, np.float64),
        as_kernel_array(bones.segments, np.float64),
        as_kernel_array(bones.owners, np.int64),
        as_kernel_array(weight, np.float64),
        LEAST_DISTANCE * body.extent,
        LEAST_FACING,
        distances,
        nearest,
    )
    run_ranges(lambda a, b: compiled(*args, a, b), n, least=1024)
    return distances, nearest


def penalise_hidden(body: Body, bones: Bones, distances: Floats, nearest: Ints) -> Floats:
    """Return distances (V, J) in which bones behind surfaces of other parts are farther, all but the nearest infinite.

    The rays end where the bone is nearest. Surfaces of the vertex's own part do not count: limbs fold.
    """
    from axis_core.kernels.rays import count_crossings

    n, n_joints = distances.shape
    count = min(CANDIDATES, n_joints)
    rows = np.arange(n)[:, None]
    chosen = np.argpartition(distances, count - 1, axis=1)[:, :count]
    kept = distances[rows, chosen]
    if body.n_parts > 1 and len(body.faces):
        segment = bones.segments[nearest[rows, chosen]]
        start, along = segment[..., :3], segment[..., 3:] - segment[..., :3]
        away = body.points[:, None] - start
        length2 = np.maximum((along**2).sum(2), 1e-300)
        at = np.clip((away * along).sum(2) / length2, 0.0, 1.0)
        # not quite to the bone: it may lie in a surface, as joints at the seam of two parts do
        target = start + at[..., None] * along
        target += 1e-3 * (body.points[:, None] - target)
        origin = np.broadcast_to((body.points - 1e-4 * body.extent * body.normals)[:, None], target.shape)
        crossed = count_crossings(
            body.tree,
            origin.reshape(-1, 3),
            target.reshape(-1, 3),
            face_labels=body.parts[body.faces[:, 0]],
            ignored=np.repeat(body.parts, count),
        ).reshape(n, count)
        kept = kept * (1.0 + HIDDEN * np.minimum(crossed, MOST_HIDDEN))
    out = np.full_like(distances, np.inf)
    out[rows, chosen] = kept
    return out


def owner_shares(distances: Floats) -> tuple[Floats, Floats]:
    """Return (V, J) shares of the nearest joints, rows summing to 1, and the distance (V,) of the nearest."""
    nearest = distances.min(1)
    owned = distances <= nearest[:, None] * (1.0 + TIE)
    return owned / owned.sum(1, keepdims=True), nearest
