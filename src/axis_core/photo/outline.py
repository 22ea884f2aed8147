"""The outline of a mask: points on it with outward normals, and the distance to it everywhere."""

from __future__ import annotations

import attrs
import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import binary_fill_holes, distance_transform_edt, gaussian_filter, label, map_coordinates


__all__ = ["Outline", "largest_part", "outline_of"]

Floats = NDArray[np.float64]

_RIGHT, _DOWN = np.array([[0.0], [1.0]]), np.array([[1.0], [0.0]])
_BORDER = 3
"""Pixels from the edge of the photo within which an outline is the photo's, not the person's."""


@attrs.frozen(eq=False)
class Outline:
    """Where a person ends in a photo.

    Attributes
    ----------
    points, normals : (n, 2) float64
        Pixels, and unit vectors that point out of the mask.
    distance : (H, W) float32
        Pixels to the outline: negative inside, positive outside.
    """

    points: Floats
    normals: Floats
    distance: NDArray[np.float32]

    def outside(self, at: Floats) -> tuple[Floats, Floats]:
        """Return the distances (n,) at pixels (n, 2), and their gradients (n, 2)."""
        rows = at[:, ::-1].T
        here = map_coordinates(self.distance, rows, order=1, mode="nearest")
        across = map_coordinates(self.distance, rows + _RIGHT, order=1, mode="nearest") - here
        down = map_coordinates(self.distance, rows + _DOWN, order=1, mode="nearest") - here
        return np.asarray(here), np.stack([across, down], axis=1)


def largest_part(mask: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return a mask (H, W), 0..1, with its largest connected part only, small holes closed."""
    solid = mask > 0.5
    parts, n = label(solid)
    if n > 1:
        keep = parts == 1 + np.argmax(np.bincount(parts.ravel())[1:])
        mask, solid = np.where(keep | ~solid, mask, np.float32(0.0)), keep
    holes = binary_fill_holes(solid) & ~solid
    parts, n = label(holes)
    if n:
        sizes = np.bincount(parts.ravel())
        small = sizes < 0.002 * solid.sum()
        small[0] = False
        mask = np.where(small[parts], np.float32(1.0), mask)
    return np.asarray(mask, np.float32)


def outline_of(mask: NDArray[np.float32], *, most: int = 900, smooth: float = 1.0) -> Outline:
    """Return the outline of a mask (H, W), 0..1, to a fraction of a pixel; at most ``most`` points, evenly thinned.

    Points at the edge of the photo are left out: the person goes on there.
    """
    soft: Floats = np.asarray(gaussian_filter(mask.astype(np.float64), smooth))
    down, across = (np.asarray(g, np.float64) for g in np.gradient(soft))
    points = np.concatenate([_crossings(soft, 1), _crossings(soft, 0)])
    height, width = mask.shape
    inner = (points >= _BORDER).all(axis=1) & (points[:, 0] < width - _BORDER) & (points[:, 1] < height - _BORDER)
    points = points[inner]
    n = min(most, len(points))
    order = np.lexsort((points[:, 0], points[:, 1]))
    points = points[order[np.arange(n) * len(points) // max(n, 1)]]
    rows = points[:, ::-1].T
    slope = np.stack([map_coordinates(across, rows, order=1), map_coordinates(down, rows, order=1)], axis=1)
    length = np.linalg.norm(slope, axis=1, keepdims=True)
    normals = -slope / np.maximum(length, 1e-9)
    solid = soft > 0.5
    distance = distance_transform_edt(~solid) - distance_transform_edt(solid)
    return Outline(points, normals, distance.astype(np.float32))


def _crossings(soft: Floats, axis: int) -> Floats:
    """Return the points (n, 2), x and y, where neighbours along ``axis`` lie on both sides of one half."""
    low = soft[:, :-1] if axis == 1 else soft[:-1]
    high = soft[:, 1:] if axis == 1 else soft[1:]
    rows, columns = np.nonzero((low > 0.5) != (high > 0.5))
    a, b = low[rows, columns], high[rows, columns]
    share = (0.5 - a) / (b - a)
    if axis == 1:
        return np.stack([columns + share, rows.astype(np.float64)], axis=1)
    return np.stack([columns.astype(np.float64), rows + share], axis=1)
