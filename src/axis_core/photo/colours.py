"""Colours read from a photo: skin, eyes, hair and what is worn, as the recipe wants them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import attrs
import numpy as np
from numpy.typing import NDArray

from axis_core.body.colours import from_oklab, skin_colour, to_oklab
from axis_core.body.recipe import AvatarRecipe, Garment
from axis_core.photo.evidence import Evidence
from axis_core.vision.landmarks import FaceMarks


__all__ = ["Looks", "dressed", "read_looks"]

Floats = NDArray[np.float64]

_CHEEKS = (50, 101, 118, 280, 330, 347, 205, 425, 151, 108, 337)
"""Landmarks on bare skin: cheeks and forehead."""
_SAME_SKIN = 0.085
"""Distance in Oklab, lightness at half weight, up to which a limb is bare."""
_HAIR_APART = 0.07
_HAT_APART = 0.20
"""What is on top and what is beside the temples differ so only where a hat covers the hair."""
_LEAST = 12


@attrs.frozen(kw_only=True)
class Looks:
    """What was read; None where the photo does not show it. Colours are ``#rrggbb``."""

    skin: str | None = None
    eyes: str | None = None
    hair: str | None = None
    is_bald: bool = False
    torso: str | None = None
    legs: str | None = None
    feet: str | None = None
    has_bare_forearms: bool = False
    has_bare_shins: bool = False


def read_looks(view: Evidence) -> Looks:
    """Return the colours that one frontal photo shows."""
    face = view.sighting.face
    pixels = view.sighting.photo.pixels
    skin = None if face is None else _median(_around(pixels, face.points[list(_CHEEKS), :2], 0.10 * face.size))
    hair, bald = (None, False) if face is None or skin is None else _hair(view, face, skin)
    eyes = None if face is None else _eyes(pixels, face)
    return attrs.evolve(
        _worn(view, skin),
        skin=None if skin is None else _hex(_calm_skin(skin)),
        eyes=None if eyes is None else _hex(eyes),
        hair=None if hair is None else _hex(hair),
        is_bald=bald,
    )


def dressed(recipe: AvatarRecipe, looks: Looks, *, keep: Sequence[str] = ()) -> AvatarRecipe:
    """Return ``recipe`` in the colours of a photo; fields named in ``keep`` stay as they are."""
    found: dict[str, Any] = {
        "skin_colour": looks.skin,
        "eye_colour": looks.eyes,
        "hair_colour": looks.hair,
        "hair_style": "bald" if looks.is_bald else None,
        "garments": _garments(recipe, looks) if looks.torso else None,
    }
    return attrs.evolve(recipe, **{k: v for k, v in found.items() if v is not None and k not in keep})


def _garments(recipe: AvatarRecipe, looks: Looks) -> tuple[Garment, ...]:
    torso = looks.torso or "blue"
    out = [Garment("t_shirt" if looks.has_bare_forearms else "sweater", torso)]
    if looks.legs:
        out.append(Garment("shorts" if looks.has_bare_shins else "trousers", looks.legs))
    else:
        out += [g for g in recipe.garments if g.kind in ("trousers", "shorts", "skirt")] or [Garment("trousers")]
    out.append(Garment("shoes", looks.feet or "charcoal"))
    return tuple(out)


def _worn(view: Evidence, skin: Floats | None) -> Looks:
    joints, seen = view.joints, view.seen
    face = view.sighting.face
    if joints is None:
        if face is None:
            return Looks()
        below = face.points[152, :2] + [0.0, 1.6 * face.size]
        return Looks(torso=_maybe_hex(_masked(view, below[None], 0.5 * face.size)))
    width = float(np.linalg.norm(joints[11] - joints[12]))
    chest = (joints[11] + joints[12]) / 2
    hips = (joints[23] + joints[24]) / 2
    torso = _masked(view, np.array([chest + t * (hips - chest) for t in (0.35, 0.5, 0.65)]), 0.18 * width)
    thighs = _between(joints, seen, ((23, 25), (24, 26)), (0.3, 0.5))
    shins = _between(joints, seen, ((25, 27), (26, 28)), (0.45, 0.65))
    forearms = _between(joints, seen, ((13, 15), (14, 16)), (0.5, 0.7))
    legs = _masked(view, thighs, 0.08 * width)
    shin = _masked(view, shins, 0.06 * width)
    feet = joints[[k for k in (31, 32) if seen[k] > 0.5]]
    bare = _masked(view, forearms, 0.04 * width)
    return Looks(
        torso=_maybe_hex(torso),
        legs=_maybe_hex(legs),
        feet=_maybe_hex(_masked(view, feet, 0.05 * width)),
        has_bare_forearms=_is_skin(bare, skin),
        has_bare_shins=_is_skin(shin, skin),
    )


