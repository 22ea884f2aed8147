"""Scene -> OBJ bytes, with MTL and textures beside it."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from axis_core.formats.colour import srgb_from_linear
from axis_core.formats.gltf.write import generator
from axis_core.formats.images import suffix_of_image
from axis_core.formats.mtl import print_mtl
from axis_core.formats.naming import file_name, safe_stem, unique_name
from axis_core.formats.placed import Placed, placed_meshes
from axis_core.model.artefact import Artefact
from axis_core.model.scene import Scene


__all__ = ["write_obj"]

_CHUNK = 20_000


def write_obj(scene: Scene, *, name: str) -> tuple[Artefact, ...]:
    """Return the OBJ, its MTL and its textures.

    Meshes stand where their nodes put them, skinned ones in the bind pose, in metres, Y up. Skeleton, skin weights,
    morph targets, animations and further UV sets have no place in an OBJ. Numbers have nine digits: float32 survives.

    Raises
    ------
    InputError
        ``empty_geometry``: no triangles.
    """
    file = file_name(name, ".obj")
    stem = safe_stem(file[: -len(".obj")], "mesh")
    placed = list(placed_meshes(scene))
    used = list(dict.fromkeys(p.mesh.material for p in placed if p.mesh.material is not None))
    titles: set[str] = set()
    materials = {m: unique_name(safe_stem(scene.materials[m].name, f"material_{m}"), titles) for m in used}
    textures = _textures(scene, used, stem)
    parts = [f"# {generator()}\n"]
    if used:
        parts.append(f"mtllib {stem}.mtl\n")
    counts = {"v": 0, "vt": 0, "vn": 0}
    objects: set[str] = set()
    for item in placed:
        title = unique_name(safe_stem(item.name, "mesh"), objects)
        parts.extend(_object(item, title, materials, counts))
    out = [Artefact(name=file, role="avatar", media_type="model/obj", data="".join(parts).encode("ascii"))]
    if used:
        text = print_mtl(((materials[m], scene.materials[m]) for m in used), {t: a.name for t, a in textures.items()})
        out.append(
            Artefact(name=f"{stem}.mtl", role="companion", media_type="model/mtl", data=text.encode("ascii"))
        )
    return (*out, *textures.values())


def _textures(scene: Scene, materials: list[int], stem: str) -> dict[int, Artefact]:
    taken: set[str] = set()
    out: dict[int, Artefact] = {}
    for m in materials:
        material = scene.materials[m]
        for use in (
            material.base_color_texture,
            material.metallic_roughness_texture,
            material.normal_texture,
            material.emissive_texture,
        ):
            if use is None or use.texture in out or not scene.textures[use.texture].data:
                continue
            texture = scene.textures[use.texture]
            title = safe_stem(texture.name, f"{stem}_texture_{use.texture}")
            suffix = suffix_of_image(texture.media_type)
            name = unique_name(title.removesuffix(suffix) + suffix, taken)
            out[use.texture] = Artefact(name=name, role="texture", media_type=texture.media_type, data=texture.data)
    return out


def _object(item: Placed, title: str, materials: dict[int, str], counts: dict[str, int]) -> Iterator[str]:
    mesh = item.mesh
    yield f"o {title}\n"
    rows = item.positions
    if mesh.colors:
        rgb = srgb_from_linear(np.clip(np.nan_to_num(mesh.colors[0][:, :3], nan=1.0), 0.0, 1.0))
        rows = np.hstack([rows, rgb])
    yield from _rows("v", rows.astype(np.float32))
    present = [("v", True), ("vt", bool(mesh.uvs)), ("vn", item.normals is not None)]
    if mesh.uvs:
        uv = mesh.uvs[0]
        yield from _rows("vt", np.stack([uv[:, 0], 1.0 - uv[:, 1].astype(np.float64)], axis=1))
    if item.normals is not None:
        yield from _rows("vn", item.normals.astype(np.float32))
    if mesh.material is not None:
        yield f"usemtl {materials[mesh.material]}\n"
    yield from _faces(item.faces, [counts[k] + 1 if has else None for k, has in present])
    for key, has in present:
        counts[key] += mesh.n_vertices if has else 0


def _rows(keyword: str, values: NDArray[np.floating]) -> Iterator[str]:
    line = f"{keyword}{' %.9g' * values.shape[1]}\n"
    for i in range(0, len(values), _CHUNK):
        block = values[i : i + _CHUNK]
        yield (line * len(block)) % tuple(block.ravel().tolist())


def _faces(faces: NDArray[np.uint32], bases: list[int | None]) -> Iterator[str]:
    """Yield ``f`` lines: v, v/vt, v//vn or v/vt/vn, whose numbers differ by what stands before this object."""
    kept = [base for base in bases if base is not None]
    corner = {(True, False): "%d", (True, True): "%d//%d"}[(True, bases[2] is not None)]
    if bases[1] is not None:
        corner = "%d/%d/%d" if bases[2] is not None else "%d/%d"
    line = f"f {corner} {corner} {corner}\n"
    for i in range(0, len(faces), _CHUNK):
        block = faces[i : i + _CHUNK].astype(np.int64)
        numbers = np.stack([block + base for base in kept], axis=-1)
        yield (line * len(block)) % tuple(numbers.ravel().tolist())
