"""The surface on which a field of voxels has one value: marching cubes by VTK's flying edges (BSD).

Of the kept permissive implementations it is the fastest by far (128 voxels cubed: 7 ms; scikit-image 29, PyMCubes 51),
and VTK is there anyway, for the pictures.

References
----------
W. E. Lorensen, H. E. Cline, *Marching cubes*, 1987, doi:10.1145/37402.37422.
W. Schroeder, R. Maynard, B. Geveci, *Flying edges*, 2015, doi:10.1109/LDAV.2015.7348069.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from axis_core.errors import InputError
from axis_core.kernels.weld import weld_vertices


__all__ = ["isosurface"]


def isosurface(
    field: ArrayLike,
    level: float = 0.0,
    *,
    origin: ArrayLike = (0.0, 0.0, 0.0),
    spacing: float = 1.0,
    closed: bool = True,
) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    """Return the vertices and faces of the surface where ``field`` is ``level``.

    Parameters
    ----------
    field : (X, Y, Z) float
        Values at voxel centres: high inside, as a solid of 0 and 1 or a depth below the surface. NaN counts as outside.
    level : float
    origin : (3,) float
        Centre of voxel (0, 0, 0).
    spacing : float
        Side of a voxel.
    closed : bool
        Whether what lies beyond the grid counts as outside: the surface is then closed there, else it ends.

    Returns
    -------
    positions : (V, 3) float32, in the unit of ``spacing``
    faces : (F, 3) int64
        Counter-clockwise seen from outside, where the field is lower. Vertices are shared; every edge has as many faces
        on one side as on the other, more than one only where the surface touches itself.

    Raises
    ------
    InputError
        ``invalid_request`` for a field that is not three-dimensional, a level that is not finite, or no spacing.

    Examples
    --------
    >>> solid = np.zeros((3, 3, 3))
    >>> solid[1, 1, 1] = 1.0
    >>> positions, faces = isosurface(solid, 0.5)
    >>> positions.shape, faces.shape
    ((6, 3), (8, 3))
    """
    values = np.asarray(field)
    if values.ndim != 3 or values.dtype.kind not in "fiub":
        raise InputError(f"field: expected real numbers of shape (X, Y, Z), got {values.dtype} of {values.shape}")
    if not np.isfinite(level) or not spacing > 0:
        raise InputError(f"expected a finite level and a spacing above 0, got {level} and {spacing}")
    values = np.asarray(values, np.float32)
    top = float(np.fmax.reduce(values, axis=None, initial=-np.inf))
    low = np.float32(level - (top - level if level < top < np.inf else 1.0))  # as far below as the inside is above
    if np.isnan(values).any():
        values = np.where(np.isnan(values), low, values)
    if closed:
        values = np.pad(values, 1, constant_values=low)
    if min(values.shape, default=0) < 2:
        return np.zeros((0, 3), np.float32), np.zeros((0, 3), np.int64)
    points, faces = _flying_edges(values, level)
    start = np.asarray(origin, np.float64) - (spacing if closed else 0.0)
    first, group = weld_vertices(points)  # where the surface runs through a voxel's centre, several edges meet there
    faces = group[faces]
    apart = (faces[:, 0] != faces[:, 1]) & (faces[:, 1] != faces[:, 2]) & (faces[:, 2] != faces[:, 0])
    return np.asarray(points[first] * spacing + start, np.float32), faces[apart]


def _flying_edges(values: NDArray[np.float32], level: float) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Return points in voxels and faces."""
    from vtkmodules.util import numpy_support
    from vtkmodules.vtkCommonDataModel import vtkImageData
    from vtkmodules.vtkFiltersCore import vtkFlyingEdges3D

    to_vtk: Any = numpy_support.numpy_to_vtk  # untyped
    to_numpy: Any = numpy_support.vtk_to_numpy
    image = vtkImageData()
    image.SetDimensions(values.shape[::-1])  # VTK's first axis runs fastest: it sees ours in reverse
    flat = np.ascontiguousarray(values).ravel()  # kept alive here: VTK takes no copy
    image.GetPointData().SetScalars(to_vtk(flat))
    contour = vtkFlyingEdges3D()
    contour.SetInputData(image)
    contour.SetValue(0, float(level))
    contour.ComputeNormalsOff()
    contour.ComputeScalarsOff()
    contour.Update()
    found = contour.GetOutput()
    if not found.GetNumberOfPolys():
        return np.zeros((0, 3)), np.zeros((0, 3), np.int64)
    points = to_numpy(found.GetPoints().GetData())[:, ::-1].astype(np.float64)
    faces = to_numpy(found.GetPolys().GetConnectivityArray()).astype(np.int64).reshape(-1, 3)
    return points, faces[:, ::-1]  # and reversed axes mirror
