"""WebP headers.

References
----------
Google, WebP Container Specification; J. Bankoski et al., VP8 Data Format and Decoding Guide, RFC 6386, section 9.1;
Google, WebP Lossless Bitstream Specification, section 3.
"""

from __future__ import annotations

from axis_core.audit.gltf.image_headers.info import ImageDataError, ImageEndError, ImageInfo


__all__ = ["read_header"]

_KIND, _BODY = 12, 20  # where the first chunk's type and data start
_LOSSY_LENGTH, _LOSSLESS_LENGTH, _EXTENDED_LENGTH = 10, 5, 10  # bytes of a chunk that say what is asked
_ICC, _ALPHA, _ANIMATION = 0x20, 0x10, 0x02


def read_header(data: bytes) -> ImageInfo:
    """Return what the first chunk says. Start codes and signatures are left to the decoder."""
    kind = data[_KIND : _KIND + 4]
    if kind == b"VP8 ":
        body = _body(data, _LOSSY_LENGTH)
        width, height = (int.from_bytes(body[i : i + 2], "little") & 0x3FFF for i in (6, 8))
        return _info(width, height, False)
    if kind == b"VP8L":
        packed = int.from_bytes(_body(data, _LOSSLESS_LENGTH)[1:], "little")
        return _info((packed & 0x3FFF) + 1, (packed >> 14 & 0x3FFF) + 1, bool(packed >> 28 & 1))
    if kind == b"VP8X":
        body = _body(data, _EXTENDED_LENGTH)
        width, height = (int.from_bytes(body[i : i + 3], "little") + 1 for i in (4, 7))
        return _info(width, height, bool(body[0] & _ALPHA), bool(body[0] & _ICC), bool(body[0] & _ANIMATION))
    _body(data, _LOSSY_LENGTH)
    raise ImageDataError("Wrong WebP header.")


def _body(data: bytes, length: int) -> bytes:
    body = data[_BODY : _BODY + length]
    if len(body) < length:
        raise ImageEndError
    return body


def _info(width: int, height: int, alpha: bool, icc: bool = False, animated: bool = False) -> ImageInfo:
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
