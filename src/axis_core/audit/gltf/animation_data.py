"""Data of animations: times that increase, quaternions of unit length."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from axis_core.audit.gltf.element_checks import Elements, Hit, positions


if TYPE_CHECKING:
    from axis_core.audit.gltf.accessor import Accessor
    from axis_core.audit.gltf.audit import Audit

__all__ = ["watch_quaternions", "watch_times"]

_UNIT_TOLERANCE = 0.00769  # what 8-bit normalised integers can be off by


def watch_times(audit: Audit, accessor: Accessor, name: str) -> None:
    """Watch the key times of a sampler."""
    audit.watch(accessor, name, _times)


def watch_quaternions(audit: Audit, accessor: Accessor, is_cubic: bool, name: str) -> None:
    """Watch rotations; of cubic splines the tangents around each value are no rotations."""
    audit.watch(accessor, name, partial(_quaternions, is_cubic=is_cubic))


def _times(elements: Elements) -> Iterator[Hit]:
    times = elements.values[:, 0].astype(np.float64)
    with np.errstate(invalid="ignore"):
        negative = times < 0
    for i in positions(negative):
        yield Hit(i, "ACCESSOR_ANIMATION_INPUT_NEGATIVE", (i, float(times[i])))
    at = np.flatnonzero(~negative)
    previous = np.concatenate(([0.0], times[at][:-1]))
    with np.errstate(invalid="ignore"):
        late = (times[at] <= previous) & (at > 0)
    for k in positions(late):
        i = int(at[k])
        yield Hit(i, "ACCESSOR_ANIMATION_INPUT_NON_INCREASING", (i, float(times[i]), float(previous[k])))


def _quaternions(elements: Elements, *, is_cubic: bool) -> Iterator[Hit]:
    q = elements.decoded()
    if q.shape[1] != 4:  # the wrong type is a finding of its own
        return
    with np.errstate(all="ignore"):
        lengths = np.sqrt(q[:, 0] * q[:, 0] + q[:, 1] * q[:, 1] + q[:, 2] * q[:, 2] + q[:, 3] * q[:, 3])
        wrong = np.abs(lengths - 1) > _UNIT_TOLERANCE
    if is_cubic:
        wrong &= np.arange(len(wrong)) % 3 == 1
    code = "ACCESSOR_ANIMATION_SAMPLER_OUTPUT_NON_NORMALIZED_QUATERNION"
    for i in positions(wrong):
        yield Hit(4 * i + 3, code, (4 * i, 4 * i + 3, float(lengths[i])))
