"""Voxels of a mesh: its surface, and a solid that forgives holes, loose parts, double walls and flipped faces.

The solid is what a flood from the outside does not reach. Where the surface leaks, it is first closed by one to three
voxels. Inside is, too, what parity says along at least two of three axes: the room under a skirt, a bowl of hair.

References
----------
Nooruddin, F. S., Turk, G. "Simplification and repair of polygonal models using volumetric techniques", IEEE TVCG 9(2),
2003, 10.1109/TVCG.2003.1196006 (parity and ray stabbing).
"""

from __future__ import annotations

import numpy as np
import scipy
from numpy.typing import ArrayLike, NDArray

from axis_core.errors import InputError


__all__ = ["fill_solid", "parity_voxels", "solid_voxels", "surface_voxels"]

Bool = NDArray[np.bool_]
_CLOSINGS = (0, 1, 2, 3)
_HELD = 0.8  # a closing holds if the solid is at least so much of the one closed most
_MAX_VOXELS = 64_000_000


def surface_voxels(
    positions: ArrayLike, faces: ArrayLike, origin: ArrayLike, spacing: float, shape: tuple[int, int, int]
) -> Bool:
    """Return the voxels of a grid that the surface passes through (sampled every 0.45 voxels).

    Parameters
    ----------
    positions : (V, 3) float
        Faces with a vertex that is not finite are left out.
    faces : (F, 3) int
    origin : (3,) float
        Centre of voxel (0, 0, 0).
    spacing : float
        Side of a voxel.
    shape : (X, Y, Z)
        Samples beyond the grid are left out.
    """
    from axis_core.kernels.cpu import voxel as cpu

    return cpu.surface_voxels(positions, faces, origin, spacing, shape)


def parity_voxels(
    positions: ArrayLike, faces: ArrayLike, origin: ArrayLike, spacing: float, shape: tuple[int, int, int]
) -> Bool:
    """Return the voxels with an odd number of faces on both sides along at least two of the three axes.

    Parameters as in ``surface_voxels``. Exact for closed surfaces; for others a vote, in which an axis abstains along
    lines that cross an odd number of faces in all: they run through a hole or a single sheet.
    """
    from axis_core.kernels.cpu import voxel as cpu

    return cpu.parity_voxels(positions, faces, origin, spacing, shape)


def fill_solid(surface: ArrayLike, closings: tuple[int, ...] = _CLOSINGS) -> tuple[Bool, int]:
    """Return the solid that a voxel surface encloses, and by how many voxels it had to be closed (0: not at all).

    Parameters
    ----------
    surface : (X, Y, Z) bool
        With an empty border as wide as the largest closing plus one.
    closings : int
        Closings that may be tried, ascending. The smallest is taken whose solid holds 80 % of the largest one's.
    """
    shell = np.asarray(surface, bool)
    first = _enclosed(shell, closings[0])
    largest = _enclosed(shell, closings[-1]) if len(closings) > 1 else first
    enough = _HELD * largest.sum()
    for radius in closings[:-1]:
        solid = first if radius == closings[0] else _enclosed(shell, radius)
        if solid.sum() >= enough:
            return solid, radius
    return largest, closings[-1]


def solid_voxels(
    positions: ArrayLike, faces: ArrayLike, resolution: int = 128, *, bounds: ArrayLike | None = None
) -> tuple[Bool, NDArray[np.float64], float]:
    """Return a solid voxel body of any mesh, open, multi-part, self-intersecting or double-walled.

    Parameters
    ----------
    positions : (V, 3) float
    faces : (F, 3) int
    resolution : int
        Voxels along the longest side of the bounds.
    bounds : (2, 3) float, optional
        Lower and upper corner; the bounding box of the finite vertices if absent.

    Returns
    -------
    solid : (X, Y, Z) bool
        With an empty border of five voxels.
    origin : (3,) float64
        Centre of voxel (0, 0, 0).
    spacing : float
        Side of a voxel.

    Raises
    ------
    InputError
        ``empty_geometry`` if there is nothing to enclose.
    """
    v = np.asarray(positions, np.float64).reshape(-1, 3)
    finite = v[np.isfinite(v).all(axis=1)]
    if bounds is None and len(finite) == 0:
        raise InputError("the mesh has no finite vertex", code="empty_geometry")
    low, high = (finite.min(axis=0), finite.max(axis=0)) if bounds is None else np.asarray(bounds, np.float64)
    extent = float((high - low).max())
    if not extent > 0.0:
        raise InputError(f"the mesh has no extent: its largest side is {extent}", code="empty_geometry")
    border = _CLOSINGS[-1] + 2
    spacing = extent / resolution
    cells = np.ceil((high - low) / spacing).astype(int) + 1 + 2 * border
    shape = (int(cells[0]), int(cells[1]), int(cells[2]))
    if int(np.prod(cells)) > _MAX_VOXELS:
        raise InputError(f"a resolution of {resolution} needs {int(np.prod(cells))} voxels, at most {_MAX_VOXELS}")
    middle = (low + high) / 2.0
    origin = middle - spacing * (cells - 1) / 2.0
    shell = surface_voxels(v, faces, origin, spacing, shape)
    solid = fill_solid(shell)[0] | parity_voxels(v, faces, origin, spacing, shape)
    return solid, origin, spacing


def _enclosed(shell: Bool, radius: int) -> Bool:
    """Close by ``radius``, flood from the corner, shrink the solid back, and put the surface on again."""
    wall = scipy.ndimage.maximum_filter(shell, size=2 * radius + 1) if radius else shell
    free, _ = scipy.ndimage.label(~wall)
    outside = free == free[0, 0, 0]
    if radius:
        outside = scipy.ndimage.maximum_filter(outside, size=2 * radius + 1)
    return np.asarray(~outside | shell)
