"""Photos decode upright, with limits that are checked before memory is taken."""

from __future__ import annotations

import io

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from axis_core.errors import InputError, LimitExceeded
from axis_core.vision.crop import Square, whole_picture
from axis_core.vision.photo import MAX_BYTES, read_photo


def _encoded(image: Image.Image, form: str, **options: object) -> bytes:
    out = io.BytesIO()
    image.save(out, form, **options)  # type: ignore[arg-type]
    return out.getvalue()


def _halves() -> Image.Image:
    """Return a picture, 64 wide and 48 high, whose left half is red and right half blue."""
    pixels = np.zeros((48, 64, 3), np.uint8)
    pixels[:, :32, 0], pixels[:, 32:, 2] = 255, 255
    return Image.fromarray(pixels)


@pytest.mark.parametrize("form", ["PNG", "JPEG", "WEBP"])
def test_the_three_formats_are_read(form: str) -> None:
    photo = read_photo(_encoded(_halves(), form))
    assert photo.size == (64, 48)
    assert photo.pixels[24, 8, 0] > 0.9
    assert photo.pixels[24, 56, 2] > 0.9
    assert photo.alpha is None


def test_exif_turns_the_picture_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # the camera lay on its side
    photo = read_photo(_encoded(_halves(), "JPEG", exif=exif, quality=95))
    assert photo.size == (48, 64)
    assert photo.pixels[8, 24, 0] > 0.9  # left became top
    assert photo.pixels[56, 24, 2] > 0.9


def test_transparency_is_kept_as_a_mask() -> None:
    image = _halves().convert("RGBA")
    image.putalpha(Image.fromarray(np.repeat([[0] * 20 + [255] * 44], 48, axis=0).astype(np.uint8)))
    photo = read_photo(_encoded(image, "PNG"))
    assert photo.alpha is not None
    assert photo.alpha[:, :20].max() == 0.0
    assert photo.alpha[:, 20:].min() == 1.0


def test_a_large_photo_is_scaled_down() -> None:
    assert max(read_photo(_encoded(Image.new("RGB", (3000, 1500)), "PNG")).size) == 1536


def test_pixels_are_refused_by_the_header_alone() -> None:
    bomb = bytearray(_encoded(_halves(), "PNG"))
    bomb[16:24] = (60_000).to_bytes(4, "big") * 2
    with pytest.raises(LimitExceeded, match="60000 x 60000"):
        read_photo(bytes(bomb), pointer="/images/2")


def test_bytes_are_counted_first() -> None:
    with pytest.raises(LimitExceeded):
        read_photo(b"\x89PNG\r\n\x1a\n" + bytes(MAX_BYTES))


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "unsupported_format"),
        (b"GIF89a" + bytes(100), "unsupported_format"),
        (_encoded(_halves(), "PNG")[:80], "parse_failed"),
        (_encoded(Image.new("RGB", (8, 8)), "PNG"), "invalid_request"),
    ],
)
def test_what_is_no_photo_is_refused_with_its_place(data: bytes, code: str) -> None:
    with pytest.raises(InputError) as caught:
        read_photo(data, pointer="/images/1")
    assert (caught.value.code, caught.value.pointer) == (code, "/images/1")


@given(st.binary(max_size=400))
def test_no_bytes_raise_anything_but_an_input_error(tail: bytes) -> None:
    for head in (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"RIFF0000WEBP"):
        try:
            read_photo(head + tail)
        except InputError:
            continue


@given(
    st.floats(50, 150), st.floats(50, 150), st.floats(20, 200), st.floats(-3.0, 3.0), st.floats(0, 1), st.floats(0, 1)
)
def test_a_crop_shows_at_a_place_what_the_picture_shows_there(
    x: float, y: float, side: float, turn: float, u: float, v: float
) -> None:
    square = Square((x, y), side, turn)
    rows, columns = np.mgrid[0:200, 0:200]
    image = np.stack([columns, rows, rows * 0], axis=-1).astype(np.float32) + 0.5
    size = 200
    crop = square.cut(image, size)
    row, column = min(int(v * size), size - 1), min(int(u * size), size - 1)
    place = square.to_picture(np.array([[(column + 0.5) / size, (row + 0.5) / size]]))[0]
    if (place > 2).all() and (place < 198).all():
        assert np.allclose(crop[row, column, :2], place, atol=0.05)


def test_what_is_pasted_back_lies_where_it_was_cut() -> None:
    square = Square((60.0, 70.0), 64.0, 0.4)
    mask = np.zeros((140, 120), np.float32)
    mask[50:90, 40:80] = 1.0
    back = square.paste(square.cut(mask[..., None], 128)[..., 0], (120, 140))
    inside = square.paste(np.ones((128, 128), np.float32), (120, 140)) > 0.99
    assert np.abs(back - mask)[inside].mean() < 0.03
    assert whole_picture((120, 140)) == Square((60.0, 70.0), 140.0)
