"""How a photo sees a body: turned about the vertical, scaled, shifted; a long lens, so near and far are as large."""

from __future__ import annotations

import attrs
import numpy as np
from numpy.typing import NDArray


__all__ = ["VIEW_YAW", "ViewCamera"]

Floats = NDArray[np.float64]

VIEW_YAW = {
    "front": 0.0,
    "three_quarter": np.deg2rad(35.0),
    "left": np.deg2rad(90.0),
    "back": np.deg2rad(180.0),
    "right": np.deg2rad(-90.0),
}
"""Radians from the front towards the character's left at which the camera stands."""


@attrs.frozen
class ViewCamera:
    """A scaled orthographic camera at the height of what it sees.

    Attributes
    ----------
    yaw : float, radians
        From the front towards the character's left.
    scale : float, pixels a metre
    x, y : float, pixels
        Where the origin of the body appears.
    roll : float, radians
        Of the body in the picture, clockwise.
    """

    yaw: float
    scale: float
    x: float
    y: float
    roll: float = 0.0

    @property
    def axes(self) -> Floats:
        """(3, 3) rows: right in the picture, up in the picture, towards the camera."""
        a, b = self.yaw, self.roll
        right = np.array([np.cos(a), 0.0, -np.sin(a)])
        up = np.array([0.0, 1.0, 0.0])
        turned = np.array([np.cos(b) * right + np.sin(b) * up, np.cos(b) * up - np.sin(b) * right])
        return np.concatenate([turned, [[np.sin(a), 0.0, np.cos(a)]]])

    def project(self, points: Floats) -> Floats:
        """Return pixels (n, 2) of points (n, 3) in metres."""
        seen = np.asarray(points, np.float64) @ self.axes[:2].T
        return np.stack([self.x + self.scale * seen[:, 0], self.y - self.scale * seen[:, 1]], axis=1)

    def depth(self, points: Floats) -> Floats:
        """Return (n,) metres towards the camera."""
        return np.asarray(np.asarray(points, np.float64) @ self.axes[2])
