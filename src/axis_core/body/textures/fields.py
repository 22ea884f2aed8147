"""Fields: what is the same for every picture of a surface, a number a texel, small enough to be kept on disk."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import attrs
import numpy as np
from numpy.typing import NDArray

from axis_core.body.data import BodyMesh
from axis_core.body.texture_space import Texels
from axis_core.body.textures.kept import Arrays, kept_arrays


__all__ = ["Fields", "kept_fields"]

Floats = NDArray[np.floating[Any]]

_LEVELS = 100.0
"""Steps to the unit: a byte then holds -1.27 to 1.27, finer than a step of colour that the field may change by."""
_PLACES = ("arm", "points")
"""Lengths, that lines a millimetre wide are drawn by: these stay single precision."""
_NEAREST = "nearest"


@attrs.frozen(eq=False)
class Fields:
    """Numbers at the n covered texels of a surface, by name.

    Attributes
    ----------
    nearest : (side, side) int32
        Index of the covered texel that lends its colour to each texel of the image.
    stored : mapping of str to (n,) int8 or (n, ...) float32
    """

    nearest: NDArray[np.int32]
    stored: Mapping[str, NDArray[Any]]

    def __getitem__(self, name: str) -> Floats:
        """Return a field as float32."""
        values = self.stored[name]
        return values * np.float32(1.0 / _LEVELS) if values.dtype == np.int8 else values

    def spread(self, values: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """Return an image (side, side, c) of the values (n, c), continued beyond the seams."""
        return np.asarray(values[self.nearest])


def kept_fields(
    name: str, mesh: BodyMesh, side: int, paint: Callable[[], tuple[Texels, Mapping[str, Floats]]]
) -> Fields:
    """Return the fields of a surface, from the cache where they are; new ones go the same way, so that both are equal.

    Parameters
    ----------
    name, mesh, side
        As for :func:`axis_core.body.textures.kept.kept_arrays`.
    paint : callable () -> (Texels, mapping of str to (n, ...) array)
        Values of -1.27 to 1.27, but for ``points`` and ``arm``.
    """

    def make() -> Arrays:
        texels, fields = paint()
        return {_NEAREST: texels.nearest, **{field: _packed(field, values) for field, values in fields.items()}}

    stored = dict(kept_arrays(name, mesh, side, make))
    return Fields(stored.pop(_NEAREST), stored)


def _packed(field: str, values: Floats) -> NDArray[Any]:
    if field in _PLACES:
        return np.asarray(values, np.float32)
    return np.asarray(np.rint(np.clip(values, -1.27, 1.27) * _LEVELS), np.int8)
