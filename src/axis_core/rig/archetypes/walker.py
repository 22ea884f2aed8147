"""Walking machines and the like: a body on two legs, without arms, a tail or a neck to hold out."""

from __future__ import annotations

import numpy as np

from axis_core.errors import InputError
from axis_core.model.figure import Figure
from axis_core.model.skeleton import Skeleton
from axis_core.plugin.kinds import Archetype
from axis_core.rig.animals.anatomy import anatomy_of
from axis_core.rig.animals.chains import Chains
from axis_core.rig.animals.parts import add_arms, add_legs, bent_leg, grows, hip_of
from axis_core.rig.options import PlaceOptions


__all__ = ["ARCHETYPE"]

_SURE = 0.55  # what walks on two legs and is more than that is one of the other kinds
_HIP, _INWARDS = 0.3, 0.1
_LEG = (0.58, 0.32, 0.06)
_HOCK = (0.15, 0.5)
_LEGS_SHARE = (0.12, 0.3)  # of the height: how long the legs are
_HEAD = 0.6  # of the trunk's height
_ARM = (0.0, 0.5, 0.9)


def _score(figure: Figure) -> float:
    """One pair of legs and a body above them, about as long as it is tall or less."""
    parts = anatomy_of(figure)
    if len(parts.pairs) != 1 or len(parts.legs) != 2:
        return 0.0
    legs = parts.pairs[0]
    long = grows(float(legs.root[1] - legs.foot[1]) / figure.height, *_LEGS_SHARE)
    low, high = figure.bounds
    compact = grows(1.9 - float(high[2] - low[2]) / figure.height, 0.0, 0.5)
    above = grows(float(high[1] - legs.root[1]) / figure.height, 0.05, 0.2)
    mirrored = 1.0 if figure.is_mirrored else 0.6
    return _SURE * long * compact * above * mirrored


def _place(figure: Figure, options: PlaceOptions) -> Skeleton:
    """Hips over the legs, a body joint and a head above them, legs with two knees, arms if there are any."""
    parts = anatomy_of(figure)
    if not parts.pairs:
        raise InputError(
            "a walker stands on one pair of legs: found none", code="rig_failed", hint="Choose another archetype."
        )
    legs = parts.pairs[0]
    z = float(legs.root[2])
    bottom = parts.profile.level(z, 0.0)
    top = float(figure.bounds[1][1])
    chains = Chains()
    hips = np.array([0.0, parts.profile.level(z, _HIP), z])
    chains.add("hips", hips)
    chains.add("body", np.array([0.0, hips[1] + 0.3 * (top - hips[1]), z]), "hips")
    chains.add("head", np.array([0.0, max(bottom + _HEAD * (top - bottom), hips[1] + 0.05), z]), "body")
    tops = [(leg, hip_of(parts, legs, leg, _HIP, _INWARDS)) for leg in (legs.left, legs.right)]
    joints = [bent_leg(leg, start, _LEG, _HOCK) for leg, start in tops]
    add_legs(chains, "", joints[0], joints[1], "hips")
    if parts.arms:
        add_arms(chains, ("UpperArm", "LowerArm", "Hand"), parts.arms[0], _ARM, "body")
    return chains.skeleton(options, mirrored=figure.is_mirrored)


ARCHETYPE = Archetype(
    name="walker", score=_score, place=_place, summary="Two legs under a body without arms: machines, creatures."
)
"""Scores below what other two-legged kinds reach, so that it takes what they leave."""
