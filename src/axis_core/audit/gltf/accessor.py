"""Accessors: their schema, whether they fit what they refer to, and what they are used for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from axis_core.audit.gltf.buffer import BufferView
from axis_core.audit.gltf.formats import (
    COMPONENT_NAMES,
    COMPONENT_SIZES,
    FLOAT,
    MATRIX_COLUMNS,
    RANGES,
    TYPE_SIZES,
    UNSIGNED_BYTE,
    UNSIGNED_INT,
    UNSIGNED_SHORT,
    Format,
    element_length,
)
from axis_core.audit.gltf.reader import JsonObject, ObjectReader, Record


if TYPE_CHECKING:
    from axis_core.audit.gltf.audit import Audit

__all__ = ["Accessor", "Sparse", "link_accessor", "read_accessor"]

_COMPONENT_TYPES = tuple(COMPONENT_SIZES)
_INDEX_TYPES = (UNSIGNED_BYTE, UNSIGNED_SHORT, UNSIGNED_INT)
_TYPES = tuple(TYPE_SIZES)


@attrs.define(eq=False, kw_only=True)
class SparseSlice(Record):
    """Where the indices or the values of a sparse accessor lie."""

    buffer_view_index: int
    byte_offset: int
    component_type: int
    view: BufferView | None = None


@attrs.define(eq=False, kw_only=True)
class Sparse(Record):
    """The elements that a sparse accessor overrides."""

    count: int
    indices: SparseSlice | None
    values: SparseSlice | None


@attrs.define(eq=False, kw_only=True)
class Accessor(Record):
    """A typed view of a buffer view; -1 and None stand for what is missing or wrong."""

    buffer_view_index: int
    byte_offset: int
    component_type: int
    count: int
    type: str | None
    normalized: bool
    minimum: list[float] | list[int] | None = None
    maximum: list[float] | list[int] | None = None
    sparse: Sparse | None = None
    view: BufferView | None = None
    usage: str | None = None
    fits: bool = True

    @property
    def format(self) -> Format:
        """Type, component type and normalisation."""
        return Format(self.type, self.component_type, self.normalized)

    @property
    def components(self) -> int:
        """Components of one element, 0 if the type is unknown."""
        return TYPE_SIZES.get(self.type or "", 0)

    @property
    def element_length(self) -> int:
        """Bytes of one element, 0 if the format is unknown."""
        if self.type not in TYPE_SIZES or self.component_type == -1:
            return 0
        return element_length(self.type, self.component_type)

    @property
    def stride(self) -> int:
        """Bytes from one element to the next."""
        if self.view is not None and self.view.byte_stride != -1:
            return self.view.byte_stride
        return self.element_length

    def set_usage(self, audit: Audit, usage: str, name: str | int) -> None:
        """Note what the accessor is used for; one accessor must not be used for two kinds of thing."""
        self.used = True
        if self.usage is None:
            self.usage = usage
        elif self.usage != usage:
            audit.add("ACCESSOR_USAGE_OVERRIDE", self.usage, usage, name=name)


def read_accessor(audit: Audit, raw: JsonObject) -> Accessor:
    """Read one accessor."""
    reader = ObjectReader(audit, raw)
    reader.members(
        "bufferView", "byteOffset", "componentType", "normalized", "count", "type", "max", "min", "sparse", "name"
    )
    view = reader.index("bufferView")
    if view == -1 and "byteOffset" in reader:
        audit.add("UNSATISFIED_DEPENDENCY", "bufferView", name="byteOffset")
    accessor = Accessor(
        buffer_view_index=view,
        byte_offset=reader.integer("byteOffset", default=0),
        component_type=reader.integer("componentType", required=True, allowed=_COMPONENT_TYPES),
        count=reader.integer("count", required=True, minimum=1),
        type=reader.string("type", required=True, allowed=_TYPES),
        normalized=reader.boolean("normalized"),
    )
    _read_bounds(reader, accessor)
    accessor.sparse = reader.object("sparse", _read_sparse)
    _check_format(audit, accessor)
    reader.string("name")
    reader.finish(accessor, "accessor")
    return accessor


def _read_bounds(reader: ObjectReader, accessor: Accessor) -> None:
    length = accessor.components
    if not length or accessor.component_type == -1:
        return
    if accessor.component_type == FLOAT:
        accessor.minimum = reader.numbers("min", length=length)
        accessor.maximum = reader.numbers("max", length=length)
        return
    low, high = RANGES[accessor.component_type]
    kind = COMPONENT_NAMES[accessor.component_type]
    accessor.minimum = reader.integers("min", length=length, low=low, high=high, kind=kind)
    accessor.maximum = reader.integers("max", length=length, low=low, high=high, kind=kind)


def _check_format(audit: Audit, accessor: Accessor) -> None:
    sparse, count = accessor.sparse, accessor.count
    known = accessor.component_type != -1 and accessor.type is not None
    if sparse is not None and known and -1 != count < sparse.count:
        with audit.at("sparse"):
            audit.add("ACCESSOR_SPARSE_COUNT_OUT_OF_RANGE", sparse.count, count, name="count")
    if accessor.normalized and accessor.component_type in (FLOAT, UNSIGNED_INT):
        audit.add("ACCESSOR_NORMALIZED_INVALID", name="normalized")
    if accessor.type in MATRIX_COLUMNS and accessor.byte_offset != -1 and accessor.byte_offset % 4:
        audit.add("ACCESSOR_MATRIX_ALIGNMENT", name="byteOffset")


def _read_sparse(audit: Audit, raw: JsonObject) -> Sparse | None:
    reader = ObjectReader(audit, raw)
    reader.members("count", "indices", "values")
    sparse = Sparse(
        count=reader.integer("count", required=True, minimum=1),
        indices=reader.object("indices", _read_sparse_indices, required=True),
        values=reader.object("values", _read_sparse_values, required=True),
    )
    reader.finish(sparse, "accessor.sparse")
    return sparse if sparse.count != -1 and sparse.indices is not None and sparse.values is not None else None


def _read_sparse_indices(audit: Audit, raw: JsonObject) -> SparseSlice:
    reader = ObjectReader(audit, raw)
    reader.members("bufferView", "byteOffset", "componentType")
    part = SparseSlice(
        buffer_view_index=reader.index("bufferView", required=True),
        byte_offset=reader.integer("byteOffset", default=0),
        component_type=reader.integer("componentType", required=True, allowed=_INDEX_TYPES),
    )
    reader.finish(part, "accessor.sparse.indices")
    return part


def _read_sparse_values(audit: Audit, raw: JsonObject) -> SparseSlice:
    reader = ObjectReader(audit, raw)
    reader.members("bufferView", "byteOffset")
    part = SparseSlice(
        buffer_view_index=reader.index("bufferView", required=True),
        byte_offset=reader.integer("byteOffset", default=0),
        component_type=-1,
    )
    reader.finish(part, "accessor.sparse.values")
    return part


def link_accessor(audit: Audit, accessor: Accessor) -> None:
    """Resolve the buffer views of one accessor and check that it fits them."""
    if accessor.component_type == -1 or accessor.count == -1 or accessor.type is None:
        views, index = audit.document.buffer_views, accessor.buffer_view_index
        accessor.view = views[index] if 0 <= index < len(views) else None
        return
    length = accessor.element_length
    accessor.view = audit.resolve(audit.document.buffer_views, accessor.buffer_view_index, "bufferView")
    view = accessor.view
    if view is not None:
        view.used = True
        if view.byte_stride != -1 and length and view.byte_stride < length:
            audit.add("ACCESSOR_SMALL_BYTESTRIDE", view.byte_stride, length)
        size = COMPONENT_SIZES.get(accessor.component_type, -1)
        total = accessor.stride * (accessor.count - 1) + length if length else -1
        accessor.fits = _check_fit(audit, accessor.byte_offset, size, total, view, accessor.buffer_view_index)
    if accessor.sparse is not None:
        with audit.at("sparse"):
            _link_sparse(audit, accessor, accessor.sparse)


def _link_sparse(audit: Audit, accessor: Accessor, sparse: Sparse) -> None:
    length, count = accessor.element_length, sparse.count
    if sparse.indices is not None:
        size = COMPONENT_SIZES.get(sparse.indices.component_type, -1)
        with audit.at("indices"):
            total = count * size if count != -1 and size != -1 else -1
            accessor.fits &= _link_slice(audit, sparse.indices, size, total)
    if sparse.values is not None:
        size = COMPONENT_SIZES.get(accessor.component_type, -1)
        with audit.at("values"):
            total = count * length if count != -1 and length else -1
            accessor.fits &= _link_slice(audit, sparse.values, size, total)


def _link_slice(audit: Audit, part: SparseSlice, component: int, total: int) -> bool:
    view = audit.resolve(audit.document.buffer_views, part.buffer_view_index, "bufferView")
    part.view = view
    if view is None:
        return False
    view.set_usage(audit, "Other", "bufferView")
    if view.byte_stride != -1:
        audit.add("BUFFER_VIEW_INVALID_BYTE_STRIDE", name="bufferView")
    return _check_fit(audit, part.byte_offset, component, total, view, part.buffer_view_index)


def _check_fit(audit: Audit, offset: int, component: int, total: int, view: BufferView, view_index: int) -> bool:
    """Report alignment and length of a slice of a buffer view; return whether its data can be read."""
    if offset == -1:
        return False
    fits = True
    if component > 1 and offset % component:
        audit.add("ACCESSOR_OFFSET_ALIGNMENT", offset, component, name="byteOffset")
    if component > 1 and view.byte_offset != -1 and (view.byte_offset + offset) % component:
        audit.add("ACCESSOR_TOTAL_OFFSET_ALIGNMENT", view.byte_offset + offset, component)
        fits = False
    if total == -1:
        return False
    if offset + total > view.byte_length:
        name = "byteOffset" if offset > view.byte_length else None
        audit.add("ACCESSOR_TOO_LONG", offset, total, view_index, view.byte_length, name=name)
        fits = False
    return fits
