"""What is seen in a photo of a person: the mask, the face, the pose, and what makes it hard to use."""

from __future__ import annotations

import attrs
import numpy as np
from numpy.typing import NDArray

from axis_core.vision.boxes import Found, find_faces, find_people
from axis_core.vision.crop import Square, whole_picture
from axis_core.vision.landmarks import FaceMarks, PoseMarks, face_marks, pose_marks
from axis_core.vision.photo import Photo
from axis_core.vision.runner import run_network


__all__ = ["Sighting", "look_at"]

_FACE_SURE = 0.5
_POSE_SURE = 0.5
_SMALL_FACE_PX = 24.0
"""Between the outer corners of the eyes; below it landmarks are guesses."""
_FACE_OF_EARS = 1.15
"""Side of a face's box against the distance of the ears."""
_PROFILE_RAD = np.deg2rad(40.0)


@attrs.frozen(eq=False)
class Sighting:
    """A person in a photo.

    Attributes
    ----------
    photo : Photo
    mask : (H, W) float32, 0..1
        Where the person is; all zero where nobody was found and the file has no transparency.
    face : FaceMarks or None
    pose : PoseMarks or None
    warnings : tuple of str
        What was found lacking, each with what to do about it.
    """

    photo: Photo
    mask: NDArray[np.float32]
    face: FaceMarks | None
    pose: PoseMarks | None
    warnings: tuple[str, ...]

    @property
    def has_person(self) -> bool:
        """Whether a face or a pose was found."""
        return self.face is not None or self.pose is not None

    @property
    def is_whole(self) -> bool:
        """Whether the body is in the picture from shoulders to ankles."""
        return self.pose is not None and self.pose.is_whole


def look_at(photo: Photo, *, label: str = "front") -> Sighting:
    """Return what is seen in ``photo``; nothing found is said in ``warnings``, never raised.

    Raises
    ------
    BackendUnavailable
        ``not_installed``: the runtime or the vision pack is missing.
    """
    people = find_people(photo.pixels)
    pose = pose_marks(photo.pixels, people[0]) if people else None
    if pose is not None and pose.score < _POSE_SURE:
        pose = None
    faces = _faces(photo, pose)
    face = face_marks(photo.pixels, faces[0]) if faces and label not in ("back", "left", "right") else None
    if face is not None and face.score < _FACE_SURE:
        face = None
    return Sighting(photo, _mask(photo, pose, face), face, pose, _warnings(label, people, faces, face, pose))


def _faces(photo: Photo, pose: PoseMarks | None) -> tuple[Found, ...]:
    """Return the faces; where a whole body makes them small, the head is looked at more closely."""
    faces = find_faces(photo.pixels)
    if faces and faces[0].box[2] * 6.0 > max(photo.size):
        return faces
    if pose is None:
        return faces
    head = pose.points[:11, :2]
    low, high = head.min(axis=0), head.max(axis=0)
    side = 4.0 * float(max(*(high - low), 8.0))
    centre = (low + high) / 2.0
    return find_faces(photo.pixels, within=Square((float(centre[0]), float(centre[1])), side)) or (_face_of(pose),)


def _face_of(pose: PoseMarks) -> Found:
    """Return where the pose says the face is; whether there is one, its landmarks will tell."""
    nose, left_eye, right_eye, mouth = pose.points[0], pose.points[2], pose.points[5], pose.points[9:11].mean(axis=0)
    right_ear, left_ear = pose.points[8], pose.points[7]
    points = np.stack([right_eye, left_eye, nose, mouth, right_ear, left_ear])[:, :2]
    side = _FACE_OF_EARS * float(max(np.linalg.norm(right_ear - left_ear), np.linalg.norm(mouth - right_eye)))
    return Found(0.0, (float(nose[0]) - side / 2, float(nose[1]) - side / 2, side, side), points)


def _mask(photo: Photo, pose: PoseMarks | None, face: FaceMarks | None) -> NDArray[np.float32]:
    """Return the file's own mask, or the pose's, or for a head without a pose that of the portrait network."""
    if photo.alpha is not None:
        return photo.alpha
    if pose is not None:
        return pose.mask
    if face is None:
        return np.zeros(photo.pixels.shape[:2], np.float32)
    square = whole_picture(photo.size)
    (values,) = run_network("selfie_segmentation", square.cut(photo.pixels, 256))
    return square.paste(values[..., 0], photo.size)


def _warnings(
    label: str, people: tuple[Found, ...], faces: tuple[Found, ...], face: FaceMarks | None, pose: PoseMarks | None
) -> tuple[str, ...]:
    out = []
    if face is None and pose is None:
        out.append("no person was found; give a photo that shows one person from head to feet before a plain wall")
    if len(people) > 1 or len(faces) > 1:  # two faces in one body are a picture on a shirt, or two people
        out.append(f"{max(len(people), len(faces))} people were found, the clearest one was used; crop to one person")
    if face is not None and face.size < _SMALL_FACE_PX:
        out.append(f"the face is small ({face.size:.0f} pixels from eye to eye); add a closer photo as `detail`")
    if face is not None and abs(face.yaw) > _PROFILE_RAD and label in ("front", "detail"):
        out.append(f"the head is turned by {np.rad2deg(abs(face.yaw)):.0f} degrees; a face from the front fits better")
    if face is None and pose is not None and label in ("front", "three_quarter", "detail"):
        out.append("no face was found; the face is the model's own. Give a photo that shows it from the front")
    if pose is not None and not pose.is_whole:
        out.append("the body is cut off; below the cut it comes from words and defaults. Show it from head to feet")
    if pose is None and face is not None:
        out.append("only a head was found; the body comes from words and defaults")
    return tuple(f"{label}: {text}" for text in out)
