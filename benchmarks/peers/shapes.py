"""Test meshes: closed tori with waves and noise, in any number of triangles, and what is in .npz files."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray


Shape = tuple[NDArray[np.float64], NDArray[np.int32]]


def bumpy_torus(n_triangles: int) -> Shape:
    """Return a torus of about so many triangles with waves and a little noise, so that no two edges cost the same."""
    n = max(4, round((n_triangles / 4) ** 0.5))
    i, j = np.meshgrid(np.arange(2 * n), np.arange(n), indexing="ij")
    u, v = i * np.pi / n, j * 2 * np.pi / n
    tube = 0.4 + 0.02 * np.sin(9 * u) * np.cos(7 * v) + 0.004 * np.sin(41 * u + 29 * v)
    tube += np.random.default_rng(0).normal(size=u.shape) * 1e-4
    r = 1.0 + tube * np.cos(v)
    positions = np.stack([r * np.cos(u), tube * np.sin(v), r * np.sin(u)], axis=-1).reshape(-1, 3)

    def at(a: NDArray[np.int64], b: NDArray[np.int64]) -> NDArray[np.int64]:
        return ((a % (2 * n)) * n + b % n).ravel()

    p, q, s, t = at(i, j), at(i + 1, j), at(i + 1, j + 1), at(i, j + 1)
    return positions, np.concatenate([np.stack([p, s, q], 1), np.stack([p, t, s], 1)]).astype(np.int32)


def load(name: str) -> Shape:
    """Return the torus of ``torus:N`` triangles, or ``v`` and ``f`` of an .npz file."""
    if name.startswith("torus:"):
        return bumpy_torus(int(name.removeprefix("torus:")))
    stored = np.load(Path(name))
    return np.ascontiguousarray(stored["v"], np.float64), np.ascontiguousarray(stored["f"], np.int32)
