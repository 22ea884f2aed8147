"""Connected parts of a triangle mesh: faces that share a vertex belong together."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from axis_core.kernels.triangles import face_array


__all__ = ["face_components", "vertex_components"]


def vertex_components(faces: ArrayLike, n_vertices: int) -> tuple[int, NDArray[np.int64]]:
    """Return (number of components, label of each vertex).

    Parameters
    ----------
    faces : (F, 3) integers
        Weld the mesh first if copies of one position should count as one vertex.
    n_vertices : int

    Returns
    -------
    n_components : int
    labels : (V,) int64
        0, 1, ... in the order of the first vertex of each component; -1 for a vertex of no face.

    Raises
    ------
    InputError
        ``invalid_request``: wrong shape, or an index outside ``0..n_vertices - 1``.

    Examples
    --------
    >>> n, labels = vertex_components([[0, 1, 2], [4, 5, 6]], 7)
    >>> n, labels.tolist()
    (2, [0, 0, 0, -1, 1, 1, 1])
    """
    from axis_core.kernels.cpu import components

    n_components, labels = components.vertex_components(face_array(faces, n_vertices), n_vertices)
    return int(n_components), labels


def face_components(faces: ArrayLike, n_vertices: int) -> tuple[int, NDArray[np.int64]]:
    """Return (number of components, label of each face (F,) int64)."""
    n_components, labels = vertex_components(faces, n_vertices)
    corners = face_array(faces, n_vertices)
    return n_components, labels[corners[:, 0]]
