"""Parts: what is small or hard follows one bone or the surface it sits on, and does not bend."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from axis_core.kernels.skin_weights.body import Body
from axis_core.kernels.skin_weights.bones import Bones


__all__ = ["attach_small", "hardness", "loose_parts", "stiffen"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]

SMALL = 0.15
"""Parts below this share of the whole diagonal that no bone runs through are trimmings: eyes, buttons, buckles."""

MAIN = 0.2
"""If no other part is as large as this, everything is small, and only parts below 0.3 of the largest are trimmings."""

STIFF_SHARE = 0.8
"""A part of which one joint owns this much of the surface is a rigid piece of it: nine of ten such parts are."""

STIFF_SIZE = 0.3
"""Larger parts bend even so: a body with one big bone."""

SOFT_FIGURE, HARD_FIGURE = 0.55, 0.65
"""Mean share of a part that its first joint owns: below the one a body in clothes, above the other a robot."""

HARD_SHARE = 0.6
"""``STIFF_SHARE`` of a robot, whose parts may be of any size."""

HARD_PARTS = 6
"""A figure of fewer parts is no robot."""

OWN_JOINT = 1.0
"""Of a robot's piece a joint in its very middle counts as owning this much more than it does, one at its rim nothing:
a ball or a pauldron turns about its own joint, and half of it is nearer to the bone before."""

DECIDED = 3.0
"""Exponent on the mean weights that a trimming takes: it sits nearer to one bone than the soft mean says."""


def loose_parts(body: Body, bones: Bones, kept: Ints) -> Mask:
    """Return (P,) whether a part is a trimming. kept : (J,) parts that joints claim for themselves, or -1."""
    at = np.linspace(0.0, 1.0, 9)
    start, along = bones.segments[:, None, :3], bones.segments[:, None, 3:] - bones.segments[:, None, :3]
    samples = (start + at[None, :, None] * along).reshape(-1, 3)
    low, high = body.part_boxes
    small = body.part_sizes < SMALL
    for p in np.flatnonzero(small):
        small[p] = not ((samples >= low[p]) & (samples <= high[p])).all(1).any()
    small[kept[kept >= 0]] = False
    if body.part_sizes[~small].max(initial=0.0) < MAIN:
        small &= body.part_sizes < 0.3 * body.part_sizes.max()
    return small


def hardness(body: Body, shares: Floats) -> float:
    """Return how far a figure is made of pieces that each belong to one joint: 0 soft, 1 a robot. shares : (V, J)."""
    if body.n_parts < HARD_PARTS:
        return 0.0
    sums = body.part_sums(shares)
    majority = float(sums.max(1).sum() / sums.sum())
    return min(max((majority - SOFT_FIGURE) / (HARD_FIGURE - SOFT_FIGURE), 0.0), 1.0)


def stiffen(body: Body, joints: Floats, weights: Floats, shares: Floats, loose: Mask) -> Floats:
    """Return weights in which parts that clearly belong to one joint are rigid; trimmings are left alone."""
    sums = body.part_sums(shares)
    hard = hardness(body, shares)
    sums = sums * (1.0 + hard * OWN_JOINT * _centrality(body, joints))
    majority = sums.max(1) / np.maximum(sums.sum(1), 1e-300)
    stiff = (majority > STIFF_SHARE + hard * (HARD_SHARE - STIFF_SHARE)) & ~loose
    stiff &= body.part_sizes <= STIFF_SIZE + hard * (1.0 - STIFF_SIZE)
    rows = stiff[body.parts]
    out = weights.copy()
    out[rows] = 0.0
    out[rows, sums.argmax(1)[body.parts[rows]]] = 1.0
    return out


def _centrality(body: Body, joints: Floats) -> Floats:
    """Return (P, J) how central each joint is in the box of each part: 1 in the middle, 0 in a corner and outside."""
    low, high = body.part_boxes
    off = np.abs(joints[None] - ((low + high) / 2.0)[:, None])
    half = np.broadcast_to(((high - low) / 2.0)[:, None], off.shape)
    within = np.asarray((off <= half).all(2))
    share = np.zeros_like(off)
    np.divide(off, half, out=share, where=within[..., None] & (half > 0.0))
    return np.where(within, 1.0 - np.linalg.norm(share, axis=2) / np.sqrt(3.0), 0.0)


def attach_small(body: Body, weights: Floats, loose: Mask) -> Floats:
    """Return weights in which each trimming has one row: the mean of the surface it sits on.

    The surface is that of the other parts, looked up at the nearer half of the trimming's vertices: a strap hangs where
    it touches, not where it ends.
    """
    from axis_core.kernels.transfer import surface_coordinates

    rows = np.flatnonzero(loose[body.parts])
    ground = body.faces[~loose[body.parts[body.faces[:, 0]]]]
    if len(rows) == 0 or len(ground) == 0:
        return weights
    corners, shares = surface_coordinates(body.points, ground, body.points[rows])
    gap = np.linalg.norm(np.einsum("vk,vkx->vx", shares, body.points[corners]) - body.points[rows], axis=1)
    below = np.einsum("vk,vkj->vj", shares, weights[corners])
    near = _nearer_half(body.parts[rows], gap)
    table = np.zeros_like(weights)
    table[rows[near]] = below[near]
    mean = body.part_sums(table)
    mean /= np.maximum(mean.sum(1, keepdims=True), 1e-300)
    mean = mean**DECIDED
    mean /= np.maximum(mean.sum(1, keepdims=True), 1e-300)
    out = weights.copy()
    out[rows] = mean[body.parts[rows]]
    return out


def _nearer_half(parts: Ints, gap: Floats) -> Mask:
    """Return (R,) whether a row is among the nearer half of its part (at least one is)."""
    order = np.lexsort((gap, parts))
    _, first, count = np.unique(parts[order], return_index=True, return_counts=True)
    limit = gap[order[first + (count - 1) // 2]]
    return np.asarray(gap <= np.repeat(limit, count)[np.argsort(order, kind="stable")])
