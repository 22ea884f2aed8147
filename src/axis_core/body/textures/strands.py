"""The texture of hair: solid strands for the cap on the left, ribbons with gaps and thinning tips on the right.

It is grey: the material's colour makes it hair of any colour.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from axis_core.body.textures.brush import bytes_of, jpeg, png, relief
from axis_core.body.textures.kept import kept_arrays


__all__ = ["hair_images"]

Floats = NDArray[np.floating[Any]]

_LANES = 4
_PER_LANE = 15
_BRIGHT = 0.86
"""Mean brightness of the strands; the material's colour is divided by it."""


@lru_cache(maxsize=16)
def hair_images(side: int, wavy: bool) -> tuple[bytes, bytes]:
    """Return (grey with alpha as PNG, relief as JPEG) of ``side`` texels."""
    name = "wavy-hair" if wavy else "hair"
    made = kept_arrays(name, None, side, lambda: {k: _array(v) for k, v in _pictures(side, wavy).items()})
    return made["grey"].tobytes(), made["relief"].tobytes()


def _array(data: bytes) -> NDArray[np.uint8]:
    return np.frombuffer(data, dtype=np.uint8)


def _pictures(side: int, wavy: bool) -> dict[str, bytes]:
    shade, alpha, height = _cap(side, wavy)
    ribbons = _ribbons(side, wavy)
    half = side // 2
    shade[:, half:], alpha[:, half:], height[:, half:] = ribbons
    grey = np.repeat(shade[..., None], 3, axis=2)
    return {
        "grey": png(bytes_of(np.concatenate([grey, alpha[..., None]], axis=2))),
        "relief": jpeg(relief(height, 0.02 * side)),
    }


def _cap(side: int, wavy: bool) -> tuple[Floats, Floats, Floats]:
    rng = np.random.default_rng(5)
    v = np.linspace(0.0, 1.0, side, dtype=np.float32)[:, None]
    x = np.arange(side, dtype=np.float32)[None, :] + (side / 60.0) * np.sin(9.0 * v + 4.0 * np.sin(3.0 * v))
    if wavy:
        x = x + (side / 40.0) * np.sin(60.0 * v + 6.0 * np.sin(x * 20.0 / side))
    shade = np.full((side, side), 0.0, dtype=np.float32)
    for cells, amount in ((side // 4, 0.5), (side // 14, 0.35), (side // 48, 0.3)):
        row = rng.uniform(-1.0, 1.0, max(cells, 4)).astype(np.float32)
        shade += amount * np.interp(x * cells / side % len(row), np.arange(len(row)), row, period=len(row))
    tone = _BRIGHT + 0.17 * shade
    return tone.astype(np.float32), np.ones((side, side), np.float32), (0.5 * shade).astype(np.float32)


def _ribbons(side: int, wavy: bool) -> tuple[Floats, Floats, Floats]:
    rng = np.random.default_rng(6)
    wide = side // 2
    v = np.linspace(0.0, 1.0, side, dtype=np.float32)[:, None]
    u = (np.arange(wide, dtype=np.float32)[None, :] + 0.5) / wide * _LANES
    shade = np.full((side, wide), 0.62, np.float32)
    alpha = np.zeros((side, wide), np.float32)
    height = np.zeros((side, wide), np.float32)
    texel = _LANES / wide
    for lane in range(_LANES):
        for _ in range(_PER_LANE * (2 if side > 256 else 1)):
            root = lane + 0.5 + 0.40 * rng.uniform(-1, 1)
            bend = 0.05 * rng.uniform(-1, 1) * v**2 + (0.05 * np.sin(22.0 * v + rng.uniform(0, 6.3)) if wavy else 0.0)
            centre = np.clip(root + bend, lane + 0.06, lane + 0.94)
            half = (0.034 if side > 256 else 0.05) * rng.uniform(0.7, 1.4)
            end = rng.uniform(0.72, 1.02) if rng.uniform() < 0.75 else rng.uniform(0.45, 0.75)
            width = half * np.clip((end - v) / (0.45 * end), 0.0, 1.0) ** 0.6
            cover = np.clip((width - np.abs(u - centre)) / texel + 0.5, 0.0, 1.0) * (v < end)
            round_ = 1.0 - np.clip(np.abs(u - centre) / np.maximum(width, 1e-3), 0.0, 1.0) ** 2
            tone = _BRIGHT * rng.uniform(0.80, 1.10) * (0.78 + 0.22 * round_) * (0.82 + 0.18 * np.clip(v * 4.0, 0, 1))
            shade += (tone - shade) * cover
            height += (0.5 * round_ - height) * cover
            alpha = np.maximum(alpha, cover)
    return shade, alpha.astype(np.float32), height.astype(np.float32)