def _between(joints: Floats, seen: Floats, pairs: Sequence[tuple[int, int]], shares: Sequence[float]) -> Floats:
    places = [joints[a] + t * (joints[b] - joints[a]) for a, b in pairs for t in shares if seen[[a, b]].min() > 0.4]
    return np.array(places).reshape(-1, 2)


def _is_skin(colour: Floats | None, skin: Floats | None) -> bool:
    if colour is None or skin is None:
        return False
    apart = (to_oklab(colour) - to_oklab(skin)) * [0.5, 1.0, 1.0]
    return bool(np.linalg.norm(apart) < _SAME_SKIN)


def _masked(view: Evidence, places: Floats, radius: float) -> Floats | None:
    """Return the median colour around places inside the mask, or None where there is too little of it."""
    samples = _around(np.dstack([view.sighting.photo.pixels, view.mask]), places, radius)
    inside = samples[samples[:, 3] > 0.6, :3] if len(samples) else samples[:, :3]
    return _median(inside)


def _around(image: NDArray[np.float32], places: Floats, radius: float) -> Floats:
    """Return the pixels (n, C) within ``radius`` of places (m, 2)."""
    height, width = image.shape[:2]
    out = []
    reach = max(radius, 1.0)
    for x, y in np.asarray(places, np.float64).reshape(-1, 2):
        rows = slice(max(int(y - reach), 0), max(min(int(y + reach) + 1, height), 0))
        columns = slice(max(int(x - reach), 0), max(min(int(x + reach) + 1, width), 0))
        out.append(image[rows, columns].reshape(-1, image.shape[2]))
    return np.concatenate(out).astype(np.float64) if out else np.zeros((0, image.shape[2]))


def _median(samples: Floats) -> Floats | None:
    return np.median(samples, axis=0) if len(samples) >= _LEAST else None


def _hair(view: Evidence, face: FaceMarks, skin: Floats) -> tuple[Floats | None, bool]:
    """Return the colour over the forehead and beside the temples, and whether it is skin all the way."""
    up = face.points[10, :2] - face.points[152, :2]
    crown = face.points[10, :2] + np.outer((0.14, 0.20, 0.26), up)
    aside = (face.points[454, :2] - face.points[234, :2]) * 0.10
    sides = np.array([face.points[251, :2] + aside + 0.12 * up, face.points[21, :2] - aside + 0.12 * up])
    top = _masked(view, crown, 0.10 * face.size)
    beside = _masked(view, sides, 0.07 * face.size)
    hat = top is not None and beside is not None and np.linalg.norm(to_oklab(top) - to_oklab(beside)) > _HAT_APART
    for colour in (beside, top) if hat else (top, beside):
        if colour is not None and np.linalg.norm(to_oklab(colour) - to_oklab(skin)) > _HAIR_APART:
            return colour, False
    return None, top is not None and beside is not None


def _eyes(pixels: NDArray[np.float32], face: FaceMarks) -> Floats | None:
    """Return the colour of the irises: what is left between the lids without glints, pupils and white."""
    samples = []
    for corners, lids in (((33, 133), (159, 145)), ((362, 263), (386, 374))):
        wide = float(np.linalg.norm(face.points[corners[0], :2] - face.points[corners[1], :2]))
        centre = face.points[[*corners, *lids], :2].mean(axis=0)
        samples.append(_around(pixels, centre[None], 0.16 * wide))
    found = np.concatenate(samples)
    if len(found) < _LEAST:
        return None
    light = to_oklab(found)[:, 0]
    middle = found[(light > np.quantile(light, 0.25)) & (light < np.quantile(light, 0.65))]
    return _median(middle if len(middle) >= _LEAST else found)


def _calm_skin(colour: Floats) -> Floats:
    """Return a skin's colour with the tint of the light halved: towards the scale of skins at its lightness."""
    lab = to_oklab(colour)
    tones = np.linspace(0.0, 1.0, 41)
    scale = to_oklab(np.array([skin_colour(t) for t in tones]))
    nearest = scale[np.abs(scale[:, 0] - lab[0]).argmin()]
    return np.clip(from_oklab(np.array([lab[0], *(lab[1:] + nearest[1:]) / 2.0])), 0.0, 1.0)


def _maybe_hex(colour: Floats | None) -> str | None:
    return None if colour is None else _hex(colour)


def _hex(colour: Floats) -> str:
    r, g, b = (round(255 * float(np.clip(c, 0.0, 1.0))) for c in colour)
    return f"#{r:02x}{g:02x}{b:02x}"
