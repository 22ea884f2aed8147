"""What a solid tells once for all archetypes: trunk, legs, back and belly. The last figure is remembered."""

from __future__ import annotations

import attrs
import numpy as np
from numpy.typing import NDArray

from axis_core.model.figure import Figure
from axis_core.rig.animals.limbs import Body, Limb, limb_from, split_body
from axis_core.rig.animals.stance import LegPair, Midline, free_of, leg_pairs, legs_of, midline_from, nose_of, tail_of


__all__ = ["Anatomy", "Profile", "anatomy_of"]

Vector = NDArray[np.float64]
Mask = NDArray[np.bool_]

_SAME = 0.06  # tips nearer to a foot than this belong to it
_cache: list[tuple[Figure, Anatomy]] = []


@attrs.frozen(kw_only=True, eq=False)
class Profile:
    """Belly and back along the mirror plane: heights ``bottom`` and ``top`` (N,) at depths ``z`` (N,)."""

    z: Vector
    bottom: Vector
    top: Vector

    def level(self, z: float, share: float) -> float:
        """Return the height at ``z`` a share of the way from the belly to the back."""
        low, high = np.interp(z, self.z, self.bottom), np.interp(z, self.z, self.top)
        return float(low + share * (high - low))

    def thickness(self, z: float) -> float:
        """Return how far the back is above the belly."""
        return self.level(z, 1.0) - self.level(z, 0.0)


@attrs.frozen(kw_only=True, eq=False)
class Anatomy:
    """Parts of an animal.

    Attributes
    ----------
    body : Body
    free : (X, Y, Z) bool
        The solid without the legs.
    legs : tuple of Limb
        Limbs that stand on the ground.
    pairs : tuple of LegPair
        The same in pairs, rear first.
    arms : tuple of LegPair
        Pairs of limbs off the ground: arms, wings, ears, horns; longest first.
    profile : Profile
    midline : Midline
        From the nose backwards, without the legs.
    """

    body: Body
    free: Mask
    legs: tuple[Limb, ...]
    pairs: tuple[LegPair, ...]
    arms: tuple[LegPair, ...]
    profile: Profile
    midline: Midline

    def tail(self, figure: Figure, rear: Vector) -> Limb | None:
        """Return the tail behind a point of the trunk."""
        return tail_of(figure, self.body, self.free, rear)


def anatomy_of(figure: Figure) -> Anatomy:
    """Return the parts of a figure."""
    for known, parts in _cache:
        if known is figure:
            return parts
    body = split_body(figure)
    legs = legs_of(figure, body)
    pairs = leg_pairs(legs)
    free = free_of(figure, legs)
    width = 0.5 * max((pair.half_width for pair in pairs), default=0.1)
    parts = Anatomy(
        body=body,
        free=free,
        legs=tuple(legs),
        pairs=tuple(pairs),
        arms=tuple(_arms(figure, body, free, legs)),
        profile=_profile(figure, body.trunk, free, width),
        midline=midline_from(figure, free, nose_of(figure, free, width)),
    )
    _cache[:] = [(figure, parts)]
    return parts


def _profile(figure: Figure, trunk: Mask, free: Mask, half_width: float) -> Profile:
    solid = figure.solid
    x, y, z = (solid.origin[k] + solid.spacing * np.arange(solid.inside.shape[k]) for k in range(3))
    slab = (np.abs(x) <= max(half_width, 1.01 * solid.spacing))[:, None, None]
    body, rest = (trunk & slab).any(axis=0), (free & slab).any(axis=0)
    near = np.where(body.any(axis=0), body, rest)
    has = near.any(axis=0)
    low, high = near.argmax(axis=0), near.shape[0] - 1 - near[::-1].argmax(axis=0)
    return Profile(z=z[has], bottom=y[low[has]], top=y[high[has]])


def _arms(figure: Figure, body: Body, free: Mask, legs: list[Limb]) -> list[LegPair]:
    """Pairs of limbs off the ground, longest first."""
    limbs = []
    for tip in figure.tips:
        voxel = figure.solid.voxels(tip.point.reshape(1, 3))
        near = min((float(np.linalg.norm(leg.tip - tip.point)) for leg in legs), default=1.0)
        if not free[tuple(voxel[0])] or near < _SAME or abs(tip.point[0]) < 0.02:
            continue
        limb = limb_from(body, voxel)
        if limb is not None and limb.length > 0.05:
            limbs.append(limb)
    left, right = [limb for limb in limbs if limb.tip[0] > 0.0], [limb for limb in limbs if limb.tip[0] <= 0.0]
    flip = np.array([-1.0, 1.0, 1.0])
    pairs = []
    for one in left:
        gaps = [float(np.linalg.norm(other.tip - flip * one.tip)) for other in right]
        if gaps and min(gaps) < 0.25 * max(one.length, 0.2):
            pairs.append(LegPair(left=one, right=right.pop(int(np.argmin(gaps)))))
    return sorted(pairs, key=lambda pair: -pair.left.length)
