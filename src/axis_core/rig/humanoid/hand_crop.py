"""Cut a hand out of a body and turn it into its own frame: along the hand, across the palm, out of the palm."""

from __future__ import annotations

import attrs
import numpy as np
from numpy.typing import NDArray

from axis_core.kernels.components import vertex_components


__all__ = ["HandCrop", "crop_hand"]

Vector = NDArray[np.float64]

_REACH = 1.25  # longest hand, in lengths of the forearm
_BEHIND = 0.3  # how much of the forearm stays, in hand lengths
_FRONT = np.array([0.0, 0.35, 1.0])  # thumbs point forwards or up in T, A and I poses


@attrs.frozen
class HandCrop:
    """A hand in its own frame, one unit from the wrist to the farthest fingertip.

    positions : (V, 3), x from the wrist to the fingers, y towards the thumb's probable side, z out of the palm or
    back of the hand.
    faces : (F, 3)
    frame : (4, 4) similarity from canonical space to the hand's frame; mirrored for right hands, so that all look
    alike.
    length : float, of the hand, in canonical units.
    """

    positions: Vector
    faces: NDArray[np.int64]
    frame: Vector
    length: float

    def to_canonical(self, points: Vector) -> Vector:
        """Return points (N, 3) of the hand's frame in canonical space."""
        back = np.linalg.inv(self.frame)
        return np.asarray(points @ back[:3, :3].T + back[:3, 3])


def crop_hand(
    positions: Vector, faces: NDArray[np.int64], wrist: Vector, knuckle: Vector, elbow: Vector, is_left: bool
) -> HandCrop | None:
    """Return the hand beyond a wrist, or None if there is next to nothing.

    Parameters
    ----------
    positions, faces
        The body in canonical space.
    wrist, knuckle, elbow : (3,) float64
        The knuckle is that of the middle finger; it may be a guess, as the others.
    """
    along = _unit(knuckle - wrist)
    forearm = float(np.linalg.norm(wrist - elbow))
    part = _near_wrist(positions, faces, wrist, along, _REACH * max(forearm, 1e-6))
    if part is None:
        return None
    v, f = part
    beyond = v[(v - wrist) @ along > 0.0]
    if len(beyond) < 6:
        return None
    along = _unit(0.5 * along + 0.5 * _unit(beyond.mean(axis=0) - wrist))
    length = float(np.quantile((beyond - wrist) @ along, 0.995))
    if not length > 1e-6:
        return None
    keep = ((v - wrist) @ along > -_BEHIND * length)[f].any(axis=1)
    f = f[keep]
    across, out = _palm(v, f, wrist, along, length)
    rows = np.stack([along, across, out if is_left else -out])
    frame = np.eye(4)
    frame[:3, :3] = rows / length
    frame[:3, 3] = -frame[:3, :3] @ wrist
    used, renumbered = np.unique(f, return_inverse=True)
    local = v[used] @ frame[:3, :3].T + frame[:3, 3]
    return HandCrop(local, renumbered.reshape(-1, 3), frame, length)


def _near_wrist(
    positions: Vector, faces: NDArray[np.int64], wrist: Vector, along: Vector, reach: float
) -> tuple[Vector, NDArray[np.int64]] | None:
    """The faces around and beyond the wrist that hang together with it: not the thigh that the hand rests on."""
    offset = positions - wrist
    forward = offset @ along
    aside = np.linalg.norm(offset - forward[:, None] * along, axis=1)
    inside = (
        (forward > -0.4 * reach)
        & (forward < reach)
        & (aside < 0.12 * reach + 0.55 * np.maximum(forward, 0.0) + 0.1 * reach)
    )
    f = faces[inside[faces].all(axis=1)]
    if len(f) == 0:
        return None
    used, f = np.unique(f, return_inverse=True)
    f = f.reshape(-1, 3)
    v, forward, aside = positions[used], forward[used], aside[used]
    n, label = vertex_components(f, len(v))
    nearest = np.full(n, np.inf)
    np.minimum.at(nearest, label, np.abs(forward) + aside)
    middle = np.bincount(label, weights=aside, minlength=n) / np.maximum(np.bincount(label, minlength=n), 1)
    start = float(nearest.min())
    good = (nearest <= start + 0.08 * reach) | (middle < 0.16 * reach)
    return v, f[good[label[f[:, 0]]]]


def _palm(v: Vector, f: NDArray[np.int64], wrist: Vector, along: Vector, length: float) -> tuple[Vector, Vector]:
    """The direction across the palm, thumb's probable side first, and out of it."""
    centre = v[f].mean(axis=1)
    area = np.linalg.norm(np.cross(v[f[:, 1]] - v[f[:, 0]], v[f[:, 2]] - v[f[:, 0]]), axis=1)
    area = area * ((centre - wrist) @ along > 0.05 * length)
    flat = centre - wrist
    flat = flat - (flat @ along)[:, None] * along
    total = max(float(area.sum()), 1e-30)
    flat = flat - (area[:, None] * flat).sum(axis=0) / total
    _, vectors = np.linalg.eigh((area[:, None] * flat).T @ flat / total)
    across = vectors[:, 2] - (vectors[:, 2] @ along) * along
    across = _unit(across) if np.linalg.norm(across) > 1e-6 else _unit(np.cross(along, np.array([0.3, 1.0, 0.2])))
    hint = _FRONT - (_FRONT @ along) * along
    if across @ hint < 0.0:
        across = -across
    return across, np.cross(along, across)


def _unit(vector: Vector) -> Vector:
    return np.asarray(vector / max(float(np.linalg.norm(vector)), 1e-12))
