"""``split_non_manifold``: sheets that share an edge or touch in a vertex are parted, by less than anyone can see.

Around a vertex, faces that pass an edge two by two form fans. At an edge of three or more faces two stay joined: those
that hang together elsewhere, or else go on into each other most smoothly. Every fan but the largest gets vertices of
its own, moved a hundred thousandth of the mesh's size towards its faces: engines and other tools weld by position, so
copies in the same place would be one vertex again.
"""

from __future__ import annotations

from itertools import pairwise

import attrs
import numpy as np
import scipy
from numpy.typing import NDArray

from axis_core.kernels.normals import face_area_vectors
from axis_core.kernels.weld import weld_vertices
from axis_core.model.mesh import Mesh
from axis_core.model.scene import Scene
from axis_core.plugin.kinds import Repair, RepairResult
from axis_core.repairs.each import each_mesh
from axis_core.repairs.selection import with_vertices


__all__ = ["REPAIR"]

Faces = NDArray[np.int64]
_GAP = 1e-5
_PASSES = 12
"""An upper bound: a pass that parts nothing ends the loop."""


def mend(mesh: Mesh) -> tuple[Mesh, str]:
    """Return the mesh with its fans parted."""
    if not mesh.n_triangles or not np.isfinite(mesh.positions).all():
        return mesh, ""
    parted = 0
    for _ in range(_PASSES):
        mesh, n = _part_once(mesh)
        mesh, lone = (mesh, 0) if n else _part_once(mesh, detach=True)
        if not n + lone:
            break
        parted += n + lone
    return mesh, f"parted {parted} vertices" if parted else ""


def _part_once(mesh: Mesh, *, detach: bool = False) -> tuple[Mesh, int]:
    """Give fans vertices of their own; ``detach``: single faces, where sheets hang together all around an edge."""
    first, remap = weld_vertices(mesh.positions)
    points = np.asarray(mesh.positions, np.float64)[first]
    own = mesh.faces.astype(np.int64)
    faces = remap[own]
    usable = (faces[:, 0] != faces[:, 1]) & (faces[:, 1] != faces[:, 2]) & (faces[:, 2] != faces[:, 0])
    fan = _lone_faces(points, faces, usable) if detach else _fans(points, faces, usable)
    vertex = np.where(usable[:, None], faces, -1).reshape(-1)
    extra = _further_fans(vertex, fan)
    if not extra.any():
        return mesh, 0
    corners = np.flatnonzero(extra)
    keys, index = np.unique(np.stack([own.reshape(-1)[corners], fan[corners]], axis=1), axis=0, return_inverse=True)
    rows = np.concatenate([np.arange(mesh.n_vertices), keys[:, 0]])
    parted = with_vertices(mesh, rows, np.arange(mesh.n_vertices))
    renumbered = own.reshape(-1).copy()
    renumbered[corners] = mesh.n_vertices + index.reshape(-1)
    target = _middles(points, faces, vertex, fan, corners)
    position = np.empty((len(keys), 3))
    position[index.reshape(-1)] = target
    positions = np.array(parted.positions, np.float64)
    start = positions[mesh.n_vertices :]
    towards = position - start
    length = np.maximum(np.linalg.norm(towards, axis=1, keepdims=True), 1e-300)
    gap = np.minimum(_GAP * float(np.linalg.norm(np.ptp(points, axis=0))), 0.1 * length)
    positions[mesh.n_vertices :] = start + gap * towards / length
    return attrs.evolve(parted, positions=positions, faces=renumbered.reshape(-1, 3)), len(keys)


