"""Decimators behind one signature: (positions float64, faces int32, target) -> (positions, faces).

Each is imported when it is asked for. meshoptimizer comes from the almeshopt wheel (upstream 1.x), through ctypes.
"""

from __future__ import annotations

import ctypes
import importlib.util
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray


Runner = Callable[[NDArray[np.float64], NDArray[np.int32], int], tuple[NDArray[Any], NDArray[Any]]]


def axis() -> Runner:
    """Ours."""
    from axis_core.kernels.decimate import decimate

    return decimate


def fast_simplification() -> Runner:
    """fast-simplification (MIT), aggressiveness 7, its default."""
    import fast_simplification as peer

    return lambda v, f, target: peer.simplify(v, f, target_count=target)


def meshopt_library() -> ctypes.CDLL:
    """Return meshoptimizer's C functions."""
    spec = importlib.util.find_spec("almeshopt")
    if spec is None or not spec.submodule_search_locations:
        raise SystemExit("almeshopt is not installed")
    return ctypes.CDLL(str(next(Path(spec.submodule_search_locations[0]).glob("*.so"))))


def meshopt() -> Runner:
    """meshoptimizer's simplifyWithUpdate, which moves vertices to where they fit best."""
    library = meshopt_library()
    p, s, real, u = ctypes.c_void_p, ctypes.c_size_t, ctypes.c_float, ctypes.c_uint
    library.meshopt_simplifyWithUpdate.restype = s
    library.meshopt_simplifyWithUpdate.argtypes = [p, s, p, s, s, p, s, p, s, p, s, real, u, p]

    def run(v: NDArray[np.float64], f: NDArray[np.int32], target: int) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
        positions = np.array(v, np.float32, order="C")
        index = np.array(f, np.uint32, order="C").ravel()
        error = ctypes.c_float()
        n = library.meshopt_simplifyWithUpdate(
            index.ctypes.data, index.size, positions.ctypes.data, len(positions), 12, None, 0, None, 0, None,
            3 * target, 1e30, 0, ctypes.byref(error),
        )  # fmt: skip
        used = np.zeros(len(positions), bool)
        used[index[:n]] = True
        return positions[used], (np.cumsum(used, dtype=np.int64) - 1)[index[:n]].reshape(-1, 3)

    return run


def vtk() -> Runner:
    """VTK's vtkQuadricDecimation: slow, and the measure of geometric error."""
    import pyvista

    def run(v: NDArray[np.float64], f: NDArray[np.int32], target: int) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
        out = pyvista.PolyData.from_regular_faces(v, f).decimate(1 - target / len(f))
        return np.asarray(out.points, np.float64), np.asarray(out.regular_faces, np.int64)

    return run


RUNNERS: dict[str, Callable[[], Runner]] = {
    "axis": axis,
    "fast": fast_simplification,
    "meshopt": meshopt,
    "vtk": vtk,
}
