"""The data of accessors: infinities, declared bounds, sparse indices, and what their uses demand of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from axis_core.audit.gltf.accessor import Accessor, Sparse
from axis_core.audit.gltf.element_checks import Elements, Hit, positions
from axis_core.audit.gltf.formats import COMPONENT_SIZES, DTYPES, FLOAT, MATRIX_COLUMNS
from axis_core.audit.gltf.limits import MOST_ZEROS


if TYPE_CHECKING:
    from axis_core.audit.gltf.audit import Audit

__all__ = ["check_accessor_data", "read_elements"]


def check_accessor_data(audit: Audit) -> None:
    """Check the data of every accessor that has any."""
    for i, accessor in enumerate(audit.document.accessors):
        if accessor is None:
            continue
        with audit.at("accessors", i):
            if accessor.sparse is not None:
                _check_sparse(audit, accessor, accessor.sparse)
            elements = read_elements(accessor)
            if elements is not None and audit.spend(elements.values.size):
                _check_elements(audit, accessor, elements)
                _check_bounds(audit, accessor, elements)


def read_elements(accessor: Accessor) -> Elements | None:
    """Return the elements of an accessor, None if its data are absent, do not fit or are all zeros by default."""
    if not accessor.element_length or accessor.count == -1 or not accessor.fits:
        return None
    if accessor.view is not None:
        base = _base(accessor)
        if base is None:
            return None
    elif accessor.sparse is None or accessor.count * accessor.components > MOST_ZEROS:
        return None
    else:
        base = np.zeros((accessor.count, accessor.components), DTYPES[accessor.component_type])
    if accessor.sparse is not None:
        overridden = _apply_sparse(accessor, accessor.sparse, base)
        if overridden is None:
            return None
        base = overridden
    return Elements(base, accessor.normalized)


def _base(accessor: Accessor) -> NDArray[Any] | None:
    assert accessor.view is not None
    data = accessor.view.data
    if data is None:
        return None
    size = COMPONENT_SIZES[accessor.component_type]
    stride = accessor.stride // size * size  # a stride that splits components is an error already
    return _table(data, accessor.byte_offset, accessor.count, stride, accessor)


def _table(data: memoryview, offset: int, count: int, stride: int, accessor: Accessor) -> NDArray[Any] | None:
    """Return a view of ``count`` elements as a table of components, None if the data are too short for it."""
    dtype = DTYPES[accessor.component_type]
    size = COMPONENT_SIZES[accessor.component_type]
    length = accessor.element_length
    if stride < length or offset + stride * (count - 1) + length > len(data):
        return None
    columns = MATRIX_COLUMNS.get(accessor.type or "")
    if columns is None:
        shape: tuple[int, ...] = (count, accessor.components)
        strides: tuple[int, ...] = (stride, size)
    else:
        shape = (count, columns, columns)
        strides = (stride, length // columns, size)
    table: NDArray[Any] = np.ndarray(shape, dtype, buffer=data, offset=offset, strides=strides)
    return table.reshape(count, -1)


def _sparse_indices(sparse: Sparse) -> NDArray[np.int64] | None:
    part = sparse.indices
    if part is None or part.view is None or part.component_type == -1 or sparse.count == -1 or part.byte_offset == -1:
        return None
    data = part.view.data
    dtype = DTYPES[part.component_type]
    if data is None or part.byte_offset + sparse.count * dtype.itemsize > len(data):
        return None
    if (part.view.byte_offset + part.byte_offset) % dtype.itemsize:
        return None
    indices: NDArray[np.int64] = np.frombuffer(data, dtype, sparse.count, part.byte_offset).astype(np.int64)
    return indices


def _check_sparse(audit: Audit, accessor: Accessor, sparse: Sparse) -> None:
    if accessor.count == -1:
        return
    indices = _sparse_indices(sparse)
    if indices is None:
        return
    falling = np.zeros(len(indices), dtype=bool)
    falling[1:] = indices[1:] <= indices[:-1]
    outside = indices >= accessor.count
    with audit.at("sparse"):
        for i in positions(falling | outside):
            value = int(indices[i])
            if falling[i]:
                audit.add("ACCESSOR_SPARSE_INDICES_NON_INCREASING", i, value, int(indices[i - 1]))
            if outside[i]:
                audit.add("ACCESSOR_SPARSE_INDEX_OOB", i, value, accessor.count)


def _apply_sparse(accessor: Accessor, sparse: Sparse, base: NDArray[Any]) -> NDArray[Any] | None:
    """Return the elements with their overrides; those after an index that does not increase are lost."""
    indices = _sparse_indices(sparse)
    part = sparse.values
    if indices is None or part is None or part.view is None or part.byte_offset == -1:
        return None
    data = part.view.data
    if data is None:
        return None
    values = _table(data, part.byte_offset, sparse.count, accessor.element_length, accessor)
    if values is None:
        return None
    stops = np.flatnonzero((np.diff(indices, prepend=-1) <= 0) | (indices >= accessor.count))
    n = int(stops[0]) if len(stops) else len(indices)
    out = base.copy()
    out[indices[:n]] = values[:n]
    return out


def _check_elements(audit: Audit, accessor: Accessor, elements: Elements) -> None:
    """Report the hits of every check on an accessor, in the order of the data."""
    hits: list[tuple[int, int, str, Hit]] = []
    if accessor.component_type == FLOAT:
        flat = elements.values.reshape(-1)
        pointer = audit.pointer()
        for position in positions(~np.isfinite(flat)):
            hit = Hit(position, "ACCESSOR_INVALID_FLOAT", (position, float(flat[position])))
            hits.append((position, 0, pointer, hit))
    for order, (pointers, check) in enumerate(audit.checks.get(accessor, {}).values(), 1):
        if audit.spend(elements.values.size):
            found = list(check(elements))
            hits.extend((hit.position, order, pointer, hit) for pointer in pointers for hit in found)
    hits.sort(key=lambda entry: entry[:2])
    for _, _, pointer, hit in hits:
        audit.add_at(pointer, hit.code, *hit.args)


def _check_bounds(audit: Audit, accessor: Accessor, elements: Elements) -> None:
    """Compare declared minima and maxima with the actual ones, exactly; floats as their 32-bit roundings."""
    for name, declared in (("min", accessor.minimum), ("max", accessor.maximum)):
        if declared is None:
            continue
        with audit.at(name), np.errstate(over="ignore"):
            for i, bound in enumerate(declared):
                limit = float(np.float32(bound)) if accessor.component_type == FLOAT else bound
                _check_bound(audit, name, i, limit, elements.values[:, i])


def _check_bound(audit: Audit, name: str, index: int, limit: float, column: NDArray[Any]) -> None:
    is_minimum = name == "min"
    actual = _extreme(column, is_minimum)
    if actual == limit:
        return
    kind = name.upper()
    audit.add(f"ACCESSOR_{kind}_MISMATCH", limit, actual, name=index)
    outside = int(np.count_nonzero(column < limit if is_minimum else column > limit))
    if outside:
        audit.add(f"ACCESSOR_ELEMENT_OUT_OF_{kind}_BOUND", outside, limit, name=index)


def _extreme(column: NDArray[Any], is_minimum: bool) -> float | int:
    """Return the smallest or largest value; NaN if the first is NaN, later ones are passed over."""
    if column.dtype.kind == "f":
        missing = np.isnan(column)
        if missing[0]:
            return float("nan")
        column = column[~missing]  # and not fmin: it forgets what came before a signalling NaN
    value: float | int = (column.min() if is_minimum else column.max()).item()
    return value
