"""Move a whole scene by a similarity and leave clean nodes: no scale, no mirror, no empty armature on top.

The pose of the nodes, the bind pose, the clips and the shapes survive; what they are relative to changes.
"""

from __future__ import annotations

from typing import Any

import attrs
import numpy as np
from numpy.typing import NDArray

from axis_core.model.animation import Animation, Channel
from axis_core.model.mesh import Mesh
from axis_core.model.morph import MorphTarget
from axis_core.model.scene import Node, Scene
from axis_core.model.skin import Skin
from axis_core.model.transform import (
    compose_matrix,
    decompose_matrix,
    quaternion_from_matrix,
    quaternion_product,
    transform_points,
)


__all__ = ["moved_mesh", "rebase_scene", "united_skins"]

Matrix = NDArray[np.float64]


def rebase_scene(scene: Scene, transform: Matrix) -> tuple[Scene, tuple[str, ...]]:
    """Return ``scene`` moved by ``transform``, and what had to go.

    Joints and what hangs on them stay in the hierarchy with unit scale; everything else is baked into its meshes at the
    root. Cameras, empties and clips of nodes that go are left out and named.

    Parameters
    ----------
    transform : (4, 4) float64
        A similarity: rotation, uniform scale, translation. World space to the new space.
    """
    world = scene.world_matrices()
    kept = _kept_nodes(scene)
    rest = {n: _rigid(transform @ world[n]) for n in kept}
    parents = {n: _kept_parent(scene, n, kept) for n in kept}
    nodes: list[Node] = []
    meshes: list[Mesh] = []
    index: dict[int, int] = {}
    for n in scene.order():
        if n in kept:
            index[n] = len(nodes)
            nodes.append(_local_node(scene.nodes[n], rest, n, parents[n], index))
    for n, m in ((n, scene.nodes[n].meshes) for n in scene.order() if scene.nodes[n].meshes):
        target = index.get(n) if scene.nodes[n].skin is None else None
        matrix = transform @ scene.bind_matrix(n)
        if target is not None:
            matrix = np.linalg.inv(rest[n]) @ matrix
        placed = tuple(range(len(meshes), len(meshes) + len(m)))
        meshes.extend(moved_mesh(scene.meshes[i], matrix) for i in m)
        if target is not None:
            nodes[target] = attrs.evolve(nodes[target], meshes=placed)
        else:
            node = attrs.evolve(_IDENTITY, name=scene.nodes[n].name, meshes=placed, skin=scene.nodes[n].skin)
            nodes.append(attrs.evolve(node, extras=scene.nodes[n].extras, morph_weights=scene.nodes[n].morph_weights))
            index.setdefault(n, len(nodes) - 1)
    skins = tuple(_moved_skin(scene, s, transform, rest, index) for s in range(len(scene.skins)))
    clips, lost = _moved_clips(scene, transform, world, parents, index)
    gone = [n for n in range(len(scene.nodes)) if n not in index and (scene.nodes[n].camera is not None)]
    changes = [f"left out {len(gone)} cameras"] if gone else []
    if lost:
        changes.append(f"left out {lost} animation channels of nodes that are no joints")
    dropped = sorted(k for k in scene.extensions if k not in _INDEX_FREE)
    if dropped:
        changes.append(f"left out {', '.join(dropped)}, which point to nodes by index")
    return (
        attrs.evolve(
            scene,
            nodes=nodes,
            meshes=meshes,
            skins=skins,
            animations=clips,
            cameras=(),
            extensions={k: v for k, v in scene.extensions.items() if k in _INDEX_FREE},
        ),
        tuple(changes),
    )


_IDENTITY = Node()
_INDEX_FREE = frozenset({"KHR_materials_variants", "KHR_xmp_json_ld"})


def _kept_nodes(scene: Scene) -> frozenset[int]:
    """Joints, what stands between joints, and what hangs below a joint and holds a mesh."""
    joints = {j for s in scene.skins for j in s.joints}
    if not joints:
        return frozenset()
    kept = set(joints)
    for n in range(len(scene.nodes)):
        carries = bool(scene.nodes[n].meshes) and scene.nodes[n].skin is None
        if n not in joints and not carries:
            continue
        path, up = [n], scene.nodes[n].parent
        while up is not None and up not in joints:
            path.append(up)
            up = scene.nodes[up].parent
        if up is not None:
            kept.update(path)
    return frozenset(kept)


