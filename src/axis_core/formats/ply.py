"""PLY, ASCII and binary of both byte orders (Turk, 1994)."""

from __future__ import annotations

from pathlib import PurePath
from typing import Any

import numpy as np
from numpy.typing import NDArray

from axis_core.errors import InputError
from axis_core.formats.colour import linear_from_srgb
from axis_core.formats.companions import Textures
from axis_core.formats.limits import DEFAULT_LIMITS, Limits
from axis_core.formats.ply_header import read_header
from axis_core.formats.ply_tables import Table, read_tables
from axis_core.formats.polygons import checked_corner_counts, triangulate
from axis_core.model.material import Material, TextureUse
from axis_core.model.mesh import Mesh
from axis_core.model.scene import Node, Scene
from axis_core.plugin.kinds import Companions, Format, no_companions


__all__ = ["PLY", "read_ply"]

_UV_NAMES = (("s", "t"), ("u", "v"), ("texture_u", "texture_v"), ("texcoord_u", "texcoord_v"))


def _sniff(head: bytes) -> bool:
    return head[:4] in (b"ply\n", b"ply\r") or head[:5] in (b"ply \n", b"ply \r")


def read_ply(
    data: bytes, *, name: str = "", companions: Companions = no_companions, limits: Limits = DEFAULT_LIMITS
) -> Scene:
    """Return the one mesh of a PLY file: positions, normals, UVs (of vertices or of corners) and colours.

    Colours are taken as sRGB. Polygons are cut into triangles. A texture named by ``comment TextureFile`` comes through
    ``companions``. Units and axes are as they stand.

    Raises
    ------
    InputError
        ``parse_failed``: truncated or damaged; ``empty_geometry``: a cloud of points.
    LimitExceeded
    """
    limits.check("file_bytes", len(data))
    header = read_header(data, limits)
    tables = read_tables(data, header, limits)
    vertex, face = tables.get("vertex"), tables.get("face")
    if vertex is None or not {"x", "y", "z"} <= vertex.columns.keys():
        raise InputError("the PLY has no vertices with x, y and z", code="parse_failed")
    corners = face.lists.get("vertex_indices", face.lists.get("vertex_index")) if face is not None else None
    positions = _columns(vertex, ("x", "y", "z"))
    assert positions is not None
    if face is None or corners is None or not len(corners.values):
        raise InputError(
            f"the PLY has no faces ({vertex.count} points)",
            code="empty_geometry",
            hint="Make a surface of the points first (Poisson reconstruction in MeshLab or Blender).",
        )
    places = _checked(corners.values, len(positions))
    checked_corner_counts(corners.counts, limits)
    triangles, owner = triangulate(positions, places, corners.counts)
    limits.check("triangles", len(triangles))
    textures = Textures(companions, limits)
    images = [textures.index(t) for t in header.textures]
    material = _material(images)
    mesh = _mesh(vertex, positions, places[triangles], material)
    wedges = face.lists.get("texcoord")
    if wedges is not None and (wedges.counts == 2 * corners.counts).all():
        mesh = _with_corner_uvs(mesh, wedges.values.reshape(-1, 2)[triangles].reshape(-1, 2))
    if (owner < 0).any() or not len(triangles):
        raise InputError("the PLY has no faces with three corners", code="empty_geometry")
    return Scene(
        nodes=[Node(name=PurePath(name).stem, meshes=[0])],
        meshes=[mesh],
        materials=[material] if material is not None else [],
        textures=textures.found,
        source_format="ply",
        notes=textures.notes,
    )


def _checked(indices: NDArray[Any], n: int) -> NDArray[np.int64]:
    out = indices.astype(np.int64)
    if len(out) and (int(out.min()) < 0 or int(out.max()) >= n):
        bad = int(out.min()) if int(out.min()) < 0 else int(out.max())
        raise InputError(f"a face names vertex {bad}, there are {n}", code="parse_failed", pointer="element face")
    return out


def _columns(table: Table, names: tuple[str, ...]) -> NDArray[np.float64] | None:
    if not set(names) <= table.columns.keys():
        return None
    return np.stack([table.columns[n].astype(np.float64) for n in names], axis=1)


def _colors(table: Table) -> NDArray[np.float32] | None:
    rgb = _columns(table, ("red", "green", "blue"))
    if rgb is None:
        rgb = _columns(table, ("diffuse_red", "diffuse_green", "diffuse_blue"))
    if rgb is None:
        return None
    out = np.ones((len(rgb), 4), np.float32)
    dtype = table.columns.get("red", table.columns.get("diffuse_red", rgb[:, 0])).dtype
    out[:, :3] = linear_from_srgb(np.clip(rgb / _top(dtype, rgb), 0.0, 1.0))
    if "alpha" in table.columns:
        alpha = table.columns["alpha"]
        out[:, 3] = np.clip(alpha / _top(alpha.dtype, alpha), 0.0, 1.0)
    return out


def _top(dtype: np.dtype[Any], values: NDArray[Any]) -> float:
    """Full intensity: of the integer type; of ASCII numbers and floats, 255 where they pass 1."""
    if dtype.kind in "iu":
        return float(np.iinfo(dtype).max)
    return 255.0 if values.size and float(np.nanmax(values)) > 1.0 else 1.0


def _material(images: list[int | None]) -> Material | None:
    found = [i for i in images if i is not None]
    if not found:
        return None
    return Material(name="texture", base_color_texture=TextureUse(texture=found[0]), metallic=0.0)


def _mesh(
    vertex: Table, positions: NDArray[np.float64], faces: NDArray[np.int64], material: Material | None
) -> Mesh:
    colors, normals = _colors(vertex), _columns(vertex, ("nx", "ny", "nz"))
    uv = next((found for names in _UV_NAMES if (found := _columns(vertex, names)) is not None), None)
    return Mesh(
        positions=positions.astype(np.float32),
        faces=faces.astype(np.uint32),
        normals=None if normals is None else normals.astype(np.float32),
        uvs=[] if uv is None else [_from_above(uv)],
        colors=[] if colors is None else [colors],
        material=None if material is None else 0,
    )


def _from_above(uv: NDArray[np.float64]) -> NDArray[np.float32]:
    """Rows of an image are counted from above in the model, from below in PLY."""
    return np.stack([uv[:, 0], 1.0 - uv[:, 1]], axis=1).astype(np.float32)


def _with_corner_uvs(mesh: Mesh, uv: NDArray[np.float64]) -> Mesh:
    """Split vertices where corners of one vertex have different UVs."""
    corners = mesh.faces.ravel().astype(np.int64)
    coordinates, index = np.unique(_from_above(uv), axis=0, return_inverse=True)
    keys = corners * len(coordinates) + index.reshape(-1)
    _, first, faces = np.unique(keys, return_index=True, return_inverse=True)
    rows = corners[first]
    return Mesh(
        positions=mesh.positions[rows],
        faces=faces.reshape(-1, 3).astype(np.uint32),
        normals=None if mesh.normals is None else mesh.normals[rows],
        uvs=[coordinates[index.reshape(-1)[first]]],
        colors=[c[rows] for c in mesh.colors],
        material=mesh.material,
    )


PLY = Format(
    name="ply",
    suffixes=(".ply",),
    media_types=("model/ply", "application/ply"),
    sniff=_sniff,
    read=read_ply,
    summary="PLY: scans with colours",
)


