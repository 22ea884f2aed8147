"""Proportions of a style: bones scaled from the pelvis outwards, the surface carried along, the height kept."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

import attrs
import numpy as np
from numpy.typing import NDArray

from axis_core.body.data import BodyMesh, load_mesh
from axis_core.body.shape import BodyShape


__all__ = ["STYLE_SLIDERS", "stylise"]

Floats = NDArray[np.float64]

_SCALES: Mapping[str, Mapping[str, float]] = {
    "chibi": {
        **dict.fromkeys(("spine", "pelvis"), 0.86),
        **dict.fromkeys(("clavicle", "shoulder", "breast"), 0.85),
        **dict.fromkeys(("upperarm", "lowerarm"), 0.74),
        **dict.fromkeys(("wrist", "metacarpal", "finger"), 1.0),
        **dict.fromkeys(("foot", "toe"), 0.95),
        "head": 2.0,
        "neck": 1.0,
        "upperleg": 0.66,
        "lowerleg": 0.62,
    },
    "toon": {
        **dict.fromkeys(("wrist", "metacarpal", "finger"), 1.16),
        **dict.fromkeys(("foot", "toe"), 1.12),
        **dict.fromkeys(("upperleg", "lowerleg"), 0.92),
        "head": 1.42,
        "neck": 0.95,
    },
    "heroic": {
        **dict.fromkeys(("upperarm", "lowerarm", "shoulder"), 1.10),
        **dict.fromkeys(("wrist", "metacarpal", "finger", "neck", "spine01"), 1.05),
        **dict.fromkeys(("upperleg", "lowerleg", "foot", "toe"), 1.06),
        "clavicle": 1.14,
        "head": 0.93,
    },
}
"""Scale of the bones whose names begin so; the bones of the face have the head's."""
_TRUNK_AND_LIMBS = (
    *("root", "spine", "pelvis", "neck", "breast", "clavicle", "shoulder"),
    *("upper", "lower", "wrist", "finger", "meta", "foot", "toe"),
)
STYLE_SLIDERS: Mapping[str, Mapping[str, float]] = {
    "chibi": {"eye_size": 0.9, "nose_volume": -0.6, "mouth_width": -0.35, "chin_height": -0.3, "face_fullness": 0.4},
    "toon": {"eye_size": 0.7, "nose_volume": -0.3, "chin_triangular": 0.25},
    "heroic": {"torso_v_shape": 0.55, "shoulder_breadth": 0.35, "chin_prominence": 0.25, "chin_width": 0.2},
}
"""Sliders that a style brings; a recipe's own come on top, within their range."""


def stylise(shape: BodyShape, style: str) -> BodyShape:
    """Return ``shape`` with the proportions of ``style``, as high as before."""
    scales = _SCALES.get(style)
    if scales is None:
        return shape
    mesh = load_mesh()
    rig = mesh.rigs["default"]
    weights, n_body = _weights(mesh), int(mesh.vertices_of("body").max()) + 1
    scale = [_scale_of(name, scales) for name in rig.names]
    heads = np.array([shape.positions[ids].mean(axis=0) for ids in rig.heads])
    moved = np.zeros_like(heads)
    for bone, parent in enumerate(rig.parents):
        moved[bone] = heads[bone] if parent < 0 else moved[parent] + scale[parent] * (heads[bone] - heads[parent])
    # the sum over bones of w (moved + s (p - head)), as two products
    grown = weights @ np.array(scale)
    positions = weights @ (moved - np.array(scale)[:, None] * heads) + grown[:, None] * shape.positions
    positions[:, 1] -= positions[:n_body, 1].min()
    positions *= shape.height_m / float(positions[:n_body, 1].max())
    positions.flags.writeable = False
    return attrs.evolve(shape, positions=positions, height_m=float(positions[:n_body, 1].max()))


def _scale_of(name: str, scales: Mapping[str, float]) -> float:
    found = [scale for prefix, scale in scales.items() if name.startswith(prefix)]
    if found:
        return found[-1]
    body = (
        "root",
        "spine",
        "pelvis",
        "neck",
        "breast",
        "clavicle",
        "shoulder",
        "upper",
        "lower",
        "wrist",
        "finger",
        "meta",
        "foot",
        "toe",
    )
    return 1.0 if name.startswith(body) else scales.get("head", 1.0)


@lru_cache(maxsize=2)
def _weights(mesh: BodyMesh) -> Floats:
    table = mesh.rigs["default"].weights.astype(np.float64)
    return np.asarray(table / table.sum(axis=1, keepdims=True))
