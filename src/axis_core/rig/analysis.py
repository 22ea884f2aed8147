"""From a bare mesh to a Figure: cleaned, turned upright, scaled, made solid, its extremities found."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import scipy
from numpy.typing import ArrayLike, NDArray

from axis_core.errors import InputError
from axis_core.kernels.components import vertex_components
from axis_core.kernels.distance_field import distance_field
from axis_core.kernels.sample import sample_surface
from axis_core.kernels.skeletonise import geodesic_tips, inner_distance, trace_path
from axis_core.kernels.triangles import face_array, position_array
from axis_core.kernels.voxel import solid_voxels
from axis_core.kernels.weld import weld
from axis_core.model.figure import Figure, Solid, Tip
from axis_core.rig.animals.heading import head_first
from axis_core.rig.humanoid.facing import face_forwards
from axis_core.rig.orientation import Orientation, orientations


__all__ = ["analyse", "analyses"]

_RESOLUTION = 144
_SAMPLES = 4000
_LARGE = 80_000  # voxels of a body that is looked at more coarsely
_SPECK = 0.03  # share of the solid's voxels under which a loose cluster does not count as body
_COARSE = 60_000  # faces above which vertices are clustered before anything else


def analyse(positions: ArrayLike, faces: ArrayLike, *, resolution: int = _RESOLUTION) -> Figure:
    """Return the Figure of a mesh.

    Parameters
    ----------
    positions : (V, 3) float, any unit, any orientation
    faces : (F, 3) int
        Faces with vertices that are not finite are ignored; so are doubled ones.
    resolution : int
        Voxels along the longest side.

    Raises
    ------
    InputError
        ``empty_geometry``: no triangle with area; ``invalid_request``: wrong shapes or indices.
    """
    return next(analyses(positions, faces, resolution=resolution))


def analyses(positions: ArrayLike, faces: ArrayLike, *, resolution: int = _RESOLUTION) -> Iterator[Figure]:
    """Yield the Figures of a mesh for all ways it may stand, likeliest first; parameters and errors as of ``analyse``.

    Only a mesh that is turned off the axes of its file has more than one.
    """
    v, f = _clean(positions, faces)
    points, normals, _ = sample_surface(v, f, _SAMPLES)
    if len(points) == 0:
        raise InputError("the mesh has no area: there is nothing to rig", code="empty_geometry")
    for orientation in orientations(points, normals):
        yield _figure(v, f, orientation, resolution)


def _figure(v: NDArray[np.float64], f: NDArray[np.int64], orientation: Orientation, resolution: int) -> Figure:
    """The Figure of clean vertices and faces that stand as said."""
    turned = v @ orientation.rotation.T
    kept, solid = _body(turned, f, resolution)
    frame, scale, shift = _frame(turned[kept], orientation)
    inside, origin, spacing = solid
    origin, spacing = scale * origin + shift, scale * spacing
    depth = distance_field(inside, spacing)
    canonical = scale * turned + shift
    used = kept[f].all(axis=1)
    points, normals, _ = sample_surface(canonical, f[used], _SAMPLES)
    body = Solid(inside=inside, depth=depth, origin=origin, spacing=spacing)
    coarse = _coarse(body)
    middle = _middle(coarse)
    _, components = vertex_components(f, len(canonical))
    figure = Figure(
        positions=canonical,
        faces=f,
        components=components,
        kept=kept,
        points=points,
        normals=normals,
        frame=frame,
        solid=body,
        middle=coarse.points(middle),
        tips=_tips(coarse, middle),
        is_mirrored=orientation.is_mirrored,
        mirror_residual=orientation.residual,
        facing_certainty=orientation.facing_certainty,
    )
    return face_forwards(head_first(figure))


def _clean(positions: ArrayLike, faces: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Finite, welded vertices and their faces; a heavy mesh is thinned by clustering."""
    v = position_array(positions)
    f = face_array(faces, len(v)).astype(np.int64)
    finite: NDArray[np.bool_] = np.asarray(np.isfinite(v).all(axis=1))
    f = f[np.asarray(finite[f].all(axis=1))]
    if len(f) == 0:
        raise InputError(
            "the mesh has no triangle with finite corners",
            code="empty_geometry",
            hint="Export it again: its positions are NaN or infinite.",
        )
    is_used = np.zeros(len(v), bool)
    is_used[f] = True
    used = np.flatnonzero(is_used)
    renumbered = np.zeros(len(v), np.int64)
    renumbered[used] = np.arange(len(used))
    v, f = np.asarray(v[used]), renumbered[f]
    extent = float(np.ptp(v, axis=0).max())
    if not extent > 0.0:
        raise InputError("the mesh has no extent", code="empty_geometry")
    return weld(v, f, tolerance=extent * (1e-5 if len(f) <= _COARSE else 2e-3))


