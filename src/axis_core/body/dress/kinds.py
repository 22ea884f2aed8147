"""The garments: where each is cut from, how far it stands off, how it ends. Lengths are metres of the base mesh."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import attrs
import numpy as np
from numpy.typing import NDArray

from axis_core.body.dress.fields import Places


__all__ = ["CUTS", "Cut"]

Floats = NDArray[np.float64]
Level = Callable[[Places], Floats]

_ARM_M = 0.46
_NECK = (0.939, 0.344)
"""Normal of the plane of a crew neck: it runs from the nape down to the collar bones."""
_CHIN_Y = 0.603
_THROAT_M = 0.074
"""Radius of a crew neck around the axis of the neck."""


@attrs.frozen(kw_only=True)
class Cut:
    """How a garment is made.

    Attributes
    ----------
    level : function of Places
        Positive where there is cloth.
    surface : {"suit", "skirt"}
    layer : int
        What is worn over what: a higher layer lies over a lower one.
    ease, flare : float, metres
        How far the cloth stands off the suit, and how much farther at its lower end.
    flare_from, flare_to : float
        Heights between which the flare grows.
    relax : int
        Smoothing steps: how far the cloth bridges hollows.
    thickness : float, metres
    collar : {"none", "shirt", "hood", "stand", "roll"}
    sole : float, metres
        Thickness of a sole, 0 for none.
    """

    level: Level
    surface: str = "suit"
    layer: int
    ease: float
    flare: float = 0.0
    flare_from: float = 0.2
    flare_to: float = 0.0
    relax: int = 12
    thickness: float = 0.003
    collar: str = "none"
    sole: float = 0.0


def _top(hem: float, sleeve: float, *, throat: float = _THROAT_M, scoop: float = 0.0) -> Level:
    """Return the level of a top from ``hem`` (height) to ``sleeve`` (along the arm), with a neckline."""

    def level(p: Places) -> Floats:
        front = np.clip((p.z - 0.02) / 0.06, 0.0, 1.0)
        below = 0.512 - _NECK[0] * p.y - _NECK[1] * p.z - scoop * front
        radius = np.hypot(p.x, p.z - 0.012 - 0.25 * (p.y - 0.59)) - throat - scoop * front
        neckline = np.minimum(np.maximum(below, radius), _CHIN_Y - p.y)
        return np.minimum(neckline, np.minimum(p.y - hem, (sleeve - p.arm) * _ARM_M))

    return level


def _open(top: Level) -> Level:
    """Return the level of a top that is open in front, wider towards hem and throat."""

    def level(p: Places) -> Floats:
        gap = np.interp(p.y, (-0.02, 0.20, 0.45, 0.60), (0.055, 0.034, 0.046, 0.06))
        return np.minimum(top(p), np.where(p.z > 0.0, p.x - gap, _ARM_M))

    return level


def _bottom(hem: float, waist: float = 0.165) -> Level:
    def level(p: Places) -> Floats:
        return np.minimum(waist - p.y, p.y - hem)

    return level


def _tank(hem: float, *, throat: float = 0.082, scoop: float = 0.02) -> Level:
    """Return the level of a top without sleeves: its arm holes run from the shoulder to below the armpit."""
    whole = _top(hem, 2.0, throat=throat, scoop=scoop)

    def level(p: Places) -> Floats:
        hole = np.interp(p.y, (0.36, 0.43, 0.50, 0.58), (0.30, 0.150, 0.128, 0.125)) - p.x
        return np.minimum(whole(p), np.minimum(hole, (0.03 - p.arm) * _ARM_M))

    return level


def _below(top: float) -> Level:
    def level(p: Places) -> Floats:
        return np.asarray(top - p.y)

    return level


def _everything(p: Places) -> Floats:
    neckline = 0.575 - _NECK[0] * p.y - _NECK[1] * p.z
    return np.minimum(neckline, (1.0 - p.arm) * _ARM_M)


def _skirt(level: Level, flare: float) -> Cut:
    return Cut(level=level, surface="skirt", layer=6, ease=0.004, flare=flare, flare_from=0.1, flare_to=-0.4, relax=3)


def _overwear(level: Level, layer: int, flare: float, collar: str) -> Cut:
    return Cut(level=level, layer=layer, ease=0.018, flare=flare, relax=50, thickness=0.006, collar=collar)


_SLIP = Cut(level=_bottom(-0.17), layer=1, ease=0.002, relax=8, thickness=0.001)
"""What is worn below everything that is open downwards."""

CUTS: Mapping[str, tuple[Cut, ...]] = {
    "bodysuit": (Cut(level=_everything, layer=0, ease=0.001, relax=4, thickness=0.001),),
    "shoes": (Cut(level=_below(-0.757), layer=1, ease=0.005, relax=26, thickness=0.003, sole=0.020),),
    "trousers": (
        Cut(level=_bottom(-0.77), layer=2, ease=0.008, flare=0.012, flare_from=-0.2, flare_to=-0.7, relax=16),
    ),
    "shorts": (Cut(level=_bottom(-0.30), layer=2, ease=0.010, flare=0.016, flare_from=0.0, flare_to=-0.3, relax=16),),
    "boots": (Cut(level=_below(-0.56), layer=3, ease=0.007, relax=26, thickness=0.004, sole=0.028),),
    "tank_top": (Cut(level=_tank(0.02), layer=4, ease=0.006, flare=0.008, thickness=0.002, relax=30),),
    "t_shirt": (Cut(level=_top(0.012, 0.36), layer=4, ease=0.008, flare=0.010, relax=40),),
    "shirt": (Cut(level=_top(0.0, 0.97), layer=4, ease=0.009, flare=0.012, relax=40, collar="shirt"),),
    "sweater": (Cut(level=_top(0.02, 0.98), layer=5, ease=0.014, flare=0.003, relax=50, thickness=0.005),),
    "skirt": (_SLIP, _skirt(_bottom(-0.36), 0.012)),
    "dress": (
        _SLIP,
        Cut(level=_top(0.10, 0.22, throat=0.083, scoop=0.025), layer=4, ease=0.006, relax=16),
        _skirt(_bottom(-0.44, 0.18), 0.022),
    ),
    "hoodie": (_overwear(_top(0.005, 0.99, throat=0.078), 7, 0.003, "hood"),),
    "jacket": (_overwear(_open(_top(-0.012, 1.0, throat=0.078)), 8, 0.010, "stand"),),
}  # fmt: skip
"""The cuts of every kind of ``GARMENT_KINDS``."""
