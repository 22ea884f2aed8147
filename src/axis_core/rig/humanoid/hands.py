"""Fingers by what is there: five, three or four, a mitten, or none.

The hand is cut off and turned into its own frame (``humanoid.hand_crop``), and a network like the body's reads its
joints
and which fingers it has. It was trained on the same public-domain bodies with hands spread, curled, short of fingers,
mittened, balled and built from boxes.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from axis_core.kernels.depth_map import depth_maps
from axis_core.rig.humanoid.finger_count import FINGERS, fingers_there
from axis_core.rig.humanoid.hand_crop import HandCrop, crop_hand
from axis_core.rig.humanoid.hierarchy import Joints
from axis_core.rig.humanoid.network import Canvas, Reading, load_weights, middle_depth, read_joints


__all__ = ["FINGER_JOINTS", "place_fingers"]

Vector = NDArray[np.float64]

FINGER_JOINTS: tuple[str, ...] = tuple(
    finger + part
    for finger in FINGERS
    for part in (("Metacarpal", "Proximal", "Distal") if finger == "Thumb" else ("Proximal", "Intermediate", "Distal"))
)
"""Joints of one hand, in the network's order."""

_CANVAS = Canvas((-0.3, -63.0 / 88.0), 1.0 / 44.0, (64, 64))
_STUMP = 0.3  # of the forearm: what is shorter beyond the wrist is no hand; fists have 0.45, hands 0.75
_COVERED = 1.0 / 3.0  # of the room for fingers along the hand: less is a bare end, whatever the network sees in it
_KNUCKLES = slice(3, 15)  # joints of the four fingers, without the thumb


def place_fingers(positions: Vector, faces: NDArray[np.int64], joints: Joints, side: str) -> Joints:
    """Return the finger joints of one hand, by VRM name; empty if there is no hand to speak of.

    Parameters
    ----------
    positions, faces
        The body in canonical space.
    joints : mapping of name to (3,)
        With the side's Hand, LowerArm and a guess of MiddleProximal.
    side : str
        ``left`` or ``right``.
    """
    wrist, elbow = joints[side + "Hand"], joints[side + "LowerArm"]
    crop = crop_hand(positions, faces, wrist, joints[side + "MiddleProximal"], elbow, side == "left")
    if crop is None or crop.length < _STUMP * float(np.linalg.norm(wrist - elbow)):
        return {}
    reading, mask = _read(crop)
    covered = _beyond_knuckles(reading, mask)
    if float(covered.any(axis=1).mean()) < _COVERED:
        return {}
    present = fingers_there(reading.odds, covered)
    placed = crop.to_canonical(reading.joints)
    return {side + name: point for name, point in zip(FINGER_JOINTS, placed) if name.startswith(tuple(present))}


def _beyond_knuckles(reading: Reading, mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """The part of the mask where fingers are apart if they are: past the first joints, without the thumb's side."""
    x, y = _CANVAS.coordinates()
    joints = reading.joints[_KNUCKLES]
    roots, ends = joints[::3], joints[2::3]
    width = float(np.ptp(roots[:, 1]))
    start = float(roots[:, 0].mean()) + 0.35 * float((ends - roots)[:, 0].mean())
    near = (y > float(joints[:, 1].min()) - 0.4 * width) & (y < float(joints[:, 1].max()) + 0.4 * width)
    inside = mask & near
    return np.asarray(inside[x[:, 0] > start])


def _read(crop: HandCrop) -> tuple[Reading, NDArray[np.bool_]]:
    front, back, layers = depth_maps(crop.positions, crop.faces, _CANVAS.corner, _CANVAS.pixel, _CANVAS.shape)
    mask = (layers > 0).astype(np.float32)
    near, far = np.nan_to_num(front, nan=0.0), np.nan_to_num(back, nan=0.0)
    mid = (near + far) / 2.0
    mean = float((mid * mask).sum()) / max(float(mask.sum()), 1e-6)
    f, b = (near - mean) * mask, (far - mean) * mask
    x, y = _CANVAS.coordinates()
    picture = np.stack((mask, 2 * f, 2 * b, 2 * (f - b), layers / 6, 2 * (x - 0.4), 2 * y), axis=-1).astype(np.float32)
    reading = read_joints(load_weights("finger_detector"), picture, middle_depth(mask, mid, mean), _CANVAS)
    return reading, mask > 0
