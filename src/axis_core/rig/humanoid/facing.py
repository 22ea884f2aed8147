"""Whether a person is seen from the front or from the back, where the feet leave it open."""

from __future__ import annotations

import attrs
import numpy as np

from axis_core.model.figure import Figure
from axis_core.rig.humanoid.detector import detection
from axis_core.rig.orientation import FACING_PRIOR, facing_evidence
from axis_core.rig.turning import prefers, turned_about


__all__ = ["face_forwards"]

_CLEAR = 1.2  # evidence of the feet and the file together from which nobody else is asked
_UPRIGHT = 1.1  # height over depth from which a figure may be a person
_WEIGHT, _MOST = 0.2, 1.5  # evidence for each unit of log-odds, and at most


def face_forwards(figure: Figure) -> Figure:
    """Return a figure that may be a person, turned about the vertical if its front is behind.

    The detector's two views, feet in front of shins, and the way files usually face vote together.
    """
    low, high = figure.bounds
    if figure.height < _UPRIGHT * float(high[2] - low[2]):
        return figure
    rotation = figure.frame[:3, :3] / np.cbrt(np.linalg.det(figure.frame[:3, :3]))
    known = facing_evidence(figure.points, figure.normals[:, 1])
    known += FACING_PRIOR if prefers(rotation[2], rotation[1]) else -FACING_PRIOR
    if known > _CLEAR:
        return figure
    behind = turned_about(figure)
    odds = detection(figure).facing - detection(behind).facing
    total = known + float(np.clip(_WEIGHT * odds, -_MOST, _MOST))
    chosen = figure if total >= 0.0 else behind
    return attrs.evolve(chosen, facing_certainty=float(np.clip(abs(total), 0.0, 1.0)))
