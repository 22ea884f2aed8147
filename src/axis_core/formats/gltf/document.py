"""Document: the parsed JSON of a glTF file with its buffers, before it becomes a Scene."""

from __future__ import annotations

from typing import Any

import attrs
import msgspec

from axis_core.errors import InputError, LimitExceeded
from axis_core.formats.codecs.meshopt import EXTENSIONS, decode_view, meshopt_library
from axis_core.formats.gltf.container import MAGIC, split_glb
from axis_core.formats.gltf.fields import index, integer, mapping, objects, refuse, text
from axis_core.formats.limits import DEFAULT_LIMITS, Limits
from axis_core.formats.uris import fetch_uri
from axis_core.plugin.kinds import Companions, no_companions


__all__ = ["Document", "open_document"]


@attrs.define
class Document:
    """A file being read.

    Attributes
    ----------
    root : dict
        The parsed JSON.
    notes : list of str
        What the reader had to leave out or mend, for ``Scene.notes``.
    """

    root: dict[str, Any]
    limits: Limits = DEFAULT_LIMITS
    binary: memoryview | None = None
    companions: Companions = no_companions
    notes: list[str] = attrs.field(factory=list)
    _buffers: dict[int, memoryview] = attrs.field(factory=dict)
    _lists: dict[str, list[dict[str, Any]]] = attrs.field(factory=dict)
    _decoded: dict[int, memoryview] = attrs.field(factory=dict)
    _spent: int = 0

    def note(self, text: str) -> None:
        """Remember something that did not survive, once."""
        if text not in self.notes and len(self.notes) < 100:
            self.notes.append(text)

    def spend(self, n_bytes: int, pointer: str) -> None:
        """Count memory about to be taken against the limit."""
        self._spent += n_bytes
        self.limits.check("decoded_bytes", self._spent, pointer=pointer)

    def items(self, key: str) -> list[dict[str, Any]]:
        """Return a top-level array of objects, of any length: for what is read only where it is used."""
        if key not in self._lists:
            self._lists[key] = objects(self.root, key, "")
        return self._lists[key]

    def list_of(self, key: str) -> list[dict[str, Any]]:
        """Return a top-level array of objects that is read as a whole, its length checked."""
        items = self.items(key)
        self.limits.check("nodes" if key == "nodes" else "objects", len(items), pointer=f"/{key}")
        return items

    def buffer(self, i: int) -> memoryview:
        """Return the bytes of buffer ``i``, exactly as long as it says."""
        if i not in self._buffers:
            self._buffers[i] = self._load_buffer(i)
        return self._buffers[i]

    def _load_buffer(self, i: int) -> memoryview:
        here = f"/buffers/{i}"
        item = self.items("buffers")[i]
        size = integer(item, "byteLength", here, low=1)
        if "uri" in item:
            data = memoryview(fetch_uri(text(item, "uri", here), self.companions, f"{here}/uri")[0])
        elif i == 0 and self.binary is not None:
            data = self.binary
        else:
            refuse("the buffer has no bytes: neither a uri nor a BIN chunk", here)
        if len(data) < size:
            refuse(f"the buffer says {size} bytes, there are {len(data)}", f"{here}/byteLength")
        return data[:size]

    def add_view(self, data: bytes) -> int:
        """Return the number of a new buffer view of ``data``: for what a codec has unpacked."""
        buffers, views = self.items("buffers"), self.items("bufferViews")
        self._buffers[len(buffers)] = memoryview(data)
        views.append({"buffer": len(buffers), "byteLength": len(data)})
        buffers.append({"byteLength": len(data)})
        return len(views) - 1

    def view(self, i: int) -> tuple[memoryview, int]:
        """Return the bytes of buffer view ``i`` and its byteStride (0 if it has none)."""
        here = f"/bufferViews/{i}"
        item = self.items("bufferViews")[i]
        extensions = mapping(item, "extensions", here)
        which = index(item, "buffer", here, len(self.items("buffers")))
        if which is None:
            refuse("buffer is missing", here)
        for name in EXTENSIONS:
            if name in extensions and not self._has_bytes(which):
                return self._unpacked(i, name, mapping(extensions, name, f"{here}/extensions")), integer(
                    item, "byteStride", here, default=0, high=252
                )
        return self._slice(item, here), integer(item, "byteStride", here, default=0, high=252)

    def _unpacked(self, i: int, name: str, extension: dict[str, Any]) -> memoryview:
        """Return the bytes of a buffer view that meshoptimizer has packed, decoded once."""
        if i not in self._decoded:
            meshopt_library(name)
            here = f"/bufferViews/{i}"
            size = integer(self.items("bufferViews")[i], "byteLength", here, low=1)
            where = f"{here}/extensions/{name}"
            source = self._slice(extension, where)
            self.spend(size, here)
            self._decoded[i] = decode_view(name, extension, source, size, where)
        return self._decoded[i]

    def _slice(self, item: dict[str, Any], pointer: str) -> memoryview:
        """Return the bytes that ``buffer``, ``byteOffset`` and ``byteLength`` of an object name."""
        which = index(item, "buffer", pointer, len(self.items("buffers")))
        if which is None:
            refuse("buffer is missing", pointer)
        data = self.buffer(which)
        offset = integer(item, "byteOffset", pointer, default=0)
        size = integer(item, "byteLength", pointer, low=1)
        if offset + size > len(data):
            refuse(f"the bytes end at {offset + size}, their buffer has {len(data)}", pointer)
        return data[offset : offset + size]

    def _has_bytes(self, buffer: int) -> bool:
        return "uri" in self.items("buffers")[buffer] or (buffer == 0 and self.binary is not None)


