"""Random people: for tests, crowds and contact sheets; the same seed gives the same person."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from axis_core.body.colours import EYE_COLOURS, GARMENT_COLOURS, HAIR_COLOURS
from axis_core.body.recipe import BEARDS, GLASSES, HAIR_STYLES, HATS, PATTERNS, AvatarRecipe, Garment


__all__ = ["random_recipe"]

_NATURAL_HAIR = ("black", "dark_brown", "brown", "light_brown", "blond", "dark_blond", "ginger", "auburn")
_ELDER_HAIR = ("grey", "silver", "white", "dark_brown")
_DARK_EYES = ("black", "brown", "dark_brown", "hazel")
_TOPS = ("t_shirt", "shirt", "sweater", "tank_top", "hoodie")
_CHILD_YEARS = 13.0


def random_recipe(seed: int) -> AvatarRecipe:
    """Return a person of any age, build, ancestry and taste; adults are more frequent than children.

    Parameters
    ----------
    seed : int, 0 or more
    """
    rng = np.random.default_rng(seed)
    years = rng.choice([rng.uniform(2, 17), rng.uniform(18, 60), rng.uniform(60, 90)], p=(0.2, 0.6, 0.2))
    age = float(np.round(years, 1))
    gender = float(np.clip(rng.choice([0.08, 0.92, 0.5], p=(0.45, 0.45, 0.1)) + rng.normal(0, 0.05), 0, 1))
    ancestry = rng.dirichlet((0.5, 0.5, 0.5))
    grown = age >= _CHILD_YEARS
    hair = _ELDER_HAIR if age > 62 else _NATURAL_HAIR
    dyed = grown and rng.uniform() < 0.08
    return AvatarRecipe(
        age_years=age,
        gender=gender,
        weight=float(np.clip(rng.normal(0.52, 0.18), 0, 1)),
        muscle=float(np.clip(rng.normal(0.5, 0.16), 0, 1)),
        proportions=float(np.clip(rng.normal(0.55, 0.2), 0, 1)),
        african=float(ancestry[0]),
        asian=float(ancestry[1]),
        european=float(ancestry[2]),
        face_proportions=_face(rng),
        skin_tone=_tone(ancestry, rng),
        eye_colour=_pick(rng, EYE_COLOURS if ancestry[2] > 0.5 else _DARK_EYES),
        hair_style=_pick(rng, HAIR_STYLES if grown else ("short", "bob", "curly", "ponytail", "bun", "side_part")),
        hair_colour=_pick(rng, HAIR_COLOURS if dyed else hair),
        beard=_pick(rng, BEARDS) if gender > 0.7 and age > 18 and rng.uniform() < 0.5 else "none",
        glasses=_pick(rng, GLASSES) if rng.uniform() < 0.25 else "none",
        hat=_pick(rng, HATS) if rng.uniform() < 0.15 else "none",
        hat_colour=_pick(rng, GARMENT_COLOURS),
        garments=_clothes(rng, gender),
        seed=seed,
    )


def _face(rng: np.random.Generator) -> dict[str, float]:
    names = ("nose_width", "nose_hump", "chin_width", "mouth_width", "eye_size", "cheekbones", "face_fullness")
    return {name: float(np.round(np.clip(rng.normal(0, 0.25), -0.8, 0.8), 3)) for name in names}


def _tone(ancestry: NDArray[np.float64], rng: np.random.Generator) -> float:
    return float(np.clip(ancestry @ np.array((0.82, 0.30, 0.14)) + rng.normal(0, 0.08), 0, 1))


def _clothes(rng: np.random.Generator, gender: float) -> tuple[Garment, ...]:
    def made(kind: str) -> Garment:
        pattern = _pick(rng, PATTERNS) if kind in ("t_shirt", "shirt", "sweater") and rng.uniform() < 0.3 else "plain"
        return Garment(kind, _pick(rng, GARMENT_COLOURS), None, pattern)

    feet = made(_pick(rng, ("shoes", "shoes", "boots")))
    if gender < 0.5 and rng.uniform() < 0.2:
        return (made("dress"), feet)
    below = _pick(rng, ("skirt", "trousers", "shorts") if gender < 0.5 else ("trousers", "trousers", "shorts"))
    over = (made("jacket"),) if rng.uniform() < 0.25 else ()
    return (made(_pick(rng, _TOPS)), *over, made(below), feet)


def _pick(rng: np.random.Generator, names: Iterable[str]) -> str:
    choices = sorted(names)
    return str(choices[int(rng.integers(len(choices)))])
