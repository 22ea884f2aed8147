"""Texture files to pixels, colours to what a screen shows."""

from __future__ import annotations

import io
import warnings
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from axis_core.model.material import Texture


__all__ = ["MAX_SIDE", "screen_color", "texture_pixels"]

MAX_SIDE = 2048
"""Larger textures are halved until they fit: a picture shows no more."""
MAX_PIXELS = 100_000_000
"""What an image may claim to hold before it is decoded."""


def screen_color(linear: ArrayLike) -> NDArray[np.float64]:
    """Return sRGB values of linear ones, 0..1 (IEC 61966-2-1); not finite gives 0."""
    x = np.clip(np.nan_to_num(np.asarray(linear, np.float64), nan=0.0, posinf=1.0, neginf=0.0), 0.0, 1.0)
    return np.where(x <= 0.0031308, 12.92 * x, 1.055 * x ** (1 / 2.4) - 0.055)


def texture_pixels(texture: Texture) -> NDArray[np.uint8] | None:
    """Return the (H, W, 4) pixels of a texture, or None where they cannot be decoded here (KTX2, damage)."""
    from PIL import Image, UnidentifiedImageError

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Pillow's remarks about odd files: audit's business
            image: Any = Image.open(io.BytesIO(texture.data), formats=("PNG", "JPEG", "WEBP"))
            if image.width * image.height > MAX_PIXELS:
                return None
            image.draft("RGB", (MAX_SIDE, MAX_SIDE))  # JPEG decodes at a half or a quarter for less; others ignore it
            while max(image.size) > MAX_SIDE:
                image = image.convert("RGBA").reduce(2)
            return np.asarray(image.convert("RGBA"), np.uint8)
    except (OSError, ValueError, SyntaxError, UnidentifiedImageError, Image.DecompressionBombError):
        return None
