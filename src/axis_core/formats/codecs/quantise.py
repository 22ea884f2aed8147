"""Quantisation: positions on a grid, unit vectors and quaternions in few bits, weights in bytes that add up.

The errors are those of the grid: half a step of ``extent / (2^bits - 1)`` for positions.

References
----------
.. Khronos Group, KHR_mesh_quantization, 2020.
"""

from __future__ import annotations

import attrs
import numpy as np
from numpy.typing import NDArray


__all__ = ["Grid", "byte_weights", "grid_of", "unit_uvs"]


@attrs.frozen(kw_only=True)
class Grid:
    """A cube of steps: position = origin + step x integer.

    Attributes
    ----------
    origin : (3,) float64
    step : float
        Metres.
    bits : int
    """

    origin: NDArray[np.float64]
    step: float
    bits: int

    @property
    def matrix(self) -> NDArray[np.float64]:
        """(4, 4) from grid to space."""
        out = np.eye(4)
        out[:3, :3] *= self.step
        out[:3, 3] = self.origin
        return out

    def positions(self, values: NDArray[np.float32]) -> NDArray[np.uint16]:
        """Return (V, 3) uint16 grid points."""
        steps = np.rint((values.astype(np.float64) - self.origin) / self.step)
        return np.clip(steps, 0, (1 << self.bits) - 1).astype(np.uint16)

    def displacements(self, values: NDArray[np.float32]) -> NDArray[np.int16]:
        """Return (V, 3) int16 steps."""
        return np.clip(np.rint(values.astype(np.float64) / self.step), -32768, 32767).astype(np.int16)


def grid_of(positions: list[NDArray[np.float32]], displacements: list[NDArray[np.float32]], bits: int) -> Grid:
    """Return the grid that holds all positions, and displacements up to 32767 steps."""
    points = [p for p in positions if len(p)]
    low = np.min([p.min(axis=0) for p in points], axis=0).astype(np.float64) if points else np.zeros(3)
    high = np.max([p.max(axis=0) for p in points], axis=0).astype(np.float64) if points else np.ones(3)
    extent = float((high - low).max())
    furthest = max((float(np.abs(d).max()) for d in displacements if d.size), default=0.0)
    step = max(extent / ((1 << bits) - 1), furthest / 32767, 1e-9)
    return Grid(origin=low, step=step, bits=bits)


def byte_weights(weights: NDArray[np.float32]) -> NDArray[np.uint8]:
    """Return (V, K) uint8 that sum to 255 in every row: what rounding lost goes to the largest fractions."""
    total = weights.sum(axis=1, keepdims=True, dtype=np.float64)
    scaled = weights.astype(np.float64) * (255.0 / np.where(total > 0, total, 1.0))
    floor = np.floor(scaled)
    missing = np.rint(scaled.sum(axis=1) - floor.sum(axis=1)).astype(int)
    rank = np.argsort(np.argsort(-(scaled - floor), axis=1, kind="stable"), axis=1, kind="stable")
    return np.asarray(floor + (rank < missing[:, None])).astype(np.uint8)


def unit_uvs(values: NDArray[np.float32], bits: int) -> NDArray[np.uint16] | None:
    """Return (V, 2) normalised uint16 of coordinates in 0..1 with ``bits`` of detail; None where one lies outside."""
    if not len(values) or not np.isfinite(values).all() or float(values.min()) < 0 or float(values.max()) > 1:
        return None
    steps = (1 << bits) - 1
    coarse = np.rint(values.astype(np.float64) * steps)
    return np.rint(coarse * (65535.0 / steps)).astype(np.uint16)
