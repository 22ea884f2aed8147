"""Materials and textures of an avatar's pieces."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import attrs
import numpy as np

from axis_core.body.colours import EYE_COLOURS, GARMENT_COLOURS, HAIR_COLOURS, Colour, colour_of, skin_colour
from axis_core.body.data import BodyMesh
from axis_core.body.dress.wardrobe import Worn
from axis_core.body.hair.styles import HAIR
from axis_core.body.recipe import AvatarRecipe
from axis_core.body.textures.cloth import cloth_image, cloth_relief, cloth_shine
from axis_core.body.textures.eyes import eye_image
from axis_core.body.textures.lashes import lash_image
from axis_core.body.textures.skin import SkinPaint, skin_image, skin_relief, skin_shine
from axis_core.body.textures.strands import hair_images
from axis_core.model import Material, Texture, TextureUse


__all__ = ["Palette", "cloth_material", "part_material"]

_ROBOT: Colour = (0.72, 0.75, 0.78)
_MANNEQUIN: Colour = (0.80, 0.78, 0.74)
_LASHES: Colour = (0.10, 0.075, 0.065)
_LARGEST = 2048
"""Texels: the largest side that is painted; a tier that allows more gets this."""
_HAIR_BRIGHTNESS = 0.86
_ELDER_YEARS = (35.0, 80.0)


@attrs.frozen
class Palette:
    """Gathers the textures of a scene: the same bytes are stored once."""

    textures: list[Texture] = attrs.field(factory=list)
    places: dict[bytes, int] = attrs.field(factory=dict)

    def use(self, name: str, data: bytes, scale: float = 1.0) -> TextureUse:
        """Return the use of an image."""
        if data not in self.places:
            kind = "image/png" if data.startswith(b"\x89PNG") else "image/jpeg"
            self.places[data] = len(self.textures)
            self.textures.append(Texture(data=data, media_type=kind, name=name))
        return TextureUse(texture=self.places[data], scale=scale)


def cloth_material(mesh: BodyMesh, worn: Worn, side: int, palette: Palette, style: str) -> Material:
    """Return the material of a garment; ``side`` 0 makes no textures."""
    garment, cut = worn.garment, worn.cut
    leather = garment.kind in ("shoes", "boots")
    plain = Material(
        name=worn.piece.name,
        base_color=_linear(colour_of(garment.colour, GARMENT_COLOURS)),
        metallic=0.0,
        roughness=0.5 if leather else 0.9,
        double_sided=True,
    )
    if style in ("mannequin", "robot") and garment.kind == "bodysuit":
        return _shell(style, worn.piece.name)
    if not side:
        return plain
    half = max(min(side, _LARGEST) // 2, 64)
    name = worn.piece.name
    return attrs.evolve(
        plain,
        base_color=(1.0, 1.0, 1.0, 1.0),
        base_color_texture=palette.use(
            name, cloth_image(mesh, garment, cut, 2 * half if cut.surface == "suit" else half)
        ),
        normal_texture=palette.use("cloth_normal", cloth_relief(mesh, cut.surface, half), 0.3 if leather else 1.0),
        metallic_roughness_texture=palette.use("cloth_roughness", cloth_shine(mesh, cut.surface, half)),
        roughness=0.55 if leather else 1.0,
        metallic=1.0,
    )


@attrs.frozen
class _Job:
    """What a part's material is made from."""

    mesh: BodyMesh
    recipe: AvatarRecipe
    side: int
    palette: Palette


def part_material(mesh: BodyMesh, name: str, recipe: AvatarRecipe, side: int, palette: Palette) -> Material:
    """Return the material of a part that is not a garment, by its name; ``side`` 0 makes no textures."""
    if name in _PLAIN:
        return _PLAIN[name]
    return _PARTS[name](_Job(mesh, recipe, min(side, _LARGEST), palette))


