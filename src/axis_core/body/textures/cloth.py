"""Cloth: what a garment looks like all over the suit it is cut from, with its seams, bands, zips, buttons and soles."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

import attrs
import numpy as np
from numpy.typing import NDArray

from axis_core.body.colours import GARMENT_COLOURS, Colour, colour_of
from axis_core.body.data import BodyMesh
from axis_core.body.dress.fields import Places, places_of
from axis_core.body.dress.kinds import Cut
from axis_core.body.recipe import Garment
from axis_core.body.surfaces import cloth_surface
from axis_core.body.texture_space import Texels, covered_texels
from axis_core.body.textures.brush import blend, bytes_of, jpeg, noise, relief, step
from axis_core.body.textures.fields import Fields, kept_fields
from axis_core.body.textures.kept import kept_bytes


__all__ = ["cloth_image", "cloth_relief", "cloth_shine", "trim_colour"]

Floats = NDArray[np.floating[Any]]

_BAND_M = 0.017
_STITCH_M = 0.0011
_STRIPE_M = 0.052
_ARM_M = 0.46


def trim_colour(garment: Garment) -> Colour:
    """Return the colour of a garment's details: its own, or one that stands out a little from the cloth."""
    if garment.trim is not None:
        return colour_of(garment.trim, GARMENT_COLOURS)
    r, g, b = colour_of(garment.colour, GARMENT_COLOURS)
    if garment.kind in ("shoes", "boots"):
        return (0.90, 0.89, 0.86) if garment.kind == "shoes" else (0.09, 0.08, 0.08)
    amount, towards = (0.45, 1.0) if 0.3 * r + 0.6 * g + 0.1 * b < 0.45 else (0.55, 0.10)
    return r + (towards - r) * amount, g + (towards - g) * amount, b + (towards - b) * amount


@lru_cache(maxsize=64)
def cloth_image(mesh: BodyMesh, garment: Garment, cut: Cut, side: int) -> bytes:
    """Return the colours of one cut of ``garment`` as a JPEG."""
    fields = _fields(mesh, cut.surface, side)
    places = _places(fields)
    weave, folds = fields["weave"], fields["folds"]
    main = np.asarray(colour_of(garment.colour, GARMENT_COLOURS), np.float32)
    trim = np.asarray(trim_colour(garment), np.float32)
    image = np.broadcast_to(main, (*weave.shape, 3))
    image = blend(image, trim, _pattern(garment.pattern, places))
    inside = np.asarray(cut.level(places), np.float32)
    if garment.kind not in ("bodysuit", "shoes", "boots"):
        image = image * (1.0 - 0.13 * step(-inside, -_BAND_M - 0.0015, -_BAND_M + 0.0015))[..., None]
        image = image * (1.0 - 0.40 * _line(inside - _BAND_M, _STITCH_M))[..., None]
    painter = _PAINTERS.get(garment.kind)
    if painter is not None:
        image = painter(_Coat(image, places, inside, main, trim))
    depth = 0.20 if cut.surface == "suit" else 0.09
    shade = 1.0 + 0.05 * weave + 0.05 * fields["wear"] - depth * np.clip(-folds, 0, 1) + 0.06 * folds
    return jpeg(fields.spread(bytes_of(image * shade[..., None])))


@lru_cache(maxsize=8)
def cloth_relief(mesh: BodyMesh, surface: str, side: int) -> bytes:
    """Return the relief of cloth, its folds and weave, as a JPEG: one for every garment of the surface."""
    return kept_bytes(f"{surface}-relief", mesh, side, lambda: _relief(_fields(mesh, surface, side), side))


def _relief(fields: Fields, side: int) -> bytes:
    height = 0.5 + 0.32 * fields["folds"] + 0.05 * fields["weave"]
    flat = fields.spread(bytes_of(height)[:, None])[..., 0].astype(np.float32) / 255.0
    return jpeg(relief(flat, side / 110.0))


@lru_cache(maxsize=8)
def cloth_shine(mesh: BodyMesh, surface: str, side: int) -> bytes:
    """Return roughness (green) and metal (blue, none) of cloth as a JPEG."""
    return kept_bytes(f"{surface}-shine", mesh, side, lambda: _shine(_fields(mesh, surface, side)))


def _shine(fields: Fields) -> bytes:
    rough = 0.86 + 0.06 * fields["weave"] + 0.05 * fields["wear"]
    zero = np.zeros_like(rough)
    return jpeg(fields.spread(bytes_of(np.stack([zero, rough, zero], axis=1))))


@lru_cache(maxsize=6)
def _fields(mesh: BodyMesh, surface: str, side: int) -> Fields:
    return kept_fields(surface, mesh, side, lambda: _painted(mesh, surface, side))


