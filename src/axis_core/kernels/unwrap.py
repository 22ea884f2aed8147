"""Texture coordinates for triangles that have none, or whose own overlap: charts and packing by xatlas (MIT).

References
----------
J. Young, *xatlas*, https://github.com/jpcy/xatlas; after I. Castaño, *thekla_atlas*.
"""

from __future__ import annotations

import attrs
import numpy as np
from numpy.typing import ArrayLike, NDArray

from axis_core.kernels.triangles import face_array, position_array


__all__ = ["Unwrapped", "unwrap_mesh"]


@attrs.frozen(kw_only=True)
class Unwrapped:
    """A mesh cut into charts.

    Attributes
    ----------
    rows : (W,) int64
        The old vertex of each new one: vertices on cuts are there several times.
    faces : (F, 3) uint32
        In the old order; a face without area has no place in the image but keeps its corners.
    uvs : (W, 2) float32, 0..1
        Charts do not overlap; (0, 0) is the upper left corner.
    """

    rows: NDArray[np.int64]
    faces: NDArray[np.uint32]
    uvs: NDArray[np.float32]


def unwrap_mesh(positions: ArrayLike, faces: ArrayLike, *, resolution: int = 1024, padding: int = 4) -> Unwrapped:
    """Return the mesh cut into charts and the charts laid out in one square.

    Parameters
    ----------
    positions : (V, 3) float, finite, any unit
        Charts are sized by area.
    faces : (F, 3) int
    resolution : int, pixels
        Side of the image that will be baked: the gap between charts is counted in its pixels.
    padding : int, pixels

    Raises
    ------
    InputError
        ``invalid_request`` for a wrong shape or an index out of range.
    """
    import xatlas

    points = position_array(positions)
    corners = face_array(faces, len(points))
    if not len(corners):
        return Unwrapped(rows=np.zeros(0, np.int64), faces=corners, uvs=np.zeros((0, 2), np.float32))
    size = float(np.ptp(points, axis=0).max()) or 1.0
    atlas = xatlas.Atlas()
    atlas.add_mesh(np.ascontiguousarray(points / size, np.float32), np.ascontiguousarray(corners))
    packing = xatlas.PackOptions()
    packing.resolution, packing.padding, packing.bilinear = resolution, padding, True
    atlas.generate(pack_options=packing)
    rows, new_faces, uvs = atlas[0]
    return Unwrapped(rows=rows.astype(np.int64), faces=new_faces, uvs=np.clip(uvs, 0.0, 1.0).astype(np.float32))
