"""MorphTarget: a named displacement of the vertices of a mesh."""

from __future__ import annotations

from typing import Any

import attrs
import numpy as np
from numpy.typing import NDArray

from axis_core.model.arrays import same_arrays, to_frozen


__all__ = ["MorphTarget"]

_ARRAY = attrs.cmp_using(same_arrays)


def _optional(columns: int) -> Any:
    return attrs.converters.optional(to_frozen(np.float32, columns))


@attrs.frozen(kw_only=True)
class MorphTarget:
    """Displacements at full weight.

    Attributes
    ----------
    name : str
        ARKit names for faces (``eyeBlinkLeft``), ``viseme_aa`` for Oculus visemes.
    positions : (V, 3) float32, metres
        Added to the positions.
    normals, tangents : (V, 3) float32 or None
        Added to the normals and to the directions of the tangents.
    """

    name: str
    positions: NDArray[np.float32] = attrs.field(converter=to_frozen(np.float32, 3), eq=_ARRAY)
    normals: NDArray[np.float32] | None = attrs.field(default=None, converter=_optional(3), eq=_ARRAY)
    tangents: NDArray[np.float32] | None = attrs.field(default=None, converter=_optional(3), eq=_ARRAY)
