"""The GLB container: header, chunks, and what is wrong with them.

Findings come in two waves: those met while walking the chunks, and the one that ends the file (truncation, a wrong
total length), which is reported after the JSON has been audited.

References
----------
The Khronos Group, glTF 2.0 Specification, section 4 "GLB File Format Specification".
"""

from __future__ import annotations

import codecs
import struct

import attrs

from axis_core.audit.gltf.findings import Findings
from axis_core.audit.gltf.json_text import BOM, BOM_FOUND


__all__ = ["Container", "read_container"]

_MAGIC = 0x46546C67
_JSON = 0x4E4F534A
_BIN = 0x004E4942
_HEADER = 12
_CHUNK_HEADER = 8


@attrs.define
class Container:
    """What a GLB holds.

    Attributes
    ----------
    json : bytes or None
        The first JSON chunk; None if there is none or it is cut off.
    binary : memoryview or None
        The first BIN chunk; None if there is none or it is cut off.
    whole : bool
        False if the file ends too early or on an empty chunk: its contents are then not trusted.
    ending : tuple of (offset, code, arguments) or None
        The finding about the end of the file.
    """

    json: bytes | None = None
    binary: memoryview | None = None
    whole: bool = True
    ending: tuple[int, str, tuple[int, ...]] | None = None

    def report_ending(self, findings: Findings) -> None:
        """Report what is wrong with the end of the file."""
        if self.ending is not None:
            offset, code, args = self.ending
            findings.add_offset(offset, code, *args)

    def broken(self, offset: int, code: str) -> Container:
        """Mark the file as cut off at an offset."""
        self.whole = False
        self.ending = (offset, code, ())
        return self


@attrs.frozen
class _Chunk:
    """A chunk header: where it starts, how long its data are, its type and how the type is spelled."""

    offset: int
    length: int
    kind: int

    @property
    def name(self) -> str:
        return f"0x{self.kind:08x}"


def read_container(data: bytes, findings: Findings) -> Container:
    """Return the chunks of a GLB, reporting what breaks the format. Nothing is copied but the JSON."""
    container = Container()
    declared = _read_header(data, findings, container)
    return container if declared is None else _read_chunks(data, declared, findings, container)


def _read_header(data: bytes, findings: Findings, container: Container) -> int | None:
    """Return the declared length, or None if the header forbids reading on."""
    if len(data) < _HEADER:
        container.broken(len(data), "GLB_UNEXPECTED_END_OF_HEADER")
        return None
    magic, version, declared = struct.unpack_from("<III", data)
    if magic != _MAGIC:
        findings.add_offset(0, "GLB_INVALID_MAGIC", magic)
    elif version != 2:
        findings.add_offset(4, "GLB_INVALID_VERSION", version)
    else:
        if declared <= _HEADER:
            findings.add_offset(8, "GLB_LENGTH_TOO_SMALL", declared)
        return int(declared)
    container.whole = False
    return None


def _read_chunks(data: bytes, declared: int, findings: Findings, container: Container) -> Container:
    """Walk the chunks up to the end of the data or of the declared length."""
    view = memoryview(data)
    offset, seen, last, use = _HEADER, list[int](), None, False
    while offset < len(data):
        if offset == declared:
            findings.add_offset(offset, "GLB_EXTRA_DATA")
            container.whole = container.json is not None
            return container
        if len(data) - offset < _CHUNK_HEADER:
            return container.broken(len(data), "GLB_UNEXPECTED_END_OF_CHUNK_HEADER")
        last = _Chunk(offset, *struct.unpack_from("<II", data, offset))
        use = _check_chunk(last, declared, seen, findings)
        seen.append(last.kind)
        start = offset + _CHUNK_HEADER
        end = start + last.length
        if end > len(data):
            container.broken(len(data), "GLB_UNEXPECTED_END_OF_CHUNK_DATA")
            if use and last.kind == _JSON:
                _check_torn_text(bytes(view[start:]), container, findings)
            return container
        if use and last.kind == _JSON:
            container.json = bytes(view[start:end])
        elif use and last.kind == _BIN:
            container.binary = view[start:end]
        offset = end
    if last is not None and not last.length:
        return _unfinished(container, use and last.kind == _JSON)
    if offset != declared:
        container.ending = (offset, "GLB_LENGTH_MISMATCH", (declared, offset))
    container.whole = container.json is not None
    return container


def _check_chunk(chunk: _Chunk, declared: int, seen: list[int], findings: Findings) -> bool:
    """Report on one chunk header; return whether its data are to be used."""
    at, name = chunk.offset, chunk.name
    if not seen and chunk.kind != _JSON:
        findings.add_offset(at, "GLB_UNEXPECTED_FIRST_CHUNK", name)
    if chunk.length % 4:
        findings.add_offset(at, "GLB_CHUNK_LENGTH_UNALIGNED", name)
    if at + _CHUNK_HEADER + chunk.length > declared:
        findings.add_offset(at, "GLB_CHUNK_TOO_BIG", name, chunk.length)
    if chunk.kind == _JSON:
        if not chunk.length:
            findings.add_offset(at, "GLB_EMPTY_CHUNK", name)
    elif chunk.kind == _BIN:
        if not chunk.length:
            findings.add_offset(at, "GLB_EMPTY_BIN_CHUNK")
        if len(seen) > 1 and _BIN not in seen:
            findings.add_offset(at, "GLB_UNEXPECTED_BIN_CHUNK")
    else:
        findings.add_offset(at, "GLB_UNKNOWN_CHUNK_TYPE", name)
        return False
    if chunk.kind in seen:
        findings.add_offset(at, "GLB_DUPLICATE_CHUNK", name)
        return False
    return True


def _check_torn_text(text: bytes, container: Container, findings: Findings) -> None:
    """Look at JSON that is cut off: if it is no UTF-8 so far, that is the finding and not its end."""
    try:
        codecs.getincrementaldecoder("utf-8")().decode(text)
    except UnicodeDecodeError:
        container.json, container.ending = text, None
        return
    if text[:1] == BOM[:1]:
        findings.add_at("", "INVALID_JSON", BOM_FOUND)


def _unfinished(container: Container, is_json: bool) -> Container:
    """Leave a file whose last chunk is empty unfinished, as no data ended it; an empty JSON was then never read."""
    container.whole = False
    if is_json:
        container.json = None
    return container
