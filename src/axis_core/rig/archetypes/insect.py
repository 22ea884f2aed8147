"""Insects, spiders, crabs: three or more pairs of legs, and wings if there are any."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from axis_core.model.figure import Figure
from axis_core.model.skeleton import Skeleton
from axis_core.plugin.kinds import Archetype
from axis_core.rig.animals.anatomy import Anatomy, anatomy_of
from axis_core.rig.animals.chains import Chains
from axis_core.rig.animals.limbs import Limb
from axis_core.rig.animals.parts import add_arms, grows, knees
from axis_core.rig.animals.stance import LegPair
from axis_core.rig.options import PlaceOptions


__all__ = ["ARCHETYPE"]

Vector = NDArray[np.float64]

_SIDES = ("left", "right")
_INWARDS = 0.3  # of the way from the side of the trunk to the mirror plane: where a leg begins
_WING = (0.05, 0.5)
_MOST_LEGS = 5
_DRAWN_UP = 0.1  # least length of a leg in the air
_FLIES, _ASIDE = 0.4, (0.15, 0.25)  # score of a body that hangs in the air with limbs of such length at its sides


def _score(figure: Figure) -> float:
    """Three pairs of legs or more; or a body with wings and without legs."""
    parts = anatomy_of(figure)
    legs, wings = _legs_and_wings(parts)
    if len(legs) >= 3:
        return 0.9 if len(parts.pairs) >= 3 else 0.6
    low, high = figure.bounds
    level = float(high[2] - low[2]) / figure.height
    compact = grows(1.3 - level, 0.0, 0.4) * grows(1.6 - 1.0 / max(level, 1e-9), 0.0, 0.3)
    if parts.pairs:
        return 0.0
    aside = max((pair.left.length for pair in parts.arms), default=0.0) if figure.is_mirrored else 0.0
    return max(0.6 * compact if wings else 0.0, _FLIES * compact * grows(aside, *_ASIDE))


def _legs_and_wings(parts: Anatomy) -> tuple[list[LegPair], list[LegPair]]:
    """Pairs of legs, front first, those in the air too; and pairs of wings."""
    wings = [pair for pair in parts.arms if pair.is_blade]
    hanging = [pair for pair in parts.arms if not pair.is_blade and _hangs(pair)]
    legs = list(parts.pairs) + (hanging if len(parts.pairs) < 3 else [])
    return sorted(legs, key=lambda pair: -float(pair.foot[2]))[:_MOST_LEGS], wings


def _hangs(pair: LegPair) -> bool:
    """Whether a pair of limbs off the ground is long and points down: legs drawn up."""
    return bool(pair.foot[1] < pair.root[1] and pair.left.length > _DRAWN_UP)


def _place(figure: Figure, options: PlaceOptions) -> Skeleton:
    """Thorax over the legs, head before it, abdomen behind; four joints in a leg, two in a wing."""
    parts = anatomy_of(figure)
    legs, wings = _legs_and_wings(parts)
    rooted = [pair.root[2] for pair in legs] or [figure.middle[2]]
    trunk = np.argwhere(parts.body.trunk)
    z = figure.solid.points(trunk)[:, 2]
    rear, front = float(z.min()), float(z.max())
    at = float(np.clip(np.mean(rooted), rear, front))
    chains = Chains()
    chains.add("thorax", _centre(parts, at))
    chains.add("head", _centre(parts, at + 0.5 * (front - at)), "thorax")
    chains.chain(["abdomen1", "abdomen2"], [_centre(parts, at + k * (rear - at)) for k in (0.3, 0.75)], "thorax")
    for number, pair in enumerate(legs, start=1):
        left, right = (knees(np.concatenate([[_coxa(limb)], limb.line[::-1]])) for limb in (pair.left, pair.right))
        chains.pair([f"Leg{number}{part}" for part in ("Coxa", "Femur", "Tibia", "Foot")], left, right, "thorax")
    for number, pair in enumerate(wings, start=1):
        add_arms(chains, (f"Wing{number}", f"Wing{number}Tip"), pair, _WING, "thorax")
    return chains.skeleton(options, mirrored=figure.is_mirrored)


def _centre(parts: Anatomy, z: float) -> Vector:
    return np.array([0.0, parts.profile.level(z, 0.5), z])


def _coxa(limb: Limb) -> Vector:
    """The point inside the trunk where a leg begins."""
    return np.asarray(limb.root * np.array([1.0 - _INWARDS, 1.0, 1.0]))


ARCHETYPE = Archetype(
    name="insect", score=_score, place=_place, summary="Insects, spiders, crabs: three pairs of legs or more, wings."
)
