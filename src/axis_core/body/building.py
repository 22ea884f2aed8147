"""From a recipe to a scene: the one way an avatar is made.

::

    recipe -> shape_body -> stylise -> garments and visible skin -> head parts, hair, accessories -> meshes, materials
"""

from __future__ import annotations

from collections.abc import Sequence

import attrs
import numpy as np
from numpy.typing import NDArray

from axis_core.body.accessories.glasses import glasses_model
from axis_core.body.accessories.hats import hat_level, hat_model
from axis_core.body.accessories.model import put_on
from axis_core.body.avatar import scene_nodes
from axis_core.body.binding import bound_mesh
from axis_core.body.data import BodyMesh, load_mesh
from axis_core.body.dress.wardrobe import Worn, bare_faces, complete, wear
from axis_core.body.faces import face_shapes
from axis_core.body.hair.beards import BEARD_DEPTH_M, beard_piece
from axis_core.body.hair.hanging import hang_hair, head_ratio
from axis_core.body.hair.model import hair_model
from axis_core.body.materials import Palette, cloth_material, part_material
from axis_core.body.piece import Piece, piece_of_surface
from axis_core.body.recipe import AvatarRecipe
from axis_core.body.rigs import RigName, body_skeleton
from axis_core.body.shape import BodyShape, shape_body
from axis_core.body.sliders import list_sliders
from axis_core.body.stylise import STYLE_SLIDERS, stylise
from axis_core.body.subdivision import subdivide_mesh
from axis_core.body.surfaces import body_surface, dressed_surfaces
from axis_core.errors import InputError
from axis_core.model import Scene
from axis_core.model.tier import TIERS


__all__ = ["build", "recipe_shape"]

Floats = NDArray[np.float64]

_FACE_PARTS = ("eyes", "teeth", "tongue", "lashes")
_SPEAKING = "skin"
_UNDER_HAT_M = 0.004
_KEPT = ("hair", "lashes", "glasses", "teeth", "tongue")
"""What subdivision would not make better."""


def build(
    recipe: AvatarRecipe | None = None,
    *,
    rig: RigName | None = "humanoid",
    morphs: bool = False,
    visemes: bool = False,
    tier: str | None = None,
    texture_side: int | None = None,
    name: str = "avatar",
) -> Scene:
    """Return the avatar of ``recipe``: dressed, rigged, with face shapes if asked.

    Metres, Y up, facing +Z, soles on y = 0. ``height_m`` of the recipe is from the foot's sole to the crown, without
    shoes and hair. ``scene.extras["axis_body"]`` holds that height and the recipe.

    Parameters
    ----------
    recipe : AvatarRecipe, optional
        Default: an average adult in everyday clothes.
    rig : str or None
        A name of ``RIG_NAMES``; None leaves raw meshes.
    morphs : bool
        Add the 52 ARKit shapes: all to the skin, to the other parts those that move them. Not with ``no_face``.
    visemes : bool
        With ``morphs``: add the 15 Oculus visemes too.
    tier : str, optional
        A name of :data:`axis_core.model.tier.TIERS`: less hair for the light ones, a finer surface for the heavy ones.
        The result may have more triangles than the tier allows; the stage ``decimate`` brings it there.
    texture_side : int, optional
        Texels of the skin's texture, at most 2048 are painted; 0 makes no textures, only colours. Default: the tier's,
        without a tier 1024.
    name : str

    Raises
    ------
    InputError
        If the tier does not exist; if a slider does not exist, is outside its range or of the other area.
    BackendUnavailable
        ``not_installed``: the body pack is missing; the hint names the command.
    """
    asked = recipe or AvatarRecipe()
    detail = _detail(tier)
    side = detail.texture_side if texture_side is None else texture_side
    shape = recipe_shape(asked)
    mesh = load_mesh()
    worn = wear(mesh, shape.positions, complete(asked.garments, mesh))
    parts = [*_body_parts(mesh, asked, shape), *_head_parts(mesh, asked, shape, worn, detail.hair)]
    pieces = [*parts, *(w.piece for w in worn)]
    floor = min(float(p.positions[:, 1].min()) for p in pieces)
    palette = Palette()
    materials = [part_material(mesh, p.name, asked, side, palette) for p in parts]
    materials += [cloth_material(mesh, w, side, palette, asked.style) for w in worn]
    shapes = face_shapes(shape, visemes=visemes) if morphs and not asked.no_face else {}
    meshes = [
        bound_mesh(
            _lifted(p, floor),
            i,
            rig,
            shapes,
            keep_all=p.name == _SPEAKING,
            textured=m.base_color_texture is not None,
            tangents=m.normal_texture is not None,
        )
        for i, (p, m) in enumerate(zip(pieces, materials, strict=True))
    ]
    if detail.subdivisions:
        meshes = [m if m.name in _KEPT else subdivide_mesh(m, detail.subdivisions) for m in meshes]
    nodes, skins = scene_nodes(name, [p.name for p in pieces], body_skeleton(shape, rig) if rig else None, floor)
    return Scene(
        name=name,
        nodes=nodes,
        meshes=meshes,
        skins=skins,
        materials=materials,
        textures=palette.textures,
        extras={"axis_body": {"stature_m": round(shape.height_m, 6), "recipe": attrs.asdict(asked)}},
    )


