"""The hair styles. Lengths are metres of the base mesh, whose head is 0.22 m high."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import attrs
import numpy as np
from numpy.typing import NDArray

from axis_core.body.hair.scalp import CROWN
from axis_core.body.hair.strands import Comb, Growth, Tress


__all__ = ["HAIR", "KNOT", "HairStyle"]

Floats = NDArray[np.float64]

KNOT = (0.0, 0.805, -0.105)
"""Where a ponytail or a bun is tied."""


@attrs.frozen(kw_only=True)
class HairStyle:
    """A cap, ribbons, and for tied hair what hangs from the knot.

    Attributes
    ----------
    cap : float, metres
        How far the cap stands off in the middle of the scalp.
    cap_bumps : float, metres
        Height of its locks.
    growth : Growth or None
    width : float, metres
        Of a ribbon.
    tip : float
        Width at the tip over the width at the root.
    ball : float, metres
        Radius of a bun at the knot, 0 for none.
    tail : Growth or None
        Strands from the knot.
    wavy : bool
        Whether ribbons show curls instead of straight strands.
    """

    cap: float
    cap_bumps: float = 0.0
    growth: Growth | None = None
    width: float = 0.02
    tip: float = 0.55
    ball: float = 0.0
    tail: Growth | None = None
    wavy: bool = False


def _everywhere(length: float) -> Callable[[Floats], Floats]:
    def lengths(roots: Floats) -> Floats:
        return np.full(len(roots), length)

    return lengths


def _front_to_back(front: float, top: float, back: float) -> Callable[[Floats], Floats]:
    def lengths(roots: Floats) -> Floats:
        return np.asarray(np.interp(roots[:, 2], (-0.09, 0.0, 0.11), (back, top, front)))

    return lengths


def _hanging_to(height: float, extra: float = 0.02) -> Callable[[Floats], Floats]:
    """Return lengths with which strands end near ``height``."""

    def lengths(roots: Floats) -> Floats:
        aside = np.maximum(0.075 - np.abs(roots[:, 0]), 0.0)
        return np.asarray(roots[:, 1] - height + aside + extra)

    return lengths


def _from_crown(t: Tress) -> Floats:
    way = t.at - np.array(CROWN)
    return np.asarray(way * (1.0, 0.35, 1.0) + np.array([0.0, 0.0, 0.015]))


def _parted(part: float, forward: float, down: float = 0.5) -> Comb:
    def comb(t: Tress) -> Floats:
        side = np.where(t.roots[:, 0] > part, 1.0, -1.0) * np.interp(t.roots[:, 2], (-0.07, 0.02), (0.12, 1.0))
        back = np.interp(t.roots[:, 2], (-0.07, 0.02, 0.10), (-0.5, -0.4, forward))
        return np.stack([side, np.full(len(t.roots), -down), back], axis=1)

    return comb


def _to_knot(t: Tress) -> Floats:
    return np.asarray(np.array(KNOT) - t.at)


def _to_knot_length(roots: Floats) -> Floats:
    return np.asarray(1.12 * np.linalg.norm(roots - np.array(KNOT), axis=1))


def _swept(t: Tress) -> Floats:
    side = np.where(t.roots[:, 0] > 0.028, 0.8, -0.75)
    return np.stack([side, np.full(len(t.roots), 0.05), np.full(len(t.roots), -0.55)], axis=1)


def _outwards(t: Tress) -> Floats:
    return np.asarray(t.at - np.array([0.0, 0.75, 0.0]))


HAIR: Mapping[str, HairStyle] = {
    "buzz": HairStyle(cap=0.004),
    "short": HairStyle(
        cap=0.009,
        cap_bumps=0.002,
        growth=Growth(
            count=320, stations=4, length=_front_to_back(0.044, 0.050, 0.028), comb=_from_crown, lift=0.32,
            gravity=0.10, follow=0.3, clearance=(0.006, 0.015), hug=0.55,
        ),
        width=0.022,
    ),
    "side_part": HairStyle(
        cap=0.011,
        cap_bumps=0.002,
        growth=Growth(
            count=300, stations=6, length=_front_to_back(0.115, 0.095, 0.045), comb=_swept, lift=0.55, gravity=0.14,
            follow=0.35, clearance=(0.008, 0.022), hug=0.5,
        ),
        width=0.024,
    ),
    "bob": HairStyle(
        cap=0.012,
        growth=Growth(
            count=320, stations=9, length=_hanging_to(0.625), comb=_parted(0.022, -0.25), lift=0.35, gravity=0.7,
            follow=0.2, clearance=(0.008, 0.024),
        ),
        width=0.030,
        tip=0.75,
    ),
    "long": HairStyle(
        cap=0.011,
        growth=Growth(
            count=320, stations=12, length=_hanging_to(0.42), comb=_parted(0.0, -0.35), lift=0.3, gravity=0.8,
            follow=0.16, clearance=(0.008, 0.026),
        ),
        width=0.032,
        tip=0.5,
    ),
    "curly": HairStyle(
        cap=0.020,
        cap_bumps=0.006,
        growth=Growth(
            count=380, stations=9, length=_hanging_to(0.60, 0.03), comb=_parted(0.01, -0.1), lift=0.5, gravity=0.5,
            follow=0.25, clearance=(0.012, 0.040), curl=0.010, turns=2.2, hug=0.4, jitter=0.4,
        ),
        width=0.030,
        tip=0.8,
        wavy=True,
    ),
    "afro": HairStyle(
        cap=0.052,
        cap_bumps=0.005,
        growth=Growth(
            count=420, stations=4, length=_everywhere(0.085), comb=_outwards, lift=0.9, gravity=0.0, follow=0.1,
            clearance=(0.046, 0.064), hug=0.8, jitter=0.9, curl=0.006, turns=3.0,
        ),
        width=0.036,
        tip=1.0,
        wavy=True,
    ),
    "ponytail": HairStyle(
        cap=0.008,
        cap_bumps=0.001,
        growth=Growth(
            count=260, stations=6, length=_to_knot_length, comb=_to_knot, lift=0.2, gravity=0.0, follow=1.2,
            clearance=(0.006, 0.012), hug=0.8,
        ),
        width=0.022,
        tip=0.7,
        ball=0.017,
        tail=Growth(count=80, stations=9, length=_everywhere(0.30), comb=_to_knot),
    ),
    "bun": HairStyle(
        cap=0.008,
        cap_bumps=0.001,
        growth=Growth(
            count=260, stations=6, length=_to_knot_length, comb=_to_knot, lift=0.2, gravity=0.0, follow=1.2,
            clearance=(0.006, 0.012), hug=0.8,
        ),
        width=0.022,
        tip=0.7,
        ball=0.042,
    ),
}  # fmt: skip
"""Every style of ``HAIR_STYLES`` but ``bald``."""
