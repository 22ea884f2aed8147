"""What a file carries that is no part of an avatar: bytes behind its end, foreign chunks, archives, programs, scripts.

Marks are looked for where files begin (magic numbers at the start, or behind the end marker of an image), not anywhere
in pixels and floats, where four bytes come up by chance.
"""

from __future__ import annotations

import json
import re
import struct
from collections.abc import Iterator
from typing import Any

from axis_core.audit.fraud.indicator import Indicator
from axis_core.errors import InputError
from axis_core.formats.gltf.container import split_glb
from axis_core.model.scene import Scene


__all__ = ["payload_indicators"]

MAGICS = (
    (b"PK\x03\x04", "a ZIP archive"),
    (b"MZ", "a Windows program"),
    (b"\x7fELF", "a Linux program"),
    (b"\xfe\xed\xfa", "a macOS program"),
    (b"\xcf\xfa\xed\xfe", "a macOS program"),
    (b"%PDF", "a PDF file"),
    (b"Rar!", "a RAR archive"),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive"),
    (b"\x1f\x8b\x08", "a gzip stream"),
    (b"#!/", "a script"),
    (b"<script", "a script"),
    (b"<html", "a web page"),
    (b"<svg", "an SVG drawing, which can hold scripts"),
)
SCRIPT = re.compile(
    r"<\s*script\b|javascript:|vbscript:|data:text/html|\bon(?:error|load|click)\s*=|<\s*iframe\b|<\?php|\beval\s*\(",
    re.IGNORECASE,
)
ENCODED = re.compile(r"^[A-Za-z0-9+/=\s]{4096,}$")
"""A text this long of nothing but base64 is a file."""

SLACK = 64
"""Bytes behind the end of an image that tools leave there: padding, a line end."""

UNUSED_SHARE, UNUSED_BYTES = 0.2, 65536
"""A buffer of which more than this is no buffer view's holds something else."""


def payload_indicators(data: bytes, scene: Scene | None) -> Iterator[Indicator]:
    """Yield ``embedded_payload`` indicators for a file and, where it could be read, its scene."""
    if data[:4] == b"glTF":
        yield from _container(data)
        document = _document(data)
        if document is not None:
            yield from _unused(document, data)
    else:
        document = _parsed(data) if data[:64].lstrip().startswith(b"{") else None
    if document is not None:
        yield from _texts(document)
    for k, texture in enumerate(scene.textures if scene is not None else ()):
        found = _behind_image(texture.data)
        if found:
            yield Indicator(id="embedded_payload", score=found[0], detail=f"image {texture.name or k}: {found[1]}")


def _kind_of(data: bytes) -> str:
    head = data[:256].lstrip(b"\0 \r\n\t")
    return next((name for magic, name in MAGICS if head.startswith(magic)), "")


def _container(data: bytes) -> Iterator[Indicator]:
    if len(data) < 12:
        return
    length = struct.unpack_from("<I", data, 8)[0]
    behind = data[length:]
    if behind.strip(b"\0 \r\n\t"):
        kind = _kind_of(behind)
        text = f"{len(behind):,} bytes stand behind the end of the GLB{f': {kind}' if kind else ''}"
        yield Indicator(id="embedded_payload", score=0.9 if kind else 0.6, detail=text)
    at = 12
    while at + 8 <= min(length, len(data)):
        size, kind_of_chunk = struct.unpack_from("<I4s", data, at)
        if kind_of_chunk not in (b"JSON", b"BIN\0"):
            kind = _kind_of(data[at + 8 : at + 8 + size])
            text = f"an unknown chunk {kind_of_chunk!r} of {size:,} bytes{f': {kind}' if kind else ''}"
            yield Indicator(id="embedded_payload", score=0.9 if kind else 0.5, detail=text)
        at += 8 + size


def _document(data: bytes) -> dict[str, Any] | None:
    try:
        return _parsed(split_glb(data).json)
    except InputError:
        return None


def _parsed(text: bytes) -> dict[str, Any] | None:
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return document if isinstance(document, dict) else None


