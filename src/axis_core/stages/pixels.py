"""Pictures as arrays: decoding, encoding, and the two curves between bytes and light."""

from __future__ import annotations

import io
import warnings
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, UnidentifiedImageError

from axis_core.model.material import Texture


__all__ = ["PIL_FORMATS", "UNREADABLE", "encoded", "opened", "to_bytes", "to_light"]

MAX_PIXELS = 64 * 1024 * 1024
PIL_FORMATS = {"image/png": "PNG", "image/jpeg": "JPEG", "image/webp": "WEBP"}
UNREADABLE = (OSError, ValueError, Image.DecompressionBombError, Image.DecompressionBombWarning)
"""What Pillow raises for an image that it cannot decode."""

Pixels = NDArray[np.float32]


def opened(texture: Texture) -> Image.Image:
    """Return the image, its pixels not yet decoded.

    Raises
    ------
    OSError, ValueError, Image.DecompressionBombError, Image.DecompressionBombWarning
        See ``UNREADABLE``.
    """
    name = PIL_FORMATS.get(texture.media_type)
    with warnings.catch_warnings():
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        image = Image.open(io.BytesIO(texture.data), formats=[name] if name else ())
    if image.width * image.height > MAX_PIXELS:
        raise UnidentifiedImageError(f"{image.width} x {image.height} pixels are more than {MAX_PIXELS}")
    return image


def encoded(image: Image.Image, media_type: str) -> bytes:
    """Return the image as a file."""
    settings: dict[str, Any] = {
        "image/jpeg": {"quality": 92, "subsampling": 0},
        "image/webp": {"quality": 92},
        "image/png": {"compress_level": 6},
    }[media_type]
    out = io.BytesIO()
    image.save(out, PIL_FORMATS[media_type], **settings)
    return out.getvalue()


def _curve() -> NDArray[np.float32]:
    value = np.arange(256) / 255.0
    return np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4).astype(np.float32)


_LIGHT = _curve()


def to_light(srgb: NDArray[np.uint8]) -> Pixels:
    """Return linear light, 0..1, of sRGB bytes (IEC 61966-2-1)."""
    return np.asarray(_LIGHT[srgb])


def to_bytes(light: Pixels) -> NDArray[np.uint8]:
    """Return sRGB bytes of linear light; ``to_bytes(to_light(x)) == x``."""
    value = np.clip(light, 0.0, 1.0)
    srgb = np.where(value <= 0.0031308, 12.92 * value, 1.055 * np.maximum(value, 0.0031308) ** (1 / 2.4) - 0.055)
    return np.asarray(np.rint(255.0 * srgb), np.uint8)
