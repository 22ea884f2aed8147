"""Animals on four legs, with or without a tail: mammals, lizards, frogs, four-legged dinosaurs."""

from __future__ import annotations

import numpy as np

from axis_core.errors import InputError
from axis_core.model.figure import Figure
from axis_core.model.skeleton import Skeleton
from axis_core.plugin.kinds import Archetype
from axis_core.rig.animals.anatomy import anatomy_of
from axis_core.rig.animals.chains import Chains
from axis_core.rig.animals.parts import add_ears, add_legs, add_neck, add_tail, bent_leg, grows, hip_of, straight_leg
from axis_core.rig.options import PlaceOptions


__all__ = ["ARCHETYPE"]

_SPINE = 0.55  # height of the spine in the trunk, from the belly to the back
_HIP, _SHOULDER = 0.55, 0.25  # heights of the legs' first joints in the trunk
_HIND = (0.74, 0.44, 0.12, 0.04)  # knee, hock, ankle, toes: share of the hip's height
_FORE = (0.55, 0.15, 0.04)
_HOCK = (0.25, 0.6)
_INWARDS = 0.1
_HEAD = 0.63  # of the way from the chest to the nose


def _score(figure: Figure) -> float:
    """Two pairs of slim legs under a trunk, and a head or a tail beyond them."""
    parts = anatomy_of(figure)
    if len(parts.pairs) != 2:
        return 0.0
    rear, front = parts.pairs
    low, high = figure.bounds
    length = float(high[2] - low[2])
    apart = float(front.foot[2] - rear.foot[2]) / float(front.root[1] + rear.root[1])
    beyond = max(float(high[2] - front.foot[2]), float(rear.foot[2] - low[2])) / length
    slim = float(np.median([leg.length / (2.0 * np.median(leg.radius)) for leg in parts.legs]))
    found = len(parts.legs) / 4.0
    return 0.95 * grows(apart, 0.15, 0.4) * grows(beyond, 0.04, 0.14) * grows(slim, 0.6, 1.3) * found


def _place(figure: Figure, options: PlaceOptions) -> Skeleton:
    """Spine between the pairs of legs, neck and head before it, a tail behind."""
    parts = anatomy_of(figure)
    if len(parts.pairs) < 2:
        raise InputError(
            f"a quadruped stands on two pairs of legs: found {len(parts.pairs)}",
            code="rig_failed",
            hint="Choose another archetype.",
        )
    rear, front = parts.pairs[0], parts.pairs[-1]
    chains = Chains()
    z = np.linspace(float(rear.root[2]), float(front.root[2]), 4)
    spine = np.array([[0.0, parts.profile.level(at, _SPINE), at] for at in z])
    chest = chains.chain(["hips", "spine1", "spine2", "chest"], spine)
    head = add_neck(chains, parts, spine[-1], _HEAD, chest)
    add_ears(chains, figure, parts, head)
    add_tail(chains, figure, parts, spine[0], _SPINE, "hips")
    hips = [(leg, hip_of(parts, rear, leg, _HIP, _INWARDS)) for leg in (rear.left, rear.right)]
    shoulders = [(leg, hip_of(parts, front, leg, _SHOULDER, _INWARDS)) for leg in (front.left, front.right)]
    hind = [bent_leg(leg, top, _HIND, _HOCK) for leg, top in hips]
    fore = [straight_leg(leg, top, _FORE) for leg, top in shoulders]
    add_legs(chains, "Back", hind[0], hind[1], "hips")
    add_legs(chains, "Front", fore[0], fore[1], chest)
    return chains.skeleton(options, mirrored=figure.is_mirrored)


ARCHETYPE = Archetype(
    name="quadruped", score=_score, place=_place, summary="Four legs, a spine between them, neck, head and tail."
)
