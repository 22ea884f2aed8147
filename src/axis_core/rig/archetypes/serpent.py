"""Snakes, eels, worms: one long tube without limbs."""

from __future__ import annotations

import numpy as np

from axis_core.errors import InputError
from axis_core.model.figure import Figure
from axis_core.model.skeleton import Skeleton
from axis_core.plugin.kinds import Archetype
from axis_core.rig.animals.chains import Chains
from axis_core.rig.animals.limbs import along
from axis_core.rig.animals.parts import grows
from axis_core.rig.animals.tube import Tube, tube_of
from axis_core.rig.options import PlaceOptions


__all__ = ["ARCHETYPE"]

_JOINTS = 11
_FIRST, _LAST = 0.05, 0.94  # of the way from the snout to the end of the tail


def _score(figure: Figure) -> float:
    """A slender round tube that winds, or that tapers to one end: straight even ones are poles."""
    tube = tube_of(figure)
    if tube is None:
        return 0.0
    usual = float(np.median(tube.radius))
    slender = grows(tube.length / max(usual, 1e-9), 10.0, 18.0)
    even = grows(2.6 - float(np.quantile(tube.radius, 0.95)) / max(usual, 1e-9), 0.0, 0.8)
    chord = float(np.linalg.norm(tube.line[-1] - tube.line[0]))
    winds = grows(tube.length / max(chord, 1e-9), 1.04, 1.15)
    tapers = grows(1.0 - _thinner_end(tube)[1] / max(usual, 1e-9), 0.15, 0.45)
    tubular = even * grows(tube.roundness, 0.25, 0.5) * grows(tube.share, 0.4, 0.7)
    return 0.9 * slender * tubular * max(winds, 0.8 * tapers)


def _thinner_end(tube: Tube) -> tuple[bool, float]:
    """Whether the tube's start is its thinner end, and the radius at that end (a tenth of the length in)."""
    n = max(2, len(tube.radius) // 6)
    start, end = float(np.mean(tube.radius[1 : n + 1])), float(np.mean(tube.radius[-n - 1 : -1]))
    return start < end, min(start, end)


def _place(figure: Figure, options: PlaceOptions) -> Skeleton:
    """One chain along the centre line, head first: the head is the thicker end."""
    tube = tube_of(figure)
    if tube is None:
        raise InputError("there is no surface to follow from head to tail", code="rig_failed")
    if _thinner_end(tube)[0]:
        tube = tube.reversed()
    chains = Chains()
    points = along(tube.line, list(np.linspace(_FIRST, _LAST, _JOINTS)))
    chains.chain(["head"] + [f"spine{k}" for k in range(1, _JOINTS)], points)
    return chains.skeleton(options, mirrored=figure.is_mirrored and float(np.abs(points[:, 0]).max()) < 0.03)


ARCHETYPE = Archetype(name="serpent", score=_score, place=_place, summary="One long tube without limbs, head first.")
