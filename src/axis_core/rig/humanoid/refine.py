"""Correct a first guess of a humanoid's joints by the solid: into the middle of the limbs, and left like right."""

from __future__ import annotations

import numpy as np
import scipy
from numpy.typing import NDArray

from axis_core.model.figure import Solid
from axis_core.rig.humanoid.hierarchy import Joints, mirror_name


__all__ = ["centre_in_limb", "crotch_height", "middle_of", "refine_joints", "symmetrised", "with_hips_over"]

Vector = NDArray[np.float64]

_LIMBS = (("UpperArm", "LowerArm", "Hand"), ("UpperLeg", "LowerLeg", "Foot"))
_TRUST = {"LowerArm": 0.7, "Hand": 0.7, "LowerLeg": 0.7, "Foot": 0.5}
"""How far a joint moves to the centre of its cross-section; the rest stays with the guess."""
_WINDOW = 0.075  # half side of the cross-section that is looked at, in heights
_POSED = 0.05  # pairs farther from each other's mirror image are posed unlike
_STEP = 0.025  # no joint moves farther, in heights
_OVER = 0.065  # a short leg's first joint is so far above where the legs part, in heights
_HEM = 0.4  # legs that part lower, in the height of their first joint, are parted by a hem
_BELIEVED = 0.6  # share of the correction that is made
_TRUNK = ("hips", "spine", "chest")


def refine_joints(joints: Joints, solid: Solid) -> Joints:
    """Return the joints with elbows, wrists, knees and ankles drawn into the middle of their limbs."""
    out = dict(joints)
    for side in ("left", "right"):
        for limb in _LIMBS:
            chain = [joints[side + part] for part in limb]
            for k, part in enumerate(limb):
                if part not in _TRUST:
                    continue
                before, after = chain[k] - chain[k - 1], chain[min(k + 1, 2)] - chain[k]
                along = _unit(_unit(before) + (_unit(after) if k < 2 else 0.0))
                shift = centre_in_limb(solid, chain[k], along) - chain[k]
                size = float(np.linalg.norm(shift))
                out[side + part] = chain[k] + _TRUST[part] * shift * min(1.0, _STEP / max(size, 1e-12))
    return out


def centre_in_limb(solid: Solid, point: Vector, along: Vector) -> Vector:
    """Return the centre of the cross-section of the solid through a point, across a direction.

    Only the piece of the section that holds the point (or comes nearest to it) counts, out to ``0.075`` from the point;
    the point comes back where there is no solid.
    """
    u = np.cross(along, [0.0, 0.0, 1.0] if abs(along[2]) < 0.9 else [1.0, 0.0, 0.0])
    u = _unit(u)
    w = np.cross(along, u)
    n = max(2, round(_WINDOW / solid.spacing))
    ticks = np.arange(-n, n + 1) * solid.spacing
    grid = point + ticks[:, None, None] * u + ticks[None, :, None] * w
    index = np.rint((grid - solid.origin) / solid.spacing).astype(np.int64)
    valid: NDArray[np.bool_] = np.asarray(((index >= 0) & (index < np.array(solid.inside.shape))).all(axis=-1))
    index = np.where(valid[..., None], index, 0)
    inside = solid.inside[index[..., 0], index[..., 1], index[..., 2]] & valid
    if not inside.any():
        return point
    labels, _ = scipy.ndimage.label(inside)
    filled = np.argwhere(inside)
    nearest = filled[int(np.argmin(((filled - n) ** 2).sum(axis=1)))]
    if float(np.linalg.norm(nearest - n)) * solid.spacing > _STEP:
        return point
    piece = np.argwhere(labels == labels[tuple(nearest)])
    centre = (piece.mean(axis=0) - n) * solid.spacing
    return np.asarray(point + centre[0] * u + centre[1] * w)


def crotch_height(solid: Solid) -> float:
    """Return the height at which legs part: the lowest solid in the mirror plane x = 0; 0 where there is none."""
    middle = int(np.clip(round(-float(solid.origin[0]) / solid.spacing), 0, solid.inside.shape[0] - 1))
    slab = solid.inside[max(middle - 1, 0) : middle + 2].any(axis=(0, 2))
    return float(solid.origin[1] + solid.spacing * np.argmax(slab)) if slab.any() else 0.0


def with_hips_over(joints: Joints, crotch: float, share: float) -> Joints:
    """Return joints whose hips are drawn down to where the legs part, for bodies with short legs.

    A guess made from people puts them too high. Knees and the spine follow in proportion. ``share`` (0 to 1) says how
    much the body is such a one.
    """
    hip = float(joints["leftUpperLeg"][1] + joints["rightUpperLeg"][1]) / 2.0
    drop = share * _BELIEVED * max(0.0, hip - crotch - _OVER)
    if drop == 0.0 or crotch < _HEM * hip:
        return dict(joints)
    out = dict(joints)
    top = float(joints["upperChest"][1])
    for name in _TRUNK:
        part = np.clip((top - joints[name][1]) / max(top - hip, 1e-9), 0.0, 1.0)
        out[name] = joints[name] - np.array([0.0, drop * part, 0.0])
    for side in ("left", "right"):
        foot = joints[side + "Foot"][1]
        for name in (side + "UpperLeg", side + "LowerLeg"):
            part = np.clip((joints[name][1] - foot) / max(hip - foot, 1e-9), 0.0, 1.0)
            out[name] = joints[name] - np.array([0.0, drop * part, 0.0])
    return out


def symmetrised(joints: Joints, *, always: bool = False, middle: float = 0.0) -> Joints:
    """Return joints averaged with their mirror image in x = ``middle``.

    Without ``always`` pairs are left alone that differ by more than a twentieth of the height, and less and less
    averaged from half of that on: an arm that is really held otherwise stays where it is.
    """
    out = {}
    for name, point in joints.items():
        image = joints.get(mirror_name(name), point) * np.array([-1.0, 1.0, 1.0]) + np.array([2.0 * middle, 0.0, 0.0])
        gap = float(np.linalg.norm(point - image))
        share = 1.0 if always else float(np.clip((_POSED - gap) / (0.5 * _POSED), 0.0, 1.0))
        out[name] = point + 0.5 * share * (image - point)
    return out


def middle_of(joints: Joints) -> float:
    """Return the x half-way between left and right: the median over all pairs, and 0 if there are none."""
    halves = [
        (float(point[0]) + float(joints[mirror_name(name)][0])) / 2.0
        for name, point in joints.items()
        if name.startswith("left") and mirror_name(name) in joints
    ]
    return float(np.median(halves)) if halves else 0.0


def _unit(vector: Vector) -> Vector:
    return np.asarray(vector / max(float(np.linalg.norm(vector)), 1e-12))
