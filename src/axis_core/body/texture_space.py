"""Rest positions in texture space: for every texel of a surface, where on the body it is.

What is painted as a function of position has no seams, whatever the UV layout.
"""

from __future__ import annotations

from functools import lru_cache

import attrs
import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import distance_transform_edt

from axis_core.body.data import BodyMesh
from axis_core.body.surfaces import Surface


__all__ = ["Texels", "covered_texels"]

_SMALLEST_BOX = 4
_TEXELS_AT_ONCE = 1 << 18
"""Bounds the working memory to some 50 MB."""
_EDGE = -1e-6
"""Slack in barycentric coordinates: a texel on a shared edge belongs to both triangles, not to none."""


@attrs.frozen(eq=False)
class Texels:
    """The texels that a surface covers, and which of them lends its colour to each texel of the image.

    Attributes
    ----------
    side : int
    rows, columns : (n,) int64
        The covered texels.
    positions : (n, 3) float64, metres
        Where on the base mesh they are.
    nearest : (side, side) int32
        Index of the nearest covered texel, itself where covered.
    triangles : (n,) int64
        The face of the surface that each texel lies in.
    shares : (n, 3) float32
        Its barycentric coordinates there.
    """

    side: int
    rows: NDArray[np.int64]
    columns: NDArray[np.int64]
    positions: NDArray[np.float64]
    nearest: NDArray[np.int32]
    triangles: NDArray[np.int64]
    shares: NDArray[np.float32]

    def interpolate(self, corners: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return values at the texels, linear between values (m, 3) at the corners of the surface's faces."""
        return np.asarray((corners[self.triangles] * self.shares).sum(axis=1))

    def sample(self, image: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the values of a (side, side) image at the covered texels."""
        return np.asarray(image[self.rows, self.columns])

    def spread(self, values: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """Return an image (side, side, c) of the values (n, c), continued beyond the seams."""
        return np.asarray(values[self.nearest])


@lru_cache(maxsize=8)
def covered_texels(mesh: BodyMesh, surface: Surface, side: int) -> Texels:
    """Return the texels that ``surface``, one of the dressed surfaces of ``mesh``, covers in a square texture.

    Parameters
    ----------
    mesh, surface
        The UVs of ``surface`` lie in 0..1.
    side : int
        Width and height of the texture.
    """
    corners = surface.uvs[surface.faces].astype(np.float64) * side - 0.5
    points = mesh.vertices[surface.vertices][surface.faces]
    shares = np.zeros((side, side, 3), dtype=np.float32)
    owner = np.full((side, side), -1, dtype=np.int64)
    low = np.floor(corners.min(axis=1)).astype(np.int64)
    extent = np.ceil(corners.max(axis=1)).astype(np.int64) - low + 1
    box = _SMALLEST_BOX
    left = np.arange(len(corners))
    while len(left):
        fits = extent[left].max(axis=1) <= box
        chosen = left[fits]
        for part in np.array_split(chosen, 1 + len(chosen) * box * box // _TEXELS_AT_ONCE):
            _fill(shares, owner, part, corners[part], low[part], box)
        left = left[~fits]
        box *= 2
    known = owner >= 0
    rows, columns = np.nonzero(known)
    number = np.zeros((side, side), dtype=np.int32)
    number[rows, columns] = np.arange(len(rows))
    near = distance_transform_edt(~known, return_distances=False, return_indices=True)
    triangles, amounts = owner[rows, columns], shares[rows, columns]
    places = np.einsum("nk,nkc->nc", amounts.astype(np.float64), points[triangles])
    return Texels(side, rows, columns, places, number[near[0], near[1]], triangles, amounts)


def _fill(
    shares: NDArray[np.float32],
    owner: NDArray[np.int64],
    faces: NDArray[np.int64],
    corners: NDArray[np.float64],
    low: NDArray[np.int64],
    box: int,
) -> None:
    """Write which of ``faces``, that all fit a square of ``box`` texels, every texel inside them lies in, and where."""
    side = len(owner)
    offset = np.stack(np.meshgrid(np.arange(box), np.arange(box)), axis=-1).reshape(-1, 2)
    texels = low[:, None, :] + offset
    a, b, c = corners[:, 0], corners[:, 1], corners[:, 2]
    area = _cross(b - a, c - a)
    solid = np.abs(area) > 1e-12
    p = texels - a[:, None, :]
    with np.errstate(divide="ignore", invalid="ignore"):
        v = _cross(p, (c - a)[:, None, :]) / area[:, None]
        w = _cross((b - a)[:, None, :], p) / area[:, None]
    inside = solid[:, None] & (v >= _EDGE) & (w >= _EDGE) & (v + w <= 1.0 - _EDGE)
    inside &= (texels >= 0).all(axis=2) & (texels < side).all(axis=2)
    triangle, at = np.nonzero(inside)
    x, y = texels[triangle, at].T
    v, w = v[triangle, at], w[triangle, at]
    shares[y, x] = np.stack([1.0 - v - w, v, w], axis=1)
    owner[y, x] = faces[triangle]


def _cross(a: NDArray[np.float64], b: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(a[..., 0] * b[..., 1] - a[..., 1] * b[..., 0])
