"""OBJ bytes -> Scene."""

from __future__ import annotations

from pathlib import PurePath
from typing import Any

import attrs
import numpy as np
from numpy.typing import NDArray

from axis_core.errors import InputError
from axis_core.formats.colour import linear_from_srgb
from axis_core.formats.companions import Textures, find_companion
from axis_core.formats.limits import DEFAULT_LIMITS, Limits
from axis_core.formats.mtl import read_mtl
from axis_core.formats.obj_lines import Corners, split_lines
from axis_core.formats.polygons import checked_corner_counts, triangulate
from axis_core.model.material import Material
from axis_core.model.mesh import Mesh
from axis_core.model.scene import Node, Scene
from axis_core.plugin.kinds import Companions, no_companions


__all__ = ["read_obj"]


@attrs.frozen
class _Tables:
    """What corners point into."""

    positions: NDArray[np.float64]
    colors: NDArray[np.float32] | None
    uvs: NDArray[np.float32]
    normals: NDArray[np.float32]


def read_obj(
    data: bytes, *, name: str = "", companions: Companions = no_companions, limits: Limits = DEFAULT_LIMITS
) -> Scene:
    """Return the scene of an OBJ file: a node for each group (or object), a mesh for each material in it.

    Corners that agree in position, UV and normal become one vertex. Polygons are cut into triangles. Vertex colours
    (six numbers behind ``v``) are taken as sRGB. Units and axes are as they stand. Materials and textures come through
    ``companions``; what is missing is told in ``Scene.notes``.

    Raises
    ------
    InputError
        ``parse_failed`` with the line; ``empty_geometry`` if there is no face.
    LimitExceeded
    """
    limits.check("file_bytes", len(data))
    lines = split_lines(data, limits)
    tables = _tables(lines.rows("v", 3, 7), lines.rows("vt", 1, 2), lines.rows("vn", 3, 3))
    corners = lines.corners(len(tables.positions), len(tables.uvs), len(tables.normals))
    checked_corner_counts(corners.counts, limits)
    triangles, owner = triangulate(tables.positions, corners.vertex, corners.counts)
    if not len(triangles):
        raise InputError(
            f"the OBJ has no faces ({len(tables.positions)} vertices)",
            code="empty_geometry",
            hint="Export it with faces, not as points or curves.",
        )
    parts, labels, libraries = _parts(lines.statements(), corners.lines, limits)
    textures = Textures(companions, limits)
    known = _library(libraries, companions, textures)
    materials, nodes = _Materials(known), _Nodes(PurePath(name).stem)
    meshes: list[Mesh] = []
    part_of = parts[owner]
    order = np.argsort(part_of, kind="stable")
    for rows in np.split(order, np.flatnonzero(np.diff(part_of[order])) + 1):
        title, material = labels[int(part_of[rows[0]])]
        nodes.add(title, len(meshes))
        limits.check("nodes", len(nodes.members))
        meshes.append(_mesh(tables, corners, triangles[rows], nodes.name(title), materials.index(material)))
    limits.check("vertices", sum(m.n_vertices for m in meshes))
    return Scene(
        name="",
        nodes=nodes.nodes(),
        meshes=meshes,
        materials=materials.found,
        textures=textures.found,
        source_format="obj",
        notes=textures.notes,
    )


def _tables(v: NDArray[np.float64], vt: NDArray[np.float64], vn: NDArray[np.float64]) -> _Tables:
    colors = None
    rgb = v[:, 3:6]
    has = ~np.isnan(rgb).any(axis=1)
    if has.any():
        top = 255.0 if float(rgb[has].max()) > 1.0 else 1.0  # some scanners write bytes
        colors = np.ones((len(v), 4), np.float32)
        colors[has, :3] = linear_from_srgb(np.clip(rgb[has] / top, 0.0, 1.0))
    uvs = vt.astype(np.float32)
    uvs[:, 1] = np.where(np.isnan(vt[:, 1]), 0.0, 1.0 - vt[:, 1])  # rows of an image are counted from above
    return _Tables(v[:, :3], colors, uvs, vn.astype(np.float32))


