"""Face shapes: the 52 of ARKit from the pack, Oculus visemes and VRM expressions as mixes of them.

The modelled displacements belong to one adult head; they are scaled to the head they are put on, axis by axis. They
move teeth, tongue, lashes and eyeballs too: where eye bones are driven, leave ``eyeLook*`` alone, or the eyes turn
twice.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from axis_core.body.data import BodyMesh, load_mesh, load_targets
from axis_core.body.shape import BodyShape
from axis_core.model.humanoid import ARKIT_52


__all__ = ["EXPRESSION_MIXES", "VISEME_MIXES", "face_shapes", "mix_weights"]

VISEME_MIXES: dict[str, dict[str, float]] = {
    "sil": {},
    "PP": {"mouthPress": 0.5, "mouthRollLower": 0.3, "mouthRollUpper": 0.3},
    "FF": {"mouthRollLower": 0.5, "mouthUpperUp": 0.3, "jawOpen": 0.05},
    "TH": {"tongueOut": 0.35, "jawOpen": 0.15},
    "DD": {"jawOpen": 0.15, "mouthLowerDown": 0.25},
    "kk": {"jawOpen": 0.15, "mouthStretch": 0.15},
    "CH": {"mouthFunnel": 0.5, "mouthShrugUpper": 0.2},
    "SS": {"mouthStretch": 0.4, "mouthDimple": 0.2},
    "nn": {"jawOpen": 0.12, "mouthLowerDown": 0.15},
    "RR": {"mouthFunnel": 0.3, "mouthPucker": 0.2, "jawOpen": 0.1},
    "aa": {"jawOpen": 0.55, "mouthLowerDown": 0.2},
    "E": {"jawOpen": 0.25, "mouthStretch": 0.3},
    "I": {"jawOpen": 0.12, "mouthSmile": 0.35},
    "O": {"jawOpen": 0.3, "mouthFunnel": 0.5},
    "U": {"mouthPucker": 0.65, "mouthFunnel": 0.25, "jawOpen": 0.08},
}
"""Oculus visemes as weights of ARKit shapes; a name without a side means both sides."""

EXPRESSION_MIXES: dict[str, dict[str, float]] = {
    "neutral": {},
    "happy": {"mouthSmile": 0.8, "cheekSquint": 0.5, "eyeSquint": 0.3, "browOuterUp": 0.15},
    "angry": {"browDown": 0.9, "eyeSquint": 0.4, "noseSneer": 0.4, "mouthFrown": 0.4, "mouthPress": 0.3},
    "sad": {"browInnerUp": 0.8, "mouthFrown": 0.7, "eyeSquint": 0.15, "mouthShrugLower": 0.3},
    "relaxed": {"mouthSmile": 0.3, "eyeBlink": 0.25},
    "surprised": {"browInnerUp": 0.7, "browOuterUp": 0.8, "eyeWide": 0.8, "jawOpen": 0.35},
    "aa": {"jawOpen": 0.55, "mouthLowerDown": 0.2},
    "ih": {"jawOpen": 0.12, "mouthSmile": 0.35},
    "ou": {"mouthPucker": 0.65, "mouthFunnel": 0.25, "jawOpen": 0.08},
    "ee": {"jawOpen": 0.25, "mouthStretch": 0.3},
    "oh": {"jawOpen": 0.3, "mouthFunnel": 0.5},
    "blink": {"eyeBlink": 1.0},
    "blinkLeft": {"eyeBlinkLeft": 1.0},
    "blinkRight": {"eyeBlinkRight": 1.0},
    "lookUp": {"eyeLookUp": 1.0},
    "lookDown": {"eyeLookDown": 1.0},
    "lookLeft": {"eyeLookOutLeft": 1.0, "eyeLookInRight": 1.0},
    "lookRight": {"eyeLookInLeft": 1.0, "eyeLookOutRight": 1.0},
}
"""VRM 1.0 preset expressions as weights of ARKit shapes; a name without a side means both sides."""


def mix_weights(mix: Mapping[str, float]) -> dict[str, float]:
    """Return the weights of ARKit shapes in ``mix``, names without a side spread to both sides."""
    out: dict[str, float] = {}
    for name, weight in mix.items():
        for full in (name,) if name in ARKIT_52 else (f"{name}Left", f"{name}Right"):
            out[full] = out.get(full, 0.0) + weight
    return out


def face_shapes(shape: BodyShape, *, visemes: bool = False) -> dict[str, tuple[NDArray[np.int64], NDArray[np.float64]]]:
    """Return the face shapes for ``shape``: name to (moved base mesh vertices (n,), displacements (n, 3) in metres).

    Parameters
    ----------
    shape : BodyShape
    visemes : bool
        Add the Oculus visemes as ``viseme_PP``, ...; an application that has the 52 can mix them itself
        (``VISEME_MIXES``).
    """
    mesh, targets = load_mesh(), load_targets("face")
    ratio = _head_extents(mesh, shape.positions) / _head_extents(mesh, mesh.vertices)
    out = {}
    for name in ARKIT_52:
        ids, moved = targets.sparse(targets.names.index(name))
        out[name] = ids, moved * ratio
    if visemes:
        mixed = {f"viseme_{name}": _mixed(out, mix_weights(mix), mesh) for name, mix in VISEME_MIXES.items()}
        return out | mixed
    return out


def _mixed(
    shapes: Mapping[str, tuple[NDArray[np.int64], NDArray[np.float64]]], weights: Mapping[str, float], mesh: BodyMesh
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    total = np.zeros((mesh.n_vertices, 3))
    for name, weight in weights.items():
        ids, moved = shapes[name]
        total[ids] += weight * moved
    ids = np.flatnonzero((total != 0).any(axis=1))
    return ids, total[ids]


@lru_cache(maxsize=2)
def _face_vertices(mesh: BodyMesh) -> NDArray[np.int64]:
    """Return the body vertices that any face shape moves."""
    ids = np.unique(load_targets("face").ids)
    return ids[np.isin(ids, mesh.vertices_of("body"))].astype(np.int64)


def _head_extents(mesh: BodyMesh, positions: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(np.ptp(positions[_face_vertices(mesh)], axis=0))
