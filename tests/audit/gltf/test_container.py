"""The GLB container: every way to break it is found, at its offset."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from axis_core.audit.gltf import validate


JSON = b'{"asset":{"version":"2.0"}} '
BIN = b"BIN\0"

Make = Callable[..., bytes]
Codes = Callable[..., list[tuple[str, str]]]


@pytest.fixture
def good(chunk: Make) -> bytes:
    """A JSON chunk."""
    return chunk(b"JSON", JSON)


def test_a_small_good_file_is_clean(glb: Make, good: bytes, codes: Codes) -> None:
    assert codes(glb(good)) == []


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"magic": b"glTX"}, [("GLB_INVALID_MAGIC", "0")]),
        ({"version": 1, "length": 3}, [("GLB_INVALID_VERSION", "4")]),
        ({"length": 12}, [("GLB_LENGTH_TOO_SMALL", "8"), ("GLB_EXTRA_DATA", "12")]),
        ({"length": 44}, [("GLB_CHUNK_TOO_BIG", "12"), ("GLB_LENGTH_MISMATCH", "48")]),
        ({"length": 52}, [("GLB_LENGTH_MISMATCH", "48")]),
    ],
)
def test_a_wrong_header_is_found(
    glb: Make, good: bytes, codes: Codes, changes: dict[str, Any], expected: list[tuple[str, str]]
) -> None:
    assert codes(glb(good, **changes), uri="x.glb") == expected


@pytest.mark.parametrize(
    ("size", "expected"),
    [
        (0, "GLB_UNEXPECTED_END_OF_HEADER"),
        (11, "GLB_UNEXPECTED_END_OF_HEADER"),
        (12, "GLB_LENGTH_MISMATCH"),
        (15, "GLB_UNEXPECTED_END_OF_CHUNK_HEADER"),
        (30, "GLB_UNEXPECTED_END_OF_CHUNK_DATA"),
    ],
)
def test_a_cut_file_is_found_where_it_ends(glb: Make, good: bytes, codes: Codes, size: int, expected: str) -> None:
    assert codes(glb(good)[:size], uri="x.glb") == [(expected, str(size))]


def test_chunks_out_of_place_are_found(glb: Make, chunk: Make, good: bytes, codes: Codes) -> None:
    assert codes(glb(chunk(BIN, b"abcd"), good)) == [("GLB_UNEXPECTED_FIRST_CHUNK", "12")]
    assert codes(glb(good, good)) == [("GLB_DUPLICATE_CHUNK", "48")]
    assert codes(glb(good, chunk(b"ABCD", b"abcd"), chunk(BIN, b"abcd"))) == [
        ("GLB_UNKNOWN_CHUNK_TYPE", "48"),
        ("GLB_UNEXPECTED_BIN_CHUNK", "60"),
    ]
    assert codes(glb(good, chunk(BIN, b"abcde"))) == [("GLB_CHUNK_LENGTH_UNALIGNED", "48")]


def test_an_empty_last_chunk_leaves_the_file_without_metrics(glb: Make, chunk: Make, good: bytes) -> None:
    report = validate(glb(good, chunk(BIN, b"")))
    assert [i.code for i in report.issues] == ["GLB_EMPTY_BIN_CHUNK"]
    assert report.info is None


def test_the_binary_chunk_is_measured_against_the_first_buffer(glb: Make, chunk: Make, codes: Codes) -> None:
    text = b'{"asset":{"version":"2.0"},"buffers":[{"byteLength":4}]}'
    assert codes(glb(chunk(b"JSON", text))) == [("BUFFER_MISSING_GLB_DATA", "/buffers/0")]
    assert codes(glb(chunk(b"JSON", text), chunk(BIN, bytes(4)))) == []
    assert codes(glb(chunk(b"JSON", text), chunk(BIN, bytes(12)))) == [("BUFFER_GLB_CHUNK_TOO_BIG", "/buffers/0")]


def test_the_name_decides_between_the_two_formats() -> None:
    assert [i.code for i in validate(b"version https://git-lfs", uri="a.vrm").issues] == ["GLB_INVALID_MAGIC"]
    assert [i.code for i in validate(b"version https://git-lfs", uri="a.gltf").issues] == ["INVALID_JSON"]
    assert validate(JSON).mime_type == "model/gltf+json"
