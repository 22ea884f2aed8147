"""How far clothes stand off the body: what an outline has to be read with."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from axis_core.body.data import load_mesh
from axis_core.body.rigs import body_weights
from axis_core.photo.posing import body_joint_names


__all__ = ["cloth_depth"]

_DEPTHS_M = {
    "hips": 0.014, "spine": 0.014, "chest": 0.013, "upperChest": 0.012, "Shoulder": 0.012,
    "UpperArm": 0.009, "LowerArm": 0.006, "UpperLeg": 0.011, "LowerLeg": 0.009, "Foot": 0.008,
}  # fmt: skip
"""Means over random wardrobes, bare limbs counted in (measured: benchmarks/results/photo.md)."""


@lru_cache(maxsize=1)
def cloth_depth() -> NDArray[np.float64]:
    """Return for each vertex (V,) how far what is worn over it stands off on average, metres."""
    mesh = load_mesh()
    depths = [next((d for word, d in _DEPTHS_M.items() if name.endswith(word)), 0.0) for name in body_joint_names()]
    joints, weights = body_weights("humanoid")
    out = np.zeros(mesh.n_vertices)
    body = mesh.vertices_of("body")
    out[body] = (np.array(depths)[joints[body]] * weights[body]).sum(axis=1)
    return out
