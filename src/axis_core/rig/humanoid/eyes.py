"""Eyeballs that are parts of their own, and the joints they turn about."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from axis_core.model.figure import Figure
from axis_core.rig.humanoid.hierarchy import Joints


__all__ = ["find_eyes"]

Vector = NDArray[np.float64]

_SMALLEST, _LARGEST = 0.06, 0.5  # of the head's height: a small eye of a person, a large one of a toon
_ROUND = 1.7  # width over height, and depth over width, of what may be an eye; lashes and brows are longer
_FLAT = 0.35  # depth over width under which it is the painted front of an eye
_BEHIND = 0.4  # of the width: how far behind such a front the eye's middle is
_ASIDE = (0.07, 0.55)  # of the head's height: from the mirror plane to the middle of an eye
_LEVEL = (0.1, 0.85)  # of the head's height above its joint
_SAME = 0.25  # how far a partner may be off, in its size


def find_eyes(figure: Figure, joints: Joints) -> Joints:
    """Return ``leftEye`` and ``rightEye`` where the head has a pair of round parts in its front; else nothing.

    Of several pairs (iris and pupil, ball and lens) the roundest large one counts.
    """
    head = joints["head"]
    size = figure.height - float(head[1])
    if size <= 0.0:
        return {}
    found = [part for part in _parts(figure, head, size) if _may_be_eye(*part, head, size)]
    pairs = [
        (one, other)
        for one in found
        for other in found
        if one[0][0] > 0.0 > other[0][0] and _is_partner(one, other, joints)
    ]
    if not pairs:
        return {}
    best = max(pairs, key=lambda pair: float(np.prod(np.maximum(pair[0][1], 1e-6)) ** (1 / 3)))
    return {side + "Eye": _middle(*part) for side, part in zip(("left", "right"), best)}


def _parts(figure: Figure, head: Vector, size: float) -> list[tuple[Vector, Vector]]:
    """(centre, extent) of the components that lie wholly above the head's joint."""
    labels, points = figure.components, figure.positions
    used = labels >= 0
    if not used.any():
        return []
    n = int(labels.max()) + 1
    low, high = np.full((n, 3), np.inf), np.full((n, 3), -np.inf)
    np.minimum.at(low, labels[used], points[used])
    np.maximum.at(high, labels[used], points[used])
    fits = (low[:, 1] > head[1] - 0.1 * size) & ((high - low).max(axis=1) < _LARGEST * size)
    return [((low[k] + high[k]) / 2.0, high[k] - low[k]) for k in np.flatnonzero(fits)]


def _may_be_eye(centre: Vector, extent: Vector, head: Vector, size: float) -> bool:
    width, height, depth = extent
    if not _SMALLEST * size < width < _LARGEST * size or height <= 0.0:
        return False
    is_round = 1.0 / _ROUND < width / height < _ROUND and depth < _ROUND * width
    aside = abs(float(centre[0] - head[0])) / size
    level = float(centre[1] - head[1]) / size
    return bool(
        is_round
        and _ASIDE[0] < aside < _ASIDE[1]
        and _LEVEL[0] < level < _LEVEL[1]
        and centre[2] > head[2] + 0.1 * size
    )


def _is_partner(one: tuple[Vector, Vector], other: tuple[Vector, Vector], joints: Joints) -> bool:
    """Whether two parts are each other's image in the plane through the head's joint."""
    mirrored = one[0] * np.array([-1.0, 1.0, 1.0]) + np.array([2.0 * joints["head"][0], 0.0, 0.0])
    reach = _SAME * float(one[1].max())
    return bool(np.linalg.norm(mirrored - other[0]) < 2.0 * reach and np.abs(one[1] - other[1]).max() < reach)


def _middle(centre: Vector, extent: Vector) -> Vector:
    behind = _BEHIND * extent[0] if extent[2] < _FLAT * extent[0] else 0.0
    return np.asarray(centre - np.array([0.0, 0.0, behind]))
