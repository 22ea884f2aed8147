"""Small textures painted in code: skin with its regions, brows and cropped hair, eyes, the suit.

The same arguments give the same bytes. Regions are functions of the base mesh's positions (``texture_space``) or masks
of the pack; lengths are in units of the distance between the eyes.
"""

from __future__ import annotations

import io
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from scipy.ndimage import map_coordinates

from axis_core.body.data import BodyMesh
from axis_core.body.surfaces import Surface
from axis_core.body.texture_space import Texels, covered_texels


__all__ = ["eye_texture", "lash_texture", "skin_texture", "suit_texture"]

Colour = tuple[float, float, float]
_Grid = NDArray[np.float64]

PUPIL_DEG, IRIS_DEG, LIMBUS_DEG = 9.0, 25.0, 27.5
"""Angles from the gaze axis; an iris of 11.8 mm on an eyeball of 24 mm spans 29 degrees, lids hide its rim."""
_LIPS: Colour = (0.90, 0.70, 0.68)
_NAILS: Colour = (1.06, 0.98, 0.97)
_EARS: Colour = (1.0, 0.94, 0.92)
_MOUTH: Colour = (0.45, 0.16, 0.16)
_MOTTLE = 0.02
_LATTICE = 48
_LASHES_PER_RADIAN = 14.0


def skin_texture(mesh: BodyMesh, skin: Surface, tone: Colour, hair: Colour | None, side: int = 512) -> bytes:
    """Return a PNG of the skin in the body's UV space.

    Parameters
    ----------
    mesh, skin
        The base mesh and its dressed skin surface.
    tone : sRGB 0..1
        The skin's own colour; lips, nails, ears and mouth are tinted from it.
    hair : sRGB 0..1 or None
        Colour of brows and cropped hair; None paints neither.
    side : int
        Texels.
    """
    texels = covered_texels(mesh, skin, side)
    points = texels.positions
    mottle = 1.0 + _MOTTLE * (_noise(points, 0.012, 7) + 0.6 * _noise(points, 0.004, 8))[..., None]
    image = np.array(tone) * mottle * (1.0, 1.0 - 0.3 * _MOTTLE, 1.0)
    for name, tint in (("ears", _EARS), ("lips", _LIPS), ("fingernails", _NAILS), ("toenails", _NAILS)):
        amount = _masked(mesh, name, texels)[..., None]
        image *= 1.0 + amount * (np.array(tint) - 1.0)
    image = _blend(image, _MOUTH, _masked(mesh, "inside-mouth", texels)[..., None])
    if hair is not None:
        strands = 0.85 + 0.15 * _noise(points, 0.0025, 9)[..., None]
        image = _blend(image, np.array(hair) * strands, 0.88 * _brows(mesh, points)[..., None])
        image = _blend(image, np.array(hair) * strands, 0.80 * _scalp(mesh, texels)[..., None])
    return _png(image, texels)


def eye_texture(iris: Colour, side: int = 256) -> bytes:
    """Return a PNG of an eyeball along its gaze axis: the distance from the middle is the angle, to 180 degrees."""
    axis = (np.arange(side) + 0.5) / side - 0.5
    x, y = np.meshgrid(axis, axis)
    angle = np.hypot(x, y) * 360.0
    turn = np.arctan2(y, x)
    phases = np.random.default_rng(52).uniform(0.0, 2.0 * np.pi, 12)
    fibres = np.sum([np.cos(turn * k + p) for k, p in zip(range(17, 89, 6), phases, strict=True)], axis=0) / 12.0
    shade = 0.85 + 0.45 * np.clip((angle - PUPIL_DEG) / (IRIS_DEG - PUPIL_DEG), 0.0, 1.0) * (1.0 + fibres)
    image = _blend(np.array(iris) * shade[..., None], (0.06, 0.05, 0.05), 0.8 * _step(angle, IRIS_DEG - 3, LIMBUS_DEG))
    reddened = np.clip((angle - 60.0) / 120.0, 0.0, 1.0)[..., None] * (0.05, 0.25, 0.25)
    image = _blend(image, np.array((0.93, 0.91, 0.89)) - reddened, _step(angle, LIMBUS_DEG, LIMBUS_DEG + 2.5))
    return _png(_blend((0.02, 0.02, 0.02), image, _step(angle, PUPIL_DEG, PUPIL_DEG + 1.5)))


def lash_texture(mesh: BodyMesh, lashes: Surface, colour: Colour, side: int = 256) -> bytes:
    """Return a PNG with alpha of the lash strips: hairs that run out from the lid and thin towards their tips."""
    texels = covered_texels(mesh, lashes, side)
    points = texels.positions
    eye, unit = _eyes(mesh)
    ray = np.stack([np.abs(points[..., 0]), points[..., 1], points[..., 2]], axis=-1) - eye
    reach = np.linalg.norm(ray, axis=-1) / unit
    root, tip = np.quantile(reach, (0.05, 0.98))
    along = np.clip((reach - root) / (tip - root), 0.0, 1.0)
    turn = np.arctan2(ray[..., 1], ray[..., 0]) * _LASHES_PER_RADIAN
    beside = np.abs(turn - np.floor(turn) - 0.5)
    alpha = _step(0.5 * (1.9 - 2.2 * along) - beside, -0.05, 0.05)
    return _png(np.concatenate([np.broadcast_to(np.array(colour), points.shape), alpha], axis=-1), texels)


