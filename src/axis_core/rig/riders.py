"""Joints that take weight over from another joint once the surface is weighed: twist joints and eyes.

A heat solve knows no difference between a twist joint and the bone that it lies in, and would make lids follow an eye.
So these joints stay out of the solve: a twist joint takes its share along the bone, an eye the part that it lies in.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from axis_core.kernels.components import vertex_components
from axis_core.kernels.quantise import limit_influences
from axis_core.kernels.weld import weld_vertices
from axis_core.model.skeleton import Skeleton


__all__ = ["MOST_TWISTS", "eye_parts", "is_twist", "ridden", "share_twist", "twisted"]

MOST_TWISTS = 3
_BONES = tuple(
    (side + upper, side + lower)
    for side in ("left", "right")
    for upper, lower in (
        ("UpperArm", "LowerArm"),
        ("LowerArm", "Hand"),
        ("UpperLeg", "LowerLeg"),
        ("LowerLeg", "Foot"),
    )
)
_TWIST = re.compile(r"^(?:left|right)(?:Upper|Lower)(?:Arm|Leg)Twist\d$")
_HALF = 0.35  # of an eye's diagonal: how far its joint may be from its middle
_MARGIN = 0.05  # of an eye's size: iris and cornea may stand out so far

Floats = NDArray[np.float64]


def is_twist(name: str) -> bool:
    """Return whether this is the name of a twist joint as ``twisted`` gives it."""
    return bool(_TWIST.match(name))


def twisted(skeleton: Skeleton, count: int) -> Skeleton:
    """Return a humanoid skeleton with ``count`` twist joints evenly along each long bone of arms and legs."""
    index = {name: k for k, name in enumerate(skeleton.names)}
    names, parents, positions = list(skeleton.names), list(skeleton.parents), list(skeleton.positions)
    for bone, end in _BONES:
        if bone not in index or end not in index:
            continue
        start, way = skeleton.positions[index[bone]], skeleton.positions[index[end]] - skeleton.positions[index[bone]]
        for k in range(1, count + 1):
            names.append(f"{bone}Twist{k}")
            parents.append(index[bone])
            positions.append(start + way * k / (count + 1))
    return Skeleton(names=tuple(names), parents=np.array(parents), positions=np.array(positions))


def share_twist(
    positions: ArrayLike, indices: ArrayLike, weights: ArrayLike, skeleton: Skeleton, max_influences: int = 4
) -> tuple[NDArray[np.int64], Floats]:
    """Return influences (V, K) in which twist joints have taken over from their bones.

    Between two neighbouring twist joints the weight passes from one to the other evenly along the bone.

    Parameters
    ----------
    positions : (V, 3) float
    indices, weights : (V, K)
        Joints of ``skeleton``; twist joints have no weight yet.
    skeleton : Skeleton
    max_influences : int
    """
    points = np.asarray(positions, np.float64)
    index, weight = np.asarray(indices, np.int64), np.asarray(weights, np.float64)
    first, second, share = index.copy(), index.copy(), np.zeros_like(weight)
    for bone, twists, end in _twisted_bones(skeleton):
        start = skeleton.positions[bone]
        way = skeleton.positions[end] - start
        at = np.clip((points - start) @ way / max(float(way @ way), 1e-18), 0.0, 1.0) * (len(twists) + 1)
        knots = np.array([bone, *twists, twists[-1]])
        lower = np.minimum(at.astype(np.int64), len(twists))
        rows, slots = np.nonzero((index == bone) & (weight > 0.0))
        first[rows, slots], second[rows, slots] = knots[lower[rows]], knots[lower[rows] + 1]
        share[rows, slots] = (at - lower)[rows]
    wide = np.concatenate([first, second], axis=1), np.concatenate([weight * (1.0 - share), weight * share], axis=1)
    return limit_influences(*wide, max_influences)


def _twisted_bones(skeleton: Skeleton) -> list[tuple[int, list[int], int]]:
    """(bone, its twist joints from the near to the far one, the joint at its end)."""
    index = {name: k for k, name in enumerate(skeleton.names)}
    out = []
    for bone, end in _BONES:
        twists = [index[f"{bone}Twist{k}"] for k in range(1, MOST_TWISTS + 1) if f"{bone}Twist{k}" in index]
        if twists and end in index:
            out.append((index[bone], twists, index[end]))
    return out


def eye_parts(positions: ArrayLike, faces: ArrayLike, eye: ArrayLike) -> NDArray[np.bool_]:
    """Return (V,) which vertices turn with an eye's joint: the part it lies in the middle of, and what is in it.

    Nothing is returned as True where no part smaller than a fifth of the whole has the joint in its middle.
    """
    points, eye = np.asarray(positions, np.float64), np.asarray(eye, np.float64)
    extent = float(np.ptp(points, axis=0).max()) if len(points) else 0.0
    first, group = weld_vertices(points, tolerance=1e-5 * extent)
    n, labels = vertex_components(group[np.asarray(faces, np.int64)], len(first))
    labels = labels[group]
    used = labels >= 0
    low, high = np.full((n, 3), np.inf), np.full((n, 3), -np.inf)
    np.minimum.at(low, labels[used], points[used])
    np.maximum.at(high, labels[used], points[used])
    size = np.linalg.norm(high - low, axis=1)
    off = np.linalg.norm((low + high) / 2.0 - eye, axis=1)
    fits = (size < 0.2 * extent) & (off < _HALF * size)
    if not fits.any():
        return np.zeros(len(points), bool)
    ball = int(np.argmax(np.where(fits, size, 0.0)))
    margin = _MARGIN * size[ball]
    held = (low >= low[ball] - margin).all(axis=1) & (high <= high[ball] + margin).all(axis=1)
    return np.asarray(used & held[labels])


def ridden(names: Sequence[str], parents: NDArray[np.int32], candidates: set[int]) -> NDArray[np.int64]:
    """Return the joints (N,) that stay in the solve: all but the candidates that no other joint hangs on."""
    kept = np.ones(len(names), bool)
    for joint in candidates:
        kept[joint] = bool((parents == joint).any())
    return np.flatnonzero(kept)
