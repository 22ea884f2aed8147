"""Lashes: hairs that run out from the lid and thin towards their tips."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from axis_core.body.colours import Colour
from axis_core.body.data import BodyMesh
from axis_core.body.hair.scalp import eye_frame
from axis_core.body.surfaces import dressed_surfaces
from axis_core.body.texture_space import covered_texels
from axis_core.body.textures.brush import bytes_of, png, step


__all__ = ["lash_image"]

_LASHES_PER_RADIAN = 15.0
_LOWER_LID = 0.0
"""Height above the middle of the eye, in eye distances, that parts the strips of the two lids."""


@lru_cache(maxsize=8)
def lash_image(mesh: BodyMesh, colour: Colour, side: int) -> bytes:
    """Return a PNG with alpha of the four strips of lashes."""
    lashes = next(s for s in dressed_surfaces(mesh) if s.name == "lashes")
    texels = covered_texels(mesh, lashes, side)
    points = texels.positions
    eye, distance = eye_frame(mesh)
    ray = np.stack([np.abs(points[:, 0]), points[:, 1], points[:, 2]], axis=-1) - eye
    reach = np.linalg.norm(ray, axis=-1) / distance
    root, tip = np.quantile(reach, (0.05, 0.98))
    along = np.clip((reach - root) / (tip - root), 0.0, 1.0)
    turn = np.arctan2(ray[:, 1], ray[:, 0]) * _LASHES_PER_RADIAN
    beside = np.abs(turn - np.floor(turn) - 0.5)
    upper = ray[:, 1] > _LOWER_LID * distance
    full = np.where(upper, 1.55, 0.62)  # lower lashes are few: dense ones look like paint
    alpha = step(0.5 * (full - 2.0 * along) - beside, -0.06, 0.06)
    image = np.concatenate([np.broadcast_to(np.asarray(colour, np.float32), points.shape), alpha[:, None]], axis=1)
    return png(texels.spread(bytes_of(image)))