@attrs.frozen
class _Detail:
    """What a tier decides: the share of hair's ribbons, how often surfaces are subdivided, the side of textures."""

    hair: float = 1.0
    subdivisions: int = 0
    texture_side: int = 1024


_HAIR = {"mobile_light": 0.3, "mobile_standard": 0.5, "web_vr": 0.65}
_SUBDIVISIONS = {"film_vfx": 1, "ultra_hd": 2}


def _detail(tier: str | None) -> _Detail:
    if tier is None:
        return _Detail()
    if tier not in TIERS:
        raise InputError(f"there is no tier {tier!r}.", pointer="/tier", hint=f"Tiers: {', '.join(TIERS)}.")
    return _Detail(_HAIR.get(tier, 1.0), _SUBDIVISIONS.get(tier, 0), TIERS[tier].texture_side)


def recipe_shape(recipe: AvatarRecipe) -> BodyShape:
    """Return the body of ``recipe`` in its style's proportions; raises as :func:`build`."""
    areas = {"body": recipe.body_proportions, "face": recipe.face_proportions}
    known = {s.name: s for s in list_sliders()}
    sliders = dict(STYLE_SLIDERS.get(recipe.style, {}))
    for area, values in areas.items():
        for slider, value in values.items():
            found = known.get(slider) or known.get(slider.partition("_")[2])
            if found is not None and found.area != area:
                raise InputError(
                    f"{slider} is a slider of the {found.area}, not of the {area}.",
                    pointer=f"/{area}_proportions/{slider}",
                )
            if slider in sliders and found is not None:
                value = float(np.clip(value + sliders[slider], found.minimum, found.maximum))
            sliders[slider] = value
    return stylise(shape_body(recipe.phenotype, sliders), recipe.style)


def _body_parts(mesh: BodyMesh, recipe: AvatarRecipe, shape: BodyShape) -> list[Piece]:
    skin = piece_of_surface(body_surface(mesh), shape.positions)
    kept = skin.faces[bare_faces(mesh, complete(recipe.garments, mesh))]
    parts = [without_unused(attrs.evolve(skin, faces=kept))]
    if not recipe.no_face:
        faces = {s.name: s for s in dressed_surfaces(mesh)}
        parts += [piece_of_surface(faces[part], shape.positions) for part in _FACE_PARTS]
    return parts


def _head_parts(
    mesh: BodyMesh, recipe: AvatarRecipe, shape: BodyShape, worn: Sequence[Worn], density: float
) -> list[Piece]:
    positions = shape.positions
    parts = []
    if recipe.hair_style != "bald":
        model = hair_model(mesh, recipe.hair_style, round(density, 2))
        around = [piece_of_surface(body_surface(mesh), positions), *(w.piece for w in worn)]
        hair = hang_hair(mesh, model, positions, around)
        if recipe.hat != "none":
            out = (hat_level(model.points, recipe.hat) > _UNDER_HAT_M)[hair.faces].any(axis=1)
            hair = without_unused(attrs.evolve(hair, faces=hair.faces[~out]))
        parts.append(hair)
    if recipe.beard in BEARD_DEPTH_M:
        parts.append(beard_piece(mesh, recipe.beard, positions, float(head_ratio(mesh, positions).mean())))
    if recipe.hat != "none":
        parts.append(put_on(mesh, "hat", hat_model(mesh, recipe.hat), positions))
    if recipe.glasses != "none":
        parts.append(put_on(mesh, "glasses", glasses_model(mesh, recipe.glasses), positions))
    return [part for part in parts if len(part.faces)]


def without_unused(piece: Piece) -> Piece:
    """Return ``piece`` without vertices that no face uses; normals are those of the whole."""
    normals = piece.shading_normals
    used, index = np.unique(piece.faces, return_inverse=True)
    _, points = np.unique(piece.point_of[used], return_inverse=True)
    return attrs.evolve(
        piece,
        positions=piece.positions[used],
        faces=index.reshape(-1, 3),
        uvs=piece.uvs[used],
        anchors=piece.anchors[used],
        shares=piece.shares[used],
        point_of=points.ravel(),
        weight_anchors=None if piece.weight_anchors is None else piece.weight_anchors[used],
        weight_shares=None if piece.weight_shares is None else piece.weight_shares[used],
        normals=normals[used],
    )


def _lifted(piece: Piece, floor: float) -> Piece:
    return attrs.evolve(piece, positions=piece.positions - (0.0, floor, 0.0), normals=piece.shading_normals)
