"""The legs an animal stands on, in pairs, and its midline from the nose to the end of the tail."""

from __future__ import annotations

import attrs
import numpy as np
import scipy
from numpy.typing import NDArray

from axis_core.kernels.skeletonise import band_profile, inner_distance
from axis_core.model.figure import Figure
from axis_core.rig.animals.limbs import Body, Limb, along, contacts, limb_from, smoothed


__all__ = ["LegPair", "Midline", "free_of", "leg_pairs", "legs_of", "midline_from", "nose_of", "tail_of"]

Vector = NDArray[np.float64]
Mask = NDArray[np.bool_]

_FLIP = np.array([-1.0, 1.0, 1.0])
_LEVELS = (0.05, 0.09, 0.14)  # of the height: what is lower touches the ground
_SMALLEST = 0.08  # of the largest patch: less is a crumb
_SHORTEST_LEG = 0.08  # of the height, from the ground to the trunk
_SHORTEST_TAIL = 0.05
_CRUMB = 8  # voxels under which a piece is no tail
_ASIDE = 0.1  # how far from the mirror plane a tail may begin


@attrs.frozen(kw_only=True, eq=False)
class LegPair:
    """A left and a right leg."""

    left: Limb
    right: Limb

    @property
    def foot(self) -> Vector:
        """Middle between the feet."""
        return np.asarray((self.left.tip + self.right.tip) / 2.0)

    @property
    def root(self) -> Vector:
        """Middle between the places where they enter the trunk."""
        return np.asarray((self.left.root + self.right.root) / 2.0)

    @property
    def is_blade(self) -> bool:
        """Whether both are flat and reach out to the side: wings or fins."""
        away = self.left.tip - self.left.root
        lateral = abs(float(away[0])) > 0.4 * float(np.linalg.norm(away))
        return lateral and self.left.is_blade and self.right.is_blade

    @property
    def half_width(self) -> float:
        """Half the distance between the roots."""
        return float(abs(self.left.root[0] - self.right.root[0])) / 2.0


@attrs.frozen(kw_only=True, eq=False)
class Midline:
    """A centre line of the solid.

    line : (N, 3) float64. radius : (N,) float64, of a disc as large as the cross-section.
    """

    line: Vector
    radius: Vector

    def upto(self, z: float) -> Vector:
        """Return the points from the start to the last one that lies in front of ``z``."""
        before = np.flatnonzero(self.line[:, 2] >= z)
        return self.line[: int(before[-1]) + 1] if len(before) else self.line[:1]


def legs_of(figure: Figure, body: Body) -> list[Limb]:
    """Return the legs that touch the ground beside the mirror plane.

    The ground is not always the lowest point: a spur or a longer leg may reach below it. Of some levels the lowest
    that shows most legs is taken.
    """
    best: list[Limb] = []
    for level in _LEVELS:
        legs = _legs_at(figure, body, level)
        if _balanced(legs) > _balanced(best):
            best = legs
        if len(best) == _balanced(best) >= 4:
            break
    return best


def _balanced(legs: list[Limb]) -> int:
    """How many legs have a partner on the other side, by number."""
    left = sum(bool(leg.tip[0] > 0.0) for leg in legs)
    return 2 * min(left, len(legs) - left)


def _legs_at(figure: Figure, body: Body, level: float) -> list[Limb]:
    legs, largest = [], 0
    for patch in contacts(figure, level):
        x = figure.solid.points(patch)[:, 0]
        if min(-x.min(), x.max()) > 0.3 * np.ptp(x):
            legs += _fused(figure, body, [patch[x > 0.0], patch[x < 0.0]])
        elif len(patch) >= _SMALLEST * largest:
            largest = max(largest, len(patch))
            legs += _standing(figure, body, patch)
    return legs


def _standing(figure: Figure, body: Body, patch: NDArray[np.int64]) -> list[Limb]:
    """The leg over a foot, if it is one."""
    leg = limb_from(body, patch)
    return [leg] if leg is not None and leg.root[1] - leg.tip[1] > _SHORTEST_LEG * figure.height else []


def _fused(figure: Figure, body: Body, halves: list[NDArray[np.int64]]) -> list[Limb]:
    """Two legs whose feet touch each other, if there is air between them farther up."""
    legs = [leg for half in halves if len(half) for leg in _standing(figure, body, half)]
    if len(legs) < 2:
        return []
    sides = [along(leg.line, [0.4, 0.55, 0.7]) for leg in legs]
    apart = float(np.linalg.norm(sides[0] - sides[1], axis=1).min())
    between = figure.solid.voxels((sides[0] + sides[1]) / 2.0)
    filled = int(figure.solid.inside[tuple(between.T)].sum())  # mending holes may fill a narrow gap in places
    is_one = apart < 4.0 * figure.solid.spacing or filled > 1
    return [] if is_one else legs