def _skin(job: _Job) -> Material:
    if job.recipe.style in ("mannequin", "robot") and (
        not job.side or job.recipe.style == "robot" or job.recipe.no_face
    ):
        return _shell(job.recipe.style, "skin")
    tone = _skin_tone(job.recipe)
    if not job.side:
        return Material(name="skin", base_color=_linear(tone), metallic=0.0, roughness=0.6)
    paint = _MANNEQUIN_PAINT if job.recipe.style == "mannequin" else _paint(job.recipe, tone)
    half = max(job.side // 2, 64)
    return Material(
        name="skin",
        base_color_texture=job.palette.use("skin", skin_image(job.mesh, paint, job.side)),
        normal_texture=job.palette.use("skin_normal", skin_relief(job.mesh, job.side), 0.5),
        metallic_roughness_texture=job.palette.use("skin_roughness", skin_shine(job.mesh, half)),
        metallic=1.0,
        roughness=1.0,
    )


def _paint(recipe: AvatarRecipe, tone: Colour) -> SkinPaint:
    hair = colour_of(recipe.hair_colour, HAIR_COLOURS)
    brows = colour_of(recipe.brow_colour, HAIR_COLOURS) if recipe.brow_colour else _brow_colour(hair, tone)
    light = sum(tone) / 3.0
    chance = float(np.random.default_rng(recipe.seed).uniform())
    return SkinPaint(
        tone=tone,
        hair=None if recipe.hair_style == "bald" else hair,
        beard_hair=hair,
        brows=None if recipe.no_face else brows,
        thickness=0.2 + 0.5 * recipe.gender,
        beard=recipe.beard,
        freckles=max(chance - 0.45, 0.0) * 1.3 if light > 0.62 else 0.0,
        age=float(np.interp(recipe.age_years, _ELDER_YEARS, (0.0, 1.0))),
    )


_MANNEQUIN_PAINT = SkinPaint(tone=_MANNEQUIN, plain=True)


def _skin_tone(recipe: AvatarRecipe) -> Colour:
    if recipe.style == "mannequin":
        return _MANNEQUIN
    return colour_of(recipe.skin_colour, {}) if recipe.skin_colour else skin_colour(recipe.skin_tone)


def _brow_colour(hair: Colour, tone: Colour) -> Colour:
    """Return brows a little darker than light hair: white brows on light skin would be no brows."""
    lum, skin = sum(hair) / 3.0, sum(tone) / 3.0
    dark = min(1.0, max(0.45, 0.62 * skin / max(lum, 1e-3)))
    return hair[0] * dark, hair[1] * dark * 0.97, hair[2] * dark * 0.94


def _eyes(job: _Job) -> Material:
    iris = colour_of(job.recipe.eye_colour, EYE_COLOURS)
    robot = job.recipe.style == "robot"
    if not job.side:
        return Material(name="eyes", base_color=(0.8, 0.78, 0.76, 1.0), metallic=0.0, roughness=0.15)
    use = job.palette.use("eyes", eye_image(iris, max(job.side // 4, 128), robot))
    return Material(
        name="eyes",
        base_color_texture=use,
        emissive_texture=use if robot else None,
        emissive=(1.0, 1.0, 1.0) if robot else (0.0, 0.0, 0.0),
        metallic=0.0,
        roughness=0.12,
    )


def _lashes(job: _Job) -> Material:
    plain = Material(name="lashes", base_color=_linear(_LASHES), metallic=0.0, roughness=0.9, double_sided=True)
    if not job.side:
        return plain
    data = lash_image(job.mesh, _LASHES, max(job.side // 4, 128))
    return attrs.evolve(
        plain,
        base_color=(1.0, 1.0, 1.0, 1.0),
        base_color_texture=job.palette.use("lashes", data),
        alpha_mode="MASK",
        alpha_cutoff=0.4,
    )


def _hair(job: _Job) -> Material:
    return _strands("hair", job, HAIR[job.recipe.hair_style].wavy)


def _beard(job: _Job) -> Material:
    style = HAIR.get(job.recipe.hair_style)  # the pictures of the hair serve the beard too
    return _strands("beard", job, style is None or style.wavy)


def _strands(name: str, job: _Job, wavy: bool) -> Material:
    colour = colour_of(job.recipe.hair_colour, HAIR_COLOURS)
    if not job.side:
        return Material(name=name, base_color=_linear(colour), metallic=0.0, roughness=0.6, double_sided=True)
    shade, bumps = hair_images(max(job.side // 2, 128), wavy)
    r, g, b = (min(c / _HAIR_BRIGHTNESS, 1.0) for c in colour)
    return Material(
        name=name,
        base_color=_linear((r, g, b)),
        base_color_texture=job.palette.use("hair_strands", shade),
        normal_texture=job.palette.use("hair_normal", bumps, 0.6),
        metallic=0.0,
        roughness=0.55,
        alpha_mode="MASK",
        alpha_cutoff=0.4,
        double_sided=True,
    )


def _hat(job: _Job) -> Material:
    colour = _linear(colour_of(job.recipe.hat_colour, GARMENT_COLOURS))
    return Material(name="hat", base_color=colour, metallic=0.0, roughness=0.92, double_sided=True)


def _shell(style: str, name: str) -> Material:
    """Return the surface of a mannequin or a robot."""
    metal = style == "robot"
    return Material(
        name=name,
        base_color=_linear(_ROBOT if metal else _MANNEQUIN),
        metallic=0.85 if metal else 0.0,
        roughness=0.35 if metal else 0.5,
        double_sided=name != "skin",
    )


def _linear(colour: Colour) -> tuple[float, float, float, float]:
    """Return linear RGBA of an sRGB colour."""
    r, g, b = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in colour)
    return r, g, b, 1.0


_PARTS: Mapping[str, Callable[[_Job], Material]] = {
    "beard": _beard,
    "eyes": _eyes,
    "hair": _hair,
    "hat": _hat,
    "lashes": _lashes,
    "skin": _skin,
}
_PLAIN: Mapping[str, Material] = {
    "glasses": Material(
        name="glasses", base_color=(0.02, 0.02, 0.025, 1.0), metallic=0.1, roughness=0.25, double_sided=True
    ),
    "teeth": Material(name="teeth", base_color=(0.60, 0.57, 0.50, 1.0), metallic=0.0, roughness=0.3),
    "tongue": Material(name="tongue", base_color=(0.48, 0.13, 0.13, 1.0), metallic=0.0, roughness=0.4),
}
