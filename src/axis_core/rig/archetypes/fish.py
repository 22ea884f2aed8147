"""Fish and whales: one spindle without legs, a fin across the end of the tail, fins at the sides."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from axis_core.model.figure import Figure
from axis_core.model.skeleton import Skeleton
from axis_core.plugin.kinds import Archetype
from axis_core.rig.animals.anatomy import Anatomy, anatomy_of
from axis_core.rig.animals.chains import Chains
from axis_core.rig.animals.parts import add_arms, grows
from axis_core.rig.options import PlaceOptions


__all__ = ["ARCHETYPE"]

Vector = NDArray[np.float64]

_JOINTS = (("head", 0.12), ("spine1", 0.33), ("spine2", 0.48), ("spine3", 0.61), ("tail1", 0.73), ("tail2", 0.84))
"""Joints and how far from the nose to the end of the tail they are."""
_FIN = 0.3  # of a side fin's length: where its joint is
_ENDS = 0.16  # share of the length that is looked at for the tail's fin


def _score(figure: Figure) -> float:
    """Longer than wide, all trunk, no feet, and a fin at one end: thin one way and broad the other."""
    parts = anatomy_of(figure)
    feet = [leg for leg in parts.legs if abs(leg.tip[0]) > 0.04 and not leg.is_blade]
    if len(feet) >= 2:
        return 0.0
    z = figure.points[:, 2]
    low, high = float(z.min()), float(z.max())
    trunk = figure.solid.points(np.argwhere(parts.body.trunk))
    width = float(np.ptp(trunk[:, 0]))
    middle = _spread(figure.points[np.abs(z - (low + high) / 2.0) < 0.15 * (high - low)])
    reach = _ENDS * (high - low)
    ends = [_spread(figure.points[z < low + reach]), _spread(figure.points[z > high - reach])]
    fin = max(_fin(end, middle) for end in ends)
    whole = grows(float(parts.body.trunk.sum()) / max(float(figure.solid.inside.sum()), 1.0), 0.45, 0.7)
    level = 0.4 + 0.6 * grows((high - low) / figure.height, 0.8, 1.1)
    return 0.7 * fin * whole * level * grows((high - low) / max(width, 1e-9), 1.1, 1.5)


def _spread(points: Vector) -> Vector:
    """Robust half width and half height (2,) of a slab."""
    if len(points) < 4:
        return np.full(2, 1e-9)
    return np.asarray(np.maximum(np.ptp(np.quantile(points[:, :2], [0.08, 0.92], axis=0), axis=0) / 2.0, 1e-9))


def _fin(end: Vector, middle: Vector) -> float:
    """How much an end looks like a fin beside the middle of the body."""
    thin = int(np.argmin(end))
    flat = grows(0.6 - float(end[thin] / end[1 - thin]), 0.0, 0.25)
    return flat * grows(0.6 - float(end[thin] / middle[thin]), 0.0, 0.25)


def _place(figure: Figure, options: PlaceOptions) -> Skeleton:
    """A chain along the middle from head to tail, rooted in the body; one bone in each side fin."""
    parts = anatomy_of(figure)
    z = figure.points[:, 2]
    low, high = float(z.min()), float(z.max())
    points = {name: _centre(figure, parts, high - share * (high - low)) for name, share in _JOINTS}
    chains = Chains()
    chains.add("spine1", points["spine1"])
    chains.add("head", points["head"], "spine1")
    rest = [name for name in points if name not in ("head", "spine1")]
    chains.chain(rest, [points[name] for name in rest], "spine1")
    fins = [pair for pair in parts.arms if pair.is_blade][:2]
    for number, pair in enumerate(fins, start=1):
        add_arms(chains, (f"Fin{number}",), pair, (_FIN,), "spine1")
    return chains.skeleton(options, mirrored=figure.is_mirrored)


def _centre(figure: Figure, parts: Anatomy, z: float) -> Vector:
    """The middle of the body at a depth; beyond the trunk, the middle of what is there."""
    k = int(np.clip(round((z - figure.solid.origin[2]) / figure.solid.spacing), 0, figure.solid.inside.shape[2] - 1))
    for mask in (parts.body.trunk, figure.solid.inside):
        filled = np.argwhere(mask[:, :, k])
        if len(filled):
            x, y = figure.solid.origin[:2] + figure.solid.spacing * filled.mean(axis=0)
            return np.array([0.0 if figure.is_mirrored else float(x), float(y), z])
    return np.array([0.0, float(figure.middle[1]), z])


ARCHETYPE = Archetype(name="fish", score=_score, place=_place, summary="Fish and whales: a spindle with fins, no legs.")
