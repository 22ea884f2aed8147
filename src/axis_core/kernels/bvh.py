"""Bounding volume hierarchy over the triangles of a mesh: what closest points, rays and winding numbers walk through.

A binary tree of boxes, split by the surface area heuristic on sixteen bins, in depth-first order; triangles lie in leaf
order, so a walk reads memory forwards.

References
----------
Wald, *On fast Construction of SAH-based Bounding Volume Hierarchies*, RT 2007, doi:10.1109/RT.2007.4342588.
"""

from __future__ import annotations

import attrs
import numpy as np
from numpy.typing import ArrayLike, NDArray

from axis_core.errors import InputError


__all__ = ["Bvh", "build_bvh", "triangle_arrays"]


@attrs.frozen(eq=False)
class Bvh:
    """Boxes over triangles.

    Attributes
    ----------
    corners : (T, 9) float64
        The three corners of each triangle, in leaf order.
    faces : (T,) int64
        Row of each of these triangles in the faces the tree was built of. Faces with a corner that is not finite are
        left out; degenerate ones are in.
    boxes : (N, 6) float64
        Lower and upper corner of each node.
    links : (N, 2) int32
        Leaf: first triangle and their number. Inner node: right child and 0; the left child is the next node.
    """

    corners: NDArray[np.float64]
    faces: NDArray[np.int64]
    boxes: NDArray[np.float64]
    links: NDArray[np.int32]

    @property
    def n_triangles(self) -> int:
        """Number of triangles in the tree."""
        return len(self.faces)


def triangle_arrays(positions: ArrayLike, faces: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Return (V, 3) float64 positions and (F, 3) int64 faces that kernels can take.

    Raises
    ------
    InputError
        ``invalid_request`` if a shape is wrong or an index lies outside the positions.
    """
    from axis_core.kernels.cpu.jit import as_kernel_array

    points, triangles = as_kernel_array(positions, np.float64), as_kernel_array(faces, np.int64)
    points = points.reshape(0, 3) if points.size == 0 else points
    triangles = triangles.reshape(0, 3) if triangles.size == 0 else triangles
    for name, array in (("positions", points), ("faces", triangles)):
        if array.ndim != 2 or array.shape[1] != 3:
            raise InputError(f"{name} has shape {array.shape}, expected (n, 3)", pointer=f"/{name}")
    if len(triangles) and (triangles.min() < 0 or triangles.max() >= len(points)):
        worst = int(triangles.min() if triangles.min() < 0 else triangles.max())
        raise InputError(f"a face names vertex {worst}, expected 0 to {len(points) - 1}", pointer="/faces")
    return points, triangles


def build_bvh(positions: ArrayLike, faces: ArrayLike) -> Bvh:
    """Return the tree over the triangles of a mesh.

    Parameters
    ----------
    positions : (V, 3) float
    faces : (F, 3) int

    Returns
    -------
    Bvh
        With no triangles if the mesh has none: queries then miss.

    Raises
    ------
    InputError
        ``invalid_request`` for a wrong shape or an index outside the positions.

    Examples
    --------
    >>> build_bvh([[0, 0, 0], [1, 0, 0], [0, 1, 0]], [[0, 1, 2]]).n_triangles
    1
    """
    from axis_core.kernels.cpu.bvh import build_nodes

    points, triangles = triangle_arrays(positions, faces)
    corners = points[triangles].reshape(-1, 9)
    finite = np.isfinite(corners).all(1)
    rows = np.flatnonzero(finite)
    corners = corners if len(rows) == len(corners) else corners[rows]
    n = len(corners)
    if n == 0:
        return Bvh(np.zeros((0, 9)), np.zeros(0, np.int64), np.zeros((0, 6)), np.zeros((0, 2), np.int32))
    order = np.arange(n, dtype=np.int64)
    boxes, links = np.empty((2 * n, 6)), np.empty((2 * n, 2), np.int32)
    n_nodes = build_nodes(corners, order, boxes, links)
    return Bvh(corners[order], rows[order], boxes[:n_nodes].copy(), links[:n_nodes].copy())
