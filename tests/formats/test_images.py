"""Headers of images."""

from __future__ import annotations

import io
import struct

import pytest
from PIL import Image

from axis_core.formats.images import image_media_type, image_size, suffix_of_image


@pytest.mark.parametrize(
    ("kind", "options", "media_type"),
    [
        ("PNG", {}, "image/png"),
        ("JPEG", {}, "image/jpeg"),
        ("JPEG", {"progressive": True}, "image/jpeg"),
        ("JPEG", {"exif": b"Exif\0\0" + bytes(900)}, "image/jpeg"),
        ("WEBP", {"lossless": True}, "image/webp"),
        ("WEBP", {"quality": 50}, "image/webp"),
        ("WEBP", {"exif": b"Exif\0\0" + bytes(90)}, "image/webp"),
    ],
)
@pytest.mark.parametrize("size", [(1, 1), (37, 5), (300, 401)])
def test_type_and_size_are_what_pillow_wrote(
    kind: str, options: dict[str, object], media_type: str, size: tuple[int, int]
) -> None:
    out = io.BytesIO()
    Image.new("RGB", size, (10, 200, 30)).save(out, kind, **options)
    assert image_media_type(out.getvalue()) == media_type
    assert image_size(out.getvalue()) == size
    assert suffix_of_image(media_type) in (".png", ".jpg", ".webp")


def test_ktx2_says_its_size() -> None:
    data = b"\xabKTX 20\xbb\r\n\x1a\n" + struct.pack("<IIII", 0, 1, 640, 480) + bytes(60)
    assert image_media_type(data) == "image/ktx2"
    assert image_size(data) == (640, 480)


def test_short_and_foreign_headers_give_none() -> None:
    out = io.BytesIO()
    Image.new("RGB", (9, 9)).save(out, "JPEG")
    for n in range(20):
        assert image_size(out.getvalue()[:n]) is None
    for data in (b"\xff\xd8\xff" + b"\xff" * 500, b"RIFF0000WEBPVP8X", b"\x89PNG\r\n\x1a\n", b"GIF89a", b""):
        assert image_size(data) is None
