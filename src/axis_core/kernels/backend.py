"""Which library a kernel runs on: compiled loops for NumPy arrays, the arrays' own library for all others.

A kernel that has a plain body (``kernels/plain``) takes arrays of any library that follows the array API standard:
cupy's stay on the GPU, and so does the result. All other kernels, and all NumPy arrays, run compiled on the CPU.

References
----------
Consortium for Python Data API Standards, *Python array API standard*, 2023.12, https://data-apis.org/array-api.
"""

from __future__ import annotations

import importlib
import importlib.util
from typing import Any

import attrs
import numpy as np

from axis_core.errors import InputError


__all__ = ["PLAIN_KERNELS", "Backend", "array_namespace", "foreign_mesh", "gpu_backend"]

PLAIN_KERNELS = (
    "dual_quaternion", "limit_influences", "linear_blend", "normalise_weights", "vertex_normals", "vertex_quadrics",
    "edge_optima",
)  # fmt: skip
"""Kernels that accept arrays of other libraries."""


@attrs.frozen(kw_only=True)
class Backend:
    """What a GPU would do here.

    Attributes
    ----------
    is_usable : bool
        Whether a device answers.
    detail : str
        What serves, or why none does.
    """

    is_usable: bool
    detail: str


def array_namespace(*arrays: Any) -> Any | None:
    """Return the library of the arrays if it is not NumPy, or None: then the compiled kernels serve.

    Raises
    ------
    TypeError
        If arrays of two libraries that are not NumPy come together.

    Examples
    --------
    >>> array_namespace(np.zeros(3), [1, 2]) is None
    True
    """
    found: list[Any] = []
    for array in arrays:
        if array is None or isinstance(array, np.ndarray | np.generic) or not hasattr(array, "__array_namespace__"):
            continue
        space = array.__array_namespace__()
        if space not in found:
            found.append(space)
    if len(found) > 1:
        raise TypeError(f"arrays of {' and '.join(s.__name__ for s in found)} come together; bring them to one library")
    return found[0] if found else None


def foreign_mesh(xp: Any, positions: Any, faces: Any) -> tuple[Any, Any]:
    """Return positions and faces as arrays of ``xp``; their shapes and the range of the indices are checked.

    Raises
    ------
    InputError
        ``invalid_request`` for a wrong shape, or an index out of range.
    """
    points, corners = xp.asarray(positions), xp.asarray(faces)
    for name, array in (("positions", points), ("faces", corners)):
        if array.ndim != 2 or array.shape[1] != 3:
            raise InputError(f"{name}: expected shape (N, 3), got {tuple(array.shape)}")
    if corners.shape[0]:
        low, high = int(xp.min(corners)), int(xp.max(corners))
        if low < 0 or high >= points.shape[0]:
            raise InputError(f"faces: vertex index {low if low < 0 else high} is outside 0..{points.shape[0] - 1}")
    return points, corners


def gpu_backend() -> Backend:
    """Return whether cupy is installed and finds a device. Nothing is computed on it."""
    if importlib.util.find_spec("cupy") is None:
        return Backend(is_usable=False, detail="cupy is not installed: all kernels run on the CPU")
    try:
        from axis_core.kernels.gpu import device_name

        return Backend(is_usable=True, detail=device_name())
    except (ImportError, OSError, RuntimeError) as exc:
        return Backend(is_usable=False, detail=f"cupy finds no device ({exc}): all kernels run on the CPU")
