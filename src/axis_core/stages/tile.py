"""What one material looks like, as a rectangle of an atlas.

A material without textures is a swatch of a few texels; one whose coordinates stay inside its pictures is a picture,
cut to what is used; where coordinates repeat, turn or differ from map to map, the surface is unwrapped afresh and
baked.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import attrs
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from axis_core.kernels.bake import Texels, sample_image, spread_texels, texels_of
from axis_core.kernels.components import vertex_components
from axis_core.kernels.normals import vertex_normals
from axis_core.kernels.tangents import vertex_tangents
from axis_core.kernels.unwrap import unwrap_mesh
from axis_core.model.material import Material, TextureUse
from axis_core.model.mesh import Mesh
from axis_core.stages.paint import Look, paint


__all__ = ["Cut", "Placed", "Tile", "baked_tile", "picture_tile", "swatch_tile", "uses_of", "uv_set_of", "uvs_of"]

SWATCH = 8
"""Side of a plain colour in texels: three levels of mipmaps stay inside it."""
OUTSIDE = 1e-3
"""Coordinates may leave 0..1 by this much: exporters round."""
CLAMP_TO_EDGE = 33071


@attrs.frozen
class Cut:
    """A mesh after cutting: the old vertex of each of its vertices, (V',), and its faces, (F, 3)."""

    rows: NDArray[np.int64]
    faces: NDArray[np.uint32]


@attrs.frozen(kw_only=True)
class Placed:
    """A mesh on its tile.

    Attributes
    ----------
    uvs : (V', 2) float64, 0..1 within the tile
    cut : Cut or None
        How the mesh was cut for it.
    """

    uvs: NDArray[np.float64]
    cut: Cut | None = None


@attrs.frozen(kw_only=True)
class Tile:
    """A rectangle of the atlas.

    Attributes
    ----------
    material : Material
    size : (width, height), texels
        What keeps all detail; the atlas may give it less, but not where ``fixed``.
    places : mapping of mesh index to Placed
    paint : callable (kind, width, height) -> (height, width, 3 or 4) uint8
    """

    material: Material
    size: tuple[int, int]
    places: Mapping[int, Placed]
    paint: Callable[[str, int, int], NDArray[np.uint8]]
    fixed: bool = False


def uses_of(material: Material) -> dict[str, TextureUse]:
    """Return the textures of a material by field."""
    names = ("base_color", "metallic_roughness", "normal", "occlusion", "emissive")
    found = {n: getattr(material, f"{n}_texture") for n in names}
    return {n: use for n, use in found.items() if use is not None}


def _transform(use: TextureUse) -> Mapping[str, Any]:
    value = use.extensions.get("KHR_texture_transform", {})
    return value if isinstance(value, Mapping) else {}


def uv_set_of(use: TextureUse) -> int:
    """Return the index of the coordinates that a texture is looked up by."""
    return int(_transform(use).get("texCoord", use.uv_set))


def uvs_of(mesh: Mesh, use: TextureUse) -> NDArray[np.float64]:
    """Return the coordinates at which a texture is looked up, (V, 2): transformed, NaN as 0."""
    uvs = np.nan_to_num(np.asarray(mesh.uvs[uv_set_of(use)], np.float64), nan=0.0, posinf=0.0, neginf=0.0)
    found = _transform(use)
    if not found:
        return uvs
    c, s = np.cos(found.get("rotation", 0.0)), np.sin(found.get("rotation", 0.0))
    turned = (uvs * np.asarray(found.get("scale", (1.0, 1.0)), float)) @ np.array([[c, s], [-s, c]]).T
    return np.asarray(turned + np.asarray(found.get("offset", (0.0, 0.0)), float))


def _same_lookup(uses: Sequence[TextureUse]) -> bool:
    """Whether one set of coordinates, neither turned nor mirrored, serves all textures."""
    keys = [(uv_set_of(u), *_numbers(_transform(u))) for u in uses]
    first = _transform(uses[0])
    upright = not first.get("rotation", 0.0) and min(first.get("scale", (1.0, 1.0))) > 0
    return upright and all(k == keys[0] for k in keys)


def _numbers(found: Mapping[str, Any]) -> tuple[object, ...]:
    return (*found.get("offset", (0.0, 0.0)), *found.get("scale", (1.0, 1.0)), found.get("rotation", 0.0))


def swatch_tile(material: Material, meshes: Mapping[int, Mesh]) -> Tile:
    """Return the tile of a material without textures."""
    places = {k: Placed(uvs=np.full((m.n_vertices, 2), 0.5)) for k, m in meshes.items()}

    def colour(kind: str, width: int, height: int) -> NDArray[np.uint8]:
        return paint(material, kind, (height, width), _nothing)

    return Tile(material=material, size=(SWATCH, SWATCH), places=places, paint=colour, fixed=True)


def _nothing(use: TextureUse) -> NDArray[np.uint8]:
    raise LookupError(f"texture {use.texture} of a material without textures")


def picture_tile(material: Material, meshes: Mapping[int, Mesh], images: Mapping[int, Image.Image]) -> Tile | None:
    """Return the tile of a material whose coordinates stay inside its pictures, else None.

    Charts that lie in another repetition of the picture as a whole are brought home.
    """
    uses = list(uses_of(material).values())
    if not _same_lookup(uses):
        return None
    homes = {k: _brought_home(m, uvs_of(m, uses[0])) for k, m in meshes.items()}
    if any(uvs is None for uvs in homes.values()):
        return None
    inside = {k: uvs for k, uvs in homes.items() if uvs is not None}
    width = max(images[u.texture].width for u in uses)
    height = max(images[u.texture].height for u in uses)
    every = np.concatenate(list(inside.values()))
    grid = np.array([width, height])
    low = np.clip(np.floor(every.min(axis=0) * grid - 1), 0, grid - 1).astype(int)
    high = np.clip(np.ceil(every.max(axis=0) * grid + 1), low + 1, grid).astype(int)
    box = (*(low / grid), *(high / grid))
    places = {k: Placed(uvs=np.clip((uvs - box[:2]) / (high / grid - low / grid), 0, 1)) for k, uvs in inside.items()}

    def cut(kind: str, wide: int, tall: int) -> NDArray[np.uint8]:
        return paint(material, kind, (tall, wide), _cut_look(images, box, (wide, tall)))

    size = (int(high[0] - low[0]), int(high[1] - low[1]))
    return Tile(material=material, size=size, places=places, paint=cut)


def _cut_look(images: Mapping[int, Image.Image], box: tuple[float, ...], size: tuple[int, int]) -> Look:
    def look(use: TextureUse) -> NDArray[np.uint8]:
        image = images[use.texture]
        x0, y0, x1, y1 = box[0] * image.width, box[1] * image.height, box[2] * image.width, box[3] * image.height
        parts = []
        for band in (image.convert("RGB"), image.getchannel("A")):  # apart: colours under clear pixels stay
            exact = (x1 - x0, y1 - y0) == size
            part = band.crop((int(x0), int(y0), int(x1), int(y1))) if exact else band
            if not exact:
                part = band.resize(size, Image.Resampling.HAMMING, box=(x0, y0, x1, y1), reducing_gap=3.0)
            parts.append(np.asarray(part).reshape(size[1], size[0], -1))
        return np.concatenate(parts, axis=2)

    return look


def _brought_home(mesh: Mesh, uvs: NDArray[np.float64]) -> NDArray[np.float64] | None:
    used = np.unique(mesh.faces)
    if not len(used):
        return np.zeros_like(uvs)
    n, label = vertex_components(mesh.faces, mesh.n_vertices)
    low = np.full((n, 2), np.inf)
    np.minimum.at(low, label[used], uvs[used])
    out = uvs.copy()
    out[used] -= np.floor(low + OUTSIDE)[label[used]]
    fits = out[used].min() >= -OUTSIDE and out[used].max() <= 1 + OUTSIDE
    return np.asarray(np.clip(out, 0.0, 1.0)) if fits else None


def baked_tile(
    material: Material,
    meshes: Mapping[int, Mesh],
    images: Mapping[int, Image.Image],
    clamped: frozenset[int],
    side: int,
) -> Tile:
    """Return the tile of a material whose meshes are unwrapped afresh, no larger than ``side``."""
    order = list(meshes)
    starts = np.concatenate([[0], np.cumsum([meshes[k].n_vertices for k in order])]).astype(np.int64)
    positions = np.concatenate([meshes[k].positions for k in order]).astype(np.float64)
    faces = np.concatenate([meshes[k].faces + start for k, start in zip(order, starts.tolist())])
    size = min(side, _detail(material, meshes, images))
    cut = unwrap_mesh(positions, faces, resolution=size)
    owner = np.searchsorted(starts, cut.rows, side="right") - 1
    places, first = {}, 0
    for i, k in enumerate(order):
        rows = np.flatnonzero(owner == i)
        renumber = np.zeros(len(cut.rows), np.int64)
        renumber[rows] = np.arange(len(rows))
        part = cut.faces[first : first + meshes[k].n_triangles]
        first += meshes[k].n_triangles
        new = renumber[part].astype(np.uint32)
        places[k] = Placed(uvs=cut.uvs[rows].astype(float), cut=Cut(cut.rows[rows] - starts[i], new))
    ready: dict[tuple[int, int], tuple[Texels, NDArray[np.float32] | None]] = {}

    def bake(kind: str, wide: int, tall: int) -> NDArray[np.uint8]:
        if (wide, tall) not in ready:
            texels = texels_of(cut.uvs, cut.faces, wide, tall)
            ready[wide, tall] = texels, _frames(material, meshes, positions[cut.rows], cut, texels)
        texels, turn = ready[wide, tall]
        look = _baked_look(meshes, images, clamped, cut.rows, texels)
        colours = paint(material, kind, (len(texels.rows), 1), look, turn=turn)[:, 0]
        return np.asarray(spread_texels(texels, colours, np.zeros(colours.shape[1], np.uint8)))

    return Tile(material=material, size=(size, size), places=places, paint=bake)


def _detail(material: Material, meshes: Mapping[int, Mesh], images: Mapping[int, Image.Image]) -> int:
    """Return the side that keeps the texels of the most detailed map, charts filling about two thirds of it."""
    best = 0.0
    for use in uses_of(material).values():
        image = images[use.texture]
        texels = 0.0
        for mesh in meshes.values():
            uvs = uvs_of(mesh, use) * (image.width, image.height)
            a, b, c = (uvs[mesh.faces[:, k]] for k in range(3))
            u, v = b - a, c - a
            texels += float(np.abs(u[:, 0] * v[:, 1] - u[:, 1] * v[:, 0]).sum() / 2)
        best = max(best, texels)
    return int(max(64, np.ceil(np.sqrt(best / 0.6))))


def _baked_look(
    meshes: Mapping[int, Mesh],
    images: Mapping[int, Image.Image],
    clamped: frozenset[int],
    rows: NDArray[np.int64],
    texels: Texels,
) -> Look:
    def look(use: TextureUse) -> NDArray[np.uint8]:
        uvs = np.concatenate([uvs_of(m, use) for m in meshes.values()])[rows]
        found = texels.blend(uvs)
        image = images[use.texture]
        factor = int(max(1.0, _texel_step(found, texels, image)))
        pixels = np.asarray(image.reduce(factor) if factor > 1 else image, np.float32)
        values = sample_image(pixels, found, repeats=use.texture not in clamped)
        return np.rint(values).astype(np.uint8)[:, None]

    return look


def _texel_step(found: NDArray[np.float32], texels: Texels, image: Image.Image) -> float:
    """Return how many pixels of ``image`` lie between two texels side by side, in the middle of the distribution."""
    beside = np.flatnonzero(np.diff(texels.rows) == 1)
    if not len(beside):
        return 1.0
    steps = np.abs(found[beside + 1] - found[beside]) * (image.width, image.height)
    return float(np.median(np.linalg.norm(steps, axis=1)))


def _frames(
    material: Material, meshes: Mapping[int, Mesh], positions: NDArray[np.float64], cut: Any, texels: Texels
) -> NDArray[np.float32] | None:
    """Return (N, 2, 2): what turns x and y of the old normal map into those of the new, at every texel."""
    use = material.normal_texture
    if use is None:
        return None
    parts = []
    for mesh in meshes.values():
        normals = mesh.normals if mesh.normals is not None else vertex_normals(mesh.positions, mesh.faces)
        tangents = mesh.tangents
        if tangents is None:
            tangents = vertex_tangents(mesh.positions, mesh.faces, normals, uvs_of(mesh, use)).astype(np.float32)
        parts.append((np.asarray(normals, np.float64), np.asarray(tangents, np.float64)))
    normals = np.concatenate([n for n, _ in parts])[cut.rows]
    old = np.concatenate([t for _, t in parts])[cut.rows]
    new = vertex_tangents(positions, cut.faces, normals, cut.uvs)
    n, a, b = texels.blend(normals), texels.blend(old), texels.blend(new)
    old_t, old_b = a[:, :3], np.cross(n, a[:, :3]) * np.sign(a[:, 3:])
    new_t, new_b = b[:, :3], np.cross(n, b[:, :3]) * np.sign(b[:, 3:])
    turn = np.stack([(new_t * old_t).sum(1), (new_t * old_b).sum(1), (new_b * old_t).sum(1), (new_b * old_b).sum(1)], 1)
    length = np.sqrt(np.maximum(np.abs(turn[:, 0] * turn[:, 3] - turn[:, 1] * turn[:, 2]), 1e-6))
    return np.asarray(turn / length[:, None], np.float32).reshape(-1, 2, 2)
