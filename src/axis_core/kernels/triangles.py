"""Triangle meshes at the door of the kernels: checked once, converted once to the dtypes the kernels compile for."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from axis_core.errors import InputError, LimitExceeded


__all__ = ["MAX_ELEMENTS", "face_array", "position_array"]

MAX_ELEMENTS = 2**30
"""Most vertices or faces a kernel takes: half-edge numbers (3 a face) stay below 2**32."""


def position_array(positions: ArrayLike, *, name: str = "positions") -> NDArray[np.float64]:
    """Return ``positions`` as C-contiguous (V, 3) float64, without a copy where that is possible.

    Raises
    ------
    InputError
        ``invalid_request``: the shape is not (V, 3), or the values are not real numbers.
    LimitExceeded
        ``limit_exceeded``: more than ``MAX_ELEMENTS`` vertices.
    """
    array = np.asarray(positions)
    if array.size == 0 and array.ndim < 2:
        array = array.reshape(0, 3)
    if array.ndim != 2 or array.shape[1] != 3 or array.dtype.kind not in "fiu":
        raise InputError(f"{name}: expected real numbers of shape (V, 3), got {array.dtype} of shape {array.shape}")
    if len(array) > MAX_ELEMENTS:
        raise LimitExceeded(f"{name}: {len(array)} vertices, at most {MAX_ELEMENTS} are taken")
    return _writable(np.ascontiguousarray(array, dtype=np.float64))


def face_array(faces: ArrayLike, n_vertices: int, *, name: str = "faces") -> NDArray[np.uint32]:
    """Return ``faces`` as C-contiguous (F, 3) uint32 with every index below ``n_vertices``.

    int32 and uint32 input is not copied.

    Raises
    ------
    InputError
        ``invalid_request``: the shape is not (F, 3), the values are not integers, or an index is out of range.
    LimitExceeded
        ``limit_exceeded``: more than ``MAX_ELEMENTS`` faces.
    """
    array = np.asarray(faces)
    if array.size == 0:
        return np.zeros((0, 3), dtype=np.uint32)
    if array.ndim != 2 or array.shape[1] != 3 or array.dtype.kind not in "iu":
        raise InputError(f"{name}: expected integers of shape (F, 3), got {array.dtype} of shape {array.shape}")
    if len(array) > MAX_ELEMENTS:
        raise LimitExceeded(f"{name}: {len(array)} faces, at most {MAX_ELEMENTS} are taken")
    low, high = int(array.min()), int(array.max())
    if low < 0 or high >= n_vertices:
        seen = low if low < 0 else high
        raise InputError(f"{name}: vertex index {seen} is outside 0..{n_vertices - 1}")
    array = np.ascontiguousarray(array)
    return _writable(array.view(np.uint32) if array.dtype == np.int32 else array.astype(np.uint32, copy=False))


def _writable(array: NDArray[Any]) -> NDArray[Any]:
    from axis_core.kernels.cpu.jit import as_kernel_array

    return as_kernel_array(array, array.dtype)
