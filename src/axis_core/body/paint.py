"""Small textures painted in code: skin with its regions, eyes, the suit. The same arguments give the same bytes."""

from __future__ import annotations

import io
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from axis_core.body.data import BodyMesh
from axis_core.body.surfaces import Surface


__all__ = ["eye_texture", "skin_texture", "suit_texture"]

Colour = tuple[float, float, float]

_SUPERSAMPLING = 4
PUPIL_DEG, IRIS_DEG, LIMBUS_DEG = 9.0, 25.0, 27.5
"""Angles from the gaze axis; an iris of 11.8 mm on an eyeball of 24 mm spans 29 degrees, lids hide its rim."""
_LIPS: Colour = (0.86, 0.62, 0.60)
_NAILS: Colour = (1.06, 0.98, 0.97)
_EARS: Colour = (1.0, 0.93, 0.91)
_MOUTH: Colour = (0.50, 0.16, 0.16)


def skin_texture(mesh: BodyMesh, tone: Colour, side: int = 512) -> bytes:
    """Return a PNG of the skin in the body's UV space: ``tone`` (sRGB 0..1) with lips, nails, ears and mouth tinted."""
    image = np.broadcast_to(np.array(tone), (side, side, 3)).copy()
    for name, tint in (("ears", _EARS), ("lips", _LIPS), ("fingernails", _NAILS), ("toenails", _NAILS)):
        amount = _resized(mesh.masks[name], side)[..., None]
        image *= 1.0 + amount * (np.array(tint) - 1.0)
    inside = _resized(mesh.masks["inside-mouth"], side)[..., None]
    return _png(image + inside * (np.array(_MOUTH) - image))


def eye_texture(iris: Colour, side: int = 256) -> bytes:
    """Return a PNG of an eyeball along its gaze axis: the distance from the middle is the angle, to 180 degrees."""
    axis = (np.arange(side) + 0.5) / side - 0.5
    x, y = np.meshgrid(axis, axis)
    angle = np.hypot(x, y) * 360.0
    turn = np.arctan2(y, x)
    rng = np.random.default_rng(52)
    phases = rng.uniform(0.0, 2.0 * np.pi, 12)
    fibres = sum(np.cos(turn * k + p) for k, p in zip(range(17, 89, 6), phases, strict=True)) / 12.0
    shade = 0.75 + 0.35 * (angle - PUPIL_DEG) / (IRIS_DEG - PUPIL_DEG) * (1.0 + fibres)
    image = np.array(iris) * shade[..., None]
    image = _blend(image, (0.06, 0.05, 0.05), _step(angle, IRIS_DEG, LIMBUS_DEG))
    white = np.array((0.93, 0.91, 0.89)) - np.clip((angle - 60.0) / 120.0, 0.0, 1.0)[..., None] * (0.05, 0.25, 0.25)
    image = _blend(image, white, _step(angle, LIMBUS_DEG, LIMBUS_DEG + 2.5))
    return _png(_blend((0.02, 0.02, 0.02), image, _step(angle, PUPIL_DEG, PUPIL_DEG + 1.5)))


def suit_texture(
    suit: Surface, rest: NDArray[np.float64], main: Colour, dark: Colour, accent: Colour, side: int = 512
) -> bytes:
    """Return a PNG of the suit in its own UVs: dark boots, collar and flanks, an accent line above the boots.

    Parameters
    ----------
    suit : Surface
        Its UVs fill 0..1.
    rest : (V, 3) float64
        Base mesh vertices of a typical body, by which the regions are drawn.
    """
    points = rest[suit.vertices]
    low, height = points[:, 1].min(), np.ptp(points[:, 1])
    level = (points[suit.faces].mean(axis=1)[:, 1] - low) / height
    across = np.abs(points[suit.faces].mean(axis=1)[:, 0]) / height
    colours = np.broadcast_to(np.array(main), (len(suit.faces), 3)).copy()
    colours[(level > 0.60) & (level < 0.885) & (across > 0.075) & (across < 0.11)] = accent
    colours[(level < 0.18) | (level > 0.945)] = dark
    colours[(level > 0.155) & (level < 0.18)] = accent
    big = side * _SUPERSAMPLING
    canvas = Image.new("RGB", (big, big), _bytes(main))
    draw = ImageDraw.Draw(canvas)
    for triangle, colour in zip(suit.uvs[suit.faces] * big, colours, strict=True):
        draw.polygon([(float(u), float(v)) for u, v in triangle], fill=_bytes(colour), outline=_bytes(colour))
    return _encoded(canvas.resize((side, side), Image.Resampling.BOX))


def _step(value: NDArray[np.float64], start: float, end: float) -> NDArray[np.float64]:
    t = np.clip((value - start) / (end - start), 0.0, 1.0)
    return np.asarray((t * t * (3.0 - 2.0 * t))[..., None])


def _blend(
    a: NDArray[np.float64] | Colour, b: NDArray[np.float64] | Colour, amount: NDArray[np.float64]
) -> NDArray[np.float64]:
    return np.asarray(np.asarray(a) + (np.asarray(b) - np.asarray(a)) * amount)


def _resized(mask: NDArray[np.float32], side: int) -> NDArray[np.float64]:
    picture = Image.fromarray(np.rint(mask * 255.0).astype(np.uint8))
    return np.asarray(picture.resize((side, side), Image.Resampling.BICUBIC), dtype=np.float64) / 255.0


def _bytes(colour: Sequence[float] | NDArray[np.float64]) -> tuple[int, int, int]:
    r, g, b = (round(255.0 * min(max(float(c), 0.0), 1.0)) for c in colour)
    return r, g, b


def _png(image: NDArray[np.float64]) -> bytes:
    return _encoded(Image.fromarray(np.rint(np.clip(image, 0.0, 1.0) * 255.0).astype(np.uint8)))


def _encoded(picture: Image.Image) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, format="PNG", optimize=False, compress_level=6)
    return buffer.getvalue()
