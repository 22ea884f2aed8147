"""Colours that show what moves a vertex."""

from __future__ import annotations

import colorsys
from difflib import get_close_matches

import numpy as np
from numpy.typing import NDArray

from axis_core.errors import NotFound
from axis_core.model.mesh import Mesh
from axis_core.model.scene import Scene


__all__ = ["ALL_JOINTS", "heat_colors", "weight_colors"]

ALL_JOINTS = "*"
"""Instead of one joint's weights: the colour of the joint that moves a vertex most."""

_UNSKINNED = (150, 150, 150)
_STOPS = np.array([0.0, 0.25, 0.5, 0.75, 1.0])
_RAMP = np.array([(28, 34, 72), (40, 96, 180), (72, 178, 128), (244, 200, 66), (216, 52, 40)], np.float64)
"""Dark blue for no weight over green for half to red for all, rising in lightness up to yellow."""
_GOLDEN = 0.6180339887498949


def weight_colors(scene: Scene, node: int, mesh: Mesh, joint: str) -> NDArray[np.uint8]:
    """Return the (V, 4) colours of the weights of ``joint``, or of the strongest joints for ``*``.

    Raises
    ------
    NotFound
        No skin of the scene has a joint of that name.
    """
    names = [scene.nodes[j].name for skin in scene.skins for j in skin.joints]
    if joint != ALL_JOINTS and joint not in names:
        close = get_close_matches(joint, names, n=3, cutoff=0.4) or sorted(set(names))[:8]
        raise NotFound(f"there is no joint {joint!r}", pointer="/weights_of", hint=f"Try {', '.join(close) or 'none'}.")
    skin = scene.nodes[node].skin
    if skin is None or mesh.joints is None or mesh.weights is None:
        return _opaque(np.tile(np.array(_UNSKINNED, np.float64), (mesh.n_vertices, 1)))
    joints = scene.skins[skin].joints
    index = np.minimum(mesh.joints, len(joints) - 1)
    weights = np.nan_to_num(mesh.weights, nan=0.0, posinf=0.0, neginf=0.0)
    if joint == ALL_JOINTS:
        strongest = np.take_along_axis(index, weights.argmax(axis=1)[:, None], axis=1)[:, 0]
        return _opaque(np.array([_hue(k) for k in joints], np.float64)[strongest])
    wanted = np.array([scene.nodes[j].name == joint for j in joints])
    return heat_colors((weights * wanted[index]).sum(axis=1))


def heat_colors(values: NDArray[np.floating]) -> NDArray[np.uint8]:
    """Return the (V, 4) colours of values 0..1."""
    v = np.clip(values, 0.0, 1.0)
    return _opaque(np.stack([np.interp(v, _STOPS, _RAMP[:, c]) for c in range(3)], axis=1))


def _hue(k: int) -> tuple[float, float, float]:
    """Return a colour of which neighbours in number are far apart."""
    r, g, b = colorsys.hsv_to_rgb((k * _GOLDEN) % 1.0, 0.55 + 0.3 * (k % 2), 0.95 - 0.2 * (k % 3 == 2))
    return 255 * r, 255 * g, 255 * b


def _opaque(rgb: NDArray[np.float64]) -> NDArray[np.uint8]:
    return np.concatenate([np.round(rgb), np.full((len(rgb), 1), 255.0)], axis=1).astype(np.uint8)
