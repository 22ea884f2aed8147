"""What looks wrong with a placed skeleton."""

from __future__ import annotations

import attrs
import numpy as np

from axis_core.kernels.distance_field import sample_field
from axis_core.model.figure import Figure
from axis_core.model.skeleton import Skeleton


__all__ = ["Finding", "inspect"]

_LOW_CONFIDENCE = 0.15
_UNEQUAL = 0.12  # of the longer one
_OUTSIDE = 0.5  # voxels


@attrs.frozen(kw_only=True)
class Finding:
    """One remark on a placement.

    Attributes
    ----------
    code : str
        A code of ``axis_core.model.issue_codes``.
    message : str
    value : float
        What was measured.
    joint : str
        The joint it is about; empty for the whole.
    """

    code: str
    message: str
    value: float
    joint: str = ""


def inspect(skeleton: Skeleton, figure: Figure, confidence: float) -> tuple[Finding, ...]:
    """Return what looks wrong with a skeleton in the canonical space of a figure."""
    out = []
    if confidence < _LOW_CONFIDENCE:
        out.append(
            Finding(
                code="RIG_LOW_CONFIDENCE",
                value=confidence,
                message=f"two kinds of body fit about equally well (margin {confidence:.2f})",
            )
        )
    out += _outside(skeleton, figure)
    out += _unequal(skeleton)
    return tuple(out)


def _outside(skeleton: Skeleton, figure: Figure) -> list[Finding]:
    solid = figure.solid
    depth = sample_field(solid.depth, solid.origin, solid.spacing, skeleton.positions)
    found = []
    for name, value, point in zip(skeleton.names, depth, skeleton.positions):
        if value > 0.0:
            continue
        gap = float(np.linalg.norm(solid.points(solid.nearest_inside(point)) - point))
        if gap > _OUTSIDE * solid.spacing:
            found.append(
                Finding(
                    code="RIG_JOINT_OUTSIDE",
                    value=gap,
                    joint=name,
                    message=f"{name} lies {100.0 * gap:.1f} % of the height outside the body",
                )
            )
    return found


def _unequal(skeleton: Skeleton) -> list[Finding]:
    length = {}
    for joint, parent in enumerate(skeleton.parents):
        if parent >= 0:
            length[skeleton.names[joint]] = float(
                np.linalg.norm(skeleton.positions[joint] - skeleton.positions[parent])
            )
    found = []
    for name, left in length.items():
        right = length.get("right" + name[4:]) if name.startswith("left") else None
        if right is None or max(left, right) < 0.02:
            continue
        ratio = abs(left - right) / max(left, right)
        if ratio > _UNEQUAL:
            found.append(
                Finding(
                    code="RIG_ASYMMETRIC",
                    value=ratio,
                    joint=name,
                    message=f"the bone to {name} is {100.0 * ratio:.0f} % longer or shorter than its partner",
                )
            )
    return found
