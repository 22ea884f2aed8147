"""Read-only arrays: the only kind the model holds. The functions below are the converters of its fields."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray


__all__ = [
    "double_rows_3",
    "double_rows_4",
    "doubles",
    "float_rows_2",
    "float_rows_3",
    "float_rows_4",
    "floats",
    "frozen_array",
    "int_indices",
    "opt_float_rows_3",
    "opt_float_rows_4",
    "opt_floats",
    "opt_joint_rows",
    "same_arrays",
    "sets_of_2",
    "sets_of_4",
    "to_frozen",
    "triangles",
    "tuple_of",
]


def frozen_array(value: Any, dtype: DTypeLike, columns: int | None = None) -> NDArray[Any]:
    """Return ``value`` as a contiguous, read-only array of ``dtype``; a copy only where the caller could still write.

    Raises
    ------
    ValueError
        If ``columns`` is given and the array is not (n, columns).
    """
    source = np.asarray(value)
    out = np.ascontiguousarray(source, dtype=dtype)
    if out.flags.writeable and (out is source or out.base is not None):
        out = out.copy()
    out.flags.writeable = False
    if columns is None:
        return out
    if out.size == 0:
        out = np.zeros((0, columns), dtype=dtype)
        out.flags.writeable = False
    if out.ndim != 2 or out.shape[1] != columns:
        raise ValueError(f"expected an array of shape (n, {columns}), got {out.shape}")
    return out


def doubles(value: Any) -> NDArray[np.float64]:
    """Return float64 of any shape."""
    return frozen_array(value, np.float64)


def double_rows_3(value: Any) -> NDArray[np.float64]:
    """Return (n, 3) float64."""
    return frozen_array(value, np.float64, 3)


def double_rows_4(value: Any) -> NDArray[np.float64]:
    """Return (n, 4) float64."""
    return frozen_array(value, np.float64, 4)


def floats(value: Any) -> NDArray[np.float32]:
    """Return float32 of any shape."""
    return frozen_array(value, np.float32)


def float_rows_2(value: Any) -> NDArray[np.float32]:
    """Return (n, 2) float32."""
    return frozen_array(value, np.float32, 2)


def float_rows_3(value: Any) -> NDArray[np.float32]:
    """Return (n, 3) float32."""
    return frozen_array(value, np.float32, 3)


def float_rows_4(value: Any) -> NDArray[np.float32]:
    """Return (n, 4) float32."""
    return frozen_array(value, np.float32, 4)


def opt_float_rows_3(value: Any) -> NDArray[np.float32] | None:
    """Return (n, 3) float32, or None for None."""
    return None if value is None else float_rows_3(value)


def opt_float_rows_4(value: Any) -> NDArray[np.float32] | None:
    """Return (n, 4) float32, or None for None."""
    return None if value is None else float_rows_4(value)


def opt_floats(value: Any) -> NDArray[np.float32] | None:
    """Return float32 of any shape, or None for None."""
    return None if value is None else floats(value)


def opt_joint_rows(value: Any) -> NDArray[np.uint16] | None:
    """Return uint16 of any shape, or None for None."""
    return None if value is None else frozen_array(value, np.uint16)


def int_indices(value: Any) -> NDArray[np.int32]:
    """Return int32 of any shape."""
    return frozen_array(value, np.int32)


def triangles(value: Any) -> NDArray[np.uint32]:
    """Return (n, 3) uint32."""
    return frozen_array(value, np.uint32, 3)


def sets_of_2(value: Any) -> tuple[NDArray[np.float32], ...]:
    """Return a tuple of (n, 2) float32."""
    return tuple(float_rows_2(v) for v in value)


def sets_of_4(value: Any) -> tuple[NDArray[np.float32], ...]:
    """Return a tuple of (n, 4) float32."""
    return tuple(float_rows_4(v) for v in value)


def tuple_of(value: Any) -> tuple[Any, ...]:
    """Return any iterable as a tuple."""
    return tuple(value)


def to_frozen(dtype: DTypeLike, columns: int | None = None) -> Callable[[Any], NDArray[Any]]:
    """Return a converter to a read-only array of ``dtype``, for fields the functions above do not cover."""

    def convert(value: Any) -> NDArray[Any]:
        return frozen_array(value, dtype, columns)

    return convert


def same_arrays(a: Any, b: Any) -> bool:
    """Return whether two arrays, or tuples of arrays, have the same shapes and values, NaN equal to NaN."""
    if isinstance(a, tuple):
        return isinstance(b, tuple) and len(a) == len(b) and all(map(same_arrays, a, b))
    if a is None or b is None:
        return a is b
    return bool(np.shape(a) == np.shape(b) and np.array_equal(a, b, equal_nan=np.asarray(a).dtype.kind == "f"))
