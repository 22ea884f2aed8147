"""What an image header says."""

from __future__ import annotations

from typing import Any

import attrs


__all__ = ["ImageDataError", "ImageEndError", "ImageInfo"]


class ImageDataError(Exception):
    """The header breaks its format; the message says how."""


class ImageEndError(Exception):
    """The data end inside the header."""


@attrs.frozen(kw_only=True)
class ImageInfo:
    """Facts of an image; 0 bits and None stand for what the header does not say.

    Attributes
    ----------
    media_type : str
        The format that was recognised.
    width, height : int
        In pixels.
    format : str or None
        ``rgb``, ``rgba``, ``luminance`` or ``luminance-alpha``.
    primaries, transfer : str or None
        ``srgb``, ``custom``, and for the transfer function also ``linear``.
    bits : int
        A channel.
    plain : bool
        False for what glTF has no room for: other colour spaces, pixels that are not square, animation.
    """

    media_type: str
    width: int
    height: int
    format: str | None = None
    primaries: str | None = None
    transfer: str | None = None
    bits: int = 0
    plain: bool = True

    def as_dict(self) -> dict[str, Any]:
        """Return the facts as the report holds them."""
        facts = {
            "width": self.width,
            "height": self.height,
            "format": self.format,
            "primaries": self.primaries,
            "transfer": self.transfer,
            "bits": self.bits,
        }
        return {name: value for name, value in facts.items() if value or name in ("width", "height")}
