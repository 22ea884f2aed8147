"""Node matrices: can one be written as translation, rotation and scale?"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np


__all__ = ["IDENTITY", "is_decomposable"]

IDENTITY = [1.0, 0, 0, 0, 0, 1.0, 0, 0, 0, 0, 1.0, 0, 0, 0, 0, 1.0]

_TOLERANCE = 5e-5  # on the inner products of the normalised axes


def is_decomposable(matrix: Sequence[float]) -> bool:
    """Whether a column-major 4 x 4 matrix is a translation times a rotation times a scale.

    The last row must be (0, 0, 0, 1), no axis may vanish, and the axes must be orthogonal within a tolerance.
    """
    m = np.asarray(matrix, dtype=np.float64).reshape(4, 4)
    if not np.isfinite(m).all() or m[:3, 3].any() or m[3, 3] != 1:
        return False
    with np.errstate(all="ignore"):
        lengths = np.linalg.norm(m[:3, :3], axis=1)
        if not lengths.all():
            return False
        axes = m[:3, :3] / lengths[:, None]
        inner = axes @ axes.T
    return all(math.fabs(inner[i, j]) < _TOLERANCE for i, j in ((0, 1), (0, 2), (1, 2)))
