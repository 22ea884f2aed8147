"""Soup: all triangles of a scene in one pair of arrays, with the way back."""

from __future__ import annotations

import attrs
import numpy as np
from numpy.typing import NDArray

from axis_core.model.arrays import double_rows_3, int_indices, same_arrays, triangles, tuple_of
from axis_core.model.scene import Scene


__all__ = ["Soup", "scene_soup"]

_ARRAY = attrs.cmp_using(same_arrays)


@attrs.frozen(kw_only=True)
class Soup:
    """The triangles of a scene at rest, in world space.

    Attributes
    ----------
    positions : (V, 3) float64, metres
    faces : (F, 3) uint32
    vertex_instance, face_instance : (V,), (F,) int32
        Which of ``instances`` a row belongs to.
    instances : tuple of (node, mesh)
    starts : (I + 1,) int32
        The vertices of instance i are rows ``starts[i]`` to ``starts[i + 1]``.
    """

    positions: NDArray[np.float64] = attrs.field(converter=double_rows_3, eq=_ARRAY)
    faces: NDArray[np.uint32] = attrs.field(converter=triangles, eq=_ARRAY)
    vertex_instance: NDArray[np.int32] = attrs.field(converter=int_indices, eq=_ARRAY)
    face_instance: NDArray[np.int32] = attrs.field(converter=int_indices, eq=_ARRAY)
    starts: NDArray[np.int32] = attrs.field(converter=int_indices, eq=_ARRAY)
    instances: tuple[tuple[int, int], ...] = attrs.field(converter=tuple_of)

    @property
    def bounds(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Lowest and highest corner of the finite vertices; zeros where there is none."""
        finite = self.positions[np.isfinite(self.positions).all(axis=1)]
        if not len(finite):
            return np.zeros(3), np.zeros(3)
        return finite.min(axis=0), finite.max(axis=0)


def scene_soup(scene: Scene, *, skinned_only: bool = False) -> Soup:
    """Return the soup of ``scene``; ``skinned_only`` leaves out what has no skin (props on joints)."""
    instances = [(n, m) for n, m in scene.instances() if not skinned_only or scene.nodes[n].skin is not None]
    counts = [scene.meshes[m].n_vertices for _, m in instances]
    starts = np.concatenate([[0], np.cumsum(counts, dtype=np.int64)]).astype(np.int64)
    positions = [scene.world_positions(m, n) for n, m in instances]
    faces = [_outward(scene, n, m) + np.uint32(start) for (n, m), start in zip(instances, starts[:-1], strict=True)]
    labels = np.arange(len(instances))
    return Soup(
        positions=np.concatenate(positions) if positions else np.zeros((0, 3)),
        faces=np.concatenate(faces) if faces else np.zeros((0, 3), np.uint32),
        vertex_instance=np.repeat(labels, counts),
        face_instance=np.repeat(labels, [len(f) for f in faces]),
        starts=starts,
        instances=instances,
    )


def _outward(scene: Scene, node: int, mesh: int) -> NDArray[np.uint32]:
    faces = scene.meshes[mesh].faces
    mirrored = np.linalg.det(scene.bind_matrix(node)[:3, :3]) < 0
    return np.asarray(faces[:, ::-1] if mirrored else faces)
