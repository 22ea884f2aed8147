"""Buffers and buffer views."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from axis_core.audit.gltf.reader import JsonObject, ObjectReader, Record


if TYPE_CHECKING:
    from axis_core.audit.gltf.audit import Audit
    from axis_core.audit.gltf.uri import Uri

__all__ = ["Buffer", "BufferView", "link_buffer_view", "read_buffer", "read_buffer_view"]

_ARRAY, _ELEMENT_ARRAY = 34962, 34963
_USAGE_OF_TARGET = {_ARRAY: "VertexBuffer", _ELEMENT_ARRAY: "IndexBuffer"}
_TARGETED = frozenset(_USAGE_OF_TARGET.values())
_MEDIA_TYPES = ("application/octet-stream", "application/gltf-buffer")
_LEAST_STRIDE, _MOST_STRIDE = 4, 252


@attrs.define(eq=False, kw_only=True)
class Buffer(Record):
    """Bytes, inline, in the container or elsewhere."""

    byte_length: int
    uri: Uri | None = None
    has_uri: bool = False
    data: memoryview | None = None


@attrs.define(eq=False, kw_only=True)
class BufferView(Record):
    """A slice of a buffer."""

    buffer_index: int
    byte_offset: int
    byte_length: int
    byte_stride: int
    target: int
    buffer: Buffer | None = None
    usage: str | None = None
    vertex_users: int = 0

    def set_usage(self, audit: Audit, usage: str, name: str | int) -> None:
        """Note what the view is used for; a view must not be used for two kinds of thing."""
        self.used = True
        if self.usage is None:
            self.usage = usage
            if usage in _TARGETED and self.target == -1:
                audit.add("BUFFER_VIEW_TARGET_MISSING", name=name)
        elif self.usage != usage:
            audit.add("BUFFER_VIEW_TARGET_OVERRIDE", self.usage, usage, name=name)

    @property
    def data(self) -> memoryview | None:
        """The bytes of the view, as far as the buffer has them; None if they are not there at all."""
        if self.buffer is None or self.buffer.data is None or self.byte_offset == -1 or self.byte_length == -1:
            return None
        return self.buffer.data[self.byte_offset : self.byte_offset + self.byte_length]


def read_buffer(audit: Audit, raw: JsonObject) -> Buffer:
    """Read one buffer."""
    reader = ObjectReader(audit, raw)
    reader.members("uri", "byteLength", "name")
    buffer = Buffer(byte_length=reader.integer("byteLength", required=True, minimum=1), has_uri="uri" in reader)
    text = reader.string("uri")
    if text is not None:
        buffer.uri = audit.read_uri(text, "uri")
        if buffer.uri is not None and buffer.uri.is_data and (buffer.uri.media_type or "").lower() not in _MEDIA_TYPES:
            audit.add("BUFFER_DATA_URI_MIME_TYPE_INVALID", buffer.uri.media_type, name="uri")
            buffer.uri = None
    reader.string("name")
    reader.finish(buffer, "buffer")
    return buffer


def read_buffer_view(audit: Audit, raw: JsonObject) -> BufferView:
    """Read one buffer view."""
    reader = ObjectReader(audit, raw)
    reader.members("buffer", "byteOffset", "byteLength", "byteStride", "target", "name")
    length = reader.integer("byteLength", required=True, minimum=1)
    stride = reader.integer("byteStride", minimum=_LEAST_STRIDE, maximum=_MOST_STRIDE)
    target = reader.integer("target", allowed=tuple(_USAGE_OF_TARGET))
    if stride != -1:
        if length != -1 and stride > length:
            audit.add("BUFFER_VIEW_TOO_BIG_BYTE_STRIDE", stride, length, name="byteStride")
        if stride % 4:
            audit.add("VALUE_MULTIPLE_OF", stride, 4, name="byteStride")
        if target == _ELEMENT_ARRAY:
            audit.add("BUFFER_VIEW_INVALID_BYTE_STRIDE", name="byteStride")
    view = BufferView(
        buffer_index=reader.index("buffer", required=True),
        byte_offset=reader.integer("byteOffset", default=0),
        byte_length=length,
        byte_stride=stride,
        target=target,
        usage=_USAGE_OF_TARGET.get(target),
    )
    reader.string("name")
    reader.finish(view, "bufferView")
    return view


def link_buffer_view(audit: Audit, view: BufferView) -> None:
    """Resolve the buffer of one view and check that the view fits it."""
    view.buffer = audit.resolve(audit.document.buffers, view.buffer_index, "buffer")
    if view.buffer is None:
        return
    view.buffer.used = True
    size = view.buffer.byte_length
    if size == -1 or view.byte_offset == -1:
        return
    if view.byte_offset >= size:
        audit.add("BUFFER_VIEW_TOO_LONG", view.buffer_index, size, name="byteOffset")
    elif view.byte_length != -1 and view.byte_offset + view.byte_length > size:
        audit.add("BUFFER_VIEW_TOO_LONG", view.buffer_index, size, name="byteLength")
