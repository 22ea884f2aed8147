"""Quadric error metrics of vertices and edges: what a decimation round prices, on arrays of any library.

``decimate`` itself prices edges one by one in compiled loops; these are the same sums over whole arrays, for a GPU and
as the oracle of the compiled ones.

References
----------
M. Garland, P. S. Heckbert, *Surface simplification using quadric error metrics*, 1997, doi:10.1145/258734.258849.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from axis_core.errors import InputError
from axis_core.kernels.backend import array_namespace
from axis_core.kernels.plain import quadrics as plain


__all__ = ["PULL_TO_MIDPOINT", "edge_optima", "vertex_quadrics"]

PULL_TO_MIDPOINT = 3e-5
"""Share of the trace that holds the optimum near the middle of the edge where the surface is flat."""


def vertex_quadrics(positions: Any, faces: Any) -> Any:
    """Return the quadric of every vertex about itself, (V, 11), an array of the library of ``positions``.

    Parameters
    ----------
    positions : (V, 3) float
        The result has their dtype.
    faces : (F, 3) int

    Returns
    -------
    (V, 11)
        The symmetric matrix (xx xy xz yy yz zz), the vector and the constant (both 0 here: every plane goes through the
        vertex), and the area of the faces around it. Faces without a finite area add nothing.

    Examples
    --------
    >>> flat = vertex_quadrics(np.array([[0.0, 0, 0], [1, 0, 0], [0, 1, 0]]), np.array([[0, 1, 2]]))
    >>> flat[0].tolist()
    [0.0, 0.0, 0.0, 0.0, 0.0, 0.5, 0.0, 0.0, 0.0, 0.0, 0.5]
    """
    xp = array_namespace(positions, faces) or np
    points, corners = _rows(xp, positions, 3, "positions"), _rows(xp, faces, 3, "faces")
    return plain.vertex_quadrics(xp, points, corners)


def edge_optima(positions: Any, quadrics: Any, edges: Any) -> tuple[Any, Any]:
    """Return the cost of merging the ends of each edge and the best place for the merged vertex.

    Parameters
    ----------
    positions : (V, 3) float
    quadrics : (V, 11) float
    edges : (E, 2) int

    Returns
    -------
    costs : (E,)
        Squared distance to the planes of both ends times area, never negative.
    places : (E, 3)
    """
    xp = array_namespace(positions, quadrics, edges) or np
    points, rows = _rows(xp, positions, 3, "positions"), _rows(xp, quadrics, 11, "quadrics")
    return plain.edge_optima(xp, points, rows, _rows(xp, edges, 2, "edges"), PULL_TO_MIDPOINT)


def _rows(xp: Any, array: Any, width: int, name: str) -> Any:
    found = xp.asarray(array)
    if found.ndim != 2 or found.shape[1] != width:
        raise InputError(f"{name}: expected shape (N, {width}), got {tuple(found.shape)}")
    return found
