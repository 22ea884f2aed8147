"""A scene as surfaces ready to draw: posed positions, normals, texture coordinates and looks. No VTK here."""

from __future__ import annotations

import attrs
import numpy as np
from numpy.typing import NDArray

from axis_core.kernels.deform import linear_blend
from axis_core.kernels.normals import vertex_normals
from axis_core.kernels.weld import weld_vertices
from axis_core.model.mesh import Mesh
from axis_core.model.scene import Scene
from axis_core.model.transform import transform_points
from axis_core.render.heat import weight_colors
from axis_core.render.looks import Look, material_look
from axis_core.render.pixels import screen_color
from axis_core.render.posing import joint_nodes, pose_motions


__all__ = ["Drawing", "Surface", "draw_scene"]

Matrix = NDArray[np.float64]
Floats = NDArray[np.float32]


@attrs.frozen(kw_only=True, eq=False)
class Surface:
    """Triangles of one look in world space.

    Attributes
    ----------
    positions, normals : (V, 3) float32
    faces : (F, 3) uint32
    uv : (V, 2) float32 or None
        Origin at the upper left of the image, as in glTF.
    colors : (V, 4) uint8 or None
        Instead of the look's colour.
    """

    positions: Floats
    faces: NDArray[np.uint32]
    normals: Floats
    uv: Floats | None
    colors: NDArray[np.uint8] | None
    look: Look


@attrs.frozen(kw_only=True, eq=False)
class Drawing:
    """What is drawn: surfaces, joints (J, 3) and bones (pairs of joints, parent first)."""

    surfaces: tuple[Surface, ...]
    joints: Matrix
    bones: tuple[tuple[int, int], ...]

    @property
    def points(self) -> Matrix:
        """(n, 3) points that have to be in the picture; at least one."""
        parts = [np.asarray(s.positions[np.unique(s.faces)], np.float64) for s in self.surfaces]
        points = np.concatenate([*parts, self.joints[np.isfinite(self.joints).all(axis=1)]])
        return points if len(points) else np.zeros((1, 3))


def draw_scene(scene: Scene, *, pose: str = "", skeleton: bool = False, weights_of: str = "") -> Drawing:
    """Return what to draw of ``scene``.

    Parameters
    ----------
    pose : str
        A name of ``POSES``; empty shows the scene as its nodes stand.
    skeleton : bool
        Whether joints and bones are wanted.
    weights_of : str
        Colour the surface by the weights of this joint, or by the strongest joints for ``*``.

    Raises
    ------
    InputError, CannotFit, NotFound
        An unknown pose, a pose without a rig, an unknown joint.
    """
    motions = pose_motions(scene, pose) if pose else None
    looks = {m: material_look(scene, scene.materials[m]) for m in _materials(scene)}
    surfaces = []
    for node, index in scene.instances():
        mesh = scene.meshes[index]
        positions, normals = _placed(scene, node, mesh, motions)
        look = looks[mesh.material] if mesh.material is not None else Look()
        colors = _vertex_colors(mesh, look)
        if weights_of:
            look, colors = Look(double_sided=look.double_sided), weight_colors(scene, node, mesh, weights_of)
        surfaces.append(_surface(mesh, positions, normals, look, colors))
    joints, bones = _bones(scene, motions) if skeleton else (np.zeros((0, 3)), ())
    return Drawing(surfaces=tuple(s for s in surfaces if len(s.faces)), joints=joints, bones=bones)


def _materials(scene: Scene) -> set[int]:
    used = (scene.meshes[m].material for _, m in scene.instances())
    return {m for m in used if m is not None}


def _placed(scene: Scene, node: int, mesh: Mesh, motions: Matrix | None) -> tuple[Floats, Floats | None]:
    """Return the positions and normals of ``mesh`` at ``node`` in world space."""
    shape, normals = _morphed(scene, node, mesh)
    skin = scene.nodes[node].skin
    if skin is None or mesh.joints is None or mesh.weights is None or not scene.skins[skin].joints:
        matrix = scene.bind_matrix(node)
        return _moved(matrix if motions is None else motions[node] @ matrix, shape, normals)
    joints = list(scene.skins[skin].joints)
    matrices = scene.skin_matrices(skin) if motions is None else motions[joints] @ scene.bind_matrix(node)
    if np.allclose(matrices, matrices[:1], atol=1e-6):
        return _moved(matrices[0], shape, normals)
    index = np.minimum(mesh.joints, len(joints) - 1)
    weights = np.nan_to_num(mesh.weights, nan=0.0, posinf=0.0, neginf=0.0)
    moved, turned = linear_blend(shape, index, weights, matrices, normals=normals)
    return moved, (None if normals is None else turned)