def suit_texture(mesh: BodyMesh, suit: Surface, main: Colour, dark: Colour, accent: Colour, side: int = 512) -> bytes:
    """Return a PNG of the suit: dark yoke, flanks and boots, thin accent lines between the colours."""
    texels = covered_texels(mesh, suit, side)
    points = texels.positions
    rest = mesh.vertices[suit.vertices]
    low, height = float(rest[:, 1].min()), float(np.ptp(rest[:, 1]))
    level = (points[..., 1] - low) / height
    across = np.abs(points[..., 0]) / height
    weave = 1.0 + 0.03 * _noise(points, 0.003, 11)[..., None]
    # each region is a signed distance (in heights, positive inside); its rim carries the accent line
    boots = 0.165 - level
    yoke = level - (0.905 - 0.35 * across)
    flank = np.minimum(across - (0.066 + 0.10 * np.abs(level - 0.66)), np.minimum(level - 0.42, 0.835 - level))
    flank = np.where(across < 0.16, flank, -1.0)
    region = np.maximum(np.maximum(boots, yoke), flank)
    image = _blend(np.broadcast_to(np.array(main), (*level.shape, 3)), dark, _step(region, -0.001, 0.001))
    line = _step(0.0035 - np.abs(region + 0.0035), -0.0008, 0.0008)
    soles = _step(0.018 - level, -0.001, 0.001)
    image = _blend(_blend(image, accent, line), np.array(dark) * 0.5, soles)
    return _png(image * weave, texels)


def _eyes(mesh: BodyMesh) -> tuple[NDArray[np.float64], float]:
    """Return the middle of the left eyeball and the distance between the eyes, in the base mesh."""
    left, right = (mesh.vertices[mesh.vertices_of(g)].mean(axis=0) for g in ("helper-l-eye", "helper-r-eye"))
    return left, float(left[0] - right[0])


def _brows(mesh: BodyMesh, points: _Grid) -> _Grid:
    """Return how much (0..1) of each texel is eyebrow: an arch over each eye that thins outwards."""
    eye, unit = _eyes(mesh)
    along = (np.abs(points[..., 0]) - eye[0]) / unit
    up = (points[..., 1] - eye[1]) / unit
    depth = (points[..., 2] - eye[2]) / unit
    run = np.clip((along + 0.32) / 0.72, 0.0, 1.0)
    arch = 0.235 + 0.09 * np.sin(np.pi * np.clip(run, 0.0, 0.95) ** 1.3) - 0.05 * run
    half = 0.055 * (1.0 - run) + 0.018
    edge = 0.014 * _noise(points, 0.002, 10)
    body = half - np.abs(up - arch) + edge
    ends = np.minimum(along + 0.32, 0.40 - along)
    amount = _step(body, -0.015, 0.02) * _step(ends, 0.0, 0.06)
    return np.where(depth > -0.2, amount[..., 0], 0.0)


def _scalp(mesh: BodyMesh, texels: Texels) -> _Grid:
    """Return how much (0..1) of each texel is cropped hair: above a hairline that falls from the brow to the nape."""
    eye, unit = _eyes(mesh)
    points = texels.positions
    up = (points[..., 1] - eye[1]) / unit
    back = (eye[2] - points[..., 2]) / unit
    # the hairline's height over its way from forehead (0) over temple, in front of and behind the ear, to the nape
    line = np.interp(back, (-0.3, 0.1, 0.55, 0.95, 1.25, 1.9, 2.6), (1.18, 1.02, 0.62, 0.42, -0.1, -0.75, -1.15))
    ears = _masked(mesh, "ears", texels)
    return _step(up - line + 0.03 * _noise(points, 0.004, 12), -0.04, 0.08)[..., 0] * (1.0 - ears)


def _noise(points: _Grid, size: float, seed: int) -> _Grid:
    """Return smooth noise (-1..1) over ``points``: linear between random values on a lattice of ``size`` metres."""
    cells = np.moveaxis(points / size, -1, 0)
    return np.asarray(map_coordinates(_lattice(seed), cells, order=1, mode="grid-wrap"))


@lru_cache(maxsize=16)
def _lattice(seed: int) -> _Grid:
    return np.random.default_rng(seed).uniform(-1.0, 1.0, (_LATTICE, _LATTICE, _LATTICE))


def _step(value: _Grid, start: float, end: float) -> _Grid:
    """Return 0 below ``start``, 1 above ``end``, smooth between, with a last axis for colours."""
    t = np.clip((value - start) / (end - start), 0.0, 1.0)
    return np.asarray((t * t * (3.0 - 2.0 * t))[..., None])


def _blend(a: _Grid | Colour, b: _Grid | Colour, amount: _Grid) -> _Grid:
    return np.asarray(np.asarray(a) + (np.asarray(b) - np.asarray(a)) * amount)


def _masked(mesh: BodyMesh, name: str, texels: Texels) -> _Grid:
    """Return the region mask ``name`` at the texels."""
    picture = Image.fromarray(np.rint(mesh.masks[name] * 255.0).astype(np.uint8))
    resized = picture.resize((texels.side, texels.side), Image.Resampling.BICUBIC)
    return texels.sample(np.asarray(resized, dtype=np.float64)) / 255.0


def _png(image: _Grid, texels: Texels | None = None) -> bytes:
    """Return ``image``, or the colours of ``texels`` spread over an image, as a PNG."""
    data = np.rint(np.clip(image, 0.0, 1.0) * 255.0).astype(np.uint8)
    buffer = io.BytesIO()
    picture = Image.fromarray(texels.spread(data) if texels is not None else data)
    picture.save(buffer, format="PNG", optimize=False, compress_level=6)
    return buffer.getvalue()
