"""Colours of files that mean them for the eye (sRGB) and colours of the model, which are linear."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray


__all__ = ["linear_from_srgb", "srgb_from_linear"]


def linear_from_srgb(values: NDArray[Any]) -> NDArray[np.float64]:
    """Return linear values of sRGB ones in 0..1 (IEC 61966-2-1)."""
    x = np.asarray(values, np.float64)
    return np.where(x <= 0.04045, x / 12.92, ((np.maximum(x, 0.0) + 0.055) / 1.055) ** 2.4)


def srgb_from_linear(values: NDArray[Any]) -> NDArray[np.float64]:
    """Return sRGB values of linear ones in 0..1."""
    x = np.asarray(values, np.float64)
    return np.where(x <= 0.0031308, x * 12.92, 1.055 * np.maximum(x, 0.0) ** (1 / 2.4) - 0.055)
