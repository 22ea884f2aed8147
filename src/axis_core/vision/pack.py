"""The vision data pack: which public wheel its networks come from, and whose work they are."""

from __future__ import annotations

from collections.abc import Mapping

from axis_core.assets import DataPack, WheelReader


__all__ = ["NETWORKS", "VISION_PACK"]

NETWORKS = {
    "selfie_segmentation.tflite": "mediapipe/modules/selfie_segmentation/selfie_segmentation.tflite",
    "face_detection_short_range.tflite": "mediapipe/modules/face_detection/face_detection_short_range.tflite",
    "face_landmark.tflite": "mediapipe/modules/face_landmark/face_landmark.tflite",
    "pose_detection.tflite": "mediapipe/modules/pose_detection/pose_detection.tflite",
    "pose_landmark_full.tflite": "mediapipe/modules/pose_landmark/pose_landmark_full.tflite",
}
"""Cache file -> file in the wheel. The landmark network with attention needs operators of its own and is not taken."""

_NOTICE = """\
Landmark and segmentation networks of MediaPipe (The MediaPipe Authors, Google), released under Apache-2.0:
  BlazeFace, Face Mesh, BlazePose and Selfie Segmentation.
Taken from the distribution mediapipe 0.10.21, whose code is not used. Photos are looked at on this machine only."""


def _convert(wheel: WheelReader) -> Mapping[str, bytes]:
    return {name: wheel.read(place) for name, place in NETWORKS.items()}


VISION_PACK = DataPack(
    name="vision",
    summary="networks that find people, faces and poses in photos",
    distribution="mediapipe",
    version="0.10.21",
    filename="mediapipe-0.10.21-cp311-cp311-manylinux_2_28_x86_64.whl",
    sha256="05dc4a9e593655a79558d05d6227d31018c2537a4bd3362b51e230cf22aecfe3",
    files=tuple(NETWORKS),
    converter=_convert,
    licences=("Apache-2.0",),
    notice=_NOTICE,
)
"""What ``axis assets install vision`` installs."""
