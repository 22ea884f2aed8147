"""Orthographic depth maps of a mesh from the front and the back: what a picture-based detector looks at.

Needs no closed surface, no sensible winding and no solid: only where there is surface at all.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray


__all__ = ["depth_maps"]


def depth_maps(
    positions: ArrayLike, faces: ArrayLike, corner: tuple[float, float], pixel: float, shape: tuple[int, int]
) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.float32]]:
    """Return the largest z, the smallest z and the number of layers of the surface in each pixel of the xy plane.

    Parameters
    ----------
    positions : (V, 3) float
        Faces with a vertex that is not finite are left out.
    faces : (F, 3) int
    corner : (x, y)
        Centre of pixel (0, 0).
    pixel : float
        Side of a pixel.
    shape : (X, Y)
        Surface beyond it is left out.

    Returns
    -------
    front, back : (X, Y) float32
        Largest and smallest z; both NaN in a pixel without surface.
    layers : (X, Y) float32
        How many slabs, three pixels thick, of 64 around z = 0 hold surface.
    """
    from axis_core.kernels.cpu import depth_map as cpu

    return cpu.depth_maps(positions, faces, corner, pixel, shape)
