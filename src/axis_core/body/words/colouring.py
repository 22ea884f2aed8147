"""Colours in words: a shade and a colour for what has a palette of its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from axis_core.body.colours import EYE_COLOURS, GARMENT_COLOURS, HAIR_COLOURS, colour_of
from axis_core.body.words.looks import COLOUR_WORDS, SHADES
from axis_core.body.words.reading import Modifier


__all__ = ["colour_in", "tinted"]

_ELSEWHERE: Mapping[str, str] = {**HAIR_COLOURS, **EYE_COLOURS, **GARMENT_COLOURS}
_NEAREST = {
    "eyes": {"purple": "violet", "lavender": "violet", "navy": "blue", "copper": "amber", "gold": "amber",
        "silver": "grey", "turquoise": "light_blue", "teal": "green"},
    "hair": {"violet": "purple", "lavender": "purple", "gold": "blond", "cream": "light_blond", "beige": "light_blond",
        "navy": "blue", "light_blue": "blue", "burgundy": "red", "charcoal": "black", "tan": "dark_blond"},
    "garment": {"blond": "beige", "ginger": "orange", "auburn": "brown", "copper": "orange", "platinum": "cream",
        "hazel": "brown", "amber": "gold"},
}  # fmt: skip
"""What is near enough in another palette to go by its name."""


def colour_in(modifiers: Sequence[Modifier], of: str, palette: Mapping[str, str]) -> str | None:
    """Return the colour that modifiers give, as a name of ``palette`` or ``#rrggbb``; None where they give none."""
    words = [w for m in modifiers for w in ((m.word,) if m.word in COLOUR_WORDS else m.word.split())]
    shade = ""
    for word in words:
        if word in COLOUR_WORDS:
            return _named(COLOUR_WORDS[word], shade, of, palette)
        if word in SHADES:
            shade = word
    if of == "hair":
        return {"dark": "dark_brown", "deep": "dark_brown", "light": "light_blond", "pale": "platinum"}.get(shade)
    if of == "eyes":
        return {"dark": "dark_brown", "light": "light_blue", "pale": "light_blue"}.get(shade)
    return None


def _named(colour: str, shade: str, of: str, palette: Mapping[str, str]) -> str:
    if f"{shade}_{colour}" in palette:
        return f"{shade}_{colour}"
    if of == "garment" and (shade, colour) in (("dark", "blue"), ("deep", "blue")):
        return "navy"
    name = colour if colour in palette else _NEAREST[of].get(colour, colour)
    amount = SHADES.get(shade, 0.0)
    if name in palette and abs(amount) < 0.2:
        return name
    return tinted(palette.get(name) or _ELSEWHERE[name], amount)


def tinted(colour: str, amount: float) -> str:
    """Return ``#rrggbb`` moved towards white (``amount`` > 0) or black (< 0)."""
    rgb = colour_of(colour, {})
    end = 1.0 if amount > 0 else 0.0
    return "#" + "".join(f"{round(255 * (c + abs(amount) * (end - c))):02x}" for c in rgb)
