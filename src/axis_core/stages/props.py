"""Props that hang on joints (helmets, buckles), bound to the skin rigidly: then they can be drawn with the body.

A prop that shall be dropped, swapped or hidden must stay a node of its own, so this is done on request only.
"""

from __future__ import annotations

import attrs
import numpy as np
from numpy.typing import NDArray

from axis_core.model.mesh import Mesh
from axis_core.model.scene import Scene


__all__ = ["bind_props"]


def bind_props(scene: Scene) -> Scene:
    """Return ``scene`` with every prop that hangs on a joint skinned to that joint alone, where it stands.

    Left alone are props that a clip moves, meshes that two nodes show, and scenes with no skin or several.
    """
    if len(scene.skins) != 1:
        return scene
    place = {node: k for k, node in enumerate(scene.skins[0].joints)}
    animated = {c.node for clip in scene.animations for c in clip.channels if c.node is not None}
    uses = [m for n in scene.nodes for m in n.meshes]
    world, skinning = scene.world_matrices(), scene.skin_matrices(0)
    meshes, nodes = list(scene.meshes), list(scene.nodes)
    for n, node in enumerate(scene.nodes):
        if node.skin is not None or not node.meshes or any(uses.count(m) > 1 for m in node.meshes):
            continue
        joint = _joint_above(scene, n, place, animated)
        if joint is None or abs(np.linalg.det(skinning[joint])) < 1e-12:
            continue
        matrix = np.linalg.inv(skinning[joint]) @ world[n]
        for m in node.meshes:
            meshes[m] = _bound(scene.meshes[m], matrix, joint)
        nodes[n] = attrs.evolve(node, skin=0)
    return attrs.evolve(scene, meshes=meshes, nodes=nodes)


def _joint_above(scene: Scene, node: int, place: dict[int, int], animated: set[int]) -> int | None:
    """Return the joint (its place in the skin) that carries a node; None: there is none, or a clip comes between."""
    at: int | None = node
    while at is not None and at not in place:
        if at in animated:
            return None
        at = scene.nodes[at].parent
    return None if at is None else place[at]


def _bound(mesh: Mesh, matrix: NDArray[np.float64], joint: int) -> Mesh:
    linear = matrix[:3, :3]
    mirrored = np.linalg.det(linear) < 0
    turn = np.linalg.inv(linear).T

    def turned(vectors: NDArray[np.float32] | None) -> NDArray[np.float64] | None:
        if vectors is None:
            return None
        out = vectors @ turn.T
        length = np.linalg.norm(out, axis=1, keepdims=True)
        return np.asarray(out / np.where(length > 0, length, 1.0))

    tangents = None
    if mesh.tangents is not None:
        along = mesh.tangents[:, :3] @ linear.T
        along /= np.maximum(np.linalg.norm(along, axis=1, keepdims=True), 1e-12)
        tangents = np.concatenate([along, mesh.tangents[:, 3:] * (-1 if mirrored else 1)], axis=1)
    n = mesh.n_vertices
    return attrs.evolve(
        mesh,
        positions=mesh.positions @ linear.T + matrix[:3, 3],
        faces=mesh.faces[:, ::-1] if mirrored else mesh.faces,
        normals=turned(mesh.normals),
        tangents=tangents,
        joints=np.tile(np.array([joint, 0, 0, 0], np.uint16), (n, 1)),
        weights=np.tile(np.array([1, 0, 0, 0], np.float32), (n, 1)),
        morphs=[attrs.evolve(m, positions=m.positions @ linear.T, normals=None, tangents=None) for m in mesh.morphs],
    )
