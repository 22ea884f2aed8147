"""Bones of a bare skeleton: the segments that stand for each joint, and ends fitted to the mesh where it has none."""

from __future__ import annotations

import attrs
import numpy as np
from numpy.typing import NDArray

from axis_core.kernels.skin_weights.body import Body, edge_islands


__all__ = ["BRANCH", "Bones", "bones_of", "fit_ends", "local_joints"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

BRANCH = 0.25
"""Share of the way to a side branch (hips to thigh, chest to shoulder) that a joint keeps for itself."""

PAIR = 0.02
"""Children whose bones are as long as each other within this share are a pair: eyes, legs, wings."""

STUB = 0.35
"""Length of an end bone before it is fitted, in lengths of the bone that leads to it."""

END_SHARE = 0.6
"""A fitted end bone reaches this share of the way to the far end of the surface that its joint owns."""

END_QUANTILE = 0.95
"""Area below the far end: the last few percent are hair tips and spikes."""

ISLAND_REACH = 3.0
"""Islands of owned surface farther from the joint than this many times the nearest one do not belong to its end."""


@attrs.frozen(eq=False)
class Bones:
    """Segments of the bones.

    Attributes
    ----------
    segments : (S, 6) float64
        From and to.
    owners : (S,) int64
        The joint each belongs to.
    free : (S,) bool
        Whether it is an end, with nothing to point at but the mesh.
    """

    segments: Floats
    owners: Ints
    free: NDArray[np.bool_]


def bones_of(joints: Floats, parents: Ints) -> Bones:
    """Return the bones of joints (J, 3) with parents (J,), -1 for a root.

    A joint has a bone to its main child, and short ones towards the others. A joint without children gets an end bone
    that carries on from its parent; so does one whose children are all pairs (a head with two eyes, two ears), for none
    of them continues it.
    """
    segments, owners, free = [], [], []
    for i, joint in enumerate(joints):
        kids = np.flatnonzero(parents == i)
        up = int(parents[i])
        main = _main_child(joints, parents, i, kids)
        for k in kids:
            share = 1.0 if k == main else BRANCH
            segments.append(np.concatenate([joint, joint + share * (joints[k] - joint)]))
            owners.append(i)
            free.append(False)
        if len(kids) == 0 or (main < 0 and up >= 0):
            along = joint - joints[up] if up >= 0 else np.zeros(3)
            segments.append(np.concatenate([joint, joint + STUB * along]))
            owners.append(i)
            free.append(True)
    return Bones(np.array(segments), np.array(owners, np.int64), np.array(free, np.bool_))


def _main_child(joints: Floats, parents: Ints, joint: int, kids: Ints) -> int:
    """Return the child that continues a joint: not one of a pair, the straightest ahead; -1 if all are in pairs.

    A root whose children are all in pairs takes the straightest: it has no direction of its own to carry on.
    """
    if len(kids) == 0:
        return -1
    up = parents[joint]
    reach = joints[kids] - joints[joint]
    length = np.linalg.norm(reach, axis=1)
    gaps = np.abs(length[:, None] - length[None])
    np.fill_diagonal(gaps, np.inf)
    paired = (gaps < PAIR * length[:, None]).any(1)
    if paired.all() and up >= 0:
        return -1
    ahead = joints[joint] - joints[up] if up >= 0 else np.zeros(3)
    score = (reach @ ahead) / np.maximum(length * np.linalg.norm(ahead), 1e-300) - 2.0 * paired
    return int(kids[np.argmax(score)])


def local_joints(body: Body, joints: Floats, parents: Ints) -> Ints:
    """Return for each joint the small part that it alone moves (an eyeball), or -1.

    Such a joint is an end in the middle of a small part, the part small beside the bone that leads there. Without this
    rule an eye would take half the face.
    """
    low, high = body.part_boxes
    middle, diagonal = (low + high) / 2.0, np.linalg.norm(high - low, axis=1)
    out = np.full(len(joints), -1, np.int64)
    for j, joint in enumerate(joints):
        if parents[j] < 0 or (parents == j).any():
            continue
        off = np.linalg.norm(middle - joint, axis=1) / np.maximum(diagonal, 1e-300)
        length = float(np.linalg.norm(joint - joints[parents[j]]))
        fits = (off < 0.35) & (diagonal < 0.6 * length) & (body.part_sizes < 0.1)
        if fits.any():
            out[j] = int(np.argmin(np.where(fits, off, np.inf)))
    return out


def fit_ends(bones: Bones, body: Body, joints: Floats, owner: Ints) -> Bones:
    """Return the bones with their free ends led into the middle of the surface that their joints own.

    owner : (V,) int64, the joint that each vertex belongs to so far.
    """
    if not bones.free.any():
        return bones
    islands = edge_islands(body, owner)
    segments = bones.segments.copy()
    for s in np.flatnonzero(bones.free):
        joint = joints[bones.owners[s]]
        rows = np.flatnonzero(owner == bones.owners[s])
        if len(rows) < 3:
            continue
        reach = body.points[rows] - joint
        near = _nearest_islands(islands[rows], np.linalg.norm(reach, axis=1))
        end = _far_end(reach[near], body.areas[rows[near]])
        if end is not None:
            segments[s, 3:] = joint + END_SHARE * end
    return attrs.evolve(bones, segments=segments)


def _nearest_islands(labels: Ints, distance: Floats) -> NDArray[np.bool_]:
    _, island = np.unique(labels, return_inverse=True)
    nearest = np.full(int(island.max()) + 1, np.inf)
    np.minimum.at(nearest, island, distance)
    return np.asarray(nearest <= ISLAND_REACH * nearest.min() + 1e-300)[island]


def _far_end(reach: Floats, area: Floats) -> Floats | None:
    """Return the vector through the middle of the surface to its far end, or None where there is no direction."""
    weight = area + 1e-300
    middle = weight @ reach / weight.sum()
    length = float(np.linalg.norm(middle))
    if length <= 1e-3 * float(np.abs(reach).max()):
        return None
    along = reach @ (middle / length)
    order = np.argsort(along, kind="stable")
    total = np.cumsum(weight[order])
    far = along[order[min(int(np.searchsorted(total, END_QUANTILE * total[-1])), len(order) - 1)]]
    return middle / length * far if far > 0.0 else None
