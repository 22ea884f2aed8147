"""One picture for many materials: what is drawn alike shares a material, and one draw call shows it.

Materials are sorted by how they are drawn (opaque, cut out, blended; lit or not; smooth or in hard pixels; with equal
extensions). Each sort with two materials or more
gets one atlas with up to four maps: base colour, occlusion-roughness-metallic, normals, emission; a map is only made
where some material needs it. Materials whose extensions have textures, those with pictures that cannot be decoded, and
scenes whose extensions point at materials or meshes by number (VRM) stay as they are.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import attrs
import msgspec
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from axis_core.kernels.pack_rectangles import pack_rectangles
from axis_core.model.material import Material, Texture, TextureUse
from axis_core.model.mesh import Mesh
from axis_core.model.scene import Scene
from axis_core.stages.merge import merge_scene
from axis_core.stages.paint import BACKGROUND, is_unlit
from axis_core.stages.pixels import PIL_FORMATS, UNREADABLE, encoded, opened
from axis_core.stages.tile import CLAMP_TO_EDGE, Tile, baked_tile, picture_tile, swatch_tile, uses_of, uv_set_of
from axis_core.stages.unwrap import picked


__all__ = ["atlas_scene"]

SMALLEST = 64
ENOUGH = (1.0, 0.95, 0.9)
"""Shares of the full detail that are worth half the memory."""
PADDING = 4
"""Texels that a tile's edge is carried on around it: two levels of mipmaps show nothing of the neighbour."""
NEAREST = 9728
"""glTF's filter of pictures that are meant to show their pixels."""
FIELDS = {"base": "base_color", "normal": "normal", "emissive": "emissive"}

Images = Mapping[int, Image.Image]
Size = tuple[int, int]
"""Width and height in pixels."""


def atlas_scene(scene: Scene, side: int) -> tuple[Scene, tuple[str, ...]]:
    """Return ``scene`` with shared materials and merged meshes, and what was done.

    Parameters
    ----------
    scene : Scene
    side : int, pixels
        Largest side of an atlas; its sides are powers of two, and smaller where everything fits.
    """
    if scene.extensions:
        return scene, ()
    side = 2 ** int(np.log2(side))
    images = _images(scene, side)
    changes: list[str] = []
    for members in _sorts(scene, images).values():
        if len(members) > 1:
            scene = _with_atlas(scene, members, images, side)
            drawn = scene.materials[-1]
            changes.append(f"{len(members)} materials in one atlas ({drawn.name})")
    before = len([m for n in scene.nodes for m in n.meshes])
    merged = merge_scene(scene)
    after = len(merged.meshes)
    if after < before:
        changes.append(f"{before} to {after} meshes")
    return (_pruned(merged), tuple(changes)) if changes else (scene, ())


