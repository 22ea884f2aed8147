"""Normals of faces and of vertices."""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from axis_core.errors import InputError
from axis_core.kernels.backend import array_namespace, foreign_mesh
from axis_core.kernels.plain import normals as plain
from axis_core.kernels.triangles import face_array, position_array


__all__ = ["face_area_vectors", "face_normals", "vertex_normals"]


def face_area_vectors(positions: ArrayLike, faces: ArrayLike) -> NDArray[np.float64]:
    """Return normals scaled by twice the area, (F, 3) float64: their sum over a closed surface is zero."""
    from axis_core.kernels.cpu import normals

    points = position_array(positions)
    vectors: NDArray[np.float64] = normals.face_area_vectors(points, face_array(faces, len(points)))
    return vectors


def face_normals(positions: ArrayLike, faces: ArrayLike) -> NDArray[np.float64]:
    """Return unit normals (F, 3) float64, counter-clockwise faces pointing at the viewer.

    A face without area, or with a vertex that is not finite, has the normal (0, 0, 0).

    Parameters
    ----------
    positions : (V, 3) real numbers, metres
    faces : (F, 3) integers

    Raises
    ------
    InputError
        ``invalid_request``: wrong shape, or an index out of range.

    Examples
    --------
    >>> face_normals([[0, 0, 0], [1, 0, 0], [0, 1, 0]], [[0, 1, 2]]).tolist()
    [[0.0, 0.0, 1.0]]
    """
    from axis_core.kernels.cpu import normals

    points = position_array(positions)
    vectors: NDArray[np.float64] = normals.face_normals(points, face_array(faces, len(points)))
    return vectors


def vertex_normals(
    positions: ArrayLike, faces: ArrayLike, *, weighting: Literal["angle", "area"] = "angle"
) -> NDArray[np.float64]:
    """Return unit vertex normals (V, 3) float64, the weighted mean of the normals of the faces around each vertex.

    To shade smoothly across UV seams, weld first: ``first, remap = weld_vertices(p)``, then
    ``vertex_normals(p[first], remap[faces])[remap]``.

    Parameters
    ----------
    positions : (V, 3) real numbers, metres
    faces : (F, 3) integers
    weighting : {"angle", "area"}
        ``angle`` does not depend on how a flat region is triangulated; ``area`` lets big faces win.

    Returns
    -------
    normals : (V, 3) float64
        Of the library of the inputs, see ``kernels.backend``. (0, 0, 0) for a vertex without a face of positive,
        finite area, and where normals cancel.

    Raises
    ------
    InputError
        ``invalid_request``: wrong shape, an index out of range, or an unknown weighting.

    References
    ----------
    G. Thürmer, C. A. Wüthrich, "Computing vertex normals from polygonal facets", Journal of Graphics Tools 3(1), 1998.
    doi:10.1080/10867651.1998.10487487
    """
    from axis_core.kernels.cpu import normals

    xp = array_namespace(positions, faces)
    if xp is not None and weighting in ("angle", "area"):
        return plain.vertex_normals(xp, *foreign_mesh(xp, positions, faces), weighting)  # type: ignore[no-any-return]
    points = position_array(positions)
    corners = face_array(faces, len(points))
    if weighting == "angle":
        vectors: NDArray[np.float64] = normals.angle_vertex_normals(points, corners)
    elif weighting == "area":
        vectors = normals.area_vertex_normals(points, corners)
    else:
        raise InputError(f"weighting: expected 'angle' or 'area', got {weighting!r}")
    return vectors
