"""Read-only arrays: the only kind the model holds."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray


__all__ = ["frozen_array", "same_arrays", "to_frozen"]


def frozen_array(value: Any, dtype: DTypeLike, columns: int | None = None) -> NDArray[Any]:
    """Return ``value`` as a contiguous, read-only array of ``dtype``; a copy only where the caller could still write.

    Raises
    ------
    ValueError
        If ``columns`` is given and the array is not (n, columns).
    """
    source = np.asarray(value)
    out = np.ascontiguousarray(source, dtype=dtype)
    if out is source or out.base is not None:
        if not (out.flags.writeable is False and out.flags.owndata):
            out = out.copy() if out.flags.writeable else out
    out.flags.writeable = False
    if columns is not None:
        if out.size == 0:
            out = np.zeros((0, columns), dtype=dtype)
            out.flags.writeable = False
        if out.ndim != 2 or out.shape[1] != columns:
            raise ValueError(f"expected an array of shape (n, {columns}), got {out.shape}")
    return out


def to_frozen(dtype: DTypeLike, columns: int | None = None) -> Callable[[Any], NDArray[Any]]:
    """Return an attrs converter to a read-only array of ``dtype``."""

    def convert(value: Any) -> NDArray[Any]:
        return frozen_array(value, dtype, columns)

    return convert


def same_arrays(a: Any, b: Any) -> bool:
    """Return whether two arrays have the same shape and values, NaN equal to NaN."""
    return bool(np.shape(a) == np.shape(b) and np.array_equal(a, b, equal_nan=np.asarray(a).dtype.kind == "f"))