def _images(scene: Scene, side: int) -> dict[int, Image.Image]:
    """Return the pictures that can be decoded, RGBA, no larger than the atlas."""
    out = {}
    used = {u.texture for m in scene.materials for u in uses_of(m).values() if 0 <= u.texture < len(scene.textures)}
    for k in sorted(used):
        texture = scene.textures[k]
        if texture.media_type not in PIL_FORMATS:
            continue
        try:
            with opened(texture) as image:
                pixels = image.convert("RGBA")
        except UNREADABLE:
            continue
        factor = -(-max(pixels.size) // side)
        out[k] = pixels.reduce(factor) if factor > 1 else pixels
    return out


def _sorts(scene: Scene, images: Images) -> dict[object, list[int | None]]:
    """Return the materials that can share an atlas, by how they are drawn, in the order of their first use."""
    meshes: dict[int | None, list[Mesh]] = {}
    for mesh in scene.meshes:
        meshes.setdefault(mesh.material, []).append(mesh)
    out: dict[object, list[int | None]] = {}
    for m in meshes:
        material = _material(scene, m)
        uses = list(uses_of(material).values())
        readable = all(u.texture in images for u in uses)
        mapped = all(0 <= uv_set_of(u) < len(mesh.uvs) for u in uses for mesh in meshes[m])
        finite = all(np.isfinite(mesh.positions).all() for mesh in meshes[m])
        extensions = _extension_key(material)
        if readable and mapped and finite and extensions is not None:
            cutoff = material.alpha_cutoff if material.alpha_mode == "MASK" else 0.0
            hard = any(scene.textures[u.texture].sampler.get("magFilter") == NEAREST for u in uses)
            out.setdefault((material.alpha_mode, cutoff, hard, extensions), []).append(m)
    return out


def _extension_key(material: Material) -> bytes | None:
    """Return what two materials must have in common to be one, None for extensions with textures of their own."""
    pending: list[Any] = list(material.extensions.values())
    while pending:
        value = pending.pop()
        if isinstance(value, Mapping):
            if any(str(key).endswith("Texture") for key in value):
                return None
            pending += value.values()
        elif isinstance(value, list | tuple):
            pending += value
    return msgspec.json.encode(dict(material.extensions), order="deterministic")


def _material(scene: Scene, index: int | None) -> Material:
    return Material() if index is None else scene.materials[index]


def _with_atlas(scene: Scene, members: list[int | None], images: Images, side: int) -> Scene:
    clamped = frozenset(
        k for k, t in enumerate(scene.textures) if CLAMP_TO_EDGE in (t.sampler.get("wrapS"), t.sampler.get("wrapT"))
    )
    tiles = []
    for m in members:
        material = _material(scene, m)
        shown = {k: mesh for k, mesh in enumerate(scene.meshes) if mesh.material == m}
        if not uses_of(material):
            tiles.append(swatch_tile(material, shown))
            continue
        tile = picture_tile(material, shown, images)
        tiles.append(tile or baked_tile(material, shown, images, clamped, side))
    bounds, sizes, corners = _layout(tiles, side)
    meshes = list(scene.meshes)
    for tile, size, corner in zip(tiles, sizes, corners):
        for k, place in tile.places.items():
            mesh = scene.meshes[k] if place.cut is None else picked(scene.meshes[k], place.cut.rows, place.cut.faces)
            uvs = (place.uvs * size + corner + PADDING) / bounds
            meshes[k] = attrs.evolve(mesh, uvs=[uvs], material=len(scene.materials))
    material, textures = _drawn(scene, [t.material for t in tiles], _maps(tiles, bounds, sizes, corners))
    return attrs.evolve(
        scene, meshes=meshes, materials=(*scene.materials, material), textures=(*scene.textures, *textures)
    )


def _layout(tiles: list[Tile], side: int) -> tuple[Size, list[Size], list[tuple[int, int]]]:
    """Return the atlas's size, the size of each tile and its corner: nearly all detail if it fits, else evenly less."""
    sides = [2**k for k in range(int(np.log2(SMALLEST)), int(np.log2(max(side, SMALLEST))) + 1)]
    shapes = sorted(((w, h) for w in sides for h in (w, w // 2)), key=lambda s: (s[0] * s[1], s))
    for bounds, scale in ((b, s) for b in shapes for s in ENOUGH):
        corners = _packed(tiles, scale, bounds)
        if corners is not None:
            return bounds, _sizes(tiles, scale), corners
    bounds, low, high = shapes[-1], 0.0, ENOUGH[-1]
    while _packed(tiles, 0.0, bounds) is None:  # more swatches than the tier has texels: beyond any real avatar
        bounds = (2 * bounds[0], 2 * bounds[1])
    while high - low > 0.01:
        middle = (low + high) / 2
        low, high = (middle, high) if _packed(tiles, middle, bounds) is not None else (low, middle)
    return bounds, _sizes(tiles, low), _packed(tiles, low, bounds) or []


def _sizes(tiles: Iterable[Tile], scale: float) -> list[Size]:
    return [t.size if t.fixed else (max(4, int(t.size[0] * scale)), max(4, int(t.size[1] * scale))) for t in tiles]


def _packed(tiles: list[Tile], scale: float, bounds: Size) -> list[tuple[int, int]] | None:
    return pack_rectangles([(w + 2 * PADDING, h + 2 * PADDING) for w, h in _sizes(tiles, scale)], bounds)


def _wanted(materials: list[Material]) -> list[str]:
    """Return the maps that cannot be said by factors."""
    out = ["base"]
    metal = {(m.metallic, m.roughness) for m in materials}
    if len(metal) > 1 or any(m.metallic_roughness_texture or m.occlusion_texture for m in materials):
        out.append("orm")
    if any(m.normal_texture for m in materials):
        out.append("normal")
    glow = {m.emissive for m in materials}
    if len(glow) > 1 or (any(m.emissive_texture for m in materials) and any(map(any, glow))):
        out.append("emissive")
    return [out[0]] if is_unlit(materials[0]) else out


def _maps(
    tiles: list[Tile], bounds: Size, sizes: list[Size], corners: list[tuple[int, int]]
) -> dict[str, NDArray[np.uint8]]:
    out = {}
    for kind in _wanted([t.material for t in tiles]):
        canvas = np.empty((bounds[1], bounds[0], len(BACKGROUND[kind])), np.uint8)
        canvas[:] = BACKGROUND[kind]
        for tile, (w, h), (x, y) in zip(tiles, sizes, corners):
            pad = ((PADDING, PADDING), (PADDING, PADDING), (0, 0))
            canvas[y : y + h + 2 * PADDING, x : x + w + 2 * PADDING] = np.pad(tile.paint(kind, w, h), pad, mode="edge")
        out[kind] = canvas
    return out


def _drawn(
    scene: Scene, materials: list[Material], maps: Mapping[str, NDArray[np.uint8]]
) -> tuple[Material, list[Texture]]:
    """Return the shared material and its textures."""
    first = materials[0]
    name = "atlas" if first.alpha_mode == "OPAQUE" else f"atlas_{first.alpha_mode.lower()}"
    name += "_unlit" if is_unlit(first) else ""
    drawn = [scene.textures[u.texture] for m in materials for u in uses_of(m).values()]
    lossy = any(t.media_type == "image/jpeg" for t in drawn)
    hard = any(t.sampler.get("magFilter") == NEAREST for t in drawn)
    sampler = {"magFilter": NEAREST, "minFilter": NEAREST} if hard else {}
    textures: list[Texture] = []
    uses: dict[str, TextureUse] = {}
    for kind, pixels in maps.items():
        clear = kind == "base" and first.alpha_mode != "OPAQUE"
        image = Image.fromarray(pixels if clear else np.ascontiguousarray(pixels[:, :, :3]))
        media_type = "image/jpeg" if lossy and not clear else "image/png"
        uses[kind] = TextureUse(texture=len(scene.textures) + len(textures))
        textures.append(
            Texture(data=encoded(image, media_type), media_type=media_type, name=f"{name}_{kind}", sampler=sampler)
        )
    material = attrs.evolve(
        first,
        name=name,
        base_color=(1.0, 1.0, 1.0, 1.0),
        base_color_texture=uses["base"],
        metallic=1.0 if "orm" in uses else first.metallic,
        roughness=1.0 if "orm" in uses else first.roughness,
        metallic_roughness_texture=uses.get("orm"),
        occlusion_texture=uses.get("orm") if any(m.occlusion_texture for m in materials) else None,
        normal_texture=uses.get("normal"),
        emissive=(1.0, 1.0, 1.0) if "emissive" in uses else first.emissive,
        emissive_texture=uses.get("emissive"),
        double_sided=any(m.double_sided for m in materials),
        extras={},
    )
    return material, textures


def _pruned(scene: Scene) -> Scene:
    """Return ``scene`` without materials and textures that nothing uses."""
    kept = sorted({m.material for m in scene.meshes if m.material is not None})
    uses = {u.texture for k in kept for u in uses_of(scene.materials[k]).values()}
    whole = any(_extension_key(scene.materials[k]) is None for k in kept)
    pictures = list(range(len(scene.textures))) if whole else sorted(uses)  # extensions may use some, too
    number = {old: new for new, old in enumerate(pictures)}
    place = {old: new for new, old in enumerate(kept)}
    return attrs.evolve(
        scene,
        meshes=[attrs.evolve(m, material=place[m.material]) if m.material is not None else m for m in scene.meshes],
        materials=[_renumbered(scene.materials[k], number) for k in kept],
        textures=[scene.textures[k] for k in pictures],
    )


def _renumbered(material: Material, number: Mapping[int, int]) -> Material:
    uses: dict[str, Any] = {}
    for name, use in uses_of(material).items():
        uses[f"{name}_texture"] = attrs.evolve(use, texture=number[use.texture])
    return attrs.evolve(material, **uses)
