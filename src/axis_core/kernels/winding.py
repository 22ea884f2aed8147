"""Winding numbers: how often a mesh wraps around a point, 1 inside and 0 outside of a closed one.

On open or torn meshes the number is a fraction that says how much of the view is closed: above one half is inside for
most purposes. Far triangles are summed up as one dipole a tree node.

References
----------
Jacobson, Kavan, Sorkine-Hornung, *Robust Inside-Outside Segmentation using Generalized Winding Numbers*, 2013,
doi:10.1145/2461912.2461916. Barill, Dickson, Schmidt, Levin, Jacobson, *Fast Winding Numbers for Soups and Clouds*,
2018, doi:10.1145/3197517.3201337.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from axis_core.kernels.bvh import Bvh, build_bvh
from axis_core.kernels.closest import query_array


__all__ = ["tree_winding_numbers", "winding_numbers"]


def winding_numbers(positions: ArrayLike, faces: ArrayLike, queries: ArrayLike) -> NDArray[np.float64]:
    """Return the winding number of the mesh around each query, (Q,) float64, within about 0.01.

    Parameters
    ----------
    positions : (V, 3) float
    faces : (F, 3) int
        Counter-clockwise seen from outside; an inside-out mesh gives -1 within.
    queries : (Q, 3) float
        On the surface the number lies between those of the two sides. NaN gives NaN.

    Raises
    ------
    InputError
        ``invalid_request`` for a wrong shape or an index out of range.

    Examples
    --------
    >>> corners = [[0, 0, 0], [1, 0, 0], [0, 1, 0], [0, 0, 1]]
    >>> tetrahedron = [[0, 2, 1], [0, 1, 3], [1, 2, 3], [0, 3, 2]]
    >>> winding_numbers(corners, tetrahedron, [[0.1, 0.1, 0.1], [1, 1, 1]]).round(2).tolist()
    [1.0, 0.0]
    """
    return tree_winding_numbers(build_bvh(positions, faces), queries)


def tree_winding_numbers(bvh: Bvh, queries: ArrayLike) -> NDArray[np.float64]:
    """Return winding numbers (Q,) around queries (Q, 3) for a tree that exists already."""
    from axis_core.kernels.cpu.ranges import run_ranges
    from axis_core.kernels.cpu.winding import node_dipoles, winding_through

    points = query_array(queries, "queries")
    out = np.zeros(len(points))
    if bvh.n_triangles == 0 or len(points) == 0:
        return out
    dipoles = np.empty((len(bvh.links), 8))
    node_dipoles(bvh.corners, bvh.boxes, bvh.links, dipoles)
    args = (bvh.corners, bvh.links, dipoles, points, out)
    run_ranges(lambda a, b: winding_through(*args, a, b), len(points), least=512)
    return out
