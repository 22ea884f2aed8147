"""Squares cut out of a picture, turned and scaled: what networks look at, and the way back to pixels."""

from __future__ import annotations

import attrs
import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import affine_transform


__all__ = ["Square", "whole_picture"]

Floats = NDArray[np.float64]


@attrs.frozen
class Square:
    """A turned square in a picture.

    Attributes
    ----------
    centre : (x, y), pixels
    side : float, pixels
    turn : float, radians
        Of its upright direction, clockwise on the screen.
    """

    centre: tuple[float, float]
    side: float
    turn: float = 0.0

    def cut(self, image: NDArray[np.float32], size: int) -> NDArray[np.float32]:
        """Return the square as (size, size, C) float32; black where the picture ends."""
        step = self.side / size
        cosine, sine = np.cos(self.turn) * step, np.sin(self.turn) * step
        # rows and columns of the crop -> rows and columns of the picture
        matrix = np.array([[cosine, sine], [-sine, cosine]])
        middle = np.array([self.centre[1], self.centre[0]]) - 0.5
        offset = middle - matrix @ np.full(2, (size - 1) / 2.0)
        source = _shrunk(image, step)
        if source is not image:
            matrix, offset = matrix / 2.0, (offset - 0.5) / 2.0
        channels = [
            affine_transform(source[..., c], matrix, offset=offset, output_shape=(size, size), order=1)
            for c in range(image.shape[2])
        ]
        return np.stack(channels, axis=-1).astype(np.float32)

    def to_picture(self, points: Floats) -> Floats:
        """Return (n, 2) points of the square, 0..1 from its upper left corner, in pixels of the picture."""
        cosine, sine = np.cos(self.turn), np.sin(self.turn)
        x, y = (np.asarray(points, np.float64) - 0.5).T * self.side
        return np.stack([self.centre[0] + cosine * x - sine * y, self.centre[1] + sine * x + cosine * y], axis=1)

    def paste(self, values: NDArray[np.float32], size: tuple[int, int]) -> NDArray[np.float32]:
        """Return a picture (H, W) of ``size`` = (width, height) with ``values`` (n, n) in the square, 0 around it."""
        n = len(values)
        step = self.side / n
        cosine, sine = np.cos(self.turn) / step, np.sin(self.turn) / step
        matrix = np.array([[cosine, -sine], [sine, cosine]])
        middle = np.array([self.centre[1], self.centre[0]]) - 0.5
        offset = np.full(2, (n - 1) / 2.0) - matrix @ middle
        return np.asarray(affine_transform(values, matrix, offset=offset, output_shape=size[::-1], order=1))


def whole_picture(size: tuple[int, int]) -> Square:
    """Return the smallest square around a picture of ``size`` = (width, height)."""
    return Square((size[0] / 2.0, size[1] / 2.0), float(max(size)))


def _shrunk(image: NDArray[np.float32], step: float) -> NDArray[np.float32]:
    """Return the picture at half its size where the crop would skip pixels, else the picture itself."""
    if step <= 2.0 or min(image.shape[:2]) < 4:
        return image
    height, width = image.shape[0] // 2 * 2, image.shape[1] // 2 * 2
    even = image[:height, :width]
    return np.asarray((even[::2, ::2] + even[1::2, ::2] + even[::2, 1::2] + even[1::2, 1::2]) * np.float32(0.25))
