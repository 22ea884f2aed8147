"""Landmarks: 468 points of a face, 33 of a body with its mask.

References
----------
Y. Kartynnik et al., *Real-time Facial Surface Geometry from Monocular Video on Mobile GPUs*, 2019, arXiv:1907.06724.
V. Bazarevsky et al., *BlazePose: On-device Real-time Body Pose Tracking*, 2020, arXiv:2006.10204.
"""

from __future__ import annotations

import attrs
import numpy as np
from numpy.typing import NDArray

from axis_core.vision.boxes import Found
from axis_core.vision.crop import Square
from axis_core.vision.runner import run_network


__all__ = ["POSE_JOINTS", "FaceMarks", "PoseMarks", "face_marks", "pose_marks"]

Floats = NDArray[np.float64]

POSE_JOINTS = {
    "leftUpperArm": 11, "rightUpperArm": 12, "leftLowerArm": 13, "rightLowerArm": 14, "leftHand": 15, "rightHand": 16,
    "leftUpperLeg": 23, "rightUpperLeg": 24, "leftLowerLeg": 25, "rightLowerLeg": 26, "leftFoot": 27, "rightFoot": 28,
}  # fmt: skip
"""VRM bone -> the landmark at its start; sides are the person's own."""
_FACE_MARGIN = 1.5
_POSE_MARGIN = 1.25
_LIMB_SEEN = 0.5


@attrs.frozen(eq=False)
class FaceMarks:
    """The points of one face.

    Attributes
    ----------
    points : (468, 3) float64
        x and y in pixels of the photo, z in pixels too, towards the viewer negative.
    score : float, 0..1
        That there is a face at all.
    """

    points: Floats
    score: float

    @property
    def size(self) -> float:
        """Pixels from the outer corner of one eye to that of the other."""
        return float(np.linalg.norm(self.points[33, :2] - self.points[263, :2]))

    @property
    def yaw(self) -> float:
        """Radians that the face is turned to the person's left: positive where the nose points to the right."""
        right, left = self.points[234], self.points[454]  # the outlines before the ears
        return float(np.arctan2(right[2] - left[2], left[0] - right[0]))


@attrs.frozen(eq=False)
class PoseMarks:
    """The points of one body.

    Attributes
    ----------
    points : (33, 3) float64
        x and y in pixels of the photo, z in pixels towards the viewer negative.
    seen : (33,) float64, 0..1
        How likely each is inside the picture and not hidden.
    mask : (H, W) float32, 0..1
        Where this person is.
    score : float, 0..1
    """

    points: Floats
    seen: Floats
    mask: NDArray[np.float32]
    score: float

    @property
    def is_whole(self) -> bool:
        """Whether a shoulder, a hip, a knee and an ankle of one side or the other are in the picture."""
        sides = self.seen[[[11, 12], [23, 24], [25, 26], [27, 28]]]
        return bool((sides.max(axis=1) > _LIMB_SEEN).all())


def face_marks(pixels: NDArray[np.float32], face: Found) -> FaceMarks:
    """Return the landmarks of a face that was found in a picture (H, W, 3), 0..1; a second look centres the crop."""
    right, left = face.points[0], face.points[1]
    square = _face_square(right, left, face.box)
    marks = _face_once(pixels, square)
    low, high = marks.points[:, :2].min(axis=0), marks.points[:, :2].max(axis=0)
    box = (float(low[0]), float(low[1]), *(float(v) for v in high - low))
    return _face_once(pixels, _face_square(marks.points[33, :2], marks.points[263, :2], box))


def _face_square(right: Floats, left: Floats, box: tuple[float, ...]) -> Square:
    turn = float(np.arctan2(left[1] - right[1], left[0] - right[0]))
    return Square((box[0] + box[2] / 2, box[1] + box[3] / 2), _FACE_MARGIN * max(box[2], box[3]), turn)


def _face_once(pixels: NDArray[np.float32], square: Square) -> FaceMarks:
    values, presence = run_network("face_landmark", square.cut(pixels, 192))
    points = np.asarray(values, np.float64).reshape(468, 3) / 192.0
    flat = square.to_picture(points[:, :2])
    return FaceMarks(np.column_stack([flat, points[:, 2] * square.side]), _sigmoid(float(presence.ravel()[0])))


def pose_marks(pixels: NDArray[np.float32], person: Found) -> PoseMarks:
    """Return the landmarks and the mask of a person that was found in a picture (H, W, 3), 0..1."""
    centre, top = person.points[0], person.points[1]
    marks = _pose_once(pixels, _pose_square(centre, top))
    return _pose_once(pixels, _pose_square(marks.aim[0], marks.aim[1])).marks


@attrs.frozen(eq=False)
class _Look:
    """What the network gave, and where it would look next."""

    marks: PoseMarks
    aim: Floats


def _pose_square(centre: Floats, top: Floats) -> Square:
    way = top - centre
    turn = float(np.arctan2(way[0], -way[1]))
    return Square((float(centre[0]), float(centre[1])), 2.0 * _POSE_MARGIN * float(np.linalg.norm(way)), turn)


def _pose_once(pixels: NDArray[np.float32], square: Square) -> _Look:
    values, score, mask, *_ = run_network("pose_landmark_full", square.cut(pixels, 256))
    rows = np.asarray(values, np.float64).reshape(39, 5)
    flat = square.to_picture(rows[:, :2] / 256.0)
    points = np.column_stack([flat, rows[:, 2] / 256.0 * square.side])[:33]
    seen = _sigmoids(rows[:33, 3]) * _sigmoids(rows[:33, 4])
    size = (pixels.shape[1], pixels.shape[0])
    inside = square.paste(_sigmoids(mask[..., 0].astype(np.float64)).astype(np.float32), size)
    return _Look(PoseMarks(points, seen, inside, float(score.ravel()[0])), flat[33:35])


def _sigmoid(value: float) -> float:
    return float(_sigmoids(np.array([value]))[0])


def _sigmoids(values: Floats) -> Floats:
    return np.asarray(1.0 / (1.0 + np.exp(-np.clip(values, -80.0, 80.0))))
