"""Image headers are read as far as they are needed, and broken ones are findings."""

from __future__ import annotations

import io
import struct
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from axis_core.audit.gltf.image_headers import (
    ImageDataError,
    ImageEndError,
    ImageInfo,
    read_image_header,
    recognise,
)


def _encoded(mode: str, kind: str) -> bytes:
    out = io.BytesIO()
    Image.new(mode, (12, 5)).save(out, kind)
    return out.getvalue()


@pytest.mark.parametrize(
    ("mode", "kind", "expected"),
    [
        ("RGB", "PNG", "rgb"),
        ("RGBA", "PNG", "rgba"),
        ("L", "PNG", "luminance"),
        ("LA", "PNG", "luminance-alpha"),
        ("RGB", "JPEG", "rgb"),
        ("L", "JPEG", "luminance"),
        ("RGB", "WEBP", "rgb"),
    ],
)
def test_size_and_channels_are_those_of_the_picture(mode: str, kind: str, expected: str) -> None:
    data = _encoded(mode, kind)
    info = read_image_header(data)
    assert info is not None
    assert (info.width, info.height, info.format, info.bits) == (12, 5, expected, 8)
    assert info.media_type == recognise(data) == f"image/{kind.lower()}"


def _png(*chunks: tuple[bytes, bytes]) -> bytes:
    header = struct.pack(">IIBBBBB", 4, 4, 8, 2, 0, 0, 0)
    parts = [(b"IHDR", header), *chunks, (b"IDAT", zlib.compress(bytes(60))), (b"IEND", b"")]
    body = b"".join(struct.pack(">I", len(d)) + k + d + struct.pack(">I", zlib.crc32(k + d)) for k, d in parts)
    return b"\x89PNG\r\n\x1a\n" + body


@pytest.mark.parametrize(
    ("chunks", "transfer", "plain"),
    [
        ([], "srgb", True),
        ([(b"gAMA", struct.pack(">I", 45455))], "srgb", True),
        ([(b"gAMA", struct.pack(">I", 100000))], "linear", True),
        ([(b"gAMA", struct.pack(">I", 50000))], "custom", False),
        ([(b"iCCP", b"name\0\0data")], "custom", False),
        ([(b"iCCP", b"name\0\0data"), (b"sRGB", b"\0")], "srgb", True),
        ([(b"pHYs", struct.pack(">IIB", 1, 2, 0))], "srgb", False),
    ],
)
def test_colour_spaces_that_gltf_has_no_room_for_are_noticed(
    chunks: list[tuple[bytes, bytes]], transfer: str, plain: bool
) -> None:
    info = read_image_header(_png(*chunks))
    assert info is not None
    assert (info.transfer, info.plain) == (transfer, plain)


def test_a_wrong_chunk_length_is_invalid_and_a_cut_file_has_ended() -> None:
    with pytest.raises(ImageDataError, match="Wrong chunk length"):
        read_image_header(_png((b"sRGB", b"")))
    with pytest.raises(ImageEndError):
        read_image_header(_png()[:30])


@given(st.sampled_from([_encoded("RGB", kind) for kind in ("PNG", "JPEG", "WEBP")]), st.data())
def test_no_bytes_make_a_header_reader_fail_otherwise(image: bytes, data: st.DataObject) -> None:
    broken = bytearray(image[: data.draw(st.integers(0, len(image)))])
    for position in data.draw(st.lists(st.integers(0, 60), max_size=6)):
        if position < len(broken):
            broken[position] = data.draw(st.integers(0, 255))
    try:
        info = read_image_header(bytes(broken))
    except (ImageDataError, ImageEndError):
        return
    assert info is None or isinstance(info, ImageInfo)


def test_ktx2_is_recognised_but_not_read() -> None:
    data = b"\xabKTX 20\xbb\r\n\x1a\n" + bytes(60)
    assert recognise(data) == "image/ktx2"
    assert read_image_header(data) is None
