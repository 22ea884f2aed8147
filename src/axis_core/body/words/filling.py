"""Filling: what a prompt leaves open, drawn from a seed.

Each field is drawn from a generator of its own name and the seed, so that a word more changes only what it says.
"""

from __future__ import annotations

import zlib
from typing import Any

import numpy as np

from axis_core.body.recipe import Garment


__all__ = ["draw", "fill", "outfit"]

_NATURAL_HAIR = (
    ("black", 0.28),
    ("dark_brown", 0.26),
    ("brown", 0.18),
    ("light_brown", 0.08),
    ("dark_blond", 0.07),
    ("blond", 0.06),
    ("auburn", 0.04),
    ("ginger", 0.03),
)
_OLD_HAIR = (("grey", 0.5), ("silver", 0.25), ("white", 0.25))
_EYES = (
    ("brown", 0.4),
    ("dark_brown", 0.24),
    ("hazel", 0.1),
    ("green", 0.08),
    ("blue", 0.1),
    ("grey", 0.05),
    ("amber", 0.03),
)
_STYLES_SHORT = (("short", 0.5), ("side_part", 0.2), ("buzz", 0.15), ("curly", 0.15))
_STYLES_LONG = (("long", 0.3), ("bob", 0.2), ("ponytail", 0.2), ("bun", 0.1), ("curly", 0.2))
_TOPS = ("t_shirt", "shirt", "sweater", "hoodie")
_CLOTH = (
    "blue",
    "navy",
    "teal",
    "olive",
    "burgundy",
    "mustard",
    "grey",
    "white",
    "red",
    "light_blue",
    "cream",
    "green",
)
_LEGS = ("denim", "charcoal", "navy", "khaki", "black", "brown")
_SHOES = ("white", "black", "brown", "grey", "navy")
_FACE_NOISE = (
    "head_width", "cheekbones", "cheek_volume", "chin_width", "chin_prominence", "chin_height", "forehead_height",
    "nose_width", "nose_height", "nose_hump", "nose_tip_shift_up", "mouth_width", "upper_lip_volume",
    "lower_lip_volume",
    "eye_size", "eye_outer_corner_shift_up", "eyebrows_angle", "ear_size", "neck_girth",
)  # fmt: skip
_NOISE = 0.22
"""Standard deviation of a face slider: people differ, none is a caricature."""


def draw(seed: int, field: str) -> np.random.Generator:
    """Return the generator of one field."""
    return np.random.default_rng([seed, zlib.crc32(field.encode())])


def _one(seed: int, field: str, table: tuple[tuple[str, float], ...]) -> str:
    names, weights = zip(*table, strict=True)
    p = np.array(weights)
    return str(draw(seed, field).choice(names, p=p / p.sum()))


def fill(values: dict[str, Any], seed: int) -> dict[str, Any]:
    """Return what a recipe lacks beyond ``values`` (which hold age and gender)."""
    age, gender = float(values["age_years"]), float(values["gender"])
    old = float(np.clip((age - 42.0) / 30.0, 0.0, 0.95))
    greys = draw(seed, "greying").random() < old
    out: dict[str, Any] = {
        "weight": round(float(np.clip(draw(seed, "weight").normal(0.5, 0.07), 0.3, 0.7)), 3),
        "muscle": round(float(np.clip(draw(seed, "muscle").normal(0.5, 0.06), 0.3, 0.7)), 3),
        "skin_tone": round(float(draw(seed, "skin_tone").uniform(0.12, 0.85)), 3),
        "hair_colour": _one(seed, "hair_colour", _OLD_HAIR if greys else _NATURAL_HAIR),
        "eye_colour": _one(seed, "eye_colour", _EYES),
        "hair_style": _one(seed, "hair_style", _STYLES_LONG if gender < 0.42 else _STYLES_SHORT),
        "face_proportions": {
            name: round(float(np.clip(draw(seed, name).normal(0.0, _NOISE), -0.5, 0.5)), 3) for name in _FACE_NOISE
        },
    }
    return {k: v for k, v in out.items() if k not in values or k == "face_proportions"}


def outfit(worn: list[dict[str, Any]], bare: set[str], seed: int) -> tuple[Garment, ...]:
    """Return the garments asked for, with colours where none was said, and what is missing for the street."""
    kinds = {g["kind"] for g in worn}
    pieces = [dict(g) for g in worn]
    whole = bool(kinds & {"dress", "bodysuit"})
    if not whole and not kinds & {*_TOPS, "tank_top"}:
        pieces.insert(
            0, {"kind": str(draw(seed, "top").choice(["t_shirt"] if "jacket" in kinds else _TOPS)), "colour": None}
        )
    if not whole and not kinds & {"trousers", "shorts", "skirt"}:
        pieces.append({"kind": "trousers", "colour": None})
    if not kinds & {"shoes", "boots"} and "bodysuit" not in kinds:
        pieces.append({"kind": "shoes", "colour": None})
    out = []
    for piece in pieces:
        if piece["kind"] not in bare:
            palette = {"trousers": _LEGS, "shorts": _LEGS, "shoes": _SHOES, "boots": ("brown", "black")}.get(
                piece["kind"], _CLOTH
            )
            colour = piece["colour"] or str(draw(seed, f"colour {piece['kind']}").choice(palette))
            out.append(Garment(piece["kind"], colour, pattern=piece.get("pattern", "plain")))
    return tuple(out)
