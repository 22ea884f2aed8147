"""What a caller may say about how a figure is to be rigged."""

from __future__ import annotations

from collections.abc import Mapping

import attrs
from numpy.typing import NDArray


__all__ = ["PlaceOptions"]


@attrs.frozen(kw_only=True)
class PlaceOptions:
    """Options of an archetype's ``place``.

    Attributes
    ----------
    markers : mapping of joint name to (3,) float64, canonical space
        Joints the caller has put in place; what hangs on them follows.
    symmetric : bool or None
        Whether left and right are averaged; None decides by the figure.
    fingers : bool
        Whether fingers are looked for.
    twist_joints : int
        Twist joints in each long bone of a humanoid's limbs.
    """

    markers: Mapping[str, NDArray] = attrs.field(factory=dict)  # type: ignore[type-arg]
    symmetric: bool | None = None
    fingers: bool = True
    twist_joints: int = 0
