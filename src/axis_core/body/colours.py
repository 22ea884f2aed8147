"""Colours by name: skin on a perceptually even scale, eyes, hair, cloth; and the way between sRGB and Oklab.

References
----------
Bjorn Ottosson, "A perceptual color space for image processing" (2020): the Oklab matrices.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray


__all__ = [
    "BROW_COLOURS",
    "EYE_COLOURS",
    "GARMENT_COLOURS",
    "HAIR_COLOURS",
    "Colour",
    "colour_of",
    "from_oklab",
    "skin_colour",
    "to_oklab",
]

Colour = tuple[float, float, float]
"""sRGB, 0..1."""

EYE_COLOURS: Mapping[str, str] = {
    "amber": "#a0652a",
    "black": "#2b1a12",
    "blue": "#4f7fae",
    "brown": "#5e3a1e",
    "dark_brown": "#3d2415",
    "green": "#5f8550",
    "grey": "#7d8b95",
    "hazel": "#7d6332",
    "light_blue": "#86b4d6",
    "violet": "#6f5a9e",
}
HAIR_COLOURS: Mapping[str, str] = {
    "auburn": "#6b2f1d",
    "black": "#17130f",
    "blond": "#c39a5b",
    "blue": "#2f5fa8",
    "brown": "#5a3a22",
    "copper": "#9a4a20",
    "dark_blond": "#8d6b42",
    "dark_brown": "#33221a",
    "ginger": "#b0562a",
    "green": "#3f7d4a",
    "grey": "#8f8d8a",
    "light_blond": "#dfc48d",
    "light_brown": "#7a5736",
    "pink": "#cf6a92",
    "platinum": "#e6dcc4",
    "purple": "#6a3f86",
    "red": "#a32c1f",
    "silver": "#b9bcc0",
    "white": "#e7e5e0",
}
BROW_COLOURS = HAIR_COLOURS
GARMENT_COLOURS: Mapping[str, str] = {
    "beige": "#cdb891",
    "black": "#1c1c1f",
    "blue": "#2f5d9b",
    "brown": "#5f4028",
    "burgundy": "#6e1f2e",
    "charcoal": "#36393f",
    "cream": "#eae0c8",
    "cyan": "#35a7b8",
    "denim": "#3d5a80",
    "green": "#3a7a47",
    "grey": "#858a90",
    "gold": "#c79a3a",
    "khaki": "#8a7f57",
    "lavender": "#a796cc",
    "light_blue": "#8db7dc",
    "light_grey": "#bfc3c7",
    "lime": "#9cc23f",
    "magenta": "#b8337f",
    "maroon": "#5c1b22",
    "mint": "#98d1b2",
    "mustard": "#c2952f",
    "navy": "#1f2c4d",
    "olive": "#626a35",
    "orange": "#d3722b",
    "peach": "#e9b08e",
    "pink": "#d9819d",
    "purple": "#65418a",
    "red": "#b1302c",
    "salmon": "#d97f6c",
    "silver": "#b4b9bf",
    "tan": "#b3895c",
    "teal": "#23797a",
    "turquoise": "#3fb3a5",
    "violet": "#7852a9",
    "white": "#eceae6",
    "yellow": "#e0bd3a",
}

_LMS = np.array(
    [[0.4122214708, 0.5363325363, 0.0514459929], [0.2119034982, 0.6806995451, 0.1073969566],
     [0.0883024619, 0.2817188376, 0.6299787005]]
)  # fmt: skip
_LAB = np.array(
    [[0.2104542553, 0.7936177850, -0.0040720468], [1.9779984951, -2.4285922050, 0.4505937099],
     [0.0259040371, 0.7827717662, -0.8086757660]]
)  # fmt: skip
_TONE_KNOTS = (0.0, 0.25, 0.5, 0.75, 1.0)
_TONE_L = (0.865, 0.761, 0.657, 0.553, 0.449)
"""Oklab lightness in even steps: what makes the scale even."""
_TONE_A = (0.030, 0.040, 0.046, 0.044, 0.032)
_TONE_B = (0.036, 0.055, 0.064, 0.056, 0.036)


def colour_of(name: str, palette: Mapping[str, str]) -> Colour:
    """Return the sRGB colour of a name of ``palette`` or of ``#rrggbb``."""
    text = palette.get(name, name)
    return int(text[1:3], 16) / 255.0, int(text[3:5], 16) / 255.0, int(text[5:7], 16) / 255.0


def skin_colour(tone: float) -> Colour:
    """Return the skin of ``tone`` (0 lightest, 1 darkest): equal steps of tone are equal steps of Oklab lightness."""
    lab = [np.interp(tone, _TONE_KNOTS, row) for row in (_TONE_L, _TONE_A, _TONE_B)]
    r, g, b = np.clip(from_oklab(np.array(lab)), 0.0, 1.0)
    return float(r), float(g), float(b)


def to_oklab(rgb: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return Oklab (..., 3) of sRGB (..., 3) in 0..1."""
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    return np.asarray(np.cbrt(linear @ _LMS.T) @ _LAB.T)


def from_oklab(lab: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return sRGB (..., 3), not clipped, of Oklab (..., 3)."""
    linear = (lab @ np.linalg.inv(_LAB).T) ** 3 @ np.linalg.inv(_LMS).T
    low = np.maximum(linear, 0.0)
    return np.asarray(np.where(low <= 0.0031308, linear * 12.92, 1.055 * low ** (1 / 2.4) - 0.055))