def _unused(document: dict[str, Any], data: bytes) -> Iterator[Indicator]:
    """Bytes of the GLB's buffer that no buffer view covers."""
    views = document.get("bufferViews")
    binary = split_glb(data).bin
    if not isinstance(views, list) or binary is None:
        return
    spans = sorted(_span(v) for v in views if isinstance(v, dict) and v.get("buffer") == 0)
    covered, end, first = 0, 0, None
    for start, stop in [*spans, (len(binary), len(binary))]:
        if start > end and first is None and start - end > SLACK:
            first = end
        covered += max(stop - max(start, end), 0)
        end = max(end, stop)
    unused = len(binary) - covered
    if unused > max(UNUSED_BYTES, UNUSED_SHARE * len(binary)):
        kind = _kind_of(bytes(binary[first : first + 256])) if first is not None else ""
        text = f"{unused:,} of {len(binary):,} bytes of the buffer belong to nothing{f': {kind}' if kind else ''}"
        yield Indicator(id="embedded_payload", score=0.9 if kind else 0.5, detail=text)


def _span(view: dict[str, Any]) -> tuple[int, int]:
    start, size = view.get("byteOffset", 0), view.get("byteLength", 0)
    good = isinstance(start, int) and isinstance(size, int) and start >= 0 and size >= 0
    return (start, start + size) if good else (0, 0)


def _texts(document: dict[str, Any]) -> Iterator[Indicator]:
    """Scripts and encoded files in the texts of the JSON, buffers' and images' own data URIs left out."""
    for pointer, text in _strings(document, ""):
        if SCRIPT.search(text):
            yield Indicator(id="embedded_payload", score=0.85, detail=f"{pointer} holds a script: {text[:60]!r}")
        elif ENCODED.match(text):
            detail = f"{pointer} holds {len(text):,} characters that look like an encoded file"
            yield Indicator(id="embedded_payload", score=0.5, detail=detail)


def _strings(value: Any, pointer: str, depth: int = 0) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        if not pointer.endswith("/uri") or not value.startswith(("data:image/", "data:application/")):
            yield pointer, value
    elif depth < 64 and isinstance(value, dict):
        for key, inner in value.items():
            if SCRIPT.search(key):
                yield pointer, key
            yield from _strings(inner, f"{pointer}/{key}", depth + 1)
    elif depth < 64 and isinstance(value, list):
        for k, inner in enumerate(value):
            yield from _strings(inner, f"{pointer}/{k}", depth + 1)


def _behind_image(data: bytes) -> tuple[float, str] | None:
    """How sure, and what: an image that is something else, or has something behind its end."""
    if not data:
        return None
    kind = _kind_of(data)
    if kind:
        return 0.9, f"it is no image but {kind}"
    end = _image_end(data)
    if end is None:
        return None
    behind = data[end:]
    if not behind.strip(b"\0 \r\n\t"):
        return None
    kind = _kind_of(behind)
    if kind:
        return 0.9, f"behind its end there is {kind}"
    return (0.5, f"{len(behind):,} bytes stand behind its end") if len(behind) > SLACK else None


def _image_end(data: bytes) -> int | None:
    """Where the image ends by its own structure: PNG chunks, RIFF length, the last end marker of JPEG."""
    if data[:8] == b"\x89PNG\r\n\x1a\n":
        at = 8
        while at + 12 <= len(data):
            size, name = struct.unpack_from(">I4s", data, at)
            at += 12 + int(size)
            if name == b"IEND":
                return at
        return None
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        size = struct.unpack_from("<I", data, 4)[0]
        return int(8 + size + (size & 1))
    if data[:2] == b"\xff\xd8":
        return _jpeg_end(data)
    return None


def _jpeg_end(data: bytes) -> int | None:
    """Follow the segments; inside a scan a marker is FF and neither 00, a restart nor FF."""
    at = 2
    while at + 4 <= len(data):
        if data[at] != 0xFF:
            return None
        marker = data[at + 1]
        if marker == 0xD9:
            return at + 2
        if marker == 0xFF:
            at += 1
            continue
        at += 2 + int(struct.unpack_from(">H", data, at + 2)[0])
        if marker == 0xDA:
            at = _scan_end(data, at)
            if at < 0:
                return None
    return at + 2 if data[at : at + 2] == b"\xff\xd9" else None


def _scan_end(data: bytes, at: int) -> int:
    while True:
        at = data.find(b"\xff", at)
        if at < 0 or at + 1 >= len(data):
            return -1
        if data[at + 1] == 0x00 or 0xD0 <= data[at + 1] <= 0xD7:
            at += 2
            continue
        return at
