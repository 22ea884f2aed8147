"""Animals on two legs with a long tail held out behind: two-legged dinosaurs, kangaroos, dragons without wings."""

from __future__ import annotations

import numpy as np

from axis_core.errors import InputError
from axis_core.model.figure import Figure
from axis_core.model.skeleton import Skeleton
from axis_core.plugin.kinds import Archetype
from axis_core.rig.animals.anatomy import Anatomy, anatomy_of
from axis_core.rig.animals.chains import Chains
from axis_core.rig.animals.parts import add_arms, add_legs, add_neck, add_tail, bent_leg, grows, hip_of
from axis_core.rig.animals.stance import LegPair
from axis_core.rig.options import PlaceOptions


__all__ = ["ARCHETYPE"]

_SPINE = 0.6
_HIP = 0.55
_HIND = (0.60, 0.33, 0.10, 0.03)
_HOCK = (0.15, 0.55)
_INWARDS = 0.1
_CHEST = 0.4  # of the way from the hips to the nose, where no arms tell
_HEAD = 0.72
_ARM = (0.0, 0.45, 0.85)


def _score(figure: Figure) -> float:
    """One pair of legs, the nose well ahead of it and a tail well behind."""
    parts = anatomy_of(figure)
    if len(parts.pairs) != 1 or len(parts.legs) != 2:
        return 0.0
    low, high = figure.bounds
    length, root = float(high[2] - low[2]), float(parts.pairs[0].root[2])
    behind, ahead = (root - low[2]) / length, (high[2] - root) / length
    lying = length / figure.height
    wide = float(high[0] - low[0]) / length
    depth = float(figure.solid.depth.max())
    stout = grows(float(np.median([np.median(leg.radius) for leg in parts.legs])) / depth, 0.12, 0.3)
    balanced = grows(behind, 0.2, 0.4) * grows(ahead, 0.15, 0.3)
    return 0.95 * balanced * stout * grows(lying, 0.8, 1.3) * grows(1.2 - wide, 0.2, 0.4)


def _arms(parts: Anatomy) -> LegPair | None:
    """The pair of arms: the longest one ahead of the legs and below the head."""
    hips = parts.pairs[0].root
    ahead = [pair for pair in parts.arms if pair.root[2] > hips[2] and pair.foot[1] < pair.root[1] + 0.05]
    return ahead[0] if ahead else None


def _place(figure: Figure, options: PlaceOptions) -> Skeleton:
    """Spine over the legs, neck and head before, tail behind, small arms if there are any."""
    parts = anatomy_of(figure)
    if len(parts.pairs) < 1:
        raise InputError(
            f"a theropod stands on one pair of legs: found {len(parts.pairs)}",
            code="rig_failed",
            hint="Choose another archetype.",
        )
    legs, arms = parts.pairs[0], _arms(parts)
    chains = Chains()
    start = float(legs.root[2])
    end = float(arms.root[2]) if arms else start + _CHEST * (float(parts.midline.line[0][2]) - start)
    spine = np.array([[0.0, parts.profile.level(at, _SPINE), at] for at in np.linspace(start, end, 4)])
    chest = chains.chain(["hips", "spine1", "spine2", "chest"], spine)
    add_neck(chains, parts, spine[-1], _HEAD, chest, most=2)
    add_tail(chains, figure, parts, spine[0], _SPINE, "hips")
    hind = [bent_leg(leg, hip_of(parts, legs, leg, _HIP, _INWARDS), _HIND, _HOCK) for leg in (legs.left, legs.right)]
    add_legs(chains, "", hind[0], hind[1], "hips")
    if arms is not None:
        add_arms(chains, ("UpperArm", "LowerArm", "Hand"), arms, _ARM, chest)
    return chains.skeleton(options, mirrored=figure.is_mirrored)


ARCHETYPE = Archetype(
    name="theropod", score=_score, place=_place, summary="Two legs, a body held level, a long tail, small arms."
)
