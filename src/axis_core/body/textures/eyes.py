"""The eyeball along its gaze axis: sclera, limbal ring, iris with fibres, pupil and a reflected window."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from axis_core.body.colours import Colour
from axis_core.body.textures.brush import blend, bytes_of, jpeg, step


__all__ = ["eye_image"]

PUPIL_DEG, IRIS_DEG = 8.0, 22.5
"""Angles from the gaze axis. An iris of 11.8 mm on an eyeball of 24 mm spans 29 degrees; the eyeball here is larger."""
_SCLERA: Colour = (0.93, 0.91, 0.89)
_VEINS: Colour = (0.80, 0.55, 0.52)


@lru_cache(maxsize=32)
def eye_image(iris: Colour, side: int, glow: bool = False) -> bytes:
    """Return a JPEG: the distance from the middle is the angle from the gaze axis, to 180 degrees at the border.

    ``glow`` paints the lamp of a robot's eye.
    """
    axis = ((np.arange(side) + 0.5) / side - 0.5).astype(np.float32)
    x, y = np.meshgrid(axis, axis)
    angle = np.hypot(x, y) * 360.0
    turn = np.arctan2(y, x)
    if glow:
        lamp = np.broadcast_to(np.asarray((0.05, 0.06, 0.07), np.float32), (side, side, 3))
        image = blend(lamp, iris, step(-angle, -IRIS_DEG, -IRIS_DEG * 0.6))
        return jpeg(bytes_of(blend(image, (1.0, 1.0, 1.0), step(-angle, -PUPIL_DEG, 0.0))))
    fibres = 0.5 * np.sin(turn * 43.0 + 3.0 * np.sin(turn * 7.0)) + 0.5 * np.sin(turn * 71.0 + angle * 0.2)
    inner = np.clip((angle - PUPIL_DEG) / (IRIS_DEG - PUPIL_DEG), 0.0, 1.0)
    tone = np.asarray(iris, np.float32)
    bright = (1.28 - 0.42 * inner + 0.13 * fibres)[..., None] * tone
    ring = blend(bright, tone * 0.35, step(angle, IRIS_DEG - 4.5, IRIS_DEG))
    pupil = blend(ring, (0.015, 0.013, 0.013), step(-angle, -PUPIL_DEG - 1.0, -PUPIL_DEG + 1.0))
    sclera = np.broadcast_to(np.asarray(_SCLERA, np.float32), pupil.shape)
    red = step(angle, 40.0, 110.0) * (0.5 + 0.3 * np.sin(turn * 11.0 + angle * 0.15))
    sclera = blend(sclera, _VEINS, 0.7 * red)
    image = blend(pupil, sclera, step(angle, IRIS_DEG - 0.8, IRIS_DEG + 1.6))
    image = image * (1.0 - 0.22 * step(-y * 360.0, 9.0, 30.0))[..., None]  # the upper lid throws a shadow
    for side_x, side_y, radius, strength in ((-7.5, -8.5, 3.6, 1.0), (8.0, 9.0, 1.9, 0.45)):
        spot = np.hypot(x * 360.0 - side_x, y * 360.0 - side_y)
        image = blend(image, (1.0, 1.0, 1.0), strength * step(-spot, -radius, -radius * 0.55))
    return jpeg(bytes_of(image))
