"""Animation: named clips of keyframes on nodes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import attrs
import numpy as np
from numpy.typing import NDArray

from axis_core.model.arrays import floats, same_arrays, tuple_of


__all__ = ["Animation", "Channel"]

_ARRAY = attrs.cmp_using(same_arrays)


@attrs.frozen(kw_only=True)
class Channel:
    """Keyframes of one property of one node.

    Attributes
    ----------
    node : int or None
        Index of the node; None where an extension names the target.
    path : str
        ``translation``, ``rotation``, ``scale`` or ``weights`` (or ``pointer`` of KHR_animation_pointer).
    times : (T,) float32, seconds
    values : (T, n) or, for CUBICSPLINE, (3 T, n) float32
        n is 3, 4 (quaternions x y z w) or the number of morph targets.
    interpolation : str
        ``LINEAR``, ``STEP`` or ``CUBICSPLINE``.
    """

    node: int | None
    path: str
    times: NDArray[np.float32] = attrs.field(converter=floats, eq=_ARRAY)
    values: NDArray[np.float32] = attrs.field(converter=floats, eq=_ARRAY)
    interpolation: str = "LINEAR"
    extras: Mapping[str, Any] = attrs.field(factory=dict)
    target_extensions: Mapping[str, Any] = attrs.field(factory=dict)


@attrs.frozen(kw_only=True)
class Animation:
    """A clip."""

    name: str = ""
    channels: tuple[Channel, ...] = attrs.field(default=(), converter=tuple_of)
    extras: Mapping[str, Any] = attrs.field(factory=dict)
    extensions: Mapping[str, Any] = attrs.field(factory=dict)

    @property
    def seconds(self) -> float:
        """Length of the clip."""
        return max((float(c.times[-1]) for c in self.channels if len(c.times)), default=0.0)