def leg_pairs(legs: list[Limb]) -> list[LegPair]:
    """Return the legs in pairs, rear first; a leg without partner is mirrored."""
    left = sorted((leg for leg in legs if leg.tip[0] > 0.0), key=_depth)
    right = sorted((leg for leg in legs if leg.tip[0] <= 0.0), key=_depth)
    if len(left) == len(right):
        return [LegPair(left=one, right=other) for one, other in zip(left, right)]
    more, fewer = (left, right) if len(left) > len(right) else (right, left)
    pairs = []
    for leg in more:
        partner = min(fewer, key=lambda other: _apart(other, leg), default=None)
        if partner is None or _apart(partner, leg) > 0.5 * leg.length:
            partner = Limb(line=leg.line * _FLIP, radius=leg.radius, voxels=leg.voxels[:0])
        pairs.append(LegPair(left=leg, right=partner) if leg.tip[0] > 0.0 else LegPair(left=partner, right=leg))
    return pairs


def _depth(leg: Limb) -> float:
    return float(leg.tip[2] + leg.root[2])


def _apart(one: Limb, other: Limb) -> float:
    """How far the foot of a leg is from the mirror image of another's."""
    return float(np.linalg.norm(one.tip - _FLIP * other.tip))


def free_of(figure: Figure, limbs: list[Limb]) -> Mask:
    """Return the solid without some limbs."""
    out = np.array(figure.solid.inside)
    for limb in limbs:
        out[tuple(limb.voxels.T)] = False
    return out


def nose_of(figure: Figure, free: Mask, half_width: float) -> NDArray[np.int64]:
    """Return the foremost voxels (N, 3) near the mirror plane of the solid without legs."""
    solid = figure.solid
    x = solid.origin[0] + solid.spacing * np.arange(solid.inside.shape[0])
    near = free & (np.abs(x) <= max(half_width, 1.01 * solid.spacing))[:, None, None]
    voxels = np.argwhere(near if near.any() else free)
    return np.asarray(voxels[voxels[:, 2] >= voxels[:, 2].max() - 1])


def midline_from(figure: Figure, free: Mask, seeds: NDArray[np.int64]) -> Midline:
    """Return the centre line of a part of the solid, from some voxels at one end of it to the other end.

    Worked out on voxels of twice the size: the line is a mean over many of them.
    """
    solid = figure.solid
    even = np.pad(free, [(0, n % 2) for n in free.shape])
    coarse = even.reshape(even.shape[0] // 2, 2, even.shape[1] // 2, 2, even.shape[2] // 2, 2).any(axis=(1, 3, 5))
    seeds = np.unique(seeds // 2, axis=0)
    field, _ = inner_distance(coarse, seeds)
    start = seeds[int(np.argmin(((seeds - seeds.mean(axis=0)) ** 2).sum(axis=1)))]
    _, centres, areas = band_profile(field, start, width=1.5)
    line = smoothed(solid.points(2.0 * centres + 0.5), 3)
    return Midline(line=line, radius=2.0 * solid.spacing * np.sqrt(areas / np.pi))


def tail_of(figure: Figure, body: Body, free: Mask, rear: Vector) -> Limb | None:
    """Return the tail: the limb behind a point, legs aside, that reaches farthest from it; None if there is none."""
    solid = figure.solid
    rest, n = scipy.ndimage.label(free & ~body.trunk, structure=np.ones((3, 3, 3)))
    boxes = tuple(scipy.ndimage.find_objects(rest))
    tailed = attrs.evolve(body, rest=rest.astype(np.int32), boxes=boxes, shell=body.shell & free)
    best: Limb | None = None
    for label, box in enumerate(tailed.boxes[:n], start=1):
        own = np.argwhere(rest[box] == label) + [part.start for part in box]
        points = solid.points(own)
        if len(own) < _CRUMB or points[:, 2].min() > rear[2]:
            continue
        tail = limb_from(tailed, own[[int(np.argmax(((points - rear) ** 2).sum(axis=1)))]], widens=np.inf)
        if tail is None or tail.tip[2] > rear[2] or abs(tail.root[0]) > _ASIDE:
            continue
        if tail.length > (best.length if best else _SHORTEST_TAIL):
            best = tail
    return best