def _parts(
    statements: list[tuple[int, str, str]], face_lines: NDArray[np.intp], limits: Limits
) -> tuple[NDArray[np.intp], list[tuple[str, str]], list[str]]:
    """Return the part of each face, (title, material) of each part, and the names of material libraries."""
    title = group = material = ""
    keys: dict[tuple[str, str], int] = {("", ""): 0}
    starts, numbers, libraries = [-1], [0], []
    for line, keyword, argument in statements:
        if keyword == "mtllib":
            libraries.append(argument)
            continue
        if keyword == "o":
            title, group = argument, ""
        elif keyword == "g":
            group = "" if argument == "default" else argument
        else:
            material = argument
        starts.append(line)
        numbers.append(keys.setdefault((group or title, material), len(keys)))
        limits.check("objects", len(keys))
    which = np.searchsorted(np.array(starts), face_lines, side="right") - 1
    return np.array(numbers)[which], list(keys), libraries


def _library(names: list[str], companions: Companions, textures: Textures) -> dict[str, Material]:
    known: dict[str, Material] = {}
    for name in dict.fromkeys(names):
        file = find_companion(name, companions)
        files = [file] if file else [find_companion(word, companions) for word in name.split()]
        for found in files:
            if found is None:
                textures.notes.append(f"the material library {name!r:.120} did not come with the file")
            else:
                known |= read_mtl(found[1].decode("utf-8", "replace"), textures)
    return known


class _Materials:
    """Materials in the order in which faces use them."""

    def __init__(self, known: dict[str, Material]) -> None:
        self.found: list[Material] = []
        self._known = known
        self._index: dict[str, int] = {}

    def index(self, name: str) -> int | None:
        """Return the number of the material called ``name``, None for no name."""
        if not name:
            return None
        if name not in self._index:
            self._index[name] = len(self.found)
            self.found.append(self._known.get(name) or Material(name=name, metallic=0.0))
        return self._index[name]


class _Nodes:
    """Nodes by title, in the order in which they appear."""

    def __init__(self, stem: str) -> None:
        self.members: dict[str, list[int]] = {}
        self._stem = stem

    def add(self, title: str, mesh: int) -> None:
        """Let the node called ``title`` show ``mesh``."""
        self.members.setdefault(title, []).append(mesh)

    def name(self, title: str) -> str:
        """Return the title, or the name of the file for none."""
        return title or self._stem

    def nodes(self) -> list[Node]:
        """Return the nodes."""
        return [Node(name=self.name(title), meshes=meshes) for title, meshes in self.members.items()]


def _mesh(
    tables: _Tables, corners: Corners, triangles: NDArray[np.int64], name: str, material: int | None
) -> Mesh:
    places = triangles.ravel()
    v, t, n = corners.vertex[places], corners.uv[places], corners.normal[places]
    first, faces = _distinct(v, t, n, len(tables.uvs) + 1, len(tables.normals) + 1)
    v, t, n = v[first], t[first], n[first]
    uvs: list[NDArray[Any]] = []
    if (t >= 0).any():
        uvs = [np.where((t >= 0)[:, None], tables.uvs[np.maximum(t, 0)], np.float32(0))]
    return Mesh(
        name=name,
        positions=tables.positions[v].astype(np.float32),
        faces=faces.reshape(-1, 3).astype(np.uint32),
        normals=tables.normals[n] if len(n) and (n >= 0).all() else None,
        uvs=uvs,
        colors=[tables.colors[v]] if tables.colors is not None else [],
        material=material,
    )


def _distinct(
    v: NDArray[np.int64], t: NDArray[np.int64], n: NDArray[np.int64], n_t: int, n_n: int
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return a place of each distinct (v, t, n), in order of v, and the number of each corner's triple."""
    keys = v
    if (t >= 0).any() and not np.array_equal(v, t):
        keys = keys * n_t + (t + 1)  # below 20 million squared: fits
    if (n >= 0).any() and not np.array_equal(v, n) and not np.array_equal(t, n):
        keys = np.unique(keys, return_inverse=True)[1].reshape(-1) * n_n + (n + 1)
    _, first, index = np.unique(keys, return_index=True, return_inverse=True)
    return first, index.reshape(-1)
