"""One closed solid out of any triangles, by manifold3d.

Shells that can be closed exactly are: holes get caps, shells that touch are drawn apart, inside-out ones are turned. A
shell that still is no manifold is sampled: its winding number on a grid decides what is inside, and the surface between
is closed by construction. All are united.

References
----------
.. Jacobson, Kavan, Sorkine-Hornung, "Robust Inside-Outside Segmentation using Generalized Winding Numbers", 2013.
   doi:10.1145/2461912.2461916
.. Lalish, "Manifold: Geometry library for topological robustness", 2024.
"""

from __future__ import annotations

import importlib
from typing import Any

import attrs
import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from axis_core.errors import BackendUnavailable, CannotFit
from axis_core.kernels.winding import winding_numbers
from axis_core.platforms.part_cutting import border_loops, fan_caps, shells_of, welded_ids


__all__ = ["Solid", "closed_solid", "is_closed"]

GRID = 80
"""Cells along the longest side of a shell that is sampled."""
MIN_VOLUME = 1e-7
"""Of the cube around the whole: a shell with less is a sheet and gives no body."""
NEAR, APART, MAX_ROUNDS = 1e-6, 1e-5, 6
"""Of the size: vertices nearer than the first are one place to readers of STL, and are moved by the second."""
Points = NDArray[np.float64]
Faces = NDArray[np.int64]


@attrs.frozen(kw_only=True)
class Solid:
    """A closed surface.

    Attributes
    ----------
    positions : (V, 3) float32
    faces : (F, 3) int64
    n_exact, n_sampled, n_dropped : int
        Shells that were closed as they are, that were sampled, and that held no volume.
    volume : float
    """

    positions: NDArray[np.float32]
    faces: Faces
    n_exact: int
    n_sampled: int
    n_dropped: int
    volume: float


def _library() -> Any:
    try:
        return importlib.import_module("manifold3d")
    except ImportError as exc:
        raise BackendUnavailable(
            "closing a mesh for printing needs manifold3d", hint="Install it: pip install 'axis-avatars[print]'."
        ) from exc


def closed_solid(positions: NDArray[np.floating[Any]], faces: NDArray[Any]) -> Solid:
    """Return the solid that triangles enclose.

    Parameters
    ----------
    positions : (V, 3) float
    faces : (F, 3) int
        Any: open, overlapping, with seams.

    Raises
    ------
    CannotFit
        ``cannot_fit``: nothing has a volume.
    BackendUnavailable
        ``not_installed``: manifold3d.
    """
    library = _library()
    points, triangles = _welded(np.asarray(positions, np.float64), np.asarray(faces, np.int64))
    size = float(np.ptp(points, axis=0).max()) if len(points) else 0.0
    bodies: list[Any] = []
    counts = {"exact": 0, "sampled": 0, "dropped": 0}
    for shell in _shells(triangles):
        body, how = _body(library, points, triangles[shell], size)
        counts[how] += 1
        if body is not None:
            bodies.append(body)
    if not bodies:
        raise CannotFit("nothing of the mesh encloses a volume", hint="Thicken it first: it is all sheets.")
    whole = library.Manifold.batch_boolean(bodies, library.OpType.Add).simplify(1e-6 * size)
    out = _apart(*_arrays(whole), size)
    if not is_closed(*out):
        whole = _sampled(library, points, triangles)
        out = _apart(*_arrays(whole), size)
    if not is_closed(*out):
        raise CannotFit("the mesh could not be closed", hint="Repair it first: `axis repair`.")
    return Solid(
        positions=out[0],
        faces=out[1],
        n_exact=counts["exact"],
        n_sampled=counts["sampled"],
        n_dropped=counts["dropped"],
        volume=float(whole.volume()),
    )


def is_closed(positions: NDArray[np.float32], faces: Faces) -> bool:
    """Return whether, with equal positions being one vertex, every edge has two faces that run along it in two ways."""
    ids = welded_ids(np.asarray(positions, np.float32))[faces]
    edges = np.concatenate([ids[:, [0, 1]], ids[:, [1, 2]], ids[:, [2, 0]]])
    if not len(edges) or (edges[:, 0] == edges[:, 1]).any():
        return False
    width = int(ids.max()) + 1
    forward = np.sort(edges[:, 0] * width + edges[:, 1])
    back = np.sort(edges[:, 1] * width + edges[:, 0])
    return bool(np.array_equal(forward, back) and (np.diff(forward) > 0).all())


def _welded(points: Points, faces: Faces) -> tuple[Points, Faces]:
    ids = welded_ids(points.astype(np.float32))
    first = np.zeros(int(ids.max(initial=-1)) + 1, np.int64)
    first[ids] = np.arange(len(ids))
    faces = ids[faces]
    a, b, c = faces.T
    faces = faces[(a != b) & (b != c) & (c != a)]
    # A face and its back in one place enclose nothing; of twins one is enough.
    _, kept = np.unique(np.sort(faces, axis=1), axis=0, return_index=True)
    return points[first], faces[np.sort(kept)]


def _shells(faces: Faces) -> list[NDArray[np.intp]]:
    """Return the faces of each connected shell."""
    if not len(faces):
        return []
    rows = np.concatenate([faces[:, 0], faces[:, 1]])
    columns = np.concatenate([faces[:, 1], faces[:, 2]])
    n = int(faces.max()) + 1
    _, label = connected_components(coo_array((np.ones(len(rows)), (rows, columns)), shape=(n, n)), directed=False)
    owner = label[faces[:, 0]]
    order = np.argsort(owner, kind="stable")
    return np.split(order, np.flatnonzero(np.diff(owner[order])) + 1)


