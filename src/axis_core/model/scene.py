"""Scene: everything that one file holds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import attrs
import numpy as np
from numpy.typing import NDArray

from axis_core.model.animation import Animation
from axis_core.model.arrays import doubles, same_arrays, tuple_of
from axis_core.model.material import Material, Texture
from axis_core.model.mesh import Mesh
from axis_core.model.skeleton import Skeleton
from axis_core.model.skin import Skin
from axis_core.model.transform import compose_matrix, quaternion_from_matrix, transform_points


__all__ = ["Node", "Scene"]

_ARRAY = attrs.cmp_using(same_arrays)


@attrs.frozen(kw_only=True)
class Node:
    """A place in the hierarchy.

    Attributes
    ----------
    parent : int or None
        Index of the parent node.
    translation, rotation, scale : (3,), (4,) x y z w, (3,) float64
        Local transform, applied scale first.
    meshes : tuple of int
        The meshes (primitives) that stand here.
    skin : int or None
        Index of the skin that moves the meshes.
    """

    name: str = ""
    parent: int | None = None
    translation: NDArray[np.float64] = attrs.field(default=(0.0, 0.0, 0.0), converter=doubles, eq=_ARRAY)
    rotation: NDArray[np.float64] = attrs.field(default=(0.0, 0.0, 0.0, 1.0), converter=doubles, eq=_ARRAY)
    scale: NDArray[np.float64] = attrs.field(default=(1.0, 1.0, 1.0), converter=doubles, eq=_ARRAY)
    meshes: tuple[int, ...] = attrs.field(default=(), converter=tuple_of)
    skin: int | None = None
    camera: int | None = None
    morph_weights: tuple[float, ...] | None = None
    extras: Mapping[str, Any] = attrs.field(factory=dict)
    extensions: Mapping[str, Any] = attrs.field(factory=dict)

    @property
    def matrix(self) -> NDArray[np.float64]:
        """Local transform, (4, 4) float64."""
        return compose_matrix(self.translation, self.rotation, self.scale)


@attrs.frozen(kw_only=True)
class Scene:
    """Nodes, meshes, skins, materials, textures and clips; indices point into the tuples.

    A scene may hold NaN and bad weights: construction checks shapes and index ranges, audit reports the values.

    Attributes
    ----------
    roots : tuple of int
        Root nodes of the default scene, in order.
    asset : mapping
        glTF's ``asset`` object (generator, copyright, extras).
    extensions : mapping
        Extensions of the root object, kept as read; their indices stay valid while the tuples keep their order.
    source_format : str
        Name of the format it was read from, or "".
    notes : tuple of str
        What the reader had to leave out or mend. Not part of the scene's value: two scenes may be equal without them.
    """

    name: str = ""
    nodes: tuple[Node, ...] = attrs.field(default=(), converter=tuple_of)
    meshes: tuple[Mesh, ...] = attrs.field(default=(), converter=tuple_of)
    skins: tuple[Skin, ...] = attrs.field(default=(), converter=tuple_of)
    materials: tuple[Material, ...] = attrs.field(default=(), converter=tuple_of)
    textures: tuple[Texture, ...] = attrs.field(default=(), converter=tuple_of)
    animations: tuple[Animation, ...] = attrs.field(default=(), converter=tuple_of)
    cameras: tuple[Mapping[str, Any], ...] = attrs.field(default=(), converter=tuple_of)
    asset: Mapping[str, Any] = attrs.field(factory=dict)
    extras: Mapping[str, Any] = attrs.field(factory=dict)
    extensions: Mapping[str, Any] = attrs.field(factory=dict)
    source_format: str = ""
    notes: tuple[str, ...] = attrs.field(default=(), converter=tuple_of, eq=False)

    def __attrs_post_init__(self) -> None:
        """Check that every index points to something and that the hierarchy has no cycle."""
        self._check_range("a node's mesh", (m for n in self.nodes for m in n.meshes), len(self.meshes))
        self._check_range("a node's skin", (n.skin for n in self.nodes), len(self.skins))
        self._check_range("a node's parent", (n.parent for n in self.nodes), len(self.nodes))
        self._check_range("a skin's joint", (j for s in self.skins for j in s.joints), len(self.nodes))
        self._check_range("a mesh's material", (m.material for m in self.meshes), len(self.materials))
        self.order()

    @staticmethod
    def _check_range(what: str, indices: Any, n: int) -> None:
        bad = next((i for i in indices if i is not None and not 0 <= i < n), None)
        if bad is not None:
            raise ValueError(f"{what} is {bad}, there are {n}")

    def order(self) -> tuple[int, ...]:
        """Return the node indices, parents before children.

        Raises
        ------
        ValueError
            If a node is its own ancestor.
        """
        children: dict[int | None, list[int]] = {}
        for i, node in enumerate(self.nodes):
            children.setdefault(node.parent, []).append(i)
        out: list[int] = []
        stack = list(reversed(children.get(None, [])))
        while stack:
            i = stack.pop()
            out.append(i)
            stack.extend(reversed(children.get(i, [])))
        if len(out) != len(self.nodes):
            raise ValueError("a node is its own ancestor")
        return tuple(out)

    @property
    def roots(self) -> tuple[int, ...]:
        """Nodes without a parent, in order."""
        return tuple(i for i, n in enumerate(self.nodes) if n.parent is None)

    @property
    def n_vertices(self) -> int:
        """Vertices of all meshes."""
        return sum(m.n_vertices for m in self.meshes)

    @property
    def n_triangles(self) -> int:
        """Triangles of all meshes."""
        return sum(m.n_triangles for m in self.meshes)

    def children(self, node: int) -> tuple[int, ...]:
        """Return the indices of the children of ``node``."""
        return tuple(i for i, n in enumerate(self.nodes) if n.parent == node)

    def world_matrices(self) -> NDArray[np.float64]:
        """Return the (N, 4, 4) transforms of all nodes to world space."""
        out = np.empty((len(self.nodes), 4, 4))
        for i in self.order():
            node = self.nodes[i]
            out[i] = node.matrix if node.parent is None else out[node.parent] @ node.matrix
        return out

    def skin_matrices(self, skin: int) -> NDArray[np.float64]:
        """Return the (J, 4, 4) matrices that the joints of ``skin`` apply in the pose of the nodes."""
        world = self.world_matrices()
        inverse = np.asarray(self.skins[skin].inverse_bind, dtype=np.float64)
        return np.asarray(world[list(self.skins[skin].joints)] @ inverse)

    def bind_matrix(self, node: int) -> NDArray[np.float64]:
        """Return the (4, 4) transform from the meshes of ``node`` to world space at rest.

        A skinned mesh ignores its node's transform (glTF 2.0, section 3.7.3.3). Where the nodes stand in the bind pose
        all its joints agree on one matrix; where they do not, the matrix most joints are nearest to is taken: the bind
        pose, moved as a whole.
        """
        skin = self.nodes[node].skin
        if skin is None or not self.skins[skin].joints:
            return np.asarray(self.world_matrices()[node])
        return _medoid(self.skin_matrices(skin))

    def world_positions(self, mesh: int, node: int) -> NDArray[np.float64]:
        """Return the (V, 3) positions of ``mesh`` at ``node`` at rest, in world space."""
        return transform_points(self.bind_matrix(node), self.meshes[mesh].positions)

    def instances(self) -> tuple[tuple[int, int], ...]:
        """Return (node, mesh) for every mesh that stands somewhere."""
        return tuple((n, m) for n in self.order() for m in self.nodes[n].meshes)

    def skeleton(self, skin: int = 0) -> Skeleton:
        """Return the skeleton of ``skin`` in its bind pose, parents first, in world space.

        Joint order differs from the skin's where a child stood before its parent; names are made unique.
        """
        joints = self.skins[skin].joints
        rank = {n: k for k, n in enumerate(self.order())}
        index = sorted(range(len(joints)), key=lambda k: rank[joints[k]])
        place = {joints[k]: i for i, k in enumerate(index)}
        inverse = np.asarray(self.skins[skin].inverse_bind, dtype=np.float64)[index]
        bind = _medoid(self.skin_matrices(skin)) @ np.linalg.pinv(inverse)
        names: list[str] = []
        for k in index:
            name = self.nodes[joints[k]].name or f"joint_{k}"
            while name in names:
                name += "_"
            names.append(name)
        return Skeleton(
            names=names,
            parents=[self._joint_parent(joints[k], place) for k in index],
            positions=bind[:, :3, 3],
            rotations=[quaternion_from_matrix(_rotation(b[:3, :3])) for b in bind],
        )

    def _joint_parent(self, node: int, place: Mapping[int, int]) -> int:
        parent = self.nodes[node].parent
        while parent is not None and parent not in place:
            parent = self.nodes[parent].parent
        return -1 if parent is None else place[parent]


def _medoid(matrices: NDArray[np.float64]) -> NDArray[np.float64]:
    sample = matrices[np.unique(np.linspace(0, len(matrices) - 1, 64).astype(int))]
    spread = np.abs(sample[:, None] - sample[None]).sum(axis=(1, 2, 3))
    return np.asarray(sample[int(np.argmin(spread))])


def _rotation(linear: NDArray[np.float64]) -> NDArray[np.float64]:
    u, _, vt = np.linalg.svd(linear)
    r = u @ vt
    if np.linalg.det(r) < 0:
        u[:, -1] *= -1
        r = u @ vt
    return np.asarray(r)