def _body(
    turned: NDArray[np.float64], f: NDArray[np.int64], resolution: int
) -> tuple[NDArray[np.bool_], tuple[NDArray[np.bool_], NDArray[np.float64], float]]:
    """Which vertices belong to the body and not to specks, and the solid of those."""
    inside, origin, spacing = solid_voxels(turned, f, resolution)
    labels, n = scipy.ndimage.label(scipy.ndimage.maximum_filter(inside, size=3))
    if n <= 1:
        return np.ones(len(turned), bool), (inside, origin, spacing)
    size = np.bincount(labels[inside], minlength=n + 1)
    large = size >= max(1.0, _SPECK * size[1:].max())
    index = np.rint((turned - origin) / spacing).astype(np.int64)
    index = np.clip(index, 0, np.array(inside.shape) - 1)
    kept = large[labels[tuple(index.T)]]
    shrunk = float(np.ptp(turned[kept], axis=0).max()) < 0.97 * float(np.ptp(turned, axis=0).max())
    if shrunk:
        return kept, solid_voxels(turned, f[kept[f].all(axis=1)], resolution)
    return kept, (inside & large[labels], origin, spacing)


def _frame(
    body: NDArray[np.float64], orientation: Orientation
) -> tuple[NDArray[np.float64], float, NDArray[np.float64]]:
    """The similarity from the input to canonical space: (4 x 4 matrix, scale, shift after turning)."""
    low, high = body.min(axis=0), body.max(axis=0)
    height, extent = float(high[1] - low[1]), float((high - low).max())
    scale = 1.0 / max(height, extent / 2.0)
    centre = orientation.offset if orientation.is_mirrored else float(np.median(body[:, 0]))
    about = np.array([centre, low[1], (low[2] + high[2]) / 2.0])
    frame = np.eye(4)
    frame[:3, :3] = scale * orientation.rotation
    frame[:3, 3] = -scale * about
    return frame, scale, -scale * about


def _coarse(body: Solid) -> Solid:
    """A large body at half the resolution: extremities need no better, ways take an eighth of the time."""
    if int(body.inside.sum()) < _LARGE:
        return body
    odd = [(0, n % 2) for n in body.inside.shape]
    x, y, z = (n // 2 + n % 2 for n in body.inside.shape)
    blocks = (x, 2, y, 2, z, 2)
    inside = np.pad(body.inside, odd).reshape(blocks).sum(axis=(1, 3, 5)) >= 4
    depth = np.pad(body.depth, odd).reshape(blocks).max(axis=(1, 3, 5))
    origin = body.origin + 0.5 * body.spacing
    return Solid(inside=inside, depth=np.where(inside, depth, 0.0), origin=origin, spacing=2.0 * body.spacing)


def _middle(body: Solid) -> NDArray[np.int64]:
    """The deepest voxel among those from which the farthest point is nearest: the trunk, not a big head."""
    filled = np.argwhere(body.inside)
    start = filled[int(np.argmin(((filled - filled.mean(axis=0)) ** 2).sum(axis=1)))]
    field, _ = inner_distance(body.inside, start.reshape(1, 3))
    one = _farthest(field)
    from_one, came = inner_distance(body.inside, one.reshape(1, 3))
    other = _farthest(from_one)
    path = trace_path(came, other)
    to_other, _ = inner_distance(body.inside, other.reshape(1, 3))
    longest = np.maximum(from_one, to_other)
    near = np.isfinite(longest) & (longest <= np.nanmin(longest[tuple(path.T)]) * 1.12 + 2.0)
    return np.array(np.unravel_index(int(np.argmax(np.where(near, body.depth, 0.0))), body.depth.shape), np.int64)


def _farthest(field: NDArray[np.float32]) -> NDArray[np.int64]:
    finite = np.where(np.isfinite(field), field, -1.0)
    return np.array(np.unravel_index(int(np.argmax(finite)), field.shape), np.int64)


def _tips(body: Solid, middle: NDArray[np.int64]) -> tuple[Tip, ...]:
    """Extremities with their ways to the middle."""
    least = 0.05 / body.spacing
    _, came = inner_distance(body.inside, middle.reshape(1, 3))
    return tuple(
        Tip(point=body.points(voxel), reach=far * body.spacing, path=body.points(trace_path(came, voxel)))
        for voxel, far in geodesic_tips(body.inside, middle, least=least)
    )
