"""Fewer triangles, same shape: quadric edge collapse on bare arrays or with everything that hangs on the vertices.

`decimate` takes positions and faces. `decimate_mesh` also carries UVs, normals, colours, skins and morph targets
through the same collapses, keeps UV seams and borders of materials, and says where on the input each vertex lies.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from axis_core.errors import InputError
from axis_core.kernels.decimate_mesh import DecimatedMesh, MeshInput, VertexAttributes
from axis_core.kernels.decimate_state import DecimationState
from axis_core.kernels.decimate_threads import reduce_to
from axis_core.kernels.triangles import face_array, position_array


__all__ = ["DecimatedMesh", "VertexAttributes", "decimate", "decimate_mesh"]

_FACE_DTYPES = (np.int32, np.uint32, np.int64, np.uint64)


def decimate(
    positions: ArrayLike, faces: ArrayLike, target_triangles: int
) -> tuple[NDArray[np.floating], NDArray[np.integer]]:
    """Return (positions, faces) of the mesh with ``target_triangles`` triangles.

    Every step merges the two ends of a cheap edge, at the best place for the merged vertex. A manifold stays a
    manifold of the same genus; no edge with more than two faces appears; faces do not flip; borders keep their
    line and components do not vanish. Where that leaves nothing to collapse, more triangles than asked for come back;
    a closed mesh has an even number of triangles.

    Parameters
    ----------
    positions : (V, 3) float64 or float32, metres
        Vertices that are not finite are left alone.
    faces : (F, 3) integers
        Copies of one position are not joined (see `decimate_mesh`). Faces that name a vertex twice are dropped.
        Vertices of an edge with three or more faces stay where they are.
    target_triangles : int
        At least 0. A mesh that has no more than that comes back as it is, without unused vertices.

    Returns
    -------
    positions : (V', 3), dtype as given (float64 for integers)
        Vertices that no collapse has moved are equal to the input to the last bit.
    faces : (F', 3), dtype as given (int64 for narrow integers)

    Raises
    ------
    InputError
        ``invalid_request``: a wrong shape, an index out of range, or a negative target.

    Examples
    --------
    >>> import numpy as np
    >>> x, y = np.meshgrid(np.arange(5.0), np.arange(5.0))
    >>> grid = np.stack([x.ravel(), y.ravel(), 0 * x.ravel()], axis=1)
    >>> i = np.arange(20).reshape(4, 5)[:, :4].ravel()
    >>> quads = np.concatenate([np.stack([i, i + 1, i + 6], 1), np.stack([i, i + 6, i + 5], 1)])
    >>> decimate(grid, quads, 10)[1].shape
    (10, 3)

    References
    ----------
    M. Garland, P. S. Heckbert, "Surface simplification using quadric error metrics", SIGGRAPH 1997.
    doi:10.1145/258734.258849
    """
    if target_triangles < 0:
        raise InputError(f"target_triangles: expected 0 or more, got {target_triangles}")
    points = position_array(positions)
    corners = face_array(faces, len(points))
    state = DecimationState.of_faces(points, corners)
    reduce_to(state, int(target_triangles))
    out_positions, out_faces = state.bare_result()
    dtype = np.asarray(positions).dtype
    face_dtype = np.asarray(faces).dtype
    return (
        out_positions.astype(dtype if dtype.kind == "f" else np.float64, copy=False),
        out_faces.view(np.int32)
        if face_dtype == np.int32
        else out_faces.astype(face_dtype if face_dtype in _FACE_DTYPES else np.int64, copy=False),
    )


def decimate_mesh(
    positions: ArrayLike,
    faces: ArrayLike,
    target_triangles: int | None = None,
    *,
    max_error: float | None = None,
    attributes: VertexAttributes | None = None,
    face_groups: ArrayLike | None = None,
    importance: ArrayLike | None = None,
    locked: ArrayLike | None = None,
) -> DecimatedMesh:
    """Return the mesh with fewer triangles and everything that hangs on its vertices.

    Vertices at one position (split at UV seams, hard edges, borders between materials) are one point of the surface and
    move together. A seam collapses along itself, both sides at once. To cross a seam counts as twice the distance, and
    where it happens the sides keep their own attributes. Hard edges (normals that differ, nothing else) count like
    the surface around them, and their sides keep their normals.

    Where normals or skin weights bend, vertices stay, as where the surface does; normals are fitted to what a vertex
    stands for, all else is taken from the input at its place. Error bounds and the error of the result count distance
    alone.

    Parameters
    ----------
    positions : (V, 3) real numbers, metres
    faces : (F, 3) integers
        Concatenate the primitives of an avatar to spend one budget over all of them.
    target_triangles : int, optional
        None: as far as ``max_error`` allows.
    max_error : float, metres, optional
        No collapse moves the surface farther than this, measured as the root mean square distance of the merged vertex
        to the planes of the input that it stands for.
    attributes : VertexAttributes, optional
    face_groups : (F,) integers, optional
        Material, primitive or part of each face. Borders between groups are kept like seams.
    importance : (V,) positive real numbers, optional
        Multiplies the cost of collapses at a vertex: 4 keeps about twice the density of 1.
    locked : (V,) booleans, optional
        Vertices that stay, and stay where they are.

    Raises
    ------
    InputError
        ``invalid_request``: wrong shapes, an index out of range, neither target nor error, a negative target or error.

    References
    ----------
    H. Hoppe, "New quadric metric for simplifying meshes with appearance attributes", IEEE Visualization 1999.
    doi:10.1109/VISUAL.1999.809869
    """
    if target_triangles is None and max_error is None:
        raise InputError("decimate_mesh: give target_triangles, max_error, or both")
    if target_triangles is not None and target_triangles < 0:
        raise InputError(f"target_triangles: expected 0 or more, got {target_triangles}")
    mesh = MeshInput.of(positions, faces, attributes, face_groups, importance, locked)
    state = mesh.start(max_error)
    reduce_to(state, int(target_triangles or 0))
    return mesh.result(state)
