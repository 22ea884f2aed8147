"""Joints of the parts of animals: spine, neck and head, tail, legs, arms and wings, ears."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from axis_core.model.figure import Figure
from axis_core.rig.animals.anatomy import Anatomy
from axis_core.rig.animals.chains import Chains
from axis_core.rig.animals.limbs import Limb, along
from axis_core.rig.animals.stance import LegPair


__all__ = [
    "add_arms",
    "add_ears",
    "add_legs",
    "add_neck",
    "add_tail",
    "bent_leg",
    "grows",
    "hip_of",
    "knees",
    "straight_leg",
]

Vector = NDArray[np.float64]

_SPRAWLS = 1.35  # a leg so many times as long as it is high stands out to the side or is folded
_KNOTS = 20  # points of a leg among which its two knees are sought
_END = 0.96  # of a leg's length: where its last joint is
_STIFLE = 0.8  # how far a bent leg's knee lies before the middle of the thigh, in its radius
_TAIL_STEP = 0.08  # length of a bone of the tail, in the figure's extent
_TAIL_BONES = (2, 6)  # fewest and most
_TAIL_BASE = 0.75
_EAR = 2.1  # an ear or horn reaches so many head radii from the middle of the head
_EAR_FAR, _EAR_BACK = 4.0, 0.2  # farthest tip, in head radii; greatest cosine between an ear and the neck
_EAR_STEPS = (0.45, 0.8)


def grows(value: float, low: float, high: float) -> float:
    """Return 0 up to ``low``, 1 from ``high`` on, and evenly in between: a soft yes."""
    return float(np.clip((value - low) / (high - low), 0.0, 1.0))


def hip_of(parts: Anatomy, pair: LegPair, leg: Limb, share: float, inwards: float) -> Vector:
    """Return where a leg's first joint is: in the trunk above its root, ``share`` of the way from belly to back."""
    z = float(pair.root[2])
    return np.array([leg.root[0] * (1.0 - inwards), parts.profile.level(z, share), z])


def straight_leg(leg: Limb, top: Vector, shares: tuple[float, ...]) -> Vector:
    """Return the joints (N, 3) of a leg from the top down, at shares of the top's height along its centre line.

    A leg that sprawls or is folded gets its knees where it bends instead.
    """
    if _sprawls(leg):
        return knees(np.concatenate([[top], leg.line[::-1]]))
    line = np.concatenate([leg.line, [top]])
    return np.array([top] + [_at_height(line, share * top[1]) for share in shares])


def bent_leg(leg: Limb, top: Vector, shares: tuple[float, ...], reach: tuple[float, float]) -> Vector:
    """Return the joints of a hind leg: as ``straight_leg``, but with the hock where the leg bends back most.

    Parameters
    ----------
    shares : heights of knee, hock and what is below, in the top's height
    reach : (lowest, highest) share at which the hock is looked for
    """
    points = straight_leg(leg, top, shares)
    low, high = reach[0] * top[1], reach[1] * top[1]
    window = leg.line[(leg.line[:, 1] > low) & (leg.line[:, 1] < high)]
    if len(window) < 3 or _sprawls(leg):
        return points
    knee, ankle = points[1], points[3] if len(points) > 3 else leg.tip
    straight = np.array([np.interp(p[1], [ankle[1], knee[1]], [ankle[2], knee[2]]) for p in window])
    back = straight - window[:, 2]
    at = int(np.argmax(back))
    if 0 < at < len(window) - 1 and back[at] > 0.04 * top[1]:
        points[2] = window[at]
        points[1, 2] += _STIFLE * float(leg.radius[-1])
    return points


def _sprawls(leg: Limb) -> bool:
    return leg.length > _SPRAWLS * float(leg.root[1] - leg.tip[1])


def _at_height(line: Vector, y: float) -> Vector:
    """The point of a line from the ground up at a height."""
    rising = np.maximum.accumulate(line[:, 1]) + 1e-9 * np.arange(len(line))
    return np.array([np.interp(y, rising, line[:, k]) if k != 1 else y for k in range(3)])