def _kept_parent(scene: Scene, node: int, kept: frozenset[int]) -> int | None:
    up = scene.nodes[node].parent
    while up is not None and up not in kept:
        up = scene.nodes[up].parent
    return up


def _rigid(matrix: Matrix) -> Matrix:
    translation, rotation, _ = decompose_matrix(_unmirrored(matrix))
    return compose_matrix(translation, rotation, (1.0, 1.0, 1.0))


def _unmirrored(matrix: Matrix) -> Matrix:
    if np.linalg.det(matrix[:3, :3]) >= 0:
        return matrix
    flipped = matrix.copy()
    flipped[:3, 0] *= -1
    return flipped


def _local_node(node: Node, rest: dict[int, Matrix], n: int, parent: int | None, index: dict[int, int]) -> Node:
    local = rest[n] if parent is None else np.linalg.inv(rest[parent]) @ rest[n]
    translation, rotation, _ = decompose_matrix(local)
    return attrs.evolve(
        node,
        parent=None if parent is None else index[parent],
        translation=translation,
        rotation=rotation,
        scale=(1.0, 1.0, 1.0),
        meshes=(),
        skin=None,
        camera=None,
    )


def moved_mesh(mesh: Mesh, matrix: Matrix) -> Mesh:
    """Return ``mesh`` moved by a (4, 4) affine matrix: normals by its cofactors, a mirror turns the faces around."""
    linear = matrix[:3, :3]
    mirrored = float(np.linalg.det(linear)) < 0
    if np.array_equal(matrix, np.eye(4)):
        return mesh
    return attrs.evolve(
        mesh,
        positions=transform_points(matrix, mesh.positions),
        faces=mesh.faces[:, ::-1] if mirrored else mesh.faces,
        normals=None if mesh.normals is None else _moved_normals(mesh.normals, linear),
        tangents=None if mesh.tangents is None else _moved_tangents(mesh.tangents, linear, mirrored),
        morphs=[_moved_morph(m, mesh, linear) for m in mesh.morphs],
    )


def _moved_normals(normals: NDArray[Any], linear: Matrix) -> NDArray[np.float64]:
    cofactors = np.linalg.inv(linear).T if abs(np.linalg.det(linear)) > 1e-30 else np.eye(3)
    return _unit(np.asarray(normals, np.float64) @ cofactors.T)


def _moved_tangents(tangents: NDArray[Any], linear: Matrix, mirrored: bool) -> NDArray[np.float64]:
    out = np.asarray(tangents, np.float64).copy()
    out[:, :3] = _unit(out[:, :3] @ linear.T)
    out[:, 3] *= -1.0 if mirrored else 1.0
    return out


def _moved_morph(morph: MorphTarget, mesh: Mesh, linear: Matrix) -> MorphTarget:
    normals = None
    if morph.normals is not None and mesh.normals is not None:
        before = np.asarray(mesh.normals, np.float64)
        normals = _moved_normals(before + morph.normals, linear) - _moved_normals(before, linear)
    return attrs.evolve(
        morph, positions=np.asarray(morph.positions, np.float64) @ linear.T, normals=normals, tangents=None
    )


def _unit(vectors: NDArray[np.float64]) -> NDArray[np.float64]:
    length = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.where(length > 0, length, 1.0))


def _moved_skin(scene: Scene, s: int, transform: Matrix, rest: dict[int, Matrix], index: dict[int, int]) -> Skin:
    skin = scene.skins[s]
    user = next((n for n, node in enumerate(scene.nodes) if node.skin == s), None)
    placed = np.eye(4) if user is None else scene.bind_matrix(user)
    to_new = np.linalg.inv(transform @ placed)
    skinning = scene.skin_matrices(s)
    inverse = [np.linalg.inv(rest[j]) @ transform @ skinning[k] @ to_new for k, j in enumerate(skin.joints)]
    return attrs.evolve(
        skin,
        joints=[index[j] for j in skin.joints],
        inverse_bind=inverse,
        root=index.get(skin.root) if skin.root is not None else None,
    )


