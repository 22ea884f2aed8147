"""Image headers: size, channels and colour space of PNG, JPEG and WebP, without decoding a pixel."""

from __future__ import annotations

from collections.abc import Callable

from axis_core.audit.gltf.image_headers import jpeg, png, webp
from axis_core.audit.gltf.image_headers.info import ImageDataError, ImageEndError, ImageInfo


__all__ = ["ImageDataError", "ImageEndError", "ImageInfo", "read_image_header", "recognise"]

_READERS: dict[str, Callable[[bytes], ImageInfo]] = {
    "image/jpeg": jpeg.read_header,
    "image/png": png.read_header,
    "image/webp": webp.read_header,
}
_KTX2 = b"\xabKTX 20\xbb\r\n\x1a\n"
_SHORTEST = 14  # bytes: less is not looked at


def recognise(data: bytes) -> str | None:
    """Return the media type that the first bytes give away, None if they are of no known format."""
    if len(data) < _SHORTEST:
        return None
    if data.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if data.startswith(b"RIFF") and data[8:14] == b"WEBPVP":
        return "image/webp"
    if data.startswith(_KTX2):
        return "image/ktx2"
    return None


def read_image_header(data: bytes) -> ImageInfo | None:
    """Return what the header of an image says, None for a format that is not read (KTX2) or not recognised.

    Raises
    ------
    ImageDataError
        If the header breaks its format.
    ImageEndError
        If the data end inside the header.
    """
    reader = _READERS.get(recognise(data) or "")
    return None if reader is None else reader(data)
