"""Which end of an animal is its head: toes point to it, hocks bend away from it, it is high and thicker than a tail."""

from __future__ import annotations

import attrs
import numpy as np
from numpy.typing import NDArray

from axis_core.model.figure import Figure
from axis_core.rig.animals.anatomy import Anatomy, anatomy_of
from axis_core.rig.animals.limbs import Limb
from axis_core.rig.turning import prefers, turned_about


__all__ = ["head_first", "heading_evidence"]

Vector = NDArray[np.float64]

_WEIGHTS = {"hocks": (6.0, 0.8), "toes": (5.0, 0.8), "high": (3.0, 0.7), "thick": (1.0, 0.7), "blunt": (1.0, 0.3)}
"""How steeply each sign counts, and how much at most: the usual value of an animal counts about fully."""
_PRIOR = 0.6  # for the way files face: +Z, or -Y where Z is up
_LYING = 1.0  # depth over height from which a body on two legs is no person


def head_first(figure: Figure) -> Figure:
    """Return a figure, turned about the vertical if it is an animal on four legs, or level on two, going tail first."""
    parts = anatomy_of(figure)
    size = np.ptp(figure.bounds, axis=0)
    level = size[2] > _LYING * figure.height and size[2] > size[0]
    if len(parts.pairs) > 2 or (len(parts.pairs) < 2 and not level):
        return figure
    rotation = figure.frame[:3, :3] / np.cbrt(np.linalg.det(figure.frame[:3, :3]))
    prior = _PRIOR if prefers(rotation[2], rotation[1]) else -_PRIOR
    evidence = heading_evidence(figure, parts) if parts.pairs else _bulk_evidence(figure)
    if evidence + prior >= 0.0:
        return figure
    return attrs.evolve(turned_about(figure), facing_certainty=float(np.clip(-evidence, 0.0, 1.0)))


def heading_evidence(figure: Figure, parts: Anatomy) -> float:
    """Return evidence that an animal with one or two pairs of legs faces +Z: positive if so, 1 is strong.

    Returns 0 where nothing of it lies before or behind its legs.
    """
    solid = figure.solid
    free = solid.points(np.argwhere(parts.free))
    rear, front = float(parts.pairs[0].root[2]), float(parts.pairs[-1].root[2])
    low, high = float(free[:, 2].min()), float(free[:, 2].max())
    ahead, behind = high - front, rear - low
    if min(ahead, behind) < 4.0 * solid.spacing:
        return 0.0
    fore, aft = free[free[:, 2] > front + 0.4 * ahead], free[free[:, 2] < rear - 0.4 * behind]
    if min(len(fore), len(aft)) == 0:
        return 0.0
    ends = [float((free[:, 2] > high - 0.15 * ahead).sum()), float((free[:, 2] < low + 0.15 * behind).sum())]
    bends = [float(np.mean([_bend(leg) for leg in (pair.left, pair.right)])) for pair in parts.pairs]
    signs = {
        "hocks": -max(bends, key=abs),
        "toes": float(np.mean([_toes(leg) for leg in parts.legs])),
        "high": float(np.quantile(fore[:, 1], 0.9) - np.quantile(aft[:, 1], 0.9)) / figure.height,
        "thick": float(np.log(len(fore) / ahead * behind / len(aft))),
        "blunt": float(np.log(max(ends[0], 1.0) / ahead * behind / max(ends[1], 1.0))),
    }
    return sum(most * float(np.clip(steep * signs[name], -1.0, 1.0)) for name, (steep, most) in _WEIGHTS.items())


def _bulk_evidence(figure: Figure) -> float:
    """Evidence that something without legs faces +Z: its front is bulkier than its rear."""
    z = np.argwhere(figure.solid.inside)[:, 2]
    low, high = int(z.min()), int(z.max())
    reach = 0.4 * (high - low)
    front, rear = float((z > high - reach).sum()), float((z < low + reach).sum())
    return float(np.clip(1.5 * np.log(max(front, 1.0) / max(rear, 1.0)), -1.5, 1.5))


def _bend(leg: Limb) -> float:
    """How far a leg bends forwards between ankle and root, in its height; negative: backwards."""
    y = leg.line[:, 1]
    height = max(float(y[-1] - y[0]), 1e-9)
    ankle, root = leg.line[int(np.argmin(np.abs(y - (y[0] + 0.15 * height))))], leg.line[-1]
    inner = leg.line[(y > y[0] + 0.2 * height) & (y < y[0] + 0.85 * height)]
    if len(inner) < 2:
        return 0.0
    share = (inner[:, 1] - ankle[1]) / max(float(root[1] - ankle[1]), 1e-9)
    off = inner[:, 2] - (ankle[2] + share * (root[2] - ankle[2]))
    return float(off[int(np.argmax(np.abs(off)))]) / height


def _toes(leg: Limb) -> float:
    """How far the sole lies in front of the shin, in the leg's height."""
    y = leg.line[:, 1]
    height = max(float(y[-1] - y[0]), 1e-9)
    shin = leg.line[(y > y[0] + 0.15 * height) & (y < y[0] + 0.3 * height)]
    return float(leg.line[0, 2] - shin[:, 2].mean()) / height if len(shin) else 0.0
