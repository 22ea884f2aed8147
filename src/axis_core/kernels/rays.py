"""Rays and segments against a mesh: first hits, crossings, occlusion.

The triangle test is Möller and Trumbore's, in double precision and two-sided.

References
----------
Möller, Trumbore, *Fast, Minimum Storage Ray-Triangle Intersection*, 1997, doi:10.1080/10867651.1997.10487468.
"""

from __future__ import annotations

import attrs
import numpy as np
from numpy.typing import ArrayLike, NDArray

from axis_core.errors import InputError
from axis_core.kernels.bvh import Bvh
from axis_core.kernels.closest import query_array


__all__ = ["RayHits", "are_occluded", "cast_rays", "count_crossings", "paired_rays"]


@attrs.frozen(eq=False)
class RayHits:
    """The first hit of each ray.

    Attributes
    ----------
    distances : (Q,) float64
        In lengths of the ray's direction; infinite: no hit.
    faces : (Q,) int64
        Row of the face, -1: no hit.
    barycentric : (Q, 3) float64
        Of the hit; (1, 0, 0) without one.
    """

    distances: NDArray[np.float64]
    faces: NDArray[np.int64]
    barycentric: NDArray[np.float64]


def cast_rays(bvh: Bvh, origins: ArrayLike, directions: ArrayLike, *, far: float = np.inf) -> RayHits:
    """Return the first face that each ray meets, from either side.

    Parameters
    ----------
    bvh : Bvh
    origins, directions : (Q, 3) float
        Directions need no unit length: distances are in their lengths. A zero direction hits nothing.
    far : float
        Look no farther, in lengths of the direction.

    Raises
    ------
    InputError
        ``invalid_request`` for wrong or unequal shapes.
    """
    from axis_core.kernels.cpu.ranges import run_ranges
    from axis_core.kernels.cpu.rays import cast_through

    o, d = paired_rays(origins, directions, "directions")
    n = len(o)
    limit, triangle = np.full(n, float(far)), np.full(n, -1, np.int64)
    weights = np.tile([1.0, 0.0, 0.0], (n, 1))
    if bvh.n_triangles == 0 or n == 0:
        return RayHits(np.full(n, np.inf), triangle, weights)
    args = (bvh.corners, bvh.boxes, bvh.links, o, d, limit, triangle, weights)
    run_ranges(lambda a, b: cast_through(*args, a, b), n)
    return RayHits(limit, np.where(triangle >= 0, bvh.faces[triangle], -1), weights)


def count_crossings(
    bvh: Bvh,
    starts: ArrayLike,
    ends: ArrayLike,
    *,
    face_labels: ArrayLike | None = None,
    ignored: ArrayLike | None = None,
) -> NDArray[np.int32]:
    """Return at how many places each segment crosses faces: through a shared edge or corner it is one place.

    Parameters
    ----------
    bvh : Bvh
    starts, ends : (Q, 3) float
    face_labels : (F,) int, optional
        A label (a part) for each face the tree was built of.
    ignored : (Q,) int, optional
        For each segment a label of faces that do not count for it. Only together with ``face_labels``.

    Returns
    -------
    (Q,) int32
        At most 64.
    """
    from axis_core.kernels.cpu.jit import as_kernel_array
    from axis_core.kernels.cpu.ranges import run_ranges
    from axis_core.kernels.cpu.rays import count_through

    a, b = paired_rays(starts, ends, "ends")
    n = len(a)
    counts = np.zeros(n, np.int32)
    if bvh.n_triangles == 0 or n == 0:
        return counts
    if (face_labels is None) != (ignored is None):
        raise InputError("face_labels and ignored only make sense together", pointer="/ignored")
    labels, skipped = np.zeros(bvh.n_triangles, np.int64), np.full(n, -1, np.int64)
    if face_labels is not None and ignored is not None:
        labels = as_kernel_array(np.asarray(face_labels)[bvh.faces], np.int64)
        skipped = as_kernel_array(ignored, np.int64)
        if skipped.shape != (n,):
            raise InputError(f"ignored has shape {skipped.shape}, expected ({n},)", pointer="/ignored")
    args = (bvh.corners, bvh.boxes, bvh.links, labels, a, b, skipped, counts)
    run_ranges(lambda i, k: count_through(*args, i, k), n)
    return counts


def are_occluded(
    bvh: Bvh, origins: ArrayLike, directions: ArrayLike, *, far: float | NDArray[np.float64] = np.inf
) -> NDArray[np.bool_]:
    """Return whether each ray meets any face before ``far`` (in lengths of its direction); quicker than a cast."""
    from axis_core.kernels.cpu.ranges import run_ranges
    from axis_core.kernels.cpu.rays import occluded_through

    o, d = paired_rays(origins, directions, "directions")
    n = len(o)
    hidden = np.zeros(n, np.bool_)
    if bvh.n_triangles == 0 or n == 0:
        return hidden
    limit = np.ascontiguousarray(np.broadcast_to(np.asarray(far, np.float64), (n,)))
    limit = limit if limit.flags.writeable else limit.copy()
    args = (bvh.corners, bvh.boxes, bvh.links, o, d, limit, hidden)
    run_ranges(lambda a, b: occluded_through(*args, a, b), n)
    return hidden


def paired_rays(first: ArrayLike, second: ArrayLike, name: str) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return two float64 arrays (Q, 3) of one length, or raise `InputError` that calls the second by ``name``."""
    a, b = query_array(first, "origins"), query_array(second, name)
    if len(a) != len(b):
        raise InputError(f"{len(a)} starts and {len(b)} {name}, expected as many", pointer=f"/{name}")
    return a, b
