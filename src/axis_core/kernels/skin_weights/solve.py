"""The way from a mesh and joints to skin weights, step by step."""

from __future__ import annotations

from typing import Literal, get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray

from axis_core.errors import InputError
from axis_core.kernels.components import vertex_components
from axis_core.kernels.laplacian import vertex_areas
from axis_core.kernels.normals import vertex_normals
from axis_core.kernels.skin_weights.body import Body
from axis_core.kernels.skin_weights.bones import Bones, bones_of, fit_ends, local_joints
from axis_core.kernels.skin_weights.diffuse import diffused
from axis_core.kernels.skin_weights.geodesic import inner_distances
from axis_core.kernels.skin_weights.orient import unique_faces, wound_outwards
from axis_core.kernels.skin_weights.owners import (
    LEAST_DISTANCE,
    bone_distances,
    inside_factors,
    owner_shares,
    penalise_hidden,
)
from axis_core.kernels.skin_weights.parts import attach_small, loose_parts, stiffen
from axis_core.kernels.skin_weights.proxy import coarse_body, spread_weights
from axis_core.kernels.triangles import face_array, position_array
from axis_core.kernels.weld import weld_vertices


__all__ = ["SkinMethod", "skin_weights"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
SkinMethod = Literal["heat", "voxel", "rigid"]

WELD_SHARE = 1e-6
"""Vertices are one if they round to the same point of a grid this fine, in diagonals of the box."""

LEAST_WEIGHT = 1e-3
"""Weights below this share of a row's largest are dropped: they move nothing and cost a slot."""

TIED = 1e-4
"""Weights that differ by less than this share are equal: rounding must not choose between them."""

END_ROUNDS = 2
"""How often free bone ends are fitted to what they own: the second round moves them little, a third nothing."""


def skin_weights(
    positions: ArrayLike,
    faces: ArrayLike,
    joints: ArrayLike,
    parents: ArrayLike,
    *,
    method: SkinMethod = "heat",
    max_influences: int = 4,
    components: ArrayLike | None = None,
    solve_vertices: int = 20_000,
) -> tuple[NDArray[np.uint16], Floats]:
    """Return which joints move each vertex, and by how much.

    Parameters
    ----------
    positions : (V, 3) float
        In the rest pose, any unit and axes: the result is the same for a moved, turned or scaled mesh and skeleton.
        Copies of a point (at seams) get the same row. A vertex that is not finite is treated as the middle of the rest.
    faces : (F, 3) int
        Need not be closed, connected, manifold or consistently wound; may be empty.
    joints : (J, 3) float
        Finite, in the space of the positions.
    parents : (J,) int
        Index of each joint's parent, -1 for a root; in any order.
    method : "heat", "voxel" or "rigid"
        ``voxel`` measures distances through a solid of voxels (for soups, scans and limbs that touch; parts that
        overlap melt together), ``rigid`` gives each vertex to its nearest bone alone.
    max_influences : int
    components : (V,) int, optional
        Labels of parts the caller knows of (meshes, materials): they are told apart even where they touch.
    solve_vertices : int
        A mesh with more vertices, once welded, is solved on a coarse stand-in of about so many.

    Returns
    -------
    indices : (V, max_influences) uint16
        Strongest first; 0 in unused slots.
    weights : (V, max_influences) float64
        Not negative; rows sum to 1.

    Raises
    ------
    InputError
        ``invalid_request`` for a wrong shape or an index out of range, no joint, or joints that are not finite.

    Examples
    --------
    >>> box = [[0, 0, 0], [1, 0, 0], [0, 4, 0], [1, 4, 0]]
    >>> index, weight = skin_weights(box, [[0, 1, 2], [1, 3, 2]], [[0.5, 0, 0], [0.5, 2, 0]], [-1, 0])
    >>> index[:, 0].tolist()
    [0, 0, 1, 1]
    """
    points = position_array(positions)
    corners = face_array(faces, len(points)).astype(np.int64)
    places, above = _skeleton(joints, parents)
    if method not in get_args(SkinMethod):
        raise InputError(f"method is {method!r}, expected one of {get_args(SkinMethod)}", pointer="/method")
    if max_influences < 1:
        raise InputError(f"max_influences is {max_influences}, expected at least 1", pointer="/max_influences")
    if len(points) == 0:
        return np.zeros((0, max_influences), np.uint16), np.zeros((0, max_influences))
    body, remap = _body(points, corners, components)
    solved, patch = (body, None) if len(body.points) <= solve_vertices else coarse_body(body, solve_vertices)
    solved = _outwards(solved)
    index, weight = _limited(_weights(solved, places, above, method), max_influences)
    if patch is not None:
        index, weight = spread_weights(body, solved, patch, index, weight, max_influences)
    return index[remap].astype(np.uint16), weight[remap]


def _weights(body: Body, joints: Floats, parents: Ints, method: SkinMethod) -> Floats:
    """Return dense weights (V, J) of a welded mesh."""
    bones = bones_of(joints, parents)
    claimed = local_joints(body, joints, parents)
    loose = loose_parts(body, bones, claimed)
    for _ in range(END_ROUNDS):
        distances, _ = bone_distances(body, bones, len(joints))
        distances[:, claimed >= 0] = np.inf
        bones = fit_ends(bones, body, joints, distances.argmin(1))
    shares, gap = owner_shares(_distances(body, bones, claimed, method))
    weights = shares if method == "rigid" else diffused(body, shares, gap)
    return attach_small(body, stiffen(body, joints, weights, shares, loose), loose)


def _distances(body: Body, bones: Bones, claimed: Ints, method: SkinMethod) -> Floats:
    """Return how far each vertex is from each joint's bones (V, J), all things considered; finite for one at least.

    claimed : (J,) the part that a joint alone moves, or -1: it has that part to itself, and nothing else.
    """
    n_joints = len(claimed)
    plain, nearest = bone_distances(body, bones, n_joints, inside_factors(body, bones))
    plain[(claimed >= 0)[None] & (body.parts[:, None] != claimed[None])] = np.inf
    through = inner_distances(body, bones, n_joints) if method == "voxel" else None
    if through is None:
        out = penalise_hidden(body, bones, plain, nearest)
    else:
        out = np.where(np.isfinite(plain), through + LEAST_DISTANCE * body.extent, np.inf)
        unreached = ~np.isfinite(out).any(1)
        out[unreached] = plain[unreached]
    for joint in np.flatnonzero(claimed >= 0):
        out[body.parts == claimed[joint], joint] = 1e-3 * body.extent
    return out


def _skeleton(joints: ArrayLike, parents: ArrayLike) -> tuple[Floats, Ints]:
    places = position_array(joints, name="joints")
    above = np.asarray(parents)
    if len(places) == 0 or above.shape != (len(places),):
        seen = f"{len(places)} joints and parents of shape {above.shape}"
        raise InputError(f"{seen}, expected at least one joint and a parent each", pointer="/parents")
    if not np.isfinite(places).all():
        worst = int(np.flatnonzero(~np.isfinite(places).all(1))[0])
        raise InputError(f"joint {worst} is at {places[worst].tolist()}, expected finite", pointer=f"/joints/{worst}")
    if above.dtype.kind not in "iu" or above.max() >= len(places) or len(places) > 65535:
        raise InputError("parents must be indices of at most 65535 joints, or -1", pointer="/parents")
    return places, above.astype(np.int64)


def _body(points: Floats, faces: Ints, components: ArrayLike | None) -> tuple[Body, Ints]:
    """Return the welded mesh and the row of each input vertex in it."""
    finite = np.asarray(np.isfinite(points).all(1))
    if not finite.all():
        points = np.where(finite[:, None], points, points[finite].mean(0) if finite.any() else 0.0)
        faces = faces[finite[faces].all(1)]
    low = points.min(0)
    cell = WELD_SHARE * max(float(np.linalg.norm(points.max(0) - low)), 1e-300)
    keys = [] if components is None else [np.asarray(components)]
    first, remap = weld_vertices(np.round((points - low) / cell), keys=keys)
    return _measured(points[first], remap[faces]), remap


def _measured(points: Floats, faces: Ints) -> Body:
    n_parts, parts = vertex_components(faces, len(points))
    alone = parts < 0
    parts = np.where(alone, n_parts + np.cumsum(alone) - 1, parts)
    normals = vertex_normals(points, faces, weighting="area")
    return Body(points, faces, normals, vertex_areas(points, faces), parts, n_parts + int(alone.sum()))


def _outwards(body: Body) -> Body:
    """Return the mesh with each face once and wound outwards, and normals that say so."""
    faces = wound_outwards(body.points, unique_faces(body.faces))
    normals = vertex_normals(body.points, faces, weighting="area")
    areas = vertex_areas(body.points, faces)
    return Body(body.points, faces, normals, areas, body.parts, body.n_parts)


def _limited(dense: Floats, count: int) -> tuple[Ints, Floats]:
    """Return the strongest entries of dense rows (V, J): joints and weights (V, count).

    Where the last one kept equals the first one left out (a left and a right arm on the middle line), both go: keeping
    either would favour a side.
    """
    n_joints = dense.shape[1]
    order = np.argsort(-dense, axis=1, kind="stable")
    index = order[:, :count]
    weight = np.take_along_axis(dense, index, 1)
    if n_joints > count:
        next_best = np.take_along_axis(dense, order[:, count : count + 1], 1)
        weight[:, 1:][weight[:, 1:] <= next_best * (1.0 + TIED)] = 0.0
    weight[weight < LEAST_WEIGHT * weight[:, :1]] = 0.0
    weight /= weight.sum(1, keepdims=True)
    index = np.where(weight > 0.0, index, 0)
    short = ((0, 0), (0, max(count - n_joints, 0)))
    return np.pad(index, short), np.pad(weight, short)
