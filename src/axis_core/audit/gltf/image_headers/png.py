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
_SRGB_GAMMA, _LINEAR_GAMMA = 45455, 100000
_SRGB_CHROMATICITIES = struct.pack(">8I", 31270, 32900, 64000, 33000, 30000, 60000, 15000, 6000)


def read_header(data: bytes) -> ImageInfo:
    """Return what the chunks before the pixels say."""
    chunks = _chunks(data)
    kind, body = next(chunks)
    if kind != b"IHDR" or len(body) != 13:  # noqa: PLR2004 - the length the format fixes
        raise ImageDataError("Invalid number of bytes in the IHDR chunk." if kind == b"IHDR" else "Missing IHDR chunk.")
    width, height, bits, colour = struct.unpack_from(">IIBB", body)
    kind_of_pixels = _FORMATS.get(colour)
    space = _ColourSpace()
    plain = True
    for kind, body in chunks:
        if kind == b"tRNS" and kind_of_pixels in _WITH_ALPHA:
            kind_of_pixels = _WITH_ALPHA[kind_of_pixels]
        elif kind == b"pHYs":
            plain &= body[:4] == body[4:8]
        elif kind == b"acTL":
            plain = False
        else:
            space.see(kind, body)
    return ImageInfo(
        media_type="image/png",
        width=width,
        height=height,
        format=kind_of_pixels,
        primaries=space.primaries,
        transfer=space.transfer,
        bits=bits if colour != 3 else 8,  # noqa: PLR2004 - palettes hold 8-bit colours
        plain=plain and space.primaries == space.transfer == "srgb",
    )


class _ColourSpace:
    """Primaries and transfer function as the chunks declare them; sRGB and ICC profiles win."""

    def __init__(self) -> None:
        self.primaries = "srgb"
        self.transfer = "srgb"
        self._settled = False

    def see(self, kind: bytes, body: bytes) -> None:
        """Take one chunk into account."""
        if kind == b"sRGB":
            self.primaries = self.transfer = "srgb"
            self._settled = True
        elif self._settled:
            return
        elif kind == b"iCCP":
            self.primaries = self.transfer = "custom"
            self._settled = True
        elif kind == b"gAMA":
            gamma = int.from_bytes(body[:4], "big")
            self.transfer = {_SRGB_GAMMA: "srgb", _LINEAR_GAMMA: "linear"}.get(gamma, "custom")
        elif kind == b"cHRM":
            self.primaries = "srgb" if body == _SRGB_CHROMATICITIES else "custom"


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Give the chunks up to the first one of pixels."""
    offset = _SIGNATURE
    while True:
        if offset + 8 > len(data):
            raise ImageEndError
        length, kind = struct.unpack_from(">I4s", data, offset)
        if kind == b"IDAT":
            return
        end = offset + 8 + length
        if end + 4 > len(data):
            raise ImageEndError
        yield kind, data[offset + 8 : end]
        offset = end + 4
