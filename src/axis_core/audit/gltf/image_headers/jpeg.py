"""JPEG headers.

References
----------
ITU-T Recommendation T.81, Digital compression and coding of continuous-tone still images, annex B.
"""

from __future__ import annotations

from axis_core.audit.gltf.image_headers.info import ImageDataError, ImageEndError, ImageInfo


__all__ = ["read_header"]

_FORMATS = {1: "luminance", 3: "rgb"}
_NO_FRAME = (0xC4, 0xC8, 0xCC)  # in the range of frame headers, but tables and extensions
_ALONE = (0x01, 0xFF, *range(0xD0, 0xD9))  # markers without a segment, fill bytes
_FRAME_LENGTH = 8  # bytes of a frame header before its components, its length field included


def read_header(data: bytes) -> ImageInfo:
    """Return what the first frame header says."""
    offset = 2
    while True:
        marker, offset = _next_marker(data, offset)
        if marker in _ALONE:
            continue
        if offset + 2 > len(data):
            raise ImageEndError
        length = int.from_bytes(data[offset : offset + 2], "big")
        if length < 2:  # noqa: PLR2004 - the length field counts itself
            raise ImageDataError("Invalid JPEG marker segment length.")
        if 0xC0 <= marker <= 0xCF and marker not in _NO_FRAME:  # noqa: PLR2004 - SOF0 to SOF15
            return _read_frame(data, offset, length)
        offset += length


def _next_marker(data: bytes, offset: int) -> tuple[int, int]:
    if offset + 2 > len(data):
        raise ImageEndError
    if data[offset] != 0xFF:  # noqa: PLR2004 - what every marker starts with
        raise ImageDataError("Invalid JPEG marker.")
    return data[offset + 1], offset + (1 if data[offset + 1] == 0xFF else 2)  # noqa: PLR2004


def _read_frame(data: bytes, offset: int, length: int) -> ImageInfo:
    if length < _FRAME_LENGTH:
        raise ImageDataError("Invalid JPEG marker segment length.")
    if offset + _FRAME_LENGTH > len(data):
        raise ImageEndError
    return ImageInfo(
        media_type="image/jpeg",
        bits=data[offset + 2],
        height=int.from_bytes(data[offset + 3 : offset + 5], "big"),
        width=int.from_bytes(data[offset + 5 : offset + 7], "big"),
        format=_FORMATS.get(data[offset + 7]),
    )
