"""From a shape to a scene: dressed surfaces with materials, and if asked skeleton, weights and face shapes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache

import attrs
import numpy as np
from numpy.typing import NDArray

from axis_core.body.data import BodyMesh, load_mesh
from axis_core.body.faces import face_shapes
from axis_core.body.paint import eye_texture, lash_texture, skin_texture, suit_texture
from axis_core.body.rigs import RigName, body_skeleton, body_weights
from axis_core.body.shape import BodyShape, shape_body
from axis_core.body.surfaces import Surface, dressed_surfaces
from axis_core.model import Material, Mesh, MorphTarget, Node, Scene, Skeleton, Skin, Texture, TextureUse


__all__ = ["Colours", "demo_scene", "dressed_scene", "scene_nodes"]

Colour = tuple[float, float, float]

_LASHES: Colour = (0.07, 0.05, 0.045)
_SPEAKING = "skin"
"""The part that has every face shape, even those that move only others; the other parts have those that move them."""


@attrs.frozen(kw_only=True)
class Colours:
    """Colours of the dressed body, sRGB 0..1; ``hair`` None leaves the head bald and without brows."""

    skin: Colour = (0.78, 0.58, 0.47)
    hair: Colour | None = (0.12, 0.085, 0.065)
    iris: Colour = (0.36, 0.25, 0.15)
    suit: Colour = (0.16, 0.27, 0.42)
    suit_dark: Colour = (0.10, 0.12, 0.16)
    suit_accent: Colour = (0.86, 0.52, 0.18)


@lru_cache(maxsize=1)
def demo_scene() -> Scene:
    """Return the demo's input: an average adult in a suit, raw and unrigged, without textures beyond its colours.

    Raises
    ------
    BackendUnavailable
        ``not_installed``: the hint names ``axis assets install body``.
    """
    return dressed_scene(shape_body(), rig=None, name="demo")


def dressed_scene(
    shape: BodyShape,
    *,
    rig: RigName | None = "humanoid",
    face: bool = False,
    visemes: bool = False,
    colours: Colours | None = None,
    texture_side: int = 1024,
    name: str = "avatar",
) -> Scene:
    """Return ``shape`` as a scene: metres, Y up, facing +Z, soles of the suit on y = 0, always dressed.

    Parameters
    ----------
    shape : BodyShape
    rig : str or None
        A name of ``RIG_NAMES``: skeleton, skin and four weights a vertex; None leaves a raw mesh.
    face : bool
        Add the 52 ARKit shapes as morph targets: all to the skin, to the other parts those that move them.
    visemes : bool
        With ``face``: add the 15 Oculus visemes too.
    colours : Colours, optional
    texture_side : int
        Texels of the skin's and the suit's texture; eyes and lashes take less.
    name : str
    """
    mesh = load_mesh()
    surfaces = dressed_surfaces(mesh)
    floor = min(float(shape.positions[s.vertices, 1].min()) for s in surfaces)
    positions = shape.positions - (0.0, floor, 0.0)
    morphs = face_shapes(shape, visemes=visemes) if face else {}
    weights = body_weights(rig) if rig else None
    meshes = tuple(_mesh_of(s, i, positions, morphs, weights) for i, s in enumerate(surfaces))
    skeleton = body_skeleton(shape, rig) if rig else None
    nodes, skins = scene_nodes(name, [f"{name}_{i}" for i in range(len(meshes))], skeleton, floor)
    materials, textures = _materials(mesh, colours or Colours(), texture_side)
    return Scene(name=name, nodes=nodes, meshes=meshes, skins=skins, materials=materials, textures=textures)


def _mesh_of(
    surface: Surface,
    material: int,
    positions: NDArray[np.float64],
    morphs: Mapping[str, tuple[NDArray[np.int64], NDArray[np.float64]]],
    weights: tuple[NDArray[np.uint16], NDArray[np.float32]] | None,
) -> Mesh:
    points = positions[surface.vertices]
    targets = [MorphTarget(name=n, positions=_spread(surface, len(positions), *rows)) for n, rows in morphs.items()]
    if surface.name != _SPEAKING:
        targets = [target for target in targets if target.positions.any()]
    return Mesh(
        name=surface.name,
        positions=points,
        faces=surface.faces,
        normals=_normals(surface, positions),
        uvs=(surface.uvs,),
        joints=weights[0][surface.vertices] if weights else None,
        weights=weights[1][surface.vertices] if weights else None,
        morphs=targets,
        morph_weights=(0.0,) * len(targets),
        material=material,
    )


def _spread(
    surface: Surface, n_vertices: int, ids: NDArray[np.int64], moved: NDArray[np.float64]
) -> NDArray[np.float32]:
    full = np.zeros((n_vertices, 3), dtype=np.float32)
    full[ids] = moved
    return full[surface.vertices]


def _normals(surface: Surface, positions: NDArray[np.float64]) -> NDArray[np.float32]:
    """Return smooth normals, continuous over UV seams because they are summed on base mesh vertices."""
    corners = surface.vertices[surface.faces]
    a, b, c = (positions[corners[:, i]] for i in range(3))
    area = np.cross(b - a, c - a)
    total = np.zeros_like(positions)
    for i in range(3):
        np.add.at(total, corners[:, i], area)
    chosen = total[surface.vertices]
    length = np.linalg.norm(chosen, axis=1, keepdims=True)
    flat = length[:, 0] == 0
    chosen[flat], length[flat] = (0.0, 1.0, 0.0), 1.0
    return np.asarray(chosen / length, dtype=np.float32)


def scene_nodes(
    name: str, parts: Sequence[str], skeleton: Skeleton | None, floor: float
) -> tuple[tuple[Node, ...], tuple[Skin, ...]]:
    """Return one node a mesh under a root, named after ``parts``, the joints after them.

    Parameters
    ----------
    skeleton : Skeleton or None
        In the space of the shape; ``floor`` is the height there that becomes y = 0.
    """
    n_meshes = len(parts)
    root = Node(name=name)
    if skeleton is None:
        return (root, *(Node(name=part, parent=0, meshes=(i,)) for i, part in enumerate(parts))), ()
    first = 1 + n_meshes
    points = skeleton.positions - (0.0, floor, 0.0)
    joints = []
    for j, parent in enumerate(skeleton.parents):
        origin = points[parent] if parent >= 0 else np.zeros(3)
        above = first + int(parent) if parent >= 0 else 0
        joints.append(Node(name=skeleton.names[j], parent=above, translation=points[j] - origin))
    inverse = np.tile(np.eye(4), (len(points), 1, 1))
    inverse[:, :3, 3] = -points
    skin = Skin(joints=tuple(range(first, first + len(points))), inverse_bind=inverse, name=name)
    shown = (Node(name=part, parent=0, meshes=(i,), skin=0) for i, part in enumerate(parts))
    return (root, *shown, *joints), (skin,)


def _materials(mesh: BodyMesh, colours: Colours, side: int) -> tuple[tuple[Material, ...], tuple[Texture, ...]]:
    pictures = _pictures(mesh, colours, side)
    textures = tuple(Texture(data=data, media_type="image/png", name=name) for name, data in pictures)
    return (
        Material(name="skin", base_color_texture=TextureUse(texture=0), metallic=0.0, roughness=0.6),
        Material(name="suit", base_color_texture=TextureUse(texture=1), metallic=0.0, roughness=0.75),
        Material(name="eyes", base_color_texture=TextureUse(texture=2), metallic=0.0, roughness=0.15),
        Material(name="teeth", base_color=(0.82, 0.79, 0.70, 1.0), metallic=0.0, roughness=0.3),
        Material(name="tongue", base_color=(0.48, 0.13, 0.13, 1.0), metallic=0.0, roughness=0.4),
        Material(
            name="lashes",
            base_color_texture=TextureUse(texture=3),
            metallic=0.0,
            roughness=0.9,
            alpha_mode="MASK",
            double_sided=True,
        ),
    ), textures


@lru_cache(maxsize=8)
def _pictures(mesh: BodyMesh, colours: Colours, side: int) -> tuple[tuple[str, bytes], ...]:
    surfaces = {surface.name: surface for surface in dressed_surfaces(mesh)}
    cloth = suit_texture(mesh, surfaces["suit"], colours.suit, colours.suit_dark, colours.suit_accent, side)
    return (
        ("skin", skin_texture(mesh, surfaces["skin"], colours.skin, colours.hair, side)),
        ("suit", cloth),
        ("eyes", eye_texture(colours.iris, max(side // 4, 64))),
        ("lashes", lash_texture(mesh, surfaces["lashes"], _LASHES, max(side // 2, 128))),
    )
