"""Who touches whom in a triangle mesh: edges, opposite half-edges, faces and neighbours around a vertex.

A half-edge ``3 * f + k`` runs from corner ``k`` of face ``f`` to the next corner. Linear time: a counting sort on the
smaller end of every edge.
"""

from __future__ import annotations

import attrs
import numpy as np
from numpy.typing import ArrayLike, NDArray

from axis_core.kernels.triangles import face_array


__all__ = ["EdgeTable", "edge_table", "face_neighbours", "half_edge_twins", "vertex_faces", "vertex_neighbours"]


@attrs.frozen(eq=False)
class EdgeTable:
    """The undirected edges of a mesh.

    Attributes
    ----------
    edges : (E, 2) int64
        Smaller vertex first, sorted.
    face_edges : (F, 3) int64
        Edge from corner k to corner k + 1 of every face.
    face_counts : (E,) int64
        Faces on the edge: 1 on a boundary, 2 inside a manifold, more where it is not manifold.
    """

    edges: NDArray[np.int64]
    face_edges: NDArray[np.int64]
    face_counts: NDArray[np.int64]


def edge_table(faces: ArrayLike, n_vertices: int) -> EdgeTable:
    """Return the edges of ``faces``.

    Parameters
    ----------
    faces : (F, 3) integers
        A face that names one vertex twice gives an edge from that vertex to itself.
    n_vertices : int
        Vertices of the mesh, referenced or not.

    Raises
    ------
    InputError
        ``invalid_request``: wrong shape, or an index outside ``0..n_vertices - 1``.

    Examples
    --------
    >>> edge_table([[0, 1, 2], [0, 2, 3]], 4).face_counts.tolist()
    [1, 2, 1, 1, 1]
    """
    from axis_core.kernels.cpu import adjacency

    return EdgeTable(*adjacency.edge_table(face_array(faces, n_vertices), n_vertices))


def half_edge_twins(faces: ArrayLike, n_vertices: int) -> NDArray[np.int64]:
    """Return the opposite half-edge of every half-edge, (3F,) int64.

    -1 stands on a boundary; -2 where an edge has more than two faces, two faces that run the same way, or one vertex.

    Examples
    --------
    >>> half_edge_twins([[0, 1, 2], [0, 2, 3]], 4).tolist()
    [-1, -1, 3, 2, -1, -1]
    """
    from axis_core.kernels.cpu import adjacency

    twins: NDArray[np.int64] = adjacency.half_edge_twins(face_array(faces, n_vertices), n_vertices)
    return twins


def face_neighbours(faces: ArrayLike, n_vertices: int) -> NDArray[np.int64]:
    """Return the face across every edge, (F, 3) int64: column k across corner k to k + 1; -1, -2 as in twins."""
    twins = half_edge_twins(faces, n_vertices).reshape(-1, 3)
    return np.where(twins >= 0, twins // 3, twins)


def vertex_faces(faces: ArrayLike, n_vertices: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return (offsets (V + 1,), faces (3F,)): the faces around vertex v are ``faces[offsets[v]:offsets[v + 1]]``."""
    from axis_core.kernels.cpu import adjacency

    offsets, rows = adjacency.vertex_face_rows(face_array(faces, n_vertices), n_vertices)
    return offsets.astype(np.int64), rows.astype(np.int64)


def vertex_neighbours(faces: ArrayLike, n_vertices: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return (offsets (V + 1,), neighbours (2E,)): the sorted vertices that share an edge with each vertex."""
    from axis_core.kernels.cpu import adjacency

    offsets, rows = adjacency.neighbour_rows(edge_table(faces, n_vertices).edges, n_vertices)
    return offsets, rows
