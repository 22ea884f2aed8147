"""Moving pictures from one set of texture coordinates to another: which face lies over a texel, and what was there.

``texels_of`` says for every texel of the new image which face covers its centre and where in it; any vertex attribute
(old coordinates, tangents, colours) is then blended there, old images are looked up, and ``spread_texels`` fills the
gaps between the charts, so that neither bilinear filtering nor mipmaps bring in the background.

References
----------
P.-E. Danielsson, *Euclidean distance mapping*, 1980, doi:10.1016/0146-664X(80)90054-4.
"""

from __future__ import annotations

from typing import Any

import attrs
import numpy as np
from numpy.typing import ArrayLike, NDArray

from axis_core.errors import InputError, LimitExceeded
from axis_core.kernels.triangles import face_array


__all__ = ["MAX_TEXELS", "Texels", "sample_image", "spread_texels", "texels_of"]

MAX_TEXELS = 8192 * 8192
"""Largest image that is baked."""


@attrs.frozen(kw_only=True)
class Texels:
    """What lies over the texels of an image.

    Attributes
    ----------
    shape : (height, width)
    rows : (N,) int64
        Flat indices of the texels under some face, ascending.
    corners : (N, 3) int64
        Vertices of that face.
    weights : (N, 3) float32
        Barycentric weights of the texel's centre; they sum to 1.
    """

    shape: tuple[int, int]
    rows: NDArray[np.int64]
    corners: NDArray[np.int64]
    weights: NDArray[np.float32]

    def blend(self, values: ArrayLike) -> NDArray[np.float32]:
        """Return the vertex attribute ``values`` (V, C) at the texels, (N, C) float32."""
        array = np.asarray(values, np.float32)
        out = self.weights[:, :1] * array[self.corners[:, 0]]
        for k in (1, 2):
            out += self.weights[:, k : k + 1] * array[self.corners[:, k]]
        return np.asarray(out)


def texels_of(uvs: ArrayLike, faces: ArrayLike, width: int, height: int) -> Texels:
    """Return what lies over the texels of an image.

    Parameters
    ----------
    uvs : (V, 2) float
        (0, 0) is the upper left corner of the image, as in glTF. What lies outside 0..1 is not drawn.
    faces : (F, 3) int
        Of either winding; where faces overlap, the first one is seen.
    width, height : int, pixels

    Raises
    ------
    InputError
        ``invalid_request`` for a wrong shape or an index out of range; LimitExceeded for more than ``MAX_TEXELS``.

    Examples
    --------
    >>> texels = texels_of([[0, 0], [1, 0], [0, 1]], [[0, 1, 2]], 4, 4)
    >>> len(texels.rows), bool(np.allclose(texels.weights.sum(axis=1), 1))
    (10, True)
    """
    from axis_core.kernels.cpu.bake import rasterise
    from axis_core.kernels.cpu.jit import as_kernel_array

    coordinates = _rows_of_two(uvs)
    corners = face_array(faces, len(coordinates))
    if width < 1 or height < 1:
        raise InputError(f"an image of {width} x {height} pixels has no texels")
    if width * height > MAX_TEXELS:
        raise LimitExceeded(f"an image of {width} x {height} pixels has more than {MAX_TEXELS} texels")
    usable = np.asarray((np.abs(coordinates) < 1e6).all(axis=1))  # false for NaN, too
    corners = corners[usable[corners].all(axis=1)]
    face_of = np.full((height, width), -1, np.int32)
    shares = np.zeros((height, width, 2), np.float32)
    rasterise(as_kernel_array(coordinates, np.float64), as_kernel_array(corners, np.uint32), face_of, shares)
    rows = np.flatnonzero(face_of.ravel() >= 0)
    first = shares.reshape(-1, 2)[rows]
    weights = np.concatenate([first, 1.0 - first.sum(axis=1, keepdims=True)], axis=1)
    found = face_of.ravel()[rows]
    return Texels(shape=(height, width), rows=rows, corners=corners[found].astype(np.int64), weights=weights)


def sample_image(image: ArrayLike, uvs: ArrayLike, *, repeats: bool = True) -> NDArray[np.float32]:
    """Return the bilinear values of an image, (N, C) float32.

    Parameters
    ----------
    image : (H, W, C) float
    uvs : (N, 2) float
        (0, 0) is the upper left corner; outside 0..1 the image repeats, or its edge goes on. NaN reads a corner.
    repeats : bool

    Raises
    ------
    InputError
        ``invalid_request`` for an image without pixels or a wrong shape.
    """
    from axis_core.kernels.cpu.bake import sample
    from axis_core.kernels.cpu.jit import as_kernel_array

    pixels = as_kernel_array(image, np.float32)
    if pixels.ndim != 3 or pixels.size == 0:
        raise InputError(f"image: expected pixels of shape (H, W, C), got {pixels.shape}")
    coordinates = as_kernel_array(_rows_of_two(uvs), np.float64)
    out = np.empty((len(coordinates), pixels.shape[2]), np.float32)
    sample(pixels, coordinates, repeats, out)
    return out


def spread_texels(texels: Texels, values: NDArray[Any], background: ArrayLike) -> NDArray[Any]:
    """Return the image (H, W, C) with ``values`` (N, C) at the texels, elsewhere that of about the nearest texel.

    ``background`` (C,) fills an image that has no texel at all.
    """
    from axis_core.kernels.cpu.bake import nearest_texels

    height, width = texels.shape
    if not len(texels.rows):
        return np.broadcast_to(np.asarray(background, values.dtype), (height, width, values.shape[1])).copy()
    owner = np.full((height, width), -1, np.int64)
    owner.ravel()[texels.rows] = texels.rows
    nearest_texels(owner)
    place = np.zeros(height * width, np.int64)
    place[texels.rows] = np.arange(len(texels.rows))
    return np.asarray(values[place[owner]])


def _rows_of_two(uvs: ArrayLike) -> NDArray[np.float64]:
    array = np.asarray(uvs)
    if array.size == 0 and array.ndim < 2:
        array = array.reshape(0, 2)
    if array.ndim != 2 or array.shape[1] != 2 or array.dtype.kind not in "fiu":
        raise InputError(f"uvs: expected real numbers of shape (N, 2), got {array.dtype} of shape {array.shape}")
    return np.ascontiguousarray(array, np.float64)
