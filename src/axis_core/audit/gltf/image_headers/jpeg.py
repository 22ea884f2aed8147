"""JPEG headers.

References
----------
ITU-T Recommendation T.81, Digital compression and coding of continuous-tone still images, annex B.
"""

from __future__ import annotations

from axis_core.audit.gltf.image_headers.info import ImageDataError, ImageEndError, ImageInfo


__all__ = ["read_header"]

_FORMATS = {1: "luminance", 3: "rgb"}
_FRAMES = {*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC}  # in their range, but tables and extensions
_ALONE = {0x01, *range(0xD0, 0xDA)}  # markers without a segment
_FILL = 0xFF  # in front of every marker, once or more; a marker without it is taken for one all the same
_CHANNELS = 5  # where a frame header holds the number of channels


def read_header(data: bytes) -> ImageInfo:
    """Return what the first frame header says."""
    offset = 2
    while offset < len(data):
        marker = data[offset]
        offset += 1
        if marker == _FILL or marker in _ALONE:
            continue
        length = int.from_bytes(data[offset : offset + 2], "big")
        if offset + 2 <= len(data) and length < 2:
            raise ImageDataError("Invalid JPEG marker segment length.")
        if marker in _FRAMES and offset + length <= len(data):
            return _read_frame(data[offset + 2 : offset + length])
        offset += max(length, 2)
    raise ImageEndError


def _read_frame(body: bytes) -> ImageInfo:
    channels = body[_CHANNELS] if len(body) > _CHANNELS else 0
    if channels not in _FORMATS:
        raise ImageDataError("Invalid number of JPEG color channels.")
    return ImageInfo(
        media_type="image/jpeg",
        bits=body[0],
        height=int.from_bytes(body[1:3], "big"),
        width=int.from_bytes(body[3:5], "big"),
        format=_FORMATS[channels],
    )
