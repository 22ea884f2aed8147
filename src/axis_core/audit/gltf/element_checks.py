"""What a check of accessor data gets and gives.

A check looks at all elements of one accessor at once and gives its hits; the accessor's pass puts the hits of all
checks into the order of the data.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import attrs
import numpy as np
from numpy.typing import NDArray

from axis_core.audit.gltf.limits import MOST_FINDINGS


__all__ = ["ElementCheck", "Elements", "Hit", "positions"]


@attrs.frozen(eq=False)
class Elements:
    """The elements of an accessor.

    Attributes
    ----------
    values : (N, C) array
        In the accessor's own component type, sparse overrides applied.
    normalized : bool
        Whether integers stand for fractions.
    """

    values: NDArray[Any]
    normalized: bool

    def decoded(self) -> NDArray[np.float64]:
        """Return the values as they are meant: normalised integers as fractions."""
        return self.as_fractions() if self.normalized else _as_float64(self.values)

    def as_fractions(self) -> NDArray[np.float64]:
        """Return the values with integers taken as fractions of their range."""
        values = _as_float64(self.values)
        if self.values.dtype.kind in "iu":
            values /= np.iinfo(self.values.dtype).max
            np.maximum(values, -1.0, out=values)
        return values


def _as_float64(values: NDArray[Any]) -> NDArray[np.float64]:
    with np.errstate(invalid="ignore"):  # a signalling NaN warns when it is converted
        return values.astype(np.float64)


@attrs.frozen
class Hit:
    """One finding: the flat component index it belongs to, its code and arguments."""

    position: int
    code: str
    args: tuple[Any, ...]


def positions(mask: NDArray[np.bool_]) -> list[int]:
    """Return where a mask is true, no more places than there can be findings."""
    found: list[int] = np.flatnonzero(mask)[:MOST_FINDINGS].tolist()
    return found


ElementCheck = Callable[[Elements], Iterator[Hit]]