def _body(library: Any, points: Points, faces: Faces, size: float) -> tuple[Any, str]:
    """Return a manifold of one shell and how it came to be: ``exact``, ``sampled``, or none, ``dropped``."""
    bodies = []
    touching = shells_of(faces)
    parts = [faces] if touching is None else [faces[touching == k] for k in range(int(touching.max()) + 1)]
    for part in parts:
        body = _exact(library, points, part)
        if body is None:
            sampled = _sampled(library, points, faces)
            return (sampled, "sampled") if _volume(sampled) > MIN_VOLUME * size**3 else (None, "dropped")
        if abs(_volume(body)) > MIN_VOLUME * size**3:
            bodies.append(body)
    if not bodies:
        return None, "dropped"
    return library.Manifold.batch_boolean(bodies, library.OpType.Add), "exact"


def _exact(library: Any, points: Points, faces: Faces) -> Any:
    """Return a manifold of faces with caps on their holes, outside out; None if that is none."""
    caps, middles = fan_caps(border_loops(faces), len(points))
    closed = np.vstack([faces, caps])
    centres = np.array([points[loop].mean(axis=0) for loop in middles]).reshape(-1, 3)
    used, local = np.unique(closed, return_inverse=True)
    where = np.vstack([points, centres])[used]
    local = local.reshape(-1, 3)
    corners = where[local]
    if np.einsum("ij,ij->", corners[:, 0], np.cross(corners[:, 1], corners[:, 2])) < 0:
        local = local[:, ::-1]
    mesh = library.Mesh(np.ascontiguousarray(where, np.float32), np.ascontiguousarray(local, np.uint32))
    body = library.Manifold(mesh)
    return body if body.status() == library.Error.NoError and body.num_tri() else None


def _volume(body: Any) -> float:
    return float(body.volume())


def _sampled(library: Any, points: Points, faces: Faces) -> Any:
    """Return the surface between inside and outside by winding number, on a grid."""
    used = points[np.unique(faces)]
    low, high = used.min(axis=0), used.max(axis=0)
    step = max(float((high - low).max()) / GRID, 1e-9)
    low = low - 2 * step
    shape = np.ceil((high + 2 * step - low) / step).astype(int) + 1
    axes = [low[k] + step * np.arange(shape[k]) for k in range(3)]
    grid = np.stack(np.meshgrid(*axes, indexing="ij"), axis=-1).reshape(-1, 3)
    inside = (np.abs(winding_numbers(points, faces, grid)) - 0.5).reshape(shape)
    inside[[0, -1]] = inside[:, [0, -1]] = inside[:, :, [0, -1]] = -0.5
    values, top = inside.tolist(), (shape - 2).tolist()

    def field(x: float, y: float, z: float) -> float:
        u, v, w = (x - low[0]) / step, (y - low[1]) / step, (z - low[2]) / step
        i, j, k = (min(max(int(q), 0), t) for q, t in zip((u, v, w), top, strict=True))
        a, b, c = min(max(u - i, 0.0), 1.0), min(max(v - j, 0.0), 1.0), min(max(w - k, 0.0), 1.0)
        near, far = values[i], values[i + 1]
        n0 = near[j][k] * (1 - c) + near[j][k + 1] * c
        n1 = near[j + 1][k] * (1 - c) + near[j + 1][k + 1] * c
        f0 = far[j][k] * (1 - c) + far[j][k + 1] * c
        f1 = far[j + 1][k] * (1 - c) + far[j + 1][k + 1] * c
        return float((n0 * (1 - b) + n1 * b) * (1 - a) + (f0 * (1 - b) + f1 * b) * a)

    end = low + step * (shape - 1)
    return library.Manifold.level_set(field, [*low.tolist(), *end.tolist()], step)


def _apart(positions: NDArray[np.float32], faces: Faces, size: float) -> tuple[NDArray[np.float32], Faces]:
    """Return the surface with vertices that lie in one place moved inwards a little, each by another step.

    A manifold may touch itself; an STL has no vertices, so what touches would be joined where it is read.
    """
    moved = positions.astype(np.float64)
    for _ in range(MAX_ROUNDS):
        _, place, count = np.unique(
            np.rint(moved / (NEAR * size)).astype(np.int64), axis=0, return_inverse=True, return_counts=True
        )
        place = place.reshape(-1)
        shared = np.flatnonzero(count[place] > 1)
        if not len(shared):
            break
        order = shared[np.argsort(place[shared], kind="stable")]
        first = np.searchsorted(place[order], place[order])
        rank = np.arange(len(order)) - first
        moved[order] -= _normals(moved, faces)[order] * (APART * size * rank)[:, None]
    return moved.astype(np.float32), faces


def _normals(points: Points, faces: Faces) -> Points:
    corners = points[faces]
    areas = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    out = np.zeros_like(points)
    for k in range(3):
        np.add.at(out, faces[:, k], areas)
    length = np.linalg.norm(out, axis=1, keepdims=True)
    return np.asarray(out / np.where(length > 1e-30, length, 1.0))


def _arrays(body: Any) -> tuple[NDArray[np.float32], Faces]:
    mesh = body.to_mesh()
    positions = np.asarray(mesh.vert_properties, np.float32)[:, :3]
    return np.ascontiguousarray(positions), np.asarray(mesh.tri_verts, np.int64)
