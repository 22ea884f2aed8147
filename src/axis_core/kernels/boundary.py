"""Open borders of a triangle mesh: the edges with one face, and the loops they form (holes)."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from axis_core.kernels.adjacency import half_edge_twins
from axis_core.kernels.triangles import face_array


__all__ = ["boundary_edges", "boundary_loops"]


def boundary_edges(faces: ArrayLike, n_vertices: int) -> NDArray[np.int64]:
    """Return the edges with exactly one face, (B, 2) int64, directed as in that face.

    Examples
    --------
    >>> boundary_edges([[0, 1, 2], [0, 2, 3]], 4).tolist()
    [[0, 1], [1, 2], [2, 3], [3, 0]]
    """
    corners = face_array(faces, n_vertices).astype(np.int64)
    open_edges = half_edge_twins(faces, n_vertices).reshape(-1, 3) == -1
    return np.stack([corners[open_edges], np.roll(corners, -1, axis=1)[open_edges]], axis=1)


def boundary_loops(faces: ArrayLike, n_vertices: int) -> list[NDArray[np.int64]]:
    """Return the closed boundary loops, each an ordered array of vertices directed as in the faces.

    No loop holds a vertex twice: two holes that meet in a point are two loops. A border that runs into an edge of three
    or more faces does not close and is left out.

    Parameters
    ----------
    faces : (F, 3) integers
    n_vertices : int

    Raises
    ------
    InputError
        ``invalid_request``: wrong shape, or an index outside ``0..n_vertices - 1``.

    Examples
    --------
    >>> [loop.tolist() for loop in boundary_loops([[0, 1, 2], [0, 2, 3]], 4)]
    [[0, 1, 2, 3]]
    """
    from axis_core.kernels.cpu import boundary

    corners = face_array(faces, n_vertices)
    vertices, offsets = boundary.boundary_loops(corners, half_edge_twins(corners, n_vertices), n_vertices)
    return [vertices[a:b] for a, b in zip(offsets[:-1].tolist(), offsets[1:].tolist())]