def _morphed(scene: Scene, node: int, mesh: Mesh) -> tuple[Floats, Floats | None]:
    shape, normals = mesh.positions, mesh.normals
    for morph, weight in zip(mesh.morphs, scene.nodes[node].morph_weights or mesh.morph_weights, strict=False):
        if weight:
            shape = shape + np.float32(weight) * morph.positions
            if normals is not None and morph.normals is not None:
                normals = normals + np.float32(weight) * morph.normals
    return shape, normals


def _moved(matrix: Matrix, positions: Floats, normals: Floats | None) -> tuple[Floats, Floats | None]:
    with np.errstate(invalid="ignore", over="ignore"):  # what is not finite is left out later
        moved = transform_points(matrix, positions).astype(np.float32)
    if normals is None:
        return moved, None
    turned = np.nan_to_num(np.asarray(normals, np.float64)) @ np.linalg.pinv(matrix[:3, :3])
    return moved, turned.astype(np.float32)


def _surface(
    mesh: Mesh, positions: Floats, normals: Floats | None, look: Look, colors: NDArray[np.uint8] | None
) -> Surface:
    finite = np.asarray(np.isfinite(positions).all(axis=1))
    faces = mesh.faces[finite[mesh.faces].all(axis=1)]
    shown = np.where(finite[:, None], positions, np.float32(0))
    if normals is None or not np.isfinite(normals).all():
        normals = _smooth_normals(shown, faces)
    uv = _texture_coordinates(mesh, look)
    return Surface(
        positions=shown,
        faces=faces,
        normals=_unit(normals),
        uv=uv,
        colors=colors,
        look=look if uv is not None else attrs.evolve(look, image=None),
    )


def _smooth_normals(positions: Floats, faces: NDArray[np.uint32]) -> Floats:
    first, remap = weld_vertices(positions)
    return np.asarray(vertex_normals(positions[first], remap[faces])[remap], np.float32)


def _unit(normals: Floats) -> Floats:
    length = np.linalg.norm(normals, axis=1, keepdims=True)
    forward = np.array([0, 0, 1], np.float32)
    return np.where(length > 1e-12, normals / np.maximum(length, 1e-12), forward).astype(np.float32)


def _vertex_colors(mesh: Mesh, look: Look) -> NDArray[np.uint8] | None:
    if not mesh.colors:
        return None
    color = np.nan_to_num(mesh.colors[0], nan=1.0)
    rgb = screen_color(color[:, :3]) * np.asarray(look.color)
    alpha = np.clip(color[:, 3:] * look.opacity, 0.0, 1.0) if look.alpha_mode == "BLEND" else np.ones((len(rgb), 1))
    return np.asarray(np.round(255 * np.concatenate([rgb, alpha], axis=1)), np.uint8)


def _texture_coordinates(mesh: Mesh, look: Look) -> Floats | None:
    if look.image is None or look.uv_set >= len(mesh.uvs):
        return None
    uv = np.nan_to_num(np.asarray(mesh.uvs[look.uv_set], np.float64), posinf=0.0, neginf=0.0)
    moved = uv @ look.uv_transform[:2, :2].T + look.uv_transform[:2, 2]
    return np.asarray(moved, np.float32)


def _bones(scene: Scene, motions: Matrix | None) -> tuple[Matrix, tuple[tuple[int, int], ...]]:
    """Return where the joints of all skins are, and which are joined by a bone."""
    world = scene.world_matrices()
    place: dict[int, int] = {}
    positions: list[Matrix] = []
    for s in range(len(scene.skins)):
        rest = {} if motions is None else _bound_positions(scene, s)
        for node in scene.skins[s].joints:
            if node in place:
                continue
            place[node] = len(positions)
            at = rest.get(node, world[node][:3, 3])
            positions.append(at if motions is None else motions[node, :3, :3] @ at + motions[node, :3, 3])
    bones = []
    for node, end in place.items():
        parent = scene.nodes[node].parent
        while parent is not None and parent not in place:
            parent = scene.nodes[parent].parent
        if parent is not None:
            bones.append((place[parent], end))
    return np.array(positions).reshape(-1, 3), tuple(bones)


def _bound_positions(scene: Scene, skin: int) -> dict[int, Matrix]:
    return dict(zip(joint_nodes(scene, skin), scene.skeleton(skin).positions, strict=True))
