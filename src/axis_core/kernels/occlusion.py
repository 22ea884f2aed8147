"""Ambient occlusion of vertices: how much of the sky above the surface is hidden by the mesh itself."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from axis_core.errors import InputError
from axis_core.kernels.bvh import build_bvh
from axis_core.kernels.normals import vertex_normals
from axis_core.kernels.rays import are_occluded
from axis_core.kernels.triangles import face_array, position_array


__all__ = ["ambient_occlusion", "hemisphere_directions"]

LIFT = 1e-4
"""Rays start this far above the surface, in largest sides of the box, so that they miss the faces they start from."""

CHUNK = 1 << 20
"""Rays cast at once: memory stays below about 100 MB."""


def hemisphere_directions(count: int) -> NDArray[np.float64]:
    """Return ``count`` unit directions around +Z, (count, 3), spread as the cosine of the angle: a golden spiral."""
    rank = (np.arange(count) + 0.5) / max(count, 1)
    turn = np.pi * (3.0 - np.sqrt(5.0)) * np.arange(count)
    ring = np.sqrt(rank)
    return np.stack([ring * np.cos(turn), ring * np.sin(turn), np.sqrt(1.0 - rank)], axis=1)


def ambient_occlusion(
    positions: ArrayLike,
    faces: ArrayLike,
    *,
    normals: ArrayLike | None = None,
    n_rays: int = 64,
    reach: float = np.inf,
) -> NDArray[np.float64]:
    """Return for each vertex how much of its sky is open, (V,) float64: 1 in the open, 0 in a closed box.

    Parameters
    ----------
    positions : (V, 3) float, metres
    faces : (F, 3) int
        They hide from both sides.
    normals : (V, 3) float, optional
        Unit; area-weighted ones if absent. A vertex whose normal is zero counts as open.
    n_rays : int
        Rays a vertex, spread by the cosine of their angle to the normal; the same ones for every vertex, so the result
        is the same in every run.
    reach : float, metres
        What is farther hides nothing.

    Raises
    ------
    InputError
        ``invalid_request`` for a wrong shape, an index out of range or fewer than one ray.
    """
    points = position_array(positions)
    corners = face_array(faces, len(points))
    if n_rays < 1:
        raise InputError(f"n_rays is {n_rays}, expected at least 1", pointer="/n_rays")
    up = vertex_normals(points, corners, weighting="area")
    if normals is not None:
        up = position_array(normals, name="normals")
    if up.shape != points.shape:
        raise InputError(f"{len(up)} normals for {len(points)} positions, expected as many", pointer="/normals")
    tree = build_bvh(points, corners)
    rows = np.flatnonzero(np.isfinite(points).all(1) & (np.abs(up).max(1, initial=0.0) > 0.0))
    out = np.ones(len(points))
    if tree.n_triangles == 0 or len(rows) == 0:
        return out
    extent = float(np.ptp(points[rows], axis=0).max())
    local = hemisphere_directions(n_rays)
    for some in np.array_split(rows, max(1, -(-len(rows) * n_rays // CHUNK))):
        frames = np.stack([*_frames(up[some]), up[some]], axis=1)
        ways = np.einsum("rk,vkx->vrx", local, frames)
        origins = np.repeat(points[some] + LIFT * extent * up[some], n_rays, axis=0)
        hidden = are_occluded(tree, origins, ways.reshape(-1, 3), far=reach)
        out[some] = 1.0 - hidden.reshape(-1, n_rays).mean(1)
    return out


def _frames(up: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return two unit vectors across each normal."""
    axis = np.eye(3)[np.abs(up).argmin(1)]
    across = np.cross(up, axis)
    across /= np.maximum(np.linalg.norm(across, axis=1, keepdims=True), 1e-300)
    return across, np.cross(up, across)