def _moved_clips(
    scene: Scene, transform: Matrix, world: Matrix, parents: dict[int, int | None], index: dict[int, int]
) -> tuple[tuple[Animation, ...], int]:
    clips, lost = [], 0
    for clip in scene.animations:
        channels = []
        for channel in clip.channels:
            if channel.node is None or channel.node not in index:
                lost += 1
                continue
            channels.append(_moved_channel(scene, channel, transform, world, parents, index))
        if channels:
            clips.append(attrs.evolve(clip, channels=channels))
    return tuple(clips), lost


def _moved_channel(
    scene: Scene,
    channel: Channel,
    transform: Matrix,
    world: Matrix,
    parents: dict[int, int | None],
    index: dict[int, int],
) -> Channel:
    node = channel.node
    if node is None or channel.path == "weights" or node not in parents:
        return attrs.evolve(channel, node=None if node is None else index[node])
    # The frame that the values were relative to, and the one that they will be relative to.
    own = scene.nodes[node].parent
    old = transform @ (world[own] if own is not None else np.eye(4))
    kept = parents[node]
    new = np.eye(4) if kept is None else _rigid(transform @ world[kept])
    matrix: Matrix = np.asarray(np.linalg.inv(new) @ old)
    values: Matrix = np.asarray(channel.values, np.float64)
    if channel.path == "translation":
        values = _moved_translations(values, matrix, channel.interpolation)
    elif channel.path == "rotation":
        turn = quaternion_from_matrix(_rigid(matrix)[:3, :3])
        values = quaternion_product(np.broadcast_to(turn, values.shape), values)
    elif channel.path == "scale":
        values = values / np.where(np.abs(scene.nodes[node].scale) > 1e-12, scene.nodes[node].scale, 1.0)
    return attrs.evolve(channel, node=index[node], values=values)


def _moved_translations(values: Matrix, matrix: Matrix, interpolation: str) -> Matrix:
    if interpolation != "CUBICSPLINE":
        return transform_points(matrix, values)
    out = values @ matrix[:3, :3].T
    out[1::3] += matrix[:3, 3]  # tangents are vectors, only the points in the middle are moved
    return np.asarray(out)


def united_skins(scene: Scene) -> Scene:
    """Return ``scene`` with one skin where several bind the same joints in the same pose, and none that nothing uses.

    Exporters often write a skin a mesh. Skins whose shared joints disagree on the bind pose stay apart.
    """
    used = sorted({n.skin for n in scene.nodes if n.skin is not None})
    joints: list[int] = []
    inverse: list[Matrix] = []
    homes: dict[int, tuple[int, NDArray[np.int64]]] = {}
    skins: list[Skin] = []
    for s in used:
        skin = scene.skins[s]
        known = {joint: k for k, joint in enumerate(joints)}
        agrees = all(
            joint not in known or np.allclose(skin.inverse_bind[k], inverse[known[joint]], atol=1e-4)
            for k, joint in enumerate(skin.joints)
        )
        if not agrees:
            skins.append(skin)
            homes[s] = (len(skins), np.arange(len(skin.joints)))
            continue
        for k, joint in enumerate(skin.joints):
            if joint not in known:
                known[joint] = len(joints)
                joints.append(joint)
                inverse.append(np.asarray(skin.inverse_bind[k], np.float64))
        homes[s] = (0, np.asarray([known[j] for j in skin.joints], np.int64))
    if not used or (len(used) == len(scene.skins) == 1):
        return scene if used else attrs.evolve(scene, skins=())
    meshes = list(scene.meshes)
    nodes = []
    for node in scene.nodes:
        if node.skin is None:
            nodes.append(node)
            continue
        home, remap = homes[node.skin]
        for m in node.meshes:
            mesh = scene.meshes[m]
            if mesh.joints is not None and len(remap):
                inside = np.minimum(mesh.joints.astype(np.int64), len(remap) - 1)
                meshes[m] = attrs.evolve(mesh, joints=remap[inside])
        nodes.append(attrs.evolve(node, skin=home))
    first = scene.skins[used[0]]
    whole = Skin(name=first.name, joints=joints, inverse_bind=inverse, extras=first.extras)
    return attrs.evolve(scene, meshes=meshes, nodes=nodes, skins=(whole, *skins))
