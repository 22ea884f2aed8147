"""MorphTarget: a named displacement of the vertices of a mesh."""

from __future__ import annotations

import attrs
import numpy as np
from numpy.typing import NDArray

from axis_core.model.arrays import float_rows_3, opt_float_rows_3, same_arrays


__all__ = ["MorphTarget"]

_ARRAY = attrs.cmp_using(same_arrays)


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
    positions: NDArray[np.float32] = attrs.field(converter=float_rows_3, eq=_ARRAY)
    normals: NDArray[np.float32] | None = attrs.field(default=None, converter=opt_float_rows_3, eq=_ARRAY)
    tangents: NDArray[np.float32] | None = attrs.field(default=None, converter=opt_float_rows_3, eq=_ARRAY)
