"""What all painters use: noise in space, smooth steps, blending, relief from heights, encoded images."""

from __future__ import annotations

import io
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from PIL import Image
from scipy.ndimage import map_coordinates


__all__ = ["blend", "bytes_of", "jpeg", "noise", "png", "relief", "step"]

Floats = NDArray[np.floating[Any]]

_LATTICE = 48
_QUALITY = 88


def noise(points: Floats, size: float, seed: int) -> Floats:
    """Return smooth noise (-1..1) over ``points`` (..., 3): linear between random values ``size`` metres apart."""
    cells = np.moveaxis(np.asarray(points, np.float32) / np.float32(size), -1, 0)
    return np.asarray(map_coordinates(_lattice(seed), cells, order=1, mode="grid-wrap", output=np.float32))


@lru_cache(maxsize=32)
def _lattice(seed: int) -> Floats:
    return np.random.default_rng(seed).uniform(-1.0, 1.0, (_LATTICE,) * 3).astype(np.float32)


def step(value: ArrayLike, start: float, end: float) -> Floats:
    """Return 0 below ``start``, 1 above ``end``, smooth between."""
    t = np.clip((np.asarray(value, np.float32) - np.float32(start)) / np.float32(end - start), 0.0, 1.0)
    return np.asarray(t * t * (3.0 - 2.0 * t), np.float32)


def blend(image: ArrayLike, colour: ArrayLike, amount: Floats) -> Floats:
    """Return ``image`` (..., 3) with ``amount`` (...) of ``colour`` laid over it."""
    below = np.asarray(image, np.float32)
    return np.asarray(below + (np.asarray(colour, np.float32) - below) * np.asarray(amount, np.float32)[..., None])


def relief(height: Floats, strength: float) -> NDArray[np.uint8]:
    """Return a normal map (h, w, 3), +Y up as glTF wants it, of a height field in texels."""
    down, right = np.gradient(np.asarray(height, np.float32) * np.float32(strength))
    z = 1.0 / np.sqrt(right**2 + down**2 + 1.0)
    normals = np.stack([-right * z, down * z, z], axis=-1)
    return np.asarray(np.rint((normals * 0.5 + 0.5) * 255.0), np.uint8)


def bytes_of(image: Floats) -> NDArray[np.uint8]:
    """Return 0..1 as 0..255."""
    return np.asarray(np.rint(np.clip(image, 0.0, 1.0) * 255.0), np.uint8)


def jpeg(image: NDArray[np.uint8]) -> bytes:
    """Return a JPEG of (h, w, 3)."""
    buffer = io.BytesIO()
    Image.fromarray(image).save(buffer, format="JPEG", quality=_QUALITY, subsampling=0)
    return buffer.getvalue()


def png(image: NDArray[np.uint8]) -> bytes:
    """Return a PNG of (h, w, 3 or 4)."""
    buffer = io.BytesIO()
    Image.fromarray(image).save(buffer, format="PNG", compress_level=6)
    return buffer.getvalue()
