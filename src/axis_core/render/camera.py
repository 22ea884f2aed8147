"""Cameras around a figure: the named views, and a distance that shows all of it."""

from __future__ import annotations

from collections.abc import Sequence

import attrs
import numpy as np
from numpy.typing import NDArray

from axis_core.errors import InputError


__all__ = ["VIEWS", "Camera", "frame_views"]

Vector = NDArray[np.float64]

FIELD_OF_VIEW_DEG = 14.0
"""Narrow, as a portrait lens: proportions stay true and views compare."""
_MARGIN = 1.06

VIEWS: dict[str, tuple[float, float]] = {
    "front": (0.0, 0.0),
    "three_quarter": (35.0, 8.0),
    "side": (90.0, 0.0),
    "left": (90.0, 0.0),
    "back_three_quarter": (145.0, 8.0),
    "back": (180.0, 0.0),
    "right": (-90.0, 0.0),
    "top": (0.0, 89.9),
    "bottom": (0.0, -89.9),
}
"""Where the camera stands: degrees from the front towards the character's left, and degrees above the horizon."""


@attrs.frozen(eq=False)
class Camera:
    """A perspective camera that looks at ``target``; ``axes`` are its right, up and backward directions in rows."""

    target: Vector
    axes: Vector
    distance: float

    @property
    def position(self) -> Vector:
        """(3,) where the camera stands."""
        return np.asarray(self.target + self.distance * self.axes[2])

    def project(self, points: Vector, size: tuple[int, int]) -> Vector:
        """Return the (n, 2) pixels, from the upper left corner, at which (n, 3) ``points`` appear."""
        seen = (np.asarray(points, np.float64) - self.target) @ self.axes.T
        depth = np.maximum(self.distance - seen[:, 2], 1e-9)
        scale = size[1] / 2 / np.tan(np.deg2rad(FIELD_OF_VIEW_DEG) / 2)
        x = size[0] / 2 + scale * seen[:, 0] / depth
        y = size[1] / 2 - scale * seen[:, 1] / depth
        return np.stack([x, y], axis=1)


def frame_views(points: Vector, views: Sequence[str], size: tuple[int, int]) -> tuple[Camera, ...]:
    """Return a camera for each view; all at one distance, so that the pictures have one scale.

    Parameters
    ----------
    points : (n, 3), n > 0, finite
        What has to be visible.
    views : names of ``VIEWS``
    size : width and height in pixels

    Raises
    ------
    InputError
        ``invalid_request``: an unknown view, or none.
    """
    if not views:
        raise InputError("no view was asked for", pointer="/views", hint=f"Views: {', '.join(VIEWS)}.")
    for view in views:
        if view not in VIEWS:
            raise InputError(f"there is no view {view!r}", pointer="/views", hint=f"Views: {', '.join(VIEWS)}.")
    target = (points.min(axis=0) + points.max(axis=0)) / 2
    axes = [_camera_axes(*VIEWS[view]) for view in views]
    tall = np.tan(np.deg2rad(FIELD_OF_VIEW_DEG) / 2)
    wide = tall * size[0] / size[1]
    distance = 0.0
    for rows in axes:
        seen = np.abs((points - target) @ rows[:2].T) * _MARGIN
        nearer = (points - target) @ rows[2]
        distance = max(distance, float((np.maximum(seen[:, 0] / wide, seen[:, 1] / tall) + nearer).max()))
    distance = max(distance, 1e-3)  # a single point
    return tuple(Camera(target, rows, distance) for rows in axes)


def _camera_axes(turn_deg: float, rise_deg: float) -> Vector:
    a, b = np.deg2rad(turn_deg), np.deg2rad(rise_deg)
    backward = np.array([np.sin(a) * np.cos(b), np.sin(b), np.cos(a) * np.cos(b)])
    right = np.array([np.cos(a), 0.0, -np.sin(a)])
    return np.stack([right, np.cross(backward, right), backward])
