"""The recipe of an avatar: who it is, how it looks and what it wears, as plain values.

Words, presets, sliders and files all end in an :class:`AvatarRecipe`; :func:`axis_core.body.build` makes it a scene.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import attrs

from axis_core.body.colours import BROW_COLOURS, EYE_COLOURS, GARMENT_COLOURS, HAIR_COLOURS
from axis_core.body.phenotype import Phenotype
from axis_core.plugin.options import between, one_of, option, structure_options


__all__ = [
    "BEARDS",
    "GARMENT_KINDS",
    "GLASSES",
    "HAIR_STYLES",
    "HATS",
    "PATTERNS",
    "STYLES",
    "AvatarRecipe",
    "Garment",
    "structure_recipe",
]

GARMENT_KINDS = (
    "bodysuit",
    "boots",
    "dress",
    "hoodie",
    "jacket",
    "shirt",
    "shoes",
    "shorts",
    "skirt",
    "sweater",
    "t_shirt",
    "tank_top",
    "trousers",
)
"""What can be worn. ``bodysuit`` is what stands in wherever a recipe leaves torso or hips bare."""
PATTERNS = ("plain", "stripes", "checks")
HAIR_STYLES = ("afro", "bald", "bob", "bun", "buzz", "curly", "long", "ponytail", "short", "side_part")
BEARDS = ("none", "full", "goatee", "moustache", "stubble")
GLASSES = ("none", "round", "square", "sun")
HATS = ("none", "beanie", "brimmed", "cap")
STYLES = ("realistic", "heroic", "toon", "chibi", "mannequin", "robot")

_HEX = re.compile(r"#[0-9a-f]{6}")


def _colour(palette: Mapping[str, str]) -> Any:
    def check(_: object, attribute: attrs.Attribute[Any], value: Any) -> None:
        if value is not None and value not in palette and not _HEX.fullmatch(str(value)):
            raise ValueError(f"{attribute.name} is {value!r}, allowed is #rrggbb or one of {', '.join(palette)}")

    return check


@attrs.frozen
class Garment:
    """One piece of clothing.

    Attributes
    ----------
    kind : str
        A name of ``GARMENT_KINDS``.
    colour : str
        A name of ``GARMENT_COLOURS`` or ``#rrggbb``.
    trim : str or None
        Colour of stripes, collar, zip or soles; None chooses one that goes with ``colour``.
    pattern : str
        A name of ``PATTERNS``.
    """

    kind: str = option("t_shirt", "What it is.", validator=one_of(*GARMENT_KINDS))
    colour: str = option("blue", "Colour: a name or #rrggbb.", validator=_colour(GARMENT_COLOURS))
    trim: str | None = option(None, "Colour of stripes, collar, zip or soles.", validator=_colour(GARMENT_COLOURS))
    pattern: str = option("plain", "Pattern of the cloth.", validator=one_of(*PATTERNS))


_EVERYDAY = (Garment("t_shirt", "blue"), Garment("trousers", "charcoal"), Garment("shoes", "white"))


@attrs.frozen(kw_only=True)
class AvatarRecipe:
    """An avatar as plain values; what is left out is an average adult in everyday clothes.

    Attributes
    ----------
    age_years ... european
        As in :class:`axis_core.body.Phenotype`; ``height_m`` None gives the typical stature.
    body_proportions, face_proportions : mapping of slider name to -1..1
        Names of :func:`axis_core.body.list_sliders` of that area; checked when the body is shaped.
    style : str
        A name of ``STYLES``: the proportions and, for mannequin and robot, the materials.
    skin_tone : float, 0..1
        0 lightest, 1 darkest, in even steps of perceived lightness.
    skin_colour : str or None
        ``#rrggbb`` instead of a tone.
    brow_colour : str or None
        None follows the hair.
    garments : tuple of Garment
        Torso and hips are covered whatever it holds.
    no_face : bool
        Leave out the parts and shapes of a face: eyes, teeth, tongue, lashes, brows, morph targets.
    seed : int
        Decides small variation (freckles, cloth), never the fields above.
    """

    age_years: float = option(30.0, "Age.", validator=between(1.0, 90.0), unit="years")
    gender: float = option(0.5, "Gender expression: 0 feminine, 1 masculine.", validator=between(0.0, 1.0))
    height_m: float | None = option(None, "Stature, sole to crown.", validator=between(0.5, 2.6), unit="m")
    weight: float = option(0.5, "0.5 is average.", validator=between(0.0, 1.0))
    muscle: float = option(0.5, "0.5 is average.", validator=between(0.0, 1.0))
    proportions: float = option(0.5, "0 stocky, 1 even and long-limbed.", validator=between(0.0, 1.0))
    bust: float = option(0.5, "0.5 is average; no effect below 18 years.", validator=between(0.0, 1.0))
    bust_firmness: float = option(0.5, "0.5 is average; no effect below 18 years.", validator=between(0.0, 1.0))
    african: float = option(1.0, "Share in the ancestry mix.", validator=between(0.0, 1.0))
    asian: float = option(1.0, "Share in the ancestry mix.", validator=between(0.0, 1.0))
    european: float = option(1.0, "Share in the ancestry mix.", validator=between(0.0, 1.0))
    body_proportions: Mapping[str, float] = option(dict, "Body sliders by name, -1 to 1.", factory=True)
    face_proportions: Mapping[str, float] = option(dict, "Face sliders by name, -1 to 1.", factory=True)
    style: str = option("realistic", "Proportions and materials.", validator=one_of(*STYLES))
    skin_tone: float = option(0.45, "0 lightest, 1 darkest, perceptually even.", validator=between(0.0, 1.0))
    skin_colour: str | None = option(None, "#rrggbb instead of a tone.", validator=_colour({}))
    eye_colour: str = option("brown", "Iris: a name or #rrggbb.", validator=_colour(EYE_COLOURS))
    hair_style: str = option("short", "Hair.", validator=one_of(*HAIR_STYLES))
    hair_colour: str = option("dark_brown", "Hair and beard: a name or #rrggbb.", validator=_colour(HAIR_COLOURS))
    brow_colour: str | None = option(None, "Brows; none given follows the hair.", validator=_colour(BROW_COLOURS))
    beard: str = option("none", "Facial hair.", validator=one_of(*BEARDS))
    glasses: str = option("none", "Glasses.", validator=one_of(*GLASSES))
    hat: str = option("none", "Headwear.", validator=one_of(*HATS))
    hat_colour: str = option("charcoal", "Hat: a name or #rrggbb.", validator=_colour(GARMENT_COLOURS))
    garments: tuple[Garment, ...] = option(_EVERYDAY, "What is worn; torso and hips are covered anyway.")
    no_face: bool = option(False, "Leave out the parts and shapes of a face.")
    seed: int = option(0, "Decides small variation.", validator=between(0, 2**63 - 1))

    @property
    def phenotype(self) -> Phenotype:
        """Who the body is; an ancestry of all zeros means an even mix."""
        names = [f.name for f in attrs.fields(Phenotype)]
        values = {name: getattr(self, name) for name in names}
        if not self.african + self.asian + self.european:
            values |= dict.fromkeys(("african", "asian", "european"), 1.0)
        return Phenotype(**values)


def structure_recipe(values: Mapping[str, Any]) -> AvatarRecipe:
    """Return a recipe from plain values, as they come from JSON; nothing is coerced, unknown names are refused.

    Raises
    ------
    InputError
        ``invalid_request``; the pointer names the field.
    """
    return structure_options(AvatarRecipe, values)
