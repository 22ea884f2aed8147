"""Tangent frames for normal maps, by the convention of MikkTSpace that glTF asks for.

The bitangent is ``sign * cross(normal, tangent)``. A normal map baked with one convention and shown with another has
shading seams, so nothing here is a matter of taste: faces are weighted by their angle in the plane of the vertex
normal, and faces with mirrored UVs never share a tangent.

References
----------
M. S. Mikkelsen, "Simulation of wrinkled surfaces revisited", master's thesis, University of Copenhagen, 2008.
Khronos Group, "glTF 2.0 specification", section 3.7.2.1 (tangents).
"""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from axis_core.errors import InputError
from axis_core.kernels.adjacency import half_edge_twins
from axis_core.kernels.triangles import face_array, position_array
from axis_core.kernels.weld import weld_vertices


__all__ = ["corner_tangents", "vertex_tangents"]

UvOrigin = Literal["top", "bottom"]


def corner_tangents(
    positions: ArrayLike, faces: ArrayLike, normals: ArrayLike, uvs: ArrayLike, *, uv_origin: UvOrigin = "top"
) -> NDArray[np.float64]:
    """Return the tangent (x, y, z) and the sign of the bitangent of every corner, (F, 3, 4) float64.

    Parameters
    ----------
    positions : (V, 3) real numbers, metres
    faces : (F, 3) integers
    normals : (V, 3) unit vectors
    uvs : (V, 2) real numbers
        The set that the normal map uses.
    uv_origin : {"top", "bottom"}
        Where v = 0 is in the image: "top" in glTF, "bottom" in OBJ and FBX. It decides the sign.

    Returns
    -------
    tangents : (F, 3, 4) float64
        Unit vectors perpendicular to the normals; sign 1 or -1. Where UVs have no area: some perpendicular, sign 1.

    Raises
    ------
    InputError
        ``invalid_request``: a wrong shape, an index out of range or an unknown origin.

    Examples
    --------
    >>> p, up = [[0, 0, 0], [1, 0, 0], [0, 1, 0]], [[0, 0, 1]] * 3
    >>> corner_tangents(p, [[0, 1, 2]], up, [[0, 1], [1, 1], [0, 0]])[0, 0].tolist()
    [1.0, 0.0, 0.0, 1.0]
    """
    points, corners, directions, texture = _checked(positions, faces, normals, uvs, uv_origin)
    return _corner_tangents(points, corners, directions, texture)[0].reshape(-1, 3, 4)


def vertex_tangents(
    positions: ArrayLike, faces: ArrayLike, normals: ArrayLike, uvs: ArrayLike, *, uv_origin: UvOrigin = "top"
) -> NDArray[np.float64]:
    """Return the tangent and the sign of every vertex, (V, 4) float64: what a glTF TANGENT accessor holds.

    A vertex that mirrored charts share cannot have both tangents: it takes that of the larger angle around it; split it
    by `corner_tangents` to keep both. A vertex of no face gets (1, 0, 0, 1).

    Parameters, errors and references: as `corner_tangents`.

    Examples
    --------
    >>> p, up = [[0, 0, 0], [1, 0, 0], [0, 1, 0]], [[0, 0, 1]] * 3
    >>> vertex_tangents(p, [[0, 1, 2]], up, [[0, 0], [0, 1], [1, 0]], uv_origin="bottom")[0].tolist()
    [0.0, 1.0, 0.0, -1.0]
    """
    from axis_core.kernels.cpu import tangents as cpu

    points, corners, directions, texture = _checked(positions, faces, normals, uvs, uv_origin)
    tangents, gathered = _corner_tangents(points, corners, directions, texture)
    best = cpu.strongest_corner(corners, gathered, len(points))
    out = np.tile([1.0, 0.0, 0.0, 1.0], (len(points), 1))
    out[best >= 0] = tangents[best[best >= 0]]
    return out


def _checked(
    positions: ArrayLike, faces: ArrayLike, normals: ArrayLike, uvs: ArrayLike, uv_origin: str
) -> tuple[NDArray[np.float64], NDArray[np.uint32], NDArray[np.float64], NDArray[np.float64]]:
    """Return the inputs as the kernels take them, v growing upwards."""
    points = position_array(positions)
    directions = position_array(normals, name="normals")
    texture = np.array(uvs, dtype=np.float64)
    if len(directions) != len(points) or texture.shape != (len(points), 2):
        raise InputError(f"normals, uvs: expected {len(points)} rows, got {directions.shape} and {texture.shape}")
    if uv_origin == "top":
        texture[:, 1] = 1.0 - texture[:, 1]
    elif uv_origin != "bottom":
        raise InputError(f"uv_origin: expected 'top' or 'bottom', got {uv_origin!r}")
    return points, face_array(faces, len(points)), directions, texture


def _corner_tangents(
    points: NDArray[np.float64],
    corners: NDArray[np.uint32],
    normals: NDArray[np.float64],
    uvs: NDArray[np.float64],
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return (tangents (3F, 4), angle gathered (3F,)) of all corners."""
    from axis_core.kernels.cpu import tangents as cpu

    first, remap = weld_vertices(points, keys=[normals, uvs])
    alike = remap[corners].astype(np.uint32)
    directions, signs = cpu.face_tangents(points, corners, uvs)
    groups = cpu.corner_groups(alike, half_edge_twins(alike, len(first)), signs)
    tangents, gathered = cpu.corner_tangents(points, corners, normals, directions, signs, groups)
    return tangents, gathered
