"""From a recipe to a scene: the one way an avatar is made."""

from __future__ import annotations

from axis_core.body.avatar import Colours, dressed_scene
from axis_core.body.colours import EYE_COLOURS, GARMENT_COLOURS, HAIR_COLOURS, colour_of, skin_colour
from axis_core.body.recipe import AvatarRecipe
from axis_core.body.rigs import RigName
from axis_core.body.shape import shape_body
from axis_core.model import Scene


__all__ = ["build"]


def build(
    recipe: AvatarRecipe | None = None,
    *,
    rig: RigName | None = "humanoid",
    morphs: bool = False,
    visemes: bool = False,
    texture_side: int = 1024,
    name: str = "avatar",
) -> Scene:
    """Return the avatar of ``recipe``: dressed, rigged, with face shapes if asked.

    Raises
    ------
    InputError
        If a slider does not exist or is outside its range.
    BackendUnavailable
        ``not_installed``: the body pack is missing; the hint names the command.
    """
    asked = recipe or AvatarRecipe()
    shape = shape_body(asked.phenotype, {**asked.body_proportions, **asked.face_proportions})
    return dressed_scene(
        shape,
        rig=rig,
        face=morphs and not asked.no_face,
        visemes=visemes,
        colours=_colours(asked),
        texture_side=texture_side,
        name=name,
    )


def _colours(recipe: AvatarRecipe) -> Colours:
    skin = colour_of(recipe.skin_colour, {}) if recipe.skin_colour else skin_colour(recipe.skin_tone)
    hair = None if recipe.hair_style == "bald" else colour_of(recipe.hair_colour, HAIR_COLOURS)
    worn = next((g.colour for g in recipe.garments), "blue")
    return Colours(
        skin=skin,
        hair=hair,
        iris=colour_of(recipe.eye_colour, EYE_COLOURS),
        suit=colour_of(worn, GARMENT_COLOURS),
    )
