"""PNG headers.

References
----------
W3C, Portable Network Graphics (PNG) Specification, third edition, sections 5 and 11.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

from axis_core.audit.gltf.image_headers.info import ImageDataError, ImageEndError, ImageInfo


__all__ = ["read_header"]

_SIGNATURE = 8
_FORMATS = {0: "luminance", 2: "rgb", 3: "rgb", 4: "luminance-alpha", 6: "rgba"}
_WITH_ALPHA = {"luminance": "luminance-alpha", "rgb": "rgba"}
_LENGTHS = {b"IHDR": 13, b"cHRM": 32, b"gAMA": 4, b"pHYs": 9, b"sRGB": 1}
_SRGB_GAMMA, _LINEAR_GAMMA = 45455, 100000
_SRGB_CHROMATICITIES = struct.pack(">8I", 31270, 32900, 64000, 33000, 30000, 60000, 15000, 6000)


def read_header(data: bytes) -> ImageInfo:
    """Return what the chunks before the pixels say."""
    header, space = b"", _ColourSpace()
    has_alpha, is_square = False, True
    for kind, body in _chunks(data):
        if kind == b"IHDR":
            header = body
        elif kind == b"tRNS":
            has_alpha = True
        elif kind == b"pHYs":
            is_square = body[:4] == body[4:8]
        else:
            space.see(kind, body)
    if not header:
        raise ImageDataError("Missing IHDR chunk.")
    width, height, bits, colour = struct.unpack_from(">IIBB", header)
    pixels = _FORMATS.get(colour)
    return ImageInfo(
        media_type="image/png",
        width=width,
        height=height,
        format=_WITH_ALPHA.get(pixels, pixels) if has_alpha and pixels else pixels,
        primaries=space.primaries,
        transfer=space.transfer,
        bits=bits,
        plain=is_square and "custom" not in (space.primaries, space.transfer),
    )


class _ColourSpace:
    """Primaries and transfer function as the chunks declare them; sRGB wins over an ICC profile, that over the rest."""

    def __init__(self) -> None:
        self.primaries = "srgb"
        self.transfer = "srgb"
        self._settled_by = b""

    def see(self, kind: bytes, body: bytes) -> None:
        """Take one chunk into account."""
        if kind == b"sRGB" or (kind == b"iCCP" and self._settled_by != b"sRGB"):
            self.primaries = self.transfer = "srgb" if kind == b"sRGB" else "custom"
            self._settled_by = kind
        elif self._settled_by:
            return
        elif kind == b"gAMA":
            gamma = int.from_bytes(body, "big")
            self.transfer = {_SRGB_GAMMA: "srgb", _LINEAR_GAMMA: "linear"}.get(gamma, "custom")
        elif kind == b"cHRM":
            self.primaries = "srgb" if body == _SRGB_CHROMATICITIES else "custom"


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Give the chunks up to the first one of pixels."""
    offset = _SIGNATURE
    while offset + 8 <= len(data):
        length, kind = struct.unpack_from(">I4s", data, offset)
        if kind == b"IDAT":
            return
        if length != _LENGTHS.get(kind, length):
            raise ImageDataError("Wrong chunk length.")
        end = offset + 8 + length
        if end > len(data):
            break
        yield kind, data[offset + 8 : end]
        offset = end + 4
    raise ImageEndError
