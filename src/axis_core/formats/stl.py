"""STL, binary and ASCII (3D Systems, 1988)."""

from __future__ import annotations

import struct

import numpy as np
from numpy.typing import NDArray

from axis_core.errors import InputError
from axis_core.formats.gltf.write import generator
from axis_core.formats.limits import DEFAULT_LIMITS, Limits
from axis_core.formats.naming import file_name
from axis_core.formats.placed import placed_meshes
from axis_core.formats.text_numbers import select_ranges, token_counts, value_rows
from axis_core.kernels.weld import weld_vertices
from axis_core.model.artefact import Artefact
from axis_core.model.mesh import Mesh
from axis_core.model.scene import Node, Scene
from axis_core.plugin.kinds import Companions, Format, no_companions


__all__ = ["STL", "read_stl", "write_stl"]

_RECORD = np.dtype([("normal", "<f4", 3), ("corners", "<f4", (3, 3)), ("attribute", "<u2")])
_HEADER = 80


def _says_binary(data: bytes) -> bool:
    """Return whether the size is what a binary STL with its triangle count would have."""
    return len(data) >= 84 and len(data) == 84 + 50 * int(struct.unpack_from("<I", data, _HEADER)[0])


def _is_ascii(head: bytes) -> bool:
    return head[:512].lstrip()[:5].lower() == b"solid" and (b"facet" in head.lower() or b"endsolid" in head.lower())


def _sniff(head: bytes) -> bool:
    """Binary STL has no signature: its first triangles must be numbers of a sane size with unit or zero normals."""
    if _is_ascii(head):
        return True
    n = (len(head) - 84) // 50
    if n < 1 or int(struct.unpack_from("<I", head, _HEADER)[0]) < n or (len(head) < 4096 and not _says_binary(head)):
        return False
    records = np.frombuffer(head, _RECORD, n, 84)
    with np.errstate(all="ignore"):
        lengths = np.linalg.norm(records["normal"].astype(np.float64), axis=1)
        size = np.abs(records["corners"].astype(np.float64))
    sane = np.isfinite(size).all() and size.max() < 1e9 and not ((size > 0) & (size < 1e-20)).any()
    return bool(sane and ((np.abs(lengths - 1) < 1e-2) | (lengths == 0)).all())


def read_stl(
    data: bytes,
    *,
    name: str = "",
    companions: Companions = no_companions,  # noqa: ARG001 - part of every reader's signature
    limits: Limits = DEFAULT_LIMITS,
) -> Scene:
    """Return the one mesh of an STL file, corners at one place welded to one vertex.

    Facet normals are left out: they follow from the corners. Units and axes are as they stand.

    Raises
    ------
    InputError
        ``parse_failed``: truncated or damaged; ``empty_geometry``: no triangle.
    LimitExceeded
    """
    limits.check("file_bytes", len(data))
    binary = _says_binary(data) or not _is_ascii(data[:4096])
    corners = _binary_corners(data, limits) if binary else _ascii_corners(data, limits)
    if not len(corners):
        raise InputError("the STL has no triangles", code="empty_geometry")
    with np.errstate(invalid="ignore"):  # a signalling NaN: allowed in, told by the audit
        first, remap = weld_vertices(corners.astype(np.float64))
    title = "" if binary else data[:200].split(b"\n", 1)[0][5:].strip().decode("utf-8", "replace")
    mesh = Mesh(name=title, positions=corners[first], faces=remap.reshape(-1, 3).astype(np.uint32))
    stem = name.rpartition(".")[0] or name
    return Scene(nodes=[Node(name=title or stem, meshes=[0])], meshes=[mesh], source_format="stl")


def _binary_corners(data: bytes, limits: Limits) -> NDArray[np.float32]:
    if len(data) < 84:
        raise InputError(
            f"the STL is truncated: {len(data)} bytes, a binary one has at least 84", code="parse_failed"
        )
    n = int(struct.unpack_from("<I", data, _HEADER)[0])
    limits.check("triangles", n)
    if len(data) < 84 + 50 * n:
        raise InputError(
            f"the STL is truncated: {n} triangles need {84 + 50 * n} bytes, there are {len(data)}",
            code="parse_failed",
            pointer="byte 80",
        )
    return np.ascontiguousarray(np.frombuffer(data, _RECORD, n, 84)["corners"]).reshape(-1, 3)


def _ascii_corners(data: bytes, limits: Limits) -> NDArray[np.float32]:
    text = np.frombuffer(data if data.endswith(b"\n") else data + b"\n", np.uint8)
    limits.check("text_lines", data.count(b"\n"))
    word = np.ones(max(len(text) - 5, 0), bool)
    for k, letter in enumerate(b"vertex"):  # in either case
        word &= (text[k : len(text) - 5 + k] | 0x20) == letter
    starts = np.flatnonzero(word) + 6
    starts = starts[text[np.minimum(starts, len(text) - 1)] <= 32]
    limits.check("triangles", len(starts) // 3)
    newlines = np.flatnonzero(text == 10)
    line = np.searchsorted(newlines, starts)
    if (np.diff(line) == 0).any():
        bad_line = int(line[np.argmin(np.diff(line))]) + 1
        raise InputError("vertex: two in one line", code="parse_failed", pointer=f"line {bad_line}")
    body = select_ranges(text, starts, newlines[line] + 1)
    counts = token_counts(body)
    bad = np.flatnonzero(counts != 3)
    if len(bad):
        raise InputError(
            f"vertex: {int(counts[bad[0]])} numbers, expected 3",
            code="parse_failed",
            pointer=f"line {line[min(int(bad[0]), len(line) - 1)] + 1}",
        )
    if len(starts) % 3 or b"endsolid" not in data[-4096:].lower():
        raise InputError("the STL is truncated: its last facet or its end is missing", code="parse_failed")
    values = value_rows(body, np.float64, 3 * len(starts), "vertex", line + 1)
    return values.reshape(-1, 3).astype(np.float32)


def write_stl(scene: Scene, *, name: str) -> tuple[Artefact, ...]:
    """Return one binary STL of all meshes where they stand, skinned ones in the bind pose, in the scene's unit.

    Raises
    ------
    InputError
        ``empty_geometry``: no triangles.
    """
    corners = np.concatenate([p.positions[p.faces] for p in placed_meshes(scene)])
    records = np.zeros(len(corners), _RECORD)
    records["corners"] = corners
    records["normal"] = _facet_normals(records["corners"].astype(np.float64))
    header = generator().encode("ascii", "replace")[:_HEADER].ljust(_HEADER, b"\0")
    data = header + struct.pack("<I", len(records)) + records.tobytes()
    return (Artefact(name=file_name(name, ".stl"), role="avatar", media_type="model/stl", data=data),)


def _facet_normals(corners: NDArray[np.float64]) -> NDArray[np.float64]:
    with np.errstate(invalid="ignore"):
        areas = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
        lengths = np.linalg.norm(areas, axis=1, keepdims=True)
    return np.asarray(np.divide(areas, lengths, out=np.zeros_like(areas), where=lengths > 0))


STL = Format(
    name="stl",
    suffixes=(".stl",),
    media_types=("model/stl",),
    sniff=_sniff,
    read=read_stl,
    write=write_stl,
    summary="STL: triangles and nothing else",
)
