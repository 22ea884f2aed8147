"""RigTable: a rig laid out for renaming, inserting, moving and merging joints; the mesh never moves."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import attrs
import numpy as np
from numpy.typing import NDArray

from axis_core.model.animation import Animation, Channel
from axis_core.model.mesh import Mesh
from axis_core.model.scene import Node, Scene
from axis_core.model.skin import Skin
from axis_core.model.transform import (
    decompose_matrix,
    quaternion_from_matrix,
    quaternion_product,
    transform_points,
)


__all__ = ["Joint", "RigTable"]

Matrix = NDArray[np.float64]


@attrs.define(eq=False)
class Joint:
    """A node of the rig: its place at rest in world space, and the node of the scene that it was."""

    name: str
    parent: Joint | None
    world: Matrix
    node: int | None = None
    merged_into: Joint | None = None

    @property
    def position(self) -> Matrix:
        """(3,) float64, metres."""
        return self.world[:3, 3]

    def is_below(self, other: Joint) -> bool:
        """Whether ``other`` is an ancestor."""
        up = self.parent
        while up is not None and up is not other:
            up = up.parent
        return up is other


class RigTable:
    """The joints of a normalised scene (unit scales) as objects; ``apply`` gives the scene with what was changed."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        world = scene.world_matrices()
        self._by_node: dict[int, Joint] = {}
        self.joints: list[Joint] = []
        for n in scene.order():
            node = scene.nodes[n]
            if node.skin is not None:
                continue
            parent = None if node.parent is None else self._by_node.get(node.parent)
            joint = Joint(node.name, parent, world[n].copy(), n)
            self._by_node[n] = joint
            self.joints.append(joint)

    def find(self, name: str) -> Joint | None:
        """Return the joint of that name, or None."""
        return next((j for j in self.joints if j.name == name), None)

    def meshes_of(self, joint: Joint) -> tuple[int, ...]:
        """Return the meshes that hang on a joint without a skin."""
        return () if joint.node is None else self._scene.nodes[joint.node].meshes

    def children(self, joint: Joint | None) -> list[Joint]:
        """Return the joints whose parent is ``joint``."""
        return [j for j in self.joints if j.parent is joint]

    def insert(self, name: str, parent: Joint | None, position: Any, below: Iterable[Joint] = ()) -> Joint:
        """Add a joint with the orientation of its parent; the joints ``below`` become its children."""
        world = np.eye(4) if parent is None else parent.world.copy()
        world[:3, 3] = position
        joint = Joint(name, parent, world)
        self.joints.append(joint)
        for child in below:
            child.parent = joint
        return joint

    def merge(self, joint: Joint, into: Joint) -> None:
        """Take ``joint`` out: its weights go to ``into``, its children to its parent."""
        for child in self.children(joint):
            child.parent = joint.parent
        joint.merged_into = into
        self.joints.remove(joint)

    def ordered(self) -> list[Joint]:
        """Return the joints, parents before children, otherwise in the order of the table."""
        out: list[Joint] = []
        stack = list(reversed(self.children(None)))
        while stack:
            joint = stack.pop()
            out.append(joint)
            stack.extend(reversed(self.children(joint)))
        return out

    def apply(self) -> Scene:
        """Return the scene with this rig: same surface at rest, clips still valid."""
        scene = self._scene
        order = self.ordered()
        place = {id(j): i for i, j in enumerate(order)}
        nodes = [self._node(j, place) for j in order]
        skinned = [n for n in scene.order() if scene.nodes[n].skin is not None]
        moved = {n: len(order) + k for k, n in enumerate(skinned)}
        nodes += [attrs.evolve(scene.nodes[n], parent=None) for n in skinned]
        index = moved | {j.node: i for i, j in enumerate(order) if j.node is not None}
        skins, meshes = [], list(scene.meshes)
        for s in range(len(scene.skins)):
            skin, remap = self._skin(s, order, place)
            skins.append(skin)
            users = {m for n in skinned if scene.nodes[n].skin == s for m in scene.nodes[n].meshes}
            for m in users:
                meshes[m] = _remapped(meshes[m], remap)
        clips = [self._clip(c, index) for c in scene.animations]
        return attrs.evolve(scene, nodes=nodes, skins=skins, meshes=meshes, animations=[c for c in clips if c.channels])

    def _node(self, joint: Joint, place: dict[int, int]) -> Node:
        local = joint.world if joint.parent is None else np.linalg.inv(joint.parent.world) @ joint.world
        translation, rotation, _ = decompose_matrix(local)
        base = Node() if joint.node is None else self._scene.nodes[joint.node]
        return attrs.evolve(
            base,
            name=joint.name,
            parent=None if joint.parent is None else place[id(joint.parent)],
            translation=translation,
            rotation=rotation,
            scale=(1.0, 1.0, 1.0),
        )

    def _target(self, node: int) -> Joint:
        joint = self._by_node[node]
        while joint.merged_into is not None:
            joint = joint.merged_into
        return joint

    def _skin(self, s: int, order: list[Joint], place: dict[int, int]) -> tuple[Skin, NDArray[np.int64]]:
        """Return the new skin and, for every old slot, the new one.

        A new or a merged joint takes the skinning matrix of the nearest old joint: the surface at rest does not move.
        """
        skin = self._scene.skins[s]
        matrices = self._scene.skin_matrices(s)
        slots: list[int] = []
        inverse: list[Matrix] = []
        remap = np.zeros(len(skin.joints), np.int64)
        for k, node in enumerate(skin.joints):
            target = place[id(self._target(node))]
            if target not in slots:
                slots.append(target)
                own = order[target].node
                source = skin.joints.index(own) if own in skin.joints else k
                inverse.append(np.linalg.inv(order[target].world) @ matrices[source])
            remap[k] = slots.index(target)
        used = set(slots)
        for i, joint in enumerate(order):
            nearest = joint.parent
            if i in used or joint.node is not None:
                continue
            while nearest is not None and place[id(nearest)] not in used:
                nearest = nearest.parent
            source = 0 if nearest is None else slots.index(place[id(nearest)])
            reference = order[slots[source]].world @ inverse[source]
            slots.append(i)
            used.add(i)
            inverse.append(np.linalg.inv(joint.world) @ reference)
        return attrs.evolve(skin, joints=slots, inverse_bind=inverse, root=None), remap

    def _clip(self, clip: Animation, index: dict[int, int]) -> Animation:
        channels = [self._channel(c, index) for c in clip.channels if c.node is not None and c.node in index]
        return attrs.evolve(clip, channels=channels)

    def _channel(self, channel: Channel, index: dict[int, int]) -> Channel:
        node = channel.node
        if node is None or node not in self._by_node or channel.path not in ("translation", "rotation"):
            return attrs.evolve(channel, node=None if node is None else index[node])
        joint = self._by_node[node]
        own = self._scene.nodes[node].parent
        old = np.eye(4) if own is None or own not in self._by_node else self._by_node[own].world
        new = np.eye(4) if joint.parent is None else joint.parent.world
        matrix = np.linalg.inv(new) @ old
        values = np.asarray(channel.values, np.float64)
        if np.allclose(matrix, np.eye(4), atol=1e-12):
            moved = values
        elif channel.path == "rotation":
            moved = quaternion_product(np.broadcast_to(quaternion_from_matrix(matrix[:3, :3]), values.shape), values)
        elif channel.interpolation == "CUBICSPLINE":
            moved = values @ matrix[:3, :3].T
            moved[1::3] += matrix[:3, 3]
        else:
            moved = transform_points(matrix, values)
        return attrs.evolve(channel, node=index[node], values=moved)


def _remapped(mesh: Mesh, remap: NDArray[np.int64]) -> Mesh:
    """Return ``mesh`` with its joints renumbered; weights of joints that became one are added up."""
    if mesh.joints is None or mesh.weights is None:
        return mesh
    if np.array_equal(remap, np.arange(len(remap))):
        return mesh
    joints = remap[mesh.joints.astype(np.int64)]
    weights = np.array(mesh.weights, np.float64)
    for a in range(joints.shape[1]):
        for b in range(a + 1, joints.shape[1]):
            same = (joints[:, a] == joints[:, b]) & (weights[:, b] > 0)
            weights[:, a] += np.where(same, weights[:, b], 0.0)
            weights[:, b] = np.where(same, 0.0, weights[:, b])
    order = np.argsort(-weights, axis=1, kind="stable")
    weights = np.take_along_axis(weights, order, axis=1)
    joints = np.where(weights > 0, np.take_along_axis(joints, order, axis=1), 0)
    return attrs.evolve(mesh, joints=joints, weights=weights)