def _painted(mesh: BodyMesh, surface: str, side: int) -> tuple[Texels, dict[str, Floats]]:
    """Return the texels of a surface, and what is the same for every garment of it at each of them."""
    sheet = cloth_surface(mesh, surface)
    texels = covered_texels(mesh, sheet, side)
    points = texels.positions
    arm = texels.interpolate(places_of(mesh).arm[sheet.vertices[sheet.faces]])
    return texels, {
        "points": points,
        "arm": arm,
        "weave": noise(points, 0.0018, 51),
        "wear": noise(points, 0.045, 52),
        "folds": _folds(points, arm),
    }


def _places(fields: Fields) -> Places:
    return Places(np.asarray(fields["points"], np.float64), np.asarray(fields["arm"], np.float64))


def _folds(points: NDArray[np.float64], arm: NDArray[np.float64]) -> Floats:
    """Return folds (-1..1): slack cloth creases across the bends, more at elbows, knees, waist and ankles."""
    limb = arm > 0.05
    along = np.where(limb, arm * _ARM_M, points[:, 1])
    bends = np.exp(-(((arm - 0.5) / 0.16) ** 2)) * limb
    for height, width, much in ((-0.37, 0.09, 1.0), (-0.72, 0.07, 1.0), (0.16, 0.07, 0.55), (0.02, 0.06, 0.8)):
        bends = bends + much * np.exp(-(((points[:, 1] - height) / width) ** 2)) * ~limb
    bends = bends + 0.9 * np.exp(-(((arm - 0.12) / 0.12) ** 2)) * limb
    warped = points * (1.0, 2.6, 1.0) + np.stack([along, 0 * along, along], axis=1) * 0.8
    ridged = 1.0 - 2.0 * np.abs(noise(warped, 0.075, 61)) + 0.5 * (1.0 - 2.0 * np.abs(noise(warped, 0.034, 62)))
    return np.asarray(np.clip(ridged - 0.6, -1.0, 1.0) * np.clip(0.20 + bends, 0.0, 1.0), np.float32)


def _line(distance: Floats, half: float) -> Floats:
    return step(half - np.abs(distance), -0.0009, 0.0009)


def _pattern(name: str, p: Places) -> Floats:
    along = np.where(p.arm > 0.02, p.arm * _ARM_M, 0.55 - p.y)
    stripes = step(np.abs(((along / _STRIPE_M) % 1.0) - 0.5), 0.235, 0.265)
    if name == "stripes":
        return stripes
    if name == "checks":
        turn = np.arctan2(p.points[..., 0], p.z + 0.02) / np.pi * 11.0
        return np.asarray(0.55 * stripes + 0.45 * step(np.abs((turn % 1.0) - 0.5), 0.235, 0.265), np.float32)
    return np.zeros(p.y.shape, np.float32)


@attrs.frozen(eq=False)
class _Coat:
    """What a painter adds its details to: the cloth so far, where its texels are, its two colours."""

    image: Floats
    places: Places
    inside: Floats
    main: Floats
    trim: Floats


Painter = Callable[[_Coat], Floats]


def _ribs(image: Floats, p: Places, inside: Floats) -> Floats:
    """Return ribbed bands along the borders."""
    turn = np.arctan2(p.points[..., 0], p.z + 0.02) * 46.0
    return image * (1.0 - 0.16 * step(np.sin(turn), 0.0, 0.6) * step(-inside, -0.042, -0.038))[..., None]


def _shirt(coat: _Coat) -> Floats:
    image, p = coat.image, coat.places
    front = (p.z > 0.02).astype(np.float32)
    image = image * (1.0 - 0.35 * front * _line(p.x - 0.016, _STITCH_M))[..., None]
    button = np.hypot(p.points[..., 0], ((p.y - 0.04) % 0.078) - 0.039)
    image = blend(image, coat.trim, front * step(0.0050 - button, -0.0008, 0.0008))
    pocket = np.maximum(np.abs(p.points[..., 0] - 0.085) - 0.036, np.abs(p.y - 0.40) - 0.040)
    return image * (1.0 - 0.35 * front * _line(pocket, _STITCH_M))[..., None]


def _knit(coat: _Coat) -> Floats:
    image, p = coat.image, coat.places
    along = np.where(p.arm > 0.02, p.arm * _ARM_M, p.y)
    turn = np.where(p.arm > 0.02, p.y * 60.0, np.arctan2(p.points[..., 0], p.z + 0.02) * 14.0)
    cable = np.sin(turn * 2.0) * np.sin(along * 420.0 + 2.0 * np.sin(turn * 2.0))
    return _ribs(image * (1.0 + 0.07 * cable.astype(np.float32))[..., None], p, coat.inside)


