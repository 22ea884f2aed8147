"""Birds, bats, winged dragons: a pair of wings, or two thin legs under a body without arms."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from axis_core.model.figure import Figure
from axis_core.model.skeleton import Skeleton
from axis_core.plugin.kinds import Archetype
from axis_core.rig.animals.anatomy import Anatomy, anatomy_of
from axis_core.rig.animals.chains import Chains
from axis_core.rig.animals.parts import add_arms, add_legs, add_neck, add_tail, bent_leg, grows, hip_of
from axis_core.rig.animals.stance import LegPair
from axis_core.rig.options import PlaceOptions


__all__ = ["ARCHETYPE"]

Vector = NDArray[np.float64]

_SPINE, _HIP = 0.6, 0.5
_LEG = (0.62, 0.32, 0.05)
_HOCK = (0.15, 0.5)
_INWARDS = 0.1
_HEAD = 0.75
_WING = (0.0, 0.35, 0.68, 0.95)
_FOLDED = ((0.9, 0.7), (0.35, 0.5), (-0.5, 0.5))  # shoulder, elbow, wrist: (from hips to chest, height in the trunk)


def _score(figure: Figure) -> float:
    """Spread wings on a body that is not upright, or two thin legs and no arms."""
    parts = anatomy_of(figure)
    if len(parts.pairs) > 1:
        return 0.0
    low, high = figure.bounds
    size = high - low
    wings = _wings(parts)
    lying = float(size[2]) / figure.height
    if wings is not None:
        span = float(wings.left.tip[0] - wings.right.tip[0]) / max(float(size[2]), 1e-9)
        sure = 0.75 if parts.pairs else 0.7
        return sure * grows(span, 0.5, 0.9) * grows(lying, 0.7, 1.0) * _ends(figure, wings)
    if len(parts.legs) != 2:
        return 0.0
    depth = float(figure.solid.depth.max())
    thin = grows(0.5 - float(np.median([np.median(leg.radius) for leg in parts.legs])) / depth, 0.1, 0.25)
    narrow = grows(1.5 - float(size[0]) / max(float(size[2]), 1e-9), 0.2, 0.5)
    arms = 0.3 if any(not pair.is_blade and pair.foot[1] < pair.root[1] for pair in parts.arms) else 1.0
    return 0.75 * thin * narrow * arms * grows(lying, 0.4, 0.6)


def _wings(parts: Anatomy) -> LegPair | None:
    """The widest pair of flat limbs off the ground."""
    blades = [pair for pair in parts.arms if pair.is_blade]
    return max(blades, key=lambda pair: float(pair.left.tip[0]), default=None)


def _ends(figure: Figure, wings: LegPair) -> float:
    """1 where the body reaches out before and behind the wings' roots: a head and a tail."""
    low, high = figure.bounds
    length = float(high[2] - low[2])
    root = float(wings.root[2])
    return grows(min(float(high[2]) - root, root - float(low[2])) / length, 0.1, 0.25)


def _place(figure: Figure, options: PlaceOptions) -> Skeleton:
    """Spine from the hips over the legs to the wings, neck and head, a tail, wings along their length or folded."""
    parts = anatomy_of(figure)
    wings, legs = _wings(parts), parts.pairs[0] if parts.pairs else None
    nose = float(parts.midline.line[0][2])
    rear = float(figure.bounds[0][2])
    if legs is not None:
        start = float(legs.root[2])
    else:
        start = float(wings.root[2] + 0.35 * (rear - wings.root[2])) if wings is not None else float(figure.middle[2])
    ahead = float(wings.root[2]) if wings is not None else start + 0.35 * (nose - start)
    end = max(ahead, start + 0.15 * (nose - start))
    spine = np.array([[0.0, parts.profile.level(z, _SPINE), z] for z in np.linspace(start, end, 3)])
    chains = Chains()
    chest = chains.chain(["hips", "spine1", "chest"], spine)
    add_neck(chains, parts, spine[-1], _HEAD, chest, most=2)
    add_tail(chains, figure, parts, spine[0], _SPINE, "hips")
    if wings is not None:
        add_arms(chains, ("Wing1", "Wing2", "Wing3", "WingTip"), wings, _WING, chest)
    else:
        left = np.array([_flank(figure, parts, start + at * (end - start), level) for at, level in _FOLDED])
        chains.pair(["Wing1", "Wing2", "Wing3"], left, left * np.array([-1.0, 1.0, 1.0]), chest)
    if legs is not None:
        tops = [(leg, hip_of(parts, legs, leg, _HIP, _INWARDS)) for leg in (legs.left, legs.right)]
        joints = [bent_leg(leg, top, _LEG, _HOCK) for leg, top in tops]
        add_legs(chains, "", joints[0], joints[1], "hips")
    return chains.skeleton(options, mirrored=figure.is_mirrored)


def _flank(figure: Figure, parts: Anatomy, z: float, level: float) -> Vector:
    """A point near the left side of the trunk."""
    solid = figure.solid
    y = parts.profile.level(z, level)
    _, j, k = solid.voxels(np.array([[0.0, y, z]]))[0]
    across = np.flatnonzero(parts.body.trunk[:, j, k])
    x = solid.origin[0] + solid.spacing * float(across.max()) if len(across) else 0.1
    return np.array([0.8 * x, y, z])


ARCHETYPE = Archetype(name="bird", score=_score, place=_place, summary="Wings, two thin legs, a short tail.")
