"""GLB: the binary container of glTF 2.0 (specification section 4)."""

from __future__ import annotations

import struct

import attrs

from axis_core.errors import InputError
from axis_core.formats.limits import DEFAULT_LIMITS, Limits


__all__ = ["MAGIC", "Glb", "join_glb", "split_glb"]

MAGIC = b"glTF"
_JSON = 0x4E4F534A
_BIN = 0x004E4942


@attrs.frozen
class Glb:
    """The two chunks of a GLB.

    Attributes
    ----------
    json : bytes
        With its padding.
    bin : memoryview or None
        A view of the file, with its padding.
    trailing : int
        Bytes behind the declared length.
    """

    json: bytes
    bin: memoryview | None
    trailing: int = 0


def split_glb(data: bytes, limits: Limits = DEFAULT_LIMITS) -> Glb:
    """Return the chunks of a GLB; chunks of other types are skipped, as the specification asks.

    Raises
    ------
    InputError
        ``parse_failed``: not a GLB of version 2, truncated, or without a JSON chunk in front.
    LimitExceeded
        The JSON chunk is larger than ``limits.json_bytes``.
    """
    if len(data) < 12 or data[:4] != MAGIC:
        raise InputError(
            f"not a GLB: {len(data)} bytes that start with {data[:4]!r}, expected {MAGIC!r} and a header of 12 bytes",
            code="parse_failed",
            pointer="byte 0",
        )
    version, length = struct.unpack_from("<II", data, 4)
    if version != 2:
        raise InputError(
            f"GLB version {version}, expected 2",
            code="unsupported_format",
            pointer="byte 4",
            hint="Convert it to glTF 2.0 first.",
        )
    if length > len(data):
        raise InputError(
            f"the GLB is truncated: its header says {length} bytes, there are {len(data)}",
            code="parse_failed",
            pointer="byte 8",
            hint="Export or download it again.",
        )
    chunks = _chunks(data, length)
    if not chunks or chunks[0][0] != _JSON:
        raise InputError("the first chunk of the GLB is not JSON", code="parse_failed", pointer="byte 12")
    start, size = chunks[0][1:]
    limits.check("json_bytes", size, pointer="byte 12")
    binary = next((memoryview(data)[at : at + n] for kind, at, n in chunks[1:] if kind == _BIN), None)
    return Glb(json=data[start : start + size], bin=binary, trailing=len(data) - length)


def _chunks(data: bytes, length: int) -> list[tuple[int, int, int]]:
    out: list[tuple[int, int, int]] = []
    at = 12
    while at + 8 <= length:
        size, kind = struct.unpack_from("<II", data, at)
        if at + 8 + size > length:
            raise InputError(
                f"a chunk of the GLB says {size} bytes, {length - at - 8} are left",
                code="parse_failed",
                pointer=f"byte {at}",
            )
        out.append((kind, at + 8, size))
        at += 8 + size
    return out


def join_glb(json: bytes, binary: bytes | bytearray | memoryview = b"") -> bytes:
    """Return a GLB of a JSON text and a buffer, padded to 4 bytes with spaces and zeros; no BIN chunk for no bytes.

    Raises
    ------
    InputError
        ``limit_exceeded``: the file would pass the 4 GiB that the header can say.
    """
    json = json + b" " * (-len(json) % 4)
    padding = bytes(-len(binary) % 4)
    n_binary = len(binary) + len(padding)
    total = 12 + 8 + len(json) + (8 + n_binary if n_binary else 0)
    if total >= 2**32:
        raise InputError(f"a GLB of {total:,} bytes cannot be written: its header holds 32 bits", code="limit_exceeded")
    parts = [struct.pack("<4sII", MAGIC, 2, total), struct.pack("<II", len(json), _JSON), json]
    if n_binary:
        parts += [struct.pack("<II", n_binary, _BIN), bytes(binary), padding]
    return b"".join(parts)
