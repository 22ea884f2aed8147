"""check_archetype: what a kind of body promises."""

from __future__ import annotations

import numpy as np

from axis_core.model.figure import Figure
from axis_core.model.skeleton import Skeleton
from axis_core.model.soup import scene_soup
from axis_core.plugin.kinds import Archetype
from axis_core.rig import PlaceOptions, analyse
from axis_core.testing.record_checks import check_name, require
from axis_core.testing.scenes import capsule_person


__all__ = ["check_archetype"]

_OUTSIDE = 0.05
"""Of the figure's height: how far a joint may be outside its bounding box."""


def check_archetype(record: Archetype, *, figure: Figure | None = None) -> None:
    """Check that an archetype keeps its promises; AssertionError says which it breaks.

    Parameters
    ----------
    figure : Figure, optional
        A body of its kind, from ``axis_core.rig.analyse``; the default is the unrigged ``capsule_person``, of which
        only the score is asked.
    """
    label = f"archetype {record.name!r}"
    check_name("archetype", record.name)
    own = figure
    if figure is None:
        soup = scene_soup(capsule_person(rigged=False))
        figure = analyse(soup.positions, soup.faces)
    score = record.score(figure)
    require(isinstance(score, int | float) and 0 <= score <= 1, f"{label}: the score {score!r} is not in 0..1")
    require(record.score(figure) == score, f"{label}: the same figure scores differently the second time")
    if own is None:
        return
    skeleton = record.place(own, PlaceOptions())
    require(isinstance(skeleton, Skeleton), f"{label}: place gives {type(skeleton).__name__}, expected Skeleton")
    require(skeleton.n_joints > 0, f"{label} places no joint")
    require(np.isfinite(skeleton.positions).all(), f"{label} places joints that are not finite")
    low, high = own.bounds
    margin = _OUTSIDE * own.height
    inside = (skeleton.positions >= low - margin) & (skeleton.positions <= high + margin)
    lost = [skeleton.names[j] for j in np.flatnonzero(~inside.all(axis=1))]
    require(not lost, f"{label} places {lost} outside the body")
    require(skeleton == record.place(own, PlaceOptions()), f"{label}: the same figure is placed differently")
