"""Skin: which nodes are the joints of a mesh, and where they were when it was bound."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import attrs
import numpy as np
from numpy.typing import NDArray

from axis_core.model.arrays import floats, same_arrays, tuple_of


__all__ = ["Skin"]


def _matrices(value: Any) -> NDArray[np.float32]:
    array = np.asarray(value, dtype=np.float32).reshape(-1, 4, 4)
    return floats(array)


@attrs.frozen(kw_only=True)
class Skin:
    """Joints and inverse bind matrices.

    Attributes
    ----------
    joints : (J,) int
        Indices of nodes.
    inverse_bind : (J, 4, 4) float32
        Mesh space to joint space in the bind pose, row-major (``m @ column``).
    root : int or None
        glTF's ``skeleton``: a common root of the joints.
    """

    joints: tuple[int, ...] = attrs.field(converter=tuple_of)
    inverse_bind: NDArray[np.float32] = attrs.field(converter=_matrices, eq=attrs.cmp_using(same_arrays))
    name: str = ""
    root: int | None = None
    extras: Mapping[str, Any] = attrs.field(factory=dict)
    extensions: Mapping[str, Any] = attrs.field(factory=dict)

    def __attrs_post_init__(self) -> None:
        """Check that there is one matrix a joint."""
        if len(self.joints) != len(self.inverse_bind):
            raise ValueError(f"skin {self.name!r}: {len(self.joints)} joints, {len(self.inverse_bind)} matrices")
