"""The size of an encoded image by its header: no pixel is decoded."""

from __future__ import annotations

import io
import warnings

from PIL import Image

from axis_core.model.material import Texture


__all__ = ["KNOWN_IMAGES", "image_size"]

KNOWN_IMAGES = ("PNG", "JPEG", "WEBP")


def image_size(texture: Texture) -> tuple[int, int]:
    """Return width and height in pixels; zeros for what cannot be read (the rule of images says so) or is KTX2."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(texture.data), formats=KNOWN_IMAGES) as image:
                return image.size
    except (OSError, ValueError, Image.DecompressionBombError, Image.DecompressionBombWarning):
        return 0, 0
