"""``pose``: a T-pose or an A-pose at rest, where a platform or the caller asks for one.

The arms are turned about their joints, the surface follows by linear blend, and the result becomes the new bind pose.
"""

from __future__ import annotations

import attrs
import numpy as np
from numpy.typing import NDArray

from axis_core.errors import CannotFit
from axis_core.kernels.deform import linear_blend
from axis_core.model.mesh import Mesh
from axis_core.model.morph import MorphTarget
from axis_core.model.recognise import is_humanoid, recognise_humanoid
from axis_core.model.scene import Scene
from axis_core.model.skin import Skin
from axis_core.model.transform import decompose_matrix
from axis_core.plugin import Context, Outcome, Stage, between, one_of, option


__all__ = ["STAGE", "Options", "posed_rest"]

Matrix = NDArray[np.float64]


@attrs.frozen(kw_only=True)
class Options:
    """Which rest pose."""

    rest: str = option("", "rest pose of the arms; empty leaves it alone", validator=one_of("", "T", "A"))
    a_angle_deg: float = option(
        45.0, "how far below the horizontal the arms of an A-pose are", validator=between(10, 80), unit="degrees"
    )


def rotation_between(a: Matrix, b: Matrix) -> Matrix:
    """Return the smallest (3, 3) rotation that turns direction ``a`` to ``b`` (Möller and Hughes 1999)."""
    u, v = a / np.linalg.norm(a), b / np.linalg.norm(b)
    c = float(u @ v)
    if c < -0.999999:
        axis = np.eye(3)[int(np.argmin(np.abs(u)))]
        axis = np.cross(u, axis)
        axis /= np.linalg.norm(axis)
        return np.asarray(2 * np.outer(axis, axis) - np.eye(3))
    w = np.cross(u, v)
    k = np.array([[0, -w[2], w[1]], [w[2], 0, -w[0]], [-w[1], w[0], 0]])
    return np.asarray(np.eye(3) + k + k @ k / (1 + c))


def posed_rest(scene: Scene, rest: str, a_angle_deg: float = 45.0) -> Scene:
    """Return ``scene`` with its arms in a T- or A-pose at rest.

    Raises
    ------
    CannotFit
        If the rig is no humanoid, or clips play on it (they are relative to the rest pose that would go).
    """
    if not scene.skins:
        raise CannotFit("there is no rig to pose")
    skeleton = scene.skeleton(0)
    bones = recognise_humanoid(skeleton)
    if not is_humanoid(bones):
        raise CannotFit("only a humanoid rig can be put into a T- or A-pose")
    if scene.animations:
        raise CannotFit("the clips of this file are relative to its rest pose", hint="Leave out the clips first.")
    drop = np.deg2rad(a_angle_deg if rest == "A" else 0.0)
    turns: dict[int, Matrix] = {}
    for side, sign in (("left", 1.0), ("right", -1.0)):
        target = np.array([sign * np.cos(drop), -np.sin(drop), 0.0])
        for bone, end in (("UpperArm", "LowerArm"), ("LowerArm", "Hand")):
            a, b = bones.get(side + bone), bones.get(side + end)
            if a is not None and b is not None:
                turns[a] = rotation_between(skeleton.positions[b] - skeleton.positions[a], target)
    matrices = _joint_motions(skeleton.parents, skeleton.positions, turns)
    return _bound_anew(scene, matrices)


def _joint_motions(parents: NDArray[np.int32], positions: Matrix, turns: dict[int, Matrix]) -> Matrix:
    """Return (J, 4, 4) motions of the joints: ``turns`` are absolute, others inherit their parent's."""
    out = np.tile(np.eye(4), (len(parents), 1, 1))
    moved = positions.copy()
    for j, parent in enumerate(parents):
        turn = np.eye(3) if parent < 0 else out[parent, :3, :3]
        if parent >= 0:
            moved[j] = moved[parent] + turn @ (positions[j] - positions[parent])
        out[j, :3, :3] = turns.get(j, turn)
        out[j, :3, 3] = moved[j] - out[j, :3, :3] @ positions[j]
    return out


def _bound_anew(scene: Scene, motions: Matrix) -> Scene:
    skin = scene.skins[0]
    order = scene.order()
    rank = {n: k for k, n in enumerate(order)}
    slots = sorted(range(len(skin.joints)), key=lambda k: rank[skin.joints[k]])
    by_slot = np.empty_like(motions)
    by_slot[slots] = motions
    meshes = list(scene.meshes)
    for n, m in scene.instances():
        if scene.nodes[n].skin == 0 and meshes[m].is_skinned:
            meshes[m] = _deformed(meshes[m], by_slot)
    world = scene.world_matrices()
    for slot, node in enumerate(skin.joints):
        place = world[node].copy()
        place[:3, 3] = by_slot[slot, :3, :3] @ place[:3, 3] + by_slot[slot, :3, 3]
        world[node] = place  # orientations stay: joints of a rest pose keep their axes
    nodes = list(scene.nodes)
    for node in skin.joints:
        parent = scene.nodes[node].parent
        local = world[node] if parent is None else np.linalg.inv(world[parent]) @ world[node]
        translation, rotation, _ = decompose_matrix(local)
        nodes[node] = attrs.evolve(nodes[node], translation=translation, rotation=rotation)
    bound = Skin(
        name=skin.name,
        joints=skin.joints,
        inverse_bind=[np.linalg.inv(world[n]) for n in skin.joints],
        root=skin.root,
        extras=skin.extras,
        extensions=skin.extensions,
    )
    return attrs.evolve(scene, meshes=meshes, nodes=nodes, skins=(bound, *scene.skins[1:]))


def _deformed(mesh: Mesh, motions: Matrix) -> Mesh:
    assert mesh.joints is not None
    assert mesh.weights is not None
    positions, normals = linear_blend(mesh.positions, mesh.joints, mesh.weights, motions, normals=mesh.normals)
    blended = np.einsum("vk,vkij->vij", np.asarray(mesh.weights, np.float64), motions[mesh.joints, :3, :3])
    return attrs.evolve(
        mesh,
        positions=positions,
        normals=None if mesh.normals is None else normals,
        tangents=None,
        morphs=[_turned_morph(m, blended) for m in mesh.morphs],
    )


def _turned_morph(morph: MorphTarget, turns: Matrix) -> MorphTarget:
    normals = None if morph.normals is None else np.einsum("vij,vj->vi", turns, morph.normals)
    return attrs.evolve(
        morph, positions=np.einsum("vij,vj->vi", turns, morph.positions), normals=normals, tangents=None
    )


def run(state: Outcome, options: Options, context: Context) -> Outcome:  # noqa: ARG001 - the signature of a stage
    """Pose the scene and its levels."""
    if not options.rest:
        return Outcome(scene=state.scene, lods=state.lods)
    scene = posed_rest(state.scene, options.rest, options.a_angle_deg)
    lods = tuple(posed_rest(s, options.rest, options.a_angle_deg) for s in state.lods)
    return Outcome(scene=scene, lods=lods, changes=(f"put into a {options.rest}-pose",))


STAGE = Stage(
    name="pose",
    summary="A T-pose or an A-pose at rest, if asked for.",
    run=run,
    options=Options,
    needs=("scene", "skin"),
    order=130,
)
