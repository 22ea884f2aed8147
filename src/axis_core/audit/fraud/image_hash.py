"""A 64-bit number that tells a picture again: after scaling, re-encoding and small changes of colour.

The brightness is shrunk to 32 x 32 and turned into its cosine spectrum; each bit says whether one of the 64 lowest
waves (the mean left out) is above the median of them.

References
----------
Zauner, *Implementation and Benchmarking of Perceptual Image Hash Functions*, 2010.
"""

from __future__ import annotations

import io
import warnings

import numpy as np
import scipy.fft
from PIL import Image


__all__ = ["SAME_IMAGE_BITS", "differing_bits", "image_hash"]

SIDE, WAVES = 32, 8

FLAT = 6.0
"""Standard deviation of brightness (of 255) below which a picture says nothing: flat colours are all alike."""

SAME_IMAGE_BITS = 6
"""Hashes that differ in no more bits are one picture: random ones differ in 32 with a deviation of 4."""

MAX_PIXELS = 8192 * 8192


def image_hash(data: bytes) -> int | None:
    """Return the hash of an encoded image, None if it cannot be decoded or is nearly one colour."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data), formats=("PNG", "JPEG", "WEBP")) as image:
                if image.width * image.height > MAX_PIXELS:
                    return None
                image.draft("L", (4 * SIDE, 4 * SIDE))
                grey = image.convert("RGB").convert("L").resize((SIDE, SIDE), Image.Resampling.BOX)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError, Image.DecompressionBombWarning):
        return None
    pixels = np.asarray(grey, np.float64)
    if float(pixels.std()) < FLAT:
        return None
    waves = scipy.fft.dctn(pixels, norm="ortho")[: WAVES + 1, : WAVES + 1].ravel()[1 : WAVES * WAVES + 1]
    bits = waves > np.median(waves)
    return int.from_bytes(np.packbits(bits).tobytes(), "big")


def differing_bits(first: int, second: int) -> int:
    """Return in how many of 64 bits two hashes differ."""
    return (first ^ second).bit_count()
