"""WebP headers.

References
----------
Google, WebP Container Specification; J. Bankoski et al., VP8 Data Format and Decoding Guide, RFC 6386, section 9.1;
Google, WebP Lossless Bitstream Specification, section 3.
"""

from __future__ import annotations

from axis_core.audit.gltf.image_headers.info import ImageDataError, ImageEndError, ImageInfo


__all__ = ["read_header"]

_CHUNK = 12  # where the first chunk starts, after "RIFF", the length and "WEBP"
_LONGEST = 30  # bytes of the longest header
_ICC, _ALPHA, _ANIMATION = 0x20, 0x10, 0x02


def read_header(data: bytes) -> ImageInfo:
    """Return what the first chunk says."""
    if len(data) < _CHUNK + 8:
        raise ImageEndError
    kind, body = data[_CHUNK : _CHUNK + 4], data[_CHUNK + 8 : _LONGEST]
    if kind == b"VP8 ":
        return _lossy(body)
    if kind == b"VP8L":
        return _lossless(body)
    if kind == b"VP8X":
        return _extended(body)
    raise ImageDataError("Unknown WebP chunk.")


def _info(width: int, height: int, alpha: bool, *, icc: bool = False, animated: bool = False) -> ImageInfo:
    space = "custom" if icc else "srgb"
    return ImageInfo(
        media_type="image/webp",
        width=width,
        height=height,
        format="rgba" if alpha else "rgb",
        primaries=space,
        transfer=space,
        bits=8,
        plain=not icc and not animated,
    )


def _lossy(body: bytes) -> ImageInfo:
    if len(body) < 10:  # noqa: PLR2004 - frame tag, start code, size
        raise ImageEndError
    if body[3:6] != b"\x9d\x01\x2a":
        raise ImageDataError("Invalid WebP VP8 start code.")
    width, height = (int.from_bytes(body[i : i + 2], "little") & 0x3FFF for i in (6, 8))
    return _info(width, height, False)


def _lossless(body: bytes) -> ImageInfo:
    if len(body) < 5:  # noqa: PLR2004 - signature and packed size
        raise ImageEndError
    if body[0] != 0x2F:  # noqa: PLR2004 - the signature
        raise ImageDataError("Invalid WebP VP8L signature.")
    packed = int.from_bytes(body[1:5], "little")
    return _info((packed & 0x3FFF) + 1, (packed >> 14 & 0x3FFF) + 1, bool(packed >> 28 & 1))


def _extended(body: bytes) -> ImageInfo:
    if len(body) < 10:  # noqa: PLR2004 - flags, reserved, canvas size
        raise ImageEndError
    flags = body[0]
    width, height = (int.from_bytes(body[i : i + 3], "little") + 1 for i in (4, 7))
    return _info(width, height, bool(flags & _ALPHA), icc=bool(flags & _ICC), animated=bool(flags & _ANIMATION))
