"""Primitives: modes and shared vertex pools become plain triangles with their own vertices."""

from __future__ import annotations

from typing import Any

import attrs
import numpy as np
from numpy.typing import NDArray

from axis_core.formats.gltf.accessors import Accessors
from axis_core.formats.gltf.document import Document
from axis_core.formats.gltf.fields import index, integer, mapping, refuse


__all__ = ["Pools", "Topology", "read_topology"]

_MODES = ("POINTS", "LINES", "LINE_LOOP", "LINE_STRIP", "TRIANGLES", "TRIANGLE_STRIP", "TRIANGLE_FAN")


@attrs.frozen
class Topology:
    """Faces of a primitive and the vertices they are about.

    Attributes
    ----------
    faces : (F, 3) uint32
        Into the kept vertices.
    keep : (V,) intp or None
        Rows of the accessors that are kept; None for all.
    n_vertices : int
        Rows of the accessors.
    """

    faces: NDArray[np.uint32]
    keep: NDArray[np.intp] | None
    n_vertices: int

    def rows(self, values: NDArray[Any]) -> NDArray[Any]:
        """Return the kept rows of an attribute."""
        return values if self.keep is None else values[self.keep]

    @property
    def n_kept(self) -> int:
        """Number of kept vertices."""
        return self.n_vertices if self.keep is None else len(self.keep)


class Pools:
    """Which POSITION accessors are drawn by more than one primitive.

    Exporters (VRM's among them) put the vertices of a whole character into one pool and draw parts of it with one index
    list a material. Each part becomes a Mesh with the vertices it uses, or a stage would see all of them many times.
    """

    def __init__(self, primitives: list[dict[str, Any]]) -> None:
        counts: dict[Any, int] = {}
        for primitive in primitives:
            attributes = primitive.get("attributes")
            where = attributes.get("POSITION") if isinstance(attributes, dict) else None
            if isinstance(where, int):
                counts[where] = counts.get(where, 0) + 1
        self._shared = {where for where, n in counts.items() if n > 1}

    def is_shared(self, accessor: int) -> bool:
        """Return whether several primitives draw from it."""
        return accessor in self._shared


def read_topology(
    document: Document, accessors: Accessors, primitive: dict[str, Any], pools: Pools, pointer: str
) -> Topology | None:
    """Return the triangles of a primitive, or None for points, lines and primitives without positions.

    Raises
    ------
    InputError
        An index points past the vertices.
    LimitExceeded
        More triangles than the limits allow.
    """
    attributes = mapping(primitive, "attributes", pointer)
    position = index(attributes, "POSITION", f"{pointer}/attributes", len(accessors))
    mode = _MODES[integer(primitive, "mode", pointer, default=4, high=6)]
    if not mode.startswith("TRIANGLE"):
        document.note(f"primitives of mode {mode} were left out: meshes are triangles")
        return None
    if position is None:
        document.note("primitives without POSITION were left out")
        return None
    n_vertices = accessors.count(position)
    which = index(primitive, "indices", pointer, len(accessors))
    n_corners = n_vertices if which is None else accessors.count(which)
    document.limits.check("triangles", n_corners // 3 if mode == "TRIANGLES" else n_corners, pointer=pointer)
    if which is None:
        document.limits.check("vertices", n_vertices, pointer=pointer)
        document.spend(4 * n_vertices, pointer)
        corners = np.arange(n_vertices, dtype=np.uint32)
    else:
        corners = _indices(accessors, which, n_vertices, f"{pointer}/indices")
    faces = _triangles(document, corners, mode, pointer)
    document.spend(12 * len(faces), pointer)
    if which is None or not pools.is_shared(position):
        return Topology(faces, None, n_vertices)
    return _own_vertices(faces, n_vertices)


def _indices(accessors: Accessors, which: int, n_vertices: int, pointer: str) -> NDArray[Any]:
    corners = accessors.raw(which, ("SCALAR",), pointer)[:, 0]
    if corners.dtype.kind != "u":
        refuse(f"indices are {corners.dtype.name}, expected unsigned integers", pointer)
    if len(corners) and int(corners.max()) >= n_vertices:
        refuse(f"an index is {int(corners.max())}, the primitive has {n_vertices} vertices", pointer)
    return corners


def _triangles(document: Document, corners: NDArray[Any], mode: str, pointer: str) -> NDArray[np.uint32]:
    if mode == "TRIANGLES":
        if len(corners) % 3:
            document.note(f"{len(corners) % 3} indices behind the last triangle were left out (at {pointer})")
        faces = corners[: len(corners) // 3 * 3].reshape(-1, 3)
        return faces.astype(np.uint32, copy=False)
    n = max(len(corners) - 2, 0)
    corners = corners.astype(np.uint32, copy=False)
    first = np.arange(n)
    if mode == "TRIANGLE_FAN":
        faces = np.stack([corners[1 : n + 1], corners[2 : n + 2], np.broadcast_to(corners[:1], n)], axis=1)
    else:
        odd = first % 2
        faces = np.stack([corners[first], corners[first + 1 + odd], corners[first + 2 - odd]], axis=1)
    a, b, c = faces.T
    return np.ascontiguousarray(faces[(a != b) & (b != c) & (c != a)])  # strips are stitched by empty triangles


def _own_vertices(faces: NDArray[np.uint32], n_vertices: int) -> Topology:
    if n_vertices > 8 * faces.size:
        keep, local = np.unique(faces, return_inverse=True)
        return Topology(local.reshape(faces.shape).astype(np.uint32), keep.astype(np.intp), n_vertices)
    used = np.zeros(n_vertices, dtype=bool)
    used[faces] = True
    if used.all():
        return Topology(faces, None, n_vertices)
    table = np.cumsum(used, dtype=np.uint32) - np.uint32(1)
    return Topology(table[faces], np.flatnonzero(used), n_vertices)
