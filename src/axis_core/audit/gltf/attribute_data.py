"""Data of vertex attributes and indices: unit vectors, signs, clamped colours, index ranges, degenerate triangles."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from axis_core.audit.gltf.element_checks import Elements, Hit, positions


if TYPE_CHECKING:
    from axis_core.audit.gltf.accessor import Accessor
    from axis_core.audit.gltf.audit import Audit

__all__ = ["watch_attribute", "watch_indices"]

_UNIT_TOLERANCE = 0.00674  # what 8-bit normalised integers can be off by


def watch_attribute(audit: Audit, accessor: Accessor, name: str) -> None:
    """Watch the data of a vertex attribute whose format is right."""
    if name == "NORMAL":
        audit.watch(accessor, name, _unit_vectors)
    elif name == "TANGENT":
        audit.watch(accessor, name, _tangents)
    elif name.startswith("COLOR_") and accessor.format.is_float:
        audit.watch(accessor, name, _clamped)


def watch_indices(audit: Audit, accessor: Accessor, n_vertices: int, is_triangles: bool) -> None:
    """Watch the indices of a primitive with ``n_vertices`` vertices."""
    audit.watch(accessor, "indices", partial(_indices, n_vertices=n_vertices, is_triangles=is_triangles))


def _unit_vectors(elements: Elements) -> Iterator[Hit]:
    v = elements.decoded()
    width = v.shape[1]
    with np.errstate(all="ignore"):
        lengths = np.sqrt(v[:, 0] * v[:, 0] + v[:, 1] * v[:, 1] + v[:, 2] * v[:, 2])
        wrong = np.abs(lengths - 1) > _UNIT_TOLERANCE
    for i in positions(wrong):
        start = i * width
        yield Hit(start + 2, "ACCESSOR_VECTOR3_NON_UNIT", (start, start + 2, float(lengths[i])))


def _tangents(elements: Elements) -> Iterator[Hit]:
    yield from _unit_vectors(elements)
    signs = elements.decoded()[:, 3]
    for i in positions((signs != 1) & (signs != -1)):
        yield Hit(4 * i + 3, "ACCESSOR_INVALID_SIGN", (4 * i, 4 * i + 3, float(signs[i])))


def _clamped(elements: Elements) -> Iterator[Hit]:
    flat = elements.values.reshape(-1)
    with np.errstate(invalid="ignore"):
        wrong = (flat < 0) | (flat > 1)
    for i in positions(wrong):
        yield Hit(i, "ACCESSOR_NON_CLAMPED", (i, float(flat[i])))


def _indices(elements: Elements, *, n_vertices: int, is_triangles: bool) -> Iterator[Hit]:
    flat = elements.values.reshape(-1)
    restart = int(np.iinfo(flat.dtype).max)
    last = n_vertices - 1
    for i in positions(flat > last if last >= 0 else np.ones(len(flat), dtype=bool)):
        yield Hit(i, "ACCESSOR_INDEX_OOB", (i, int(flat[i]), last))
    for i in positions(flat == restart):
        yield Hit(i, "ACCESSOR_INDEX_PRIMITIVE_RESTART", (restart, i))
    if is_triangles:
        t = flat[: len(flat) // 3 * 3].reshape(-1, 3)
        same = (t[:, 0] == t[:, 1]) | (t[:, 1] == t[:, 2]) | (t[:, 2] == t[:, 0])
        n = int(np.count_nonzero(same))
        if n:
            yield Hit(len(flat), "ACCESSOR_INDEX_TRIANGLE_DEGENERATE", (n, len(t)))