def _middles(
    points: NDArray[np.float64], faces: Faces, vertex: Faces, fan: Faces, corners: Faces
) -> NDArray[np.float64]:
    """Return for each of ``corners`` the middle of the faces of its fan: one for all copies of a vertex at a seam."""
    _, index = np.unique(np.stack([vertex[corners], fan[corners]], axis=1), axis=0, return_inverse=True)
    index = index.reshape(-1)
    centre = points[faces].mean(axis=1)[corners // 3]
    count = np.bincount(index)
    return np.stack([np.bincount(index, centre[:, k]) / count for k in range(3)], axis=1)[index]


def _further_fans(vertex: Faces, fan: Faces) -> NDArray[np.bool_]:
    """Which corners belong to another fan of their vertex than its largest."""
    used = vertex >= 0
    pairs, inverse, size = np.unique(
        np.stack([vertex[used], fan[used]], axis=1), axis=0, return_inverse=True, return_counts=True
    )
    order = np.lexsort((pairs[:, 1], -size, pairs[:, 0]))
    is_largest = np.zeros(len(pairs), bool)
    is_largest[order[np.unique(pairs[order, 0], return_index=True)[1]]] = True
    out = np.zeros(len(vertex), bool)
    out[used] = ~is_largest[inverse.reshape(-1)]
    return out


def _fans(points: NDArray[np.float64], faces: Faces, usable: NDArray[np.bool_]) -> Faces:
    """Return the fan (3F,) of every corner: corners of one vertex whose faces pass edges two by two."""
    directed = np.concatenate([faces[:, [0, 1]], faces[:, [1, 2]], faces[:, [2, 0]]])
    owner = np.tile(np.arange(len(faces)), 3)
    side = np.repeat(np.arange(3), len(faces))
    keep = np.tile(usable, 3)
    directed, owner, side = directed[keep], owner[keep], side[keep]
    low, high = directed.min(axis=1), directed.max(axis=1)
    order = np.lexsort((high, low))
    same = (np.diff(low[order]) == 0) & (np.diff(high[order]) == 0)
    starts = np.concatenate([[0], np.flatnonzero(~same) + 1, [len(order)]])
    length = np.diff(starts)
    two = starts[:-1][length == 2]
    joined = [np.stack([order[two], order[two + 1]], axis=1)]
    part = _parts(owner[joined[0]], len(faces))
    for a, b in (pair for pair in pairwise(starts.tolist()) if pair[1] - pair[0] > 2):
        joined.append(_likeliest_pairs(points, faces, directed, owner, part, order[a:b]))
    links = np.concatenate(joined)
    rows, cols = [], []
    for at_start in (True, False):
        rows.append(_corner(owner, side, directed, links[:, 0], at_low=at_start))
        cols.append(_corner(owner, side, directed, links[:, 1], at_low=at_start))
    n = 3 * len(faces)
    r, c = np.concatenate(rows), np.concatenate(cols)
    graph = scipy.sparse.coo_array((np.ones(len(r), np.int8), (r, c)), shape=(n, n))
    return np.asarray(scipy.sparse.csgraph.connected_components(graph, directed=False)[1], np.int64)


def _lone_faces(points: NDArray[np.float64], faces: Faces, usable: NDArray[np.bool_]) -> Faces:
    """Return a fan (3F,) of every corner: one for all but the faces too many at crowded edges, each by itself there."""
    rows = np.flatnonzero(usable)
    directed = np.concatenate([faces[rows][:, [k, (k + 1) % 3]] for k in range(3)])
    owner = np.tile(rows, 3)
    _, edge = np.unique(np.sort(directed, axis=1), axis=0, return_inverse=True)
    edge = edge.reshape(-1)
    fan = np.zeros(3 * len(faces), np.int64)
    part = np.zeros(len(faces), np.int64)
    for crowded in np.flatnonzero(np.bincount(edge) > 2):
        sides = np.flatnonzero(edge == crowded)
        pairs = _likeliest_pairs(points, faces, directed, owner, part, sides)
        stays = pairs[0] if len(pairs) else sides[:2]
        for side in np.setdiff1d(sides, stays):
            corners = 3 * owner[side] + np.flatnonzero(np.isin(faces[owner[side]], directed[side]))
            fan[corners] = 1 + owner[side]
    return fan


def _corner(owner: Faces, side: Faces, directed: Faces, edge: Faces, *, at_low: bool) -> Faces:
    """Return the corner 3f + k at the lower or higher vertex of half-edges."""
    forward = directed[edge, 0] < directed[edge, 1]
    local = np.where(forward == at_low, side[edge], (side[edge] + 1) % 3)
    return np.asarray(3 * owner[edge] + local)


def _parts(neighbours: Faces, n_faces: int) -> Faces:
    """Return the part of each face: what hangs together over edges of two faces."""
    ones = np.ones(len(neighbours), np.int8)
    graph = scipy.sparse.coo_array((ones, (neighbours[:, 0], neighbours[:, 1])), shape=(n_faces, n_faces))
    return np.asarray(scipy.sparse.csgraph.connected_components(graph, directed=False)[1], np.int64)


def _likeliest_pairs(
    points: NDArray[np.float64], faces: Faces, directed: Faces, owner: Faces, part: Faces, edges: Faces
) -> NDArray[np.int64]:
    """Pair the faces of one crowded edge that walk it in opposite directions: those of one part, then the smoothest."""
    normals = face_area_vectors(points, faces[owner[edges]])
    normals /= np.maximum(np.linalg.norm(normals, axis=1, keepdims=True), 1e-300)
    forward = directed[edges, 0] < directed[edges, 1]
    alike = part[owner[edges]][:, None] == part[owner[edges]][None, :]
    likeness = np.where(forward[:, None] != forward[None, :], normals @ normals.T + 3.0 * alike, -2.0)
    out = []
    while likeness.size and likeness.max() > -1.5:
        a, b = np.unravel_index(int(likeness.argmax()), likeness.shape)
        out.append((edges[a], edges[b]))
        likeness[[a, b], :] = likeness[:, [a, b]] = -2.0
    return np.asarray(out, np.int64).reshape(-1, 2)


def apply(scene: Scene, options: object = None) -> RepairResult:  # noqa: ARG001 - the signature of a repair
    """Mend every mesh."""
    return each_mesh(scene, mend)


REPAIR = Repair(
    name="split_non_manifold",
    summary="Parts edges of three or more faces and bow-tie vertices.",
    fixes=("MESH_NON_MANIFOLD_EDGES",),
    apply=apply,
)
