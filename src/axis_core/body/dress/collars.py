"""Collars: rings that rise from a neckline, as offsets outwards and upwards that differ between nape and throat."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


__all__ = ["collar_rings"]

Floats = NDArray[np.float64]

# Outwards and upwards in metres at the throat, then at the nape, ring by ring, from the border of the cloth on.
_PROFILES: dict[str, tuple[tuple[float, float, float, float], ...]] = {
    "shirt": (
        (-0.004, 0.014, -0.002, 0.030),
        (0.002, 0.018, 0.006, 0.036),
        (0.014, 0.002, 0.018, 0.014),
        (0.022, -0.026, 0.020, -0.006),
        (0.016, -0.026, 0.014, -0.006),
    ),
    "stand": (
        (0.002, 0.026, 0.002, 0.040),
        (-0.001, 0.030, -0.001, 0.044),
        (-0.005, 0.026, -0.005, 0.040),
        (-0.008, -0.006, -0.008, 0.000),
    ),
    "hood": (
        (0.004, 0.012, 0.008, 0.040),
        (0.016, 0.022, 0.034, 0.062),
        (0.030, 0.012, 0.066, 0.044),
        (0.034, -0.012, 0.082, -0.010),
        (0.022, -0.034, 0.070, -0.070),
        (0.006, -0.038, 0.030, -0.085),
    ),
}


def collar_rings(kind: str, border: Floats, throat: Floats, size: float) -> list[Floats]:
    """Return the rings (k, 3) of a collar that rises from ``border`` (k, 3) where ``throat`` (k,) is above 0."""
    centre = np.average(border, axis=0, weights=throat)
    away = (border - centre) * (1.0, 0.0, 1.0)
    radius = np.linalg.norm(away, axis=1, keepdims=True)
    away = away / np.maximum(radius, 1e-9)
    nape = np.clip(0.5 - 0.75 * away[:, 2], 0.0, 1.0)[:, None]
    rings = []
    for out_front, up_front, out_back, up_back in _PROFILES[kind]:
        out = out_front + (out_back - out_front) * nape
        up = up_front + (up_back - up_front) * nape
        rings.append(border + size * (away * out + np.array([0.0, 1.0, 0.0]) * up))
    return rings