def open_document(
    data: bytes, *, companions: Companions = no_companions, limits: Limits = DEFAULT_LIMITS
) -> Document:
    """Return a GLB or a glTF JSON text as a Document.

    Raises
    ------
    InputError
        ``parse_failed``: not JSON, or not of glTF's shape; ``unsupported_format``: not version 2.
    LimitExceeded
        Too large or too deeply nested.
    """
    limits.check("file_bytes", len(data))
    data = bytes(data)  # arrays become views of it: nobody may write to them
    binary: memoryview | None = None
    notes: list[str] = []
    if data[:4] == MAGIC:
        glb = split_glb(data, limits)
        data, binary = glb.json.rstrip(b"\0"), glb.bin
        if glb.trailing:
            notes.append(f"{glb.trailing} bytes behind the end of the GLB were ignored")
    elif data[:4].lstrip(b"\xef\xbb\xbf \t\r\n")[:1] not in (b"{", b""):
        raise InputError(
            f"neither a GLB nor glTF's JSON: it starts with {data[:8]!r}", code="parse_failed", pointer="byte 0"
        )
    root = parse_json(data, limits)
    _check_version(root)
    return Document(root=root, limits=limits, binary=binary, companions=companions, notes=notes)


def parse_json(data: bytes, limits: Limits) -> dict[str, Any]:
    """Return the object that a JSON text holds; NaN and Infinity are not JSON."""
    too_deep = LimitExceeded(
        f"the JSON is nested deeper than {limits.json_depth} levels", hint="No tool writes this; export it again."
    )
    try:
        root = msgspec.json.decode(data.removeprefix(b"\xef\xbb\xbf"))
    except RecursionError:
        raise too_deep from None
    except (msgspec.DecodeError, UnicodeDecodeError) as exc:
        raise InputError(f"the JSON cannot be read: {exc}", code="parse_failed", hint="Export it again.") from exc
    if not isinstance(root, dict):
        refuse("the JSON is not an object", "")
    level: list[Any] = [root]
    for _ in range(limits.json_depth):
        level = [
            child
            for item in level
            for child in (item.values() if isinstance(item, dict) else item)
            if isinstance(child, dict | list) and child
        ]
        if not level:
            return root
    raise too_deep


def _check_version(root: dict[str, Any]) -> None:
    asset = mapping(root, "asset", "")
    if "asset" not in root:
        refuse("asset is missing: this JSON is not glTF", "")
    version = text(asset, "version", "/asset")
    if not version.startswith("2."):
        raise InputError(
            f"glTF version {version!r:.20}, expected 2.x",
            code="unsupported_format",
            pointer="/asset/version",
            hint="Convert it to glTF 2.0 first.",
        )
