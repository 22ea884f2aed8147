"""What one photo says about a body: its outline, joints and face, in pixels."""

from __future__ import annotations

import attrs
import numpy as np
from numpy.typing import NDArray

from axis_core.photo.outline import Outline, largest_part, outline_of
from axis_core.vision.people import Sighting


__all__ = ["Evidence", "evidence_of"]

Floats = NDArray[np.float64]


@attrs.frozen(eq=False)
class Evidence:
    """One view of a person.

    Attributes
    ----------
    label : str
        A view of ``VIEW_YAW``.
    sighting : Sighting
    mask : (H, W) float32, 0..1
        The person alone.
    outline : Outline
    """

    label: str
    sighting: Sighting
    mask: NDArray[np.float32]
    outline: Outline

    @property
    def joints(self) -> Floats | None:
        """(33, 2) landmarks of the body in pixels, or None."""
        pose = self.sighting.pose
        return None if pose is None else pose.points[:, :2]

    @property
    def seen(self) -> Floats:
        """(33,) how much to trust each landmark, 0..1; from behind they are a guess of the network's."""
        pose = self.sighting.pose
        if pose is None:
            return np.zeros(33)
        return pose.seen * (0.5 if self.label == "back" else 1.0)


def evidence_of(label: str, sighting: Sighting) -> Evidence:
    """Return what ``sighting``, labelled as a view, says about the body."""
    mask = largest_part(sighting.mask)
    return Evidence(label, sighting, mask, outline_of(mask))
