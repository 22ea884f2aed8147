"""The skin: a tone varied by region, freckles, brows, shaved hair and beard; its relief and its shine."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import attrs
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from axis_core.body.colours import Colour
from axis_core.body.data import BodyMesh
from axis_core.body.hair.beards import beard_level
from axis_core.body.hair.scalp import eye_frame, hairline_level
from axis_core.body.surfaces import body_surface
from axis_core.body.texture_space import Texels, covered_texels
from axis_core.body.textures.brush import blend, bytes_of, jpeg, noise, relief, step
from axis_core.body.textures.fields import Fields, kept_fields
from axis_core.body.textures.kept import kept_bytes


__all__ = ["SkinPaint", "skin_image", "skin_relief", "skin_shine"]

Floats = NDArray[np.floating[Any]]

_TINTS: dict[str, tuple[float, Colour]] = {
    "lips": (0.85, (0.86, 0.62, 0.60)),
    "fingernails": (0.9, (1.08, 0.99, 0.98)),
    "toenails": (0.9, (1.06, 0.99, 0.98)),
    "ears": (0.6, (1.0, 0.90, 0.88)),
}
_MOUTH: Colour = (0.42, 0.15, 0.15)
_BLUSH: Colour = (1.02, 0.86, 0.83)
_SOCKET: Colour = (0.88, 0.80, 0.80)
_BEARD_FIELDS = {"full": "full beard", "goatee": "goatee", "moustache": "moustache", "stubble": "full beard"}


@attrs.frozen(kw_only=True)
class SkinPaint:
    """What decides a skin's picture.

    Attributes
    ----------
    tone, hair, beard_hair, brows : Colour
        ``hair`` None leaves the scalp bare, ``brows`` None the brows.
    thickness : float, 0..1
        Of the brows.
    beard : str
        A name of ``BEARDS``.
    freckles, age : float, 0..1
    plain : bool
        One even colour: mannequins and robots.
    """

    tone: Colour
    hair: Colour | None = None
    beard_hair: Colour = (0.2, 0.17, 0.15)
    brows: Colour | None = None
    thickness: float = 0.5
    beard: str = "none"
    freckles: float = 0.0
    age: float = 0.0
    plain: bool = False


@lru_cache(maxsize=16)
def skin_image(mesh: BodyMesh, paint: SkinPaint, side: int) -> bytes:
    """Return the colours of the skin as a JPEG in the body's UV space."""
    fields = _fields(mesh, side)
    tone = np.asarray(paint.tone, np.float32)
    if paint.plain:
        image = tone * (1.0 + 0.01 * fields["fine"])[:, None]
        return jpeg(fields.spread(bytes_of(image)))
    shade: Floats = 1.0 + (0.035 + 0.03 * paint.age) * fields["mottle"] + 0.022 * fields["fine"]
    image = tone * shade[:, None]
    for name, (amount, tint) in _TINTS.items():
        image *= 1.0 + (amount * fields[name])[:, None] * (np.asarray(tint, np.float32) - 1.0)
    image *= 1.0 + (0.75 * fields["blush"])[:, None] * (np.asarray(_BLUSH, np.float32) - 1.0)
    image *= 1.0 + ((0.55 + 0.4 * paint.age) * fields["socket"])[:, None] * (np.asarray(_SOCKET, np.float32) - 1.0)
    image *= 1.0 - (0.28 * paint.age * fields["creases"])[:, None]
    if paint.freckles:
        image = blend(image, tone * np.array((0.70, 0.55, 0.45), np.float32), 0.5 * paint.freckles * fields["spots"])
    image = blend(image, _MOUTH, fields["inside-mouth"])
    image = _with_hair(image, fields, paint)
    return jpeg(fields.spread(bytes_of(image)))


def _with_hair(image: Floats, fields: Fields, paint: SkinPaint) -> Floats:
    strands = (0.80 + 0.20 * fields["hairs"])[:, None]
    if paint.beard != "none":
        colour = np.asarray(paint.beard_hair, np.float32) * strands
        dense = 0.62 if paint.beard == "stubble" else 0.85
        image = blend(image, colour, dense * fields[_BEARD_FIELDS[paint.beard]] * (0.75 + 0.25 * fields["hairs"]))
    if paint.brows is not None:
        thin, thick = fields["thin brows"], fields["thick brows"]
        amount = np.clip(thin + (thick - thin) * paint.thickness, 0.0, 1.0)
        image = blend(image, np.asarray(paint.brows, np.float32) * strands * 0.9, 0.82 * amount)
    if paint.hair is not None:
        image = blend(image, np.asarray(paint.hair, np.float32) * strands, 0.85 * fields["scalp"])
    return image


@lru_cache(maxsize=4)
def skin_relief(mesh: BodyMesh, side: int) -> bytes:
    """Return the relief of the skin, pores and creases, as a JPEG."""
    return kept_bytes("skin-relief", mesh, side, lambda: _relief(_fields(mesh, side), side))


def _relief(fields: Fields, side: int) -> bytes:
    height = 0.5 + 0.20 * fields["fine"] + 0.12 * fields["mottle"] - 0.3 * fields["creases"]
    flat = fields.spread(bytes_of(height)[:, None])[..., 0].astype(np.float32) / 255.0
    return jpeg(relief(flat, side / 900.0))


@lru_cache(maxsize=4)
def skin_shine(mesh: BodyMesh, side: int) -> bytes:
    """Return roughness (green) and metal (blue, none) of the skin as a JPEG: lips and nose shine most."""
    return kept_bytes("skin-shine", mesh, side, lambda: _shine(_fields(mesh, side)))


