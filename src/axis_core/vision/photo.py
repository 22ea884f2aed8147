"""A photo in memory: decoded with limits, turned upright, its transparency kept as a mask."""

from __future__ import annotations

import io
import warnings

import attrs
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps, UnidentifiedImageError

from axis_core.errors import InputError, LimitExceeded
from axis_core.formats.images import image_media_type, image_size


__all__ = ["MAX_BYTES", "MAX_PIXELS", "Photo", "read_photo"]

MAX_BYTES = 10 << 20
"""Of one encoded photo; the HTTP contract's own limit."""
MAX_PIXELS = 16_000_000
"""Checked in the header, before a pixel is decoded."""
_MIN_SIDE = 32
_WORK_SIDE = 1536
"""Longer sides are scaled down to it: landmarks do not get better past it, textures hardly."""
_KINDS = ("image/png", "image/jpeg", "image/webp")
_CLEAR = 0.02
"""Share of see-through pixels from which on an alpha channel is taken for a mask."""


@attrs.frozen(eq=False)
class Photo:
    """One decoded photo.

    Attributes
    ----------
    pixels : (H, W, 3) float32, sRGB 0..1
    alpha : (H, W) float32, 0..1, or None
        Where the file itself says what belongs to the person.
    """

    pixels: NDArray[np.float32]
    alpha: NDArray[np.float32] | None = None

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels."""
        return self.pixels.shape[1], self.pixels.shape[0]


def read_photo(data: bytes, *, pointer: str = "") -> Photo:
    """Return the photo in ``data``: PNG, JPEG or WebP, upright as its EXIF says, at most 1,536 pixels a side.

    Raises
    ------
    InputError
        ``unsupported_format`` for other files, ``parse_failed`` for damaged ones, ``invalid_request`` for tiny ones.
    LimitExceeded
        More than 10 MiB, or more than 16 million pixels by the header: nothing was decoded.
    """
    where = pointer or None
    if len(data) > MAX_BYTES:
        raise LimitExceeded(f"the photo has {len(data)} bytes, at most {MAX_BYTES} are read", pointer=where)
    kind = image_media_type(data)
    if kind not in _KINDS:
        raise InputError(
            f"the photo is {kind or 'no image'}, expected PNG, JPEG or WebP", code="unsupported_format", pointer=where
        )
    size = image_size(data)
    if size is None:
        raise InputError("the header of the photo is damaged", code="parse_failed", pointer=where)
    if size[0] * size[1] > MAX_PIXELS:
        raise LimitExceeded(f"the photo has {size[0]} x {size[1]} pixels, at most {MAX_PIXELS} are read", pointer=where)
    if min(size) < _MIN_SIDE:
        raise InputError(f"the photo has {size[0]} x {size[1]} pixels, at least {_MIN_SIDE} a side", pointer=where)
    return _decode(data, where)


def _decode(data: bytes, pointer: str | None) -> Photo:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Pillow's remarks on odd EXIF are nothing the caller can act on
            with Image.open(io.BytesIO(data), formats=("PNG", "JPEG", "WEBP")) as opened:
                upright = ImageOps.exif_transpose(opened)
                rgba = upright.convert("RGBA")
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError) as exc:
        raise InputError(f"the photo cannot be decoded: {exc}", code="parse_failed", pointer=pointer) from exc
    rgba.thumbnail((_WORK_SIDE, _WORK_SIDE), Image.Resampling.LANCZOS)
    values = np.asarray(rgba, np.float32) / np.float32(255.0)
    alpha = values[..., 3]
    masked = float((alpha < 0.5).mean()) > _CLEAR
    return Photo(np.ascontiguousarray(values[..., :3]), np.ascontiguousarray(alpha) if masked else None)
