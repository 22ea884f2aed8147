"""Many rays at one mesh, by Intel's Embree where ``embreex`` is installed, else by the tree of our own.

Embree walks in single precision, and only chooses the face: distance and place on the face are then computed in double
precision. Casting by it takes about 0.6 of the time that our tree takes, once its scene is built at the first cast. A
ray that runs within a few millionths of an edge may be given to the face beside it, or be let through. So the pipeline,
whose bytes must not depend on what is installed, casts by `axis_core.kernels.rays.cast_rays`; this is for what looks at
meshes.
"""

from __future__ import annotations

import importlib
import importlib.util
from typing import Any

import attrs
import numpy as np
from numpy.typing import ArrayLike, NDArray

from axis_core.errors import InputError
from axis_core.kernels.bvh import Bvh, build_bvh, triangle_arrays
from axis_core.kernels.rays import RayHits, cast_rays, paired_rays


__all__ = ["RayScene", "has_embree"]


def has_embree() -> bool:
    """Return whether ``embreex`` (extra ``rays``) is installed."""
    return importlib.util.find_spec("embreex") is not None


@attrs.frozen(eq=False)
class _Embree:
    """A scene of Embree in a box of side 1, and the triangles in double precision."""

    scene: Any
    corners: NDArray[np.float64]
    rows: NDArray[np.int64]
    centre: NDArray[np.float64]
    scale: float


@attrs.frozen(eq=False)
class RayScene:
    """A mesh that rays are cast at.

    Examples
    --------
    >>> scene = RayScene.of([[0, 0, 0], [1, 0, 0], [0, 1, 0]], [[0, 1, 2]], use_embree=False)
    >>> scene.cast([[0.2, 0.2, 3.0]], [[0, 0, -1.0]]).distances.tolist()
    [3.0]
    """

    tree: Bvh | None
    embree: _Embree | None

    @classmethod
    def of(cls, positions: ArrayLike, faces: ArrayLike, *, use_embree: bool | None = None) -> RayScene:
        """Build a scene over the triangles of a mesh.

        Parameters
        ----------
        positions : (V, 3) float
        faces : (F, 3) int
            Faces with a corner that is not finite are left out.
        use_embree : bool, optional
            None: where it is installed.

        Raises
        ------
        InputError
            ``invalid_request``: a wrong shape, an index outside the positions, or Embree asked for and not installed.
        """
        if use_embree and not has_embree():
            raise InputError(
                "use_embree: embreex is not installed", pointer="/use_embree", hint="pip install 'axis-avatars[rays]'"
            )
        if use_embree is False or not has_embree():
            return cls(build_bvh(positions, faces), None)
        points, triangles = triangle_arrays(positions, faces)
        corners = points[triangles]
        rows = np.flatnonzero(np.isfinite(corners).all(axis=(1, 2)))
        return cls(None, _start_embree(corners[rows], rows)) if len(rows) else cls(build_bvh(points, triangles), None)

    @property
    def engine(self) -> str:
        """``embree`` or ``bvh``."""
        return "bvh" if self.embree is None else "embree"

    def cast(self, origins: ArrayLike, directions: ArrayLike, *, far: float = np.inf) -> RayHits:
        """Return the first face that each ray meets, as `axis_core.kernels.rays.cast_rays` does.

        Raises
        ------
        InputError
            ``invalid_request`` for wrong or unequal shapes.
        """
        if self.tree is not None:
            return cast_rays(self.tree, origins, directions, far=far)
        assert self.embree is not None
        o, d = paired_rays(origins, directions, "directions")
        return _cast_by_embree(self.embree, o, d, far)


def _start_embree(corners: NDArray[np.float64], rows: NDArray[np.int64]) -> _Embree:
    """Return Embree's scene of triangles (T, 3, 3) that are all finite."""
    low, high = corners.min(axis=(0, 1)), corners.max(axis=(0, 1))
    centre, scale = 0.5 * low + 0.5 * high, 1.0 / max(float((high - low).max()), 1e-300)
    scene = importlib.import_module("embreex.rtcore_scene").EmbreeScene()
    importlib.import_module("embreex.mesh_construction").TriangleMesh(
        scene, ((corners - centre) * scale).astype(np.float32)
    )
    return _Embree(scene, corners, rows, centre, scale)


def _cast_by_embree(
    embree: _Embree, origins: NDArray[np.float64], directions: NDArray[np.float64], far: float
) -> RayHits:
    n = len(origins)
    distances, faces = np.full(n, np.inf), np.full(n, -1, np.int64)
    weights = np.tile([1.0, 0.0, 0.0], (n, 1))
    length = np.linalg.norm(directions, axis=1)
    sound = np.flatnonzero(np.isfinite(origins).all(axis=1) & np.isfinite(length) & (length > 0.0))
    if len(sound) == 0:
        return RayHits(distances, faces, weights)
    o, d = origins[sound], directions[sound]
    found = embree.scene.run(
        ((o - embree.centre) * embree.scale).astype(np.float32), (d / length[sound, None]).astype(np.float32)
    )
    hit = np.flatnonzero(found >= 0)
    triangle = np.asarray(found)[hit].astype(np.int64)
    distance, place = _on_planes(embree.corners[triangle], o[hit], d[hit])
    near = np.flatnonzero((distance >= 0.0) & (distance <= far))
    at = sound[hit[near]]
    distances[at], faces[at], weights[at] = distance[near], embree.rows[triangle[near]], place[near]
    return RayHits(distances, faces, weights)


def _on_planes(
    corners: NDArray[np.float64], origins: NDArray[np.float64], directions: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return where rays meet the planes of their triangles: (distances, barycentric weights); NaN where level."""
    first, second = corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]
    across = np.cross(directions, second)
    determinant = (first * across).sum(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        inverse = 1.0 / determinant
        from_corner = origins - corners[:, 0]
        u = (from_corner * across).sum(axis=1) * inverse
        around = np.cross(from_corner, first)
        v = (directions * around).sum(axis=1) * inverse
        return (second * around).sum(axis=1) * inverse, np.stack([1.0 - u - v, u, v], axis=1)