def _shine(fields: Fields) -> bytes:
    rough = 0.58 + 0.05 * fields["mottle"] - 0.22 * fields["lips"] - 0.10 * fields["blush"]
    rough = rough + 0.10 * fields["scalp"] - 0.2 * fields["fingernails"]
    zero = np.zeros_like(rough)
    return jpeg(fields.spread(bytes_of(np.stack([zero, rough, zero], axis=1))))


@lru_cache(maxsize=3)
def _fields(mesh: BodyMesh, side: int) -> Fields:
    return kept_fields("skin", mesh, side, lambda: _painted(mesh, side))


def _painted(mesh: BodyMesh, side: int) -> tuple[Texels, dict[str, Floats]]:
    """Return the texels of the skin, and what is the same for every skin of one size at each of them."""
    texels = covered_texels(mesh, body_surface(mesh), side)
    points = texels.positions
    eye, distance = eye_frame(mesh)
    across = (np.abs(points[:, 0]) - eye[0]) / distance
    up, depth = (points[:, 1] - eye[1]) / distance, (points[:, 2] - eye[2]) / distance
    in_face = (depth > -0.25).astype(np.float32)
    regions = {name: _masked(mesh, name, texels) for name in (*_TINTS, "inside-mouth")}
    cheek = np.exp(-(((across - 0.25) / 0.42) ** 2) - ((up + 0.62) / 0.30) ** 2) * in_face
    nose = np.exp(-((points[:, 0] / distance / 0.22) ** 2) - ((up + 0.62) / 0.16) ** 2) * (depth > 0.35)
    spots = noise(points, 0.0028, 21) * step(noise(points, 0.02, 22), -0.3, 0.4)
    scalp = step(hairline_level(mesh, points) / distance + 0.04 * noise(points, 0.004, 12), -0.05, 0.09)
    ragged = 0.0015 * noise(points, 0.003, 31)
    beards = {
        field: step(beard_level(points, kind) + ragged, -0.001, 0.006)
        for kind, field in _BEARD_FIELDS.items()
        if kind != "stubble"
    }
    return texels, {
        **regions,
        **beards,
        "mottle": 0.6 * noise(points, 0.030, 6) + 0.6 * noise(points, 0.011, 7),
        "fine": noise(points, 0.0035, 8),
        "spots": step(spots, 0.50, 0.68) * (np.clip(cheek + nose, 0, 1) + 0.25 * (points[:, 1] > 0.3)),
        "blush": np.clip(cheek + nose, 0.0, 1.0),
        "socket": np.exp(-(((np.hypot(across, 1.25 * (up + 0.06)) - 0.30) / 0.14) ** 2)) * in_face,
        "thin brows": _brows(points, across, up, depth, 0.030),
        "thick brows": _brows(points, across, up, depth, 0.075),
        "scalp": scalp * (1.0 - regions["ears"]),
        "hairs": noise(points * (1.0, 0.45, 1.0), 0.0016, 9),
        "creases": _creases(points, across, up, depth),
    }


def _brows(points: NDArray[np.float64], across: Floats, up: Floats, depth: Floats, width: float) -> Floats:
    """Return how much (0..1) of each texel is eyebrow: an arch over each eye of single hairs that thins outwards."""
    run = np.clip((across + 0.34) / 0.80, 0.0, 1.0)
    arch = 0.245 + 0.105 * np.sin(np.pi * np.clip(run, 0.0, 0.95) ** 1.25) - 0.05 * run
    half = width * (1.0 - 0.75 * run) + 0.012
    hairs = 0.022 * noise(points * (2.2, 0.8, 1.0) + points[:, 1:2] * (1.2, 0.0, 0.0), 0.0022, 10)
    body = step(half - np.abs(up - arch) + hairs, -0.014, 0.022)
    ends = np.minimum(across + 0.34, 0.46 - across)
    return np.asarray(body * step(ends, 0.0, 0.10) * (depth > -0.2), np.float32)


def _creases(points: NDArray[np.float64], across: Floats, up: Floats, depth: Floats) -> Floats:
    """Return the lines of age (0..1): over the forehead, beside the eyes, from the nose to the mouth."""
    front = depth > -0.1
    wave = up + 0.03 * np.cos(5.0 * across) + 0.015 * noise(points, 0.012, 41)
    lines = np.exp(-((((wave - 0.62) % 0.17 - 0.085) / 0.016) ** 2)) * step(up, 0.52, 0.62) * step(-up, -1.15, -0.95)
    lines *= step(0.55 - np.abs(points[:, 0]) / 0.062, 0.0, 0.25)
    turn = np.arctan2(up, across - 0.25)
    feet = (
        np.exp(-((((turn + 0.5) % 0.35 - 0.175) / 0.045) ** 2)) * step(across, 0.36, 0.46) * step(-across, -0.72, -0.56)
    )
    feet *= np.abs(up) < 0.3
    fold = np.abs(points[:, 0]) / 0.062 - (0.20 + 0.42 * np.clip((-up - 0.68) / 0.45, 0.0, 1.3))
    smile = np.exp(-((fold / 0.035) ** 2)) * step(-up, 0.66, 0.74) * step(up, -1.18, -1.02)
    return np.asarray(np.clip(lines + 0.7 * feet + smile, 0.0, 1.0) * front, np.float32)


def _masked(mesh: BodyMesh, name: str, texels: Texels) -> Floats:
    """Return the region mask ``name`` at the texels."""
    picture = Image.fromarray(np.rint(mesh.masks[name] * 255.0).astype(np.uint8))
    resized = picture.resize((texels.side, texels.side), Image.Resampling.BICUBIC)
    return np.asarray(texels.sample(np.asarray(resized, dtype=np.float64)) / 255.0, np.float32)