def _hoodie(coat: _Coat) -> Floats:
    image, p = coat.image, coat.places
    front = (p.z > 0.02).astype(np.float32)
    pocket = np.maximum(p.x - np.interp(p.y, (0.07, 0.20), (0.115, 0.070)), np.abs(p.y - 0.135) - 0.065)
    image = image * (1.0 - 0.40 * front * _line(pocket, 0.0014) - 0.05 * front * step(-pocket, 0, 0.002))[..., None]
    cords = front * _line(p.x - 0.033, 0.0030) * step(p.y, 0.38, 0.384)
    return _ribs(blend(image, coat.trim, cords), p, coat.inside)


def _jacket(coat: _Coat) -> Floats:
    image, p = coat.image, coat.places
    front = (p.z > 0.0).astype(np.float32)
    gap = np.interp(p.y, (-0.02, 0.20, 0.45, 0.60), (0.055, 0.034, 0.046, 0.06))
    zip_ = front * step(0.009 - (p.x - gap), -0.001, 0.001)
    teeth = 0.35 + 0.65 * step(np.sin(p.y * 1400.0), -0.3, 0.3)
    image = blend(image, np.asarray((0.62, 0.62, 0.64), np.float32), 0.8 * zip_ * teeth)
    slit = np.abs((p.x - 0.105) - 0.45 * (p.y - 0.13)) + 10.0 * np.maximum(np.abs(p.y - 0.13) - 0.06, 0.0)
    image = blend(image, coat.main * 0.45, front * step(0.0032 - slit, -0.001, 0.001))
    yoke = _line(p.y - (0.44 + 0.2 * p.x), 0.0014) * (p.arm < 0.02)
    sleeve = _line(p.arm * _ARM_M - 0.02, 0.0016)
    return _ribs(image * (1.0 - 0.4 * np.maximum(yoke, sleeve))[..., None], p, coat.inside)


def _trousers(coat: _Coat) -> Floats:
    image, p = coat.image, coat.places
    faded = np.exp(-(((p.y + 0.17) / 0.14) ** 2)) * step(p.z, 0.02, 0.09) + 0.5 * np.exp(-(((p.y + 0.38) / 0.06) ** 2))
    image = image * (1.0 + 0.14 * np.asarray(faded, np.float32))[..., None]
    seam = _line(p.z - 0.012, _STITCH_M) * (p.x > 0.10)
    fly = (
        _line(np.maximum(np.abs(p.points[..., 0] - 0.010) - 0.011, 0.02 - p.y), _STITCH_M) * (p.z > 0.03) * (p.y < 0.15)
    )
    slit = _line((p.x - 0.075) - 0.55 * (0.15 - p.y), 0.0016) * (p.z > 0.02) * (p.y > 0.06) * (p.y < 0.145)
    back = np.maximum(np.abs(p.x - 0.075) - 0.040, np.abs(p.y - 0.055) - 0.042)
    pocket = _line(back, _STITCH_M) * (p.z < -0.03)
    return image * (1.0 - 0.45 * np.maximum(np.maximum(seam, fly), np.maximum(slit, pocket)))[..., None]


def _shoes(coat: _Coat) -> Floats:
    image, p = coat.image, coat.places
    sole = step(-0.800 - p.y, -0.0015, 0.0015)
    image = image * (1.0 - 0.5 * _line(p.y + 0.7985, 0.0012))[..., None]
    middle = np.abs(p.x - 0.205)
    laces = step(np.sin((p.z + p.y) * 420.0), 0.25, 0.55) * step(0.022 - middle, -0.001, 0.001)
    laces = laces * (p.z > 0.045) * (p.z < 0.118) * (p.y > -0.79)
    image = blend(image, (0.93, 0.92, 0.90) if coat.main.mean() < 0.75 else (0.35, 0.36, 0.38), laces)
    cap = _line(p.z - 0.128 + 3.0 * middle**2 * 4.0, 0.0013)
    return blend(image * (1.0 - 0.35 * cap)[..., None], coat.trim, sole)


def _dress(coat: _Coat) -> Floats:
    image, p = coat.image, coat.places
    return blend(image, coat.trim, step(0.012 - np.abs(p.y - 0.168), -0.001, 0.001))


def _bodysuit(coat: _Coat) -> Floats:
    image, p = coat.image, coat.places
    flank = np.minimum(p.x - (0.105 + 0.16 * np.abs(p.y - 0.25)), np.minimum(p.y + 0.20, 0.50 - p.y))
    flank = np.where(p.x < 0.27, flank, -1.0)
    image = blend(image, coat.main * 0.55, step(flank, -0.0015, 0.0015))
    image = blend(image, coat.trim, _line(flank, 0.0030))
    return blend(image, coat.main * 0.5, step(-0.70 - p.y, -0.0015, 0.0015))


_PAINTERS: Mapping[str, Painter] = {
    "bodysuit": _bodysuit,
    "boots": _shoes,
    "dress": _dress,
    "hoodie": _hoodie,
    "jacket": _jacket,
    "shirt": _shirt,
    "shoes": _shoes,
    "shorts": _trousers,
    "skirt": _dress,
    "sweater": _knit,
    "trousers": _trousers,
}
