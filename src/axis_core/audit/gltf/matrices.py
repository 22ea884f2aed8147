"""Node matrices: can one be written as translation, rotation and scale?

The test is the reference implementation's: take the matrix apart, put it together again, all in 32-bit floats as
engines hold it, and compare the largest column sums. It lets some shears pass that hide behind a translation.

References
----------
The Khronos Group, glTF 2.0 Specification, section 3.5.3 "Transformations".
K. Shoemake, Animating Rotation with Quaternion Curves, 1985, DOI 10.1145/325165.325242 (matrix to quaternion).
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray


__all__ = ["IDENTITY", "is_decomposable"]

IDENTITY = [1.0, 0, 0, 0, 0, 1.0, 0, 0, 0, 0, 1.0, 0, 0, 0, 0, 1.0]

_TOLERANCE = 5e-5  # on the largest column sum
_Floats = NDArray[np.float32]


def is_decomposable(matrix: Sequence[float]) -> bool:
    """Whether a column-major 4 x 4 matrix is a translation times a rotation times a scale, within a tolerance."""
    with np.errstate(all="ignore"):
        m = np.asarray(matrix, dtype=np.float64).astype(np.float32).reshape(4, 4)
        if m[:3, 3].any() or m[3, 3] != 1:
            return False
        determinant = _determinant(m[:3, :3].astype(np.float64))
        if determinant == 0 or not math.isfinite(determinant):
            return False
        again = _recomposed(m, determinant < 0)
        return abs(_largest_column_sum(again) - _largest_column_sum(m)) < _TOLERANCE


def _determinant(m: NDArray[np.float64]) -> float:
    return float(np.dot(m[0], np.cross(m[1], m[2])))


def _largest_column_sum(m: _Floats) -> float:
    return float(np.abs(m.astype(np.float64)).sum(axis=1).max())


def _recomposed(m: _Floats, is_mirrored: bool) -> _Floats:
    """Take a matrix apart and put it together again."""
    axes = m[:3, :3].astype(np.float64)
    lengths = np.sqrt((axes * axes).sum(axis=1))
    if is_mirrored:
        lengths[0] = -lengths[0]
    rotation = (axes * (1 / lengths)[:, None]).astype(np.float32)
    out = m.copy()
    again = _rotation(_quaternion(rotation.astype(np.float64)))
    out[:3, :3] = again.astype(np.float64) * lengths.astype(np.float32).astype(np.float64)[:, None]
    return out


def _quaternion(r: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return x, y, z, w, in 32-bit precision, of a rotation whose columns are the rows of ``r``."""
    q = np.zeros(4, dtype=np.float32)
    trace = float(np.trace(r))
    if trace > 0:
        s = math.sqrt(trace + 1)
        q[3] = s * 0.5
        q[:3] = np.array([r[1, 2] - r[2, 1], r[2, 0] - r[0, 2], r[0, 1] - r[1, 0]]) * (0.5 / s)
    else:
        i = int(np.argmax(np.diag(r)))
        j, k = (i + 1) % 3, (i + 2) % 3
        s = math.sqrt(max(r[i, i] - r[j, j] - r[k, k] + 1, 0.0))
        half = 0.5 / s if s else math.inf
        q[i] = s * 0.5
        q[3] = (r[j, k] - r[k, j]) * half
        q[j] = (r[i, j] + r[j, i]) * half
        q[k] = (r[i, k] + r[k, i]) * half
    return q.astype(np.float64)


def _rotation(q: NDArray[np.float64]) -> _Floats:
    """Return the rotation of a quaternion, one axis a row."""
    x, y, z, w = q.tolist()
    return np.array(
        [
            [1 - 2 * (y * y + z * z), 2 * (x * y + w * z), 2 * (x * z - w * y)],
            [2 * (x * y - w * z), 1 - 2 * (x * x + z * z), 2 * (y * z + w * x)],
            [2 * (x * z + w * y), 2 * (y * z - w * x), 1 - 2 * (x * x + y * y)],
        ],
        dtype=np.float32,
    )
