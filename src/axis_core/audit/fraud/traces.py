"""Traces: what tells an avatar again, small enough to keep for every asset."""

from __future__ import annotations

import hashlib

import attrs
import numpy as np
from numpy.typing import ArrayLike, NDArray

from axis_core.audit.fraud.image_hash import image_hash
from axis_core.kernels.fingerprint import fingerprint
from axis_core.model.arrays import same_arrays
from axis_core.model.scene import Scene
from axis_core.model.soup import Soup, scene_soup


__all__ = ["ImageTrace", "Traces", "traces_of"]

STEPS = 4096
"""Grid of the surface hash, over the largest extent: float32 noise of a re-export stays inside a cell nearly always."""


def _row(values: ArrayLike) -> NDArray[np.float32]:
    return np.asarray(values, np.float32)


@attrs.frozen
class ImageTrace:
    """One image: the hash of its bytes, and its perceptual hash where it has one."""

    sha256: str
    perceptual: int | None = None


@attrs.frozen(kw_only=True)
class Traces:
    """What is kept of an avatar to find it again.

    Attributes
    ----------
    file_sha256 : str
        Of the bytes; empty for a scene without a file.
    mesh_sha256 : str
        Of the surface, whatever the order, the unit, the place and the seams; empty without triangles.
    shape : (162,) float32
        ``axis_core.kernels.fingerprint``; (0,) where nothing could be read.
    images : tuple of ImageTrace
    """

    file_sha256: str = ""
    mesh_sha256: str = ""
    shape: NDArray[np.float32] = attrs.field(converter=_row, eq=attrs.cmp_using(same_arrays))
    images: tuple[ImageTrace, ...] = ()


def traces_of(scene: Scene, data: bytes | None = None) -> Traces:
    """Return the traces of a scene, and of the file that it was read from."""
    soup = scene_soup(scene)
    images = {t.data: None for t in scene.textures if t.data}
    return Traces(
        file_sha256="" if data is None else hashlib.sha256(data).hexdigest(),
        mesh_sha256=_surface_hash(soup),
        shape=fingerprint(soup.positions, soup.faces),
        images=tuple(ImageTrace(hashlib.sha256(d).hexdigest(), image_hash(d)) for d in images),
    )


def _surface_hash(soup: Soup) -> str:
    """SHA-256 of the sorted triangles on a grid over the bounds."""
    corners = soup.positions[soup.faces.astype(np.int64)]
    corners = corners[np.isfinite(corners).all(axis=(1, 2))]
    if not len(corners):
        return ""
    low = corners.min(axis=(0, 1))
    size = float((corners.max(axis=(0, 1)) - low).max())
    if not size > 0.0:
        return ""
    cells = np.rint((corners - low) * (STEPS / size)).astype(np.int64)
    keys = (cells[..., 0] * (STEPS + 1) + cells[..., 1]) * (STEPS + 1) + cells[..., 2]
    keys = np.sort(keys, axis=1)
    return hashlib.sha256(keys[np.lexsort(keys.T[::-1])].tobytes()).hexdigest()