def knees(line: Vector) -> Vector:
    """Return root, two knees and foot (4, 3) of a leg: the three straight bones that follow its line best."""
    points = along(line, list(np.linspace(0.0, _END, _KNOTS)))
    best, cost = (_KNOTS // 3, 2 * _KNOTS // 3), np.inf
    for one in range(2, _KNOTS - 4):
        for other in range(one + 2, _KNOTS - 1):
            marks = (0, one, other, _KNOTS - 1)
            off = sum(_off(points[a : b + 1]) for a, b in pairwise(marks))
            if off < cost:
                best, cost = (one, other), off
    return points[[0, *best, _KNOTS - 1]]


def _off(points: Vector) -> float:
    """Sum of squared distances of points to the segment from the first to the last."""
    along_ = points[-1] - points[0]
    t = np.clip((points - points[0]) @ along_ / max(float(along_ @ along_), 1e-12), 0.0, 1.0)
    return float(((points - points[0] - t[:, None] * along_) ** 2).sum())


def add_legs(chains: Chains, end: str, left: Vector, right: Vector, parent: str) -> None:
    """Add a pair of legs: joints (N, 3) each, from the top down; of unequal legs as many as the one with fewer has."""
    n = min(len(left), len(right))
    names = ["UpperLeg", "LowerLeg", "Foot", "Toes", "ToesEnd"][:n]
    chains.pair([end + name for name in names], left[:n], right[:n], parent)


def add_arms(chains: Chains, names: tuple[str, ...], pair: LegPair, shares: tuple[float, ...], parent: str) -> None:
    """Add a pair of limbs off the ground, at shares of the way from their roots to their tips."""
    left, right = (along(limb.line[::-1], list(shares)) for limb in (pair.left, pair.right))
    chains.pair(names, left, right, parent)


def add_neck(chains: Chains, parts: Anatomy, start: Vector, head: float, parent: str, most: int = 3) -> str:
    """Add neck and head along the midline from a point of the spine; returns the head's name.

    Parameters
    ----------
    head : float
        Share of the way from the start to the nose where the head's joint is.
    most : int
        At most so many joints in the neck.
    """
    ahead = parts.midline.upto(float(start[2]))[::-1]
    line = np.concatenate([[start], ahead[1:]]) if len(ahead) > 2 else np.stack([start, parts.midline.line[0]])
    n = most
    points = along(line, [head * (k + 1) / (n + 1) for k in range(n + 1)])
    points[:, 0] = 0.0
    return chains.chain([f"neck{k + 1}" for k in range(n)] + ["head"], points, parent)


def add_tail(chains: Chains, figure: Figure, parts: Anatomy, hips: Vector, spine: float, parent: str) -> None:
    """Add a tail behind the hips, in bones of about equal length, if there is one.

    A thick tail begins inside what counts as trunk: it starts where that has become thin, ``_TAIL_BASE`` of its
    thickness at the hips, and follows it from there.
    """
    tail = parts.tail(figure, hips)
    if tail is None:
        return
    line = tail.line[::-1]
    profile, thick = parts.profile, parts.profile.thickness(float(hips[2]))
    before = profile.z[(profile.z < hips[2]) & (profile.z > line[0, 2])][::-1]
    thin = [z for z in before if profile.thickness(z) < _TAIL_BASE * thick]
    if len(thin) > 2:
        line = np.concatenate([[[0.0, profile.level(z, spine), z] for z in thin], line])
    length = float(np.linalg.norm(np.diff(line, axis=0), axis=1).sum())
    extent = float(np.ptp(figure.bounds, axis=0).max())
    n = int(np.clip(round(length / (_TAIL_STEP * extent)), *_TAIL_BONES))
    points = along(line, list(np.arange(n) / n))
    points[:, 0] = np.where(np.abs(points[:, 0]) < 0.05, 0.0, points[:, 0])
    chains.chain([f"tail{k + 1}" for k in range(n)], points, parent)


def add_ears(chains: Chains, figure: Figure, parts: Anatomy, parent: str) -> None:
    """Add two joints in each ear, horn or antler that stands out from the head on both sides."""
    head = chains.joints[parent]
    radius = _radius_at(parts, head)
    points = figure.points
    away = points - head
    far = np.maximum(np.linalg.norm(away, axis=1), 1e-9)
    back = chains.joints[chains.parents[parent]] - head
    onto_neck = away @ back / (far * max(float(np.linalg.norm(back)), 1e-9))
    near = points[(far < _EAR_FAR * radius) & (points[:, 1] > head[1]) & (onto_neck < _EAR_BACK)]
    found = []
    for sign in (1.0, -1.0):
        side = near[sign * near[:, 0] > 0.15 * radius]
        if len(side) == 0:
            return
        reach = np.linalg.norm(side - head, axis=1)
        tip = side[int(np.argmax(reach))]
        if reach.max() < _EAR * radius:
            return
        found.append(np.array([head + share * (tip - head) for share in _EAR_STEPS]))
    chains.pair(["Ear1", "Ear2"], found[0], found[1], parent)


def _radius_at(parts: Anatomy, point: Vector) -> float:
    at = int(np.argmin(((parts.midline.line - point) ** 2).sum(axis=1)))
    return float(parts.midline.radius[at])
