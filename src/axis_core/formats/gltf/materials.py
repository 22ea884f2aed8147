"""Materials of glTF. Their extensions stay as they are: textures keep their numbers."""

from __future__ import annotations

from typing import Any

from axis_core.formats.gltf.document import Document
from axis_core.formats.gltf.fields import flag, index, integer, mapping, number, numbers, raw_mapping, refuse, text
from axis_core.model.material import Material, TextureUse


__all__ = ["read_materials"]


def read_materials(document: Document, n_textures: int) -> tuple[Material, ...]:
    """Return the materials in order."""
    return tuple(
        _material(item, n_textures, f"/materials/{i}") for i, item in enumerate(document.list_of("materials"))
    )


def _material(item: dict[str, Any], n_textures: int, here: str) -> Material:
    pbr = mapping(item, "pbrMetallicRoughness", here)
    below = f"{here}/pbrMetallicRoughness"
    alpha_mode = text(item, "alphaMode", here, "OPAQUE")
    if alpha_mode not in ("OPAQUE", "MASK", "BLEND"):
        refuse(f"alphaMode is {alpha_mode!r:.20}, expected OPAQUE, MASK or BLEND", f"{here}/alphaMode")
    return Material(
        name=text(item, "name", here),
        base_color=numbers(pbr, "baseColorFactor", below, n=4, default=(1.0, 1.0, 1.0, 1.0)),
        base_color_texture=_use(pbr, "baseColorTexture", n_textures, below),
        metallic=number(pbr, "metallicFactor", below, 1.0),
        roughness=number(pbr, "roughnessFactor", below, 1.0),
        metallic_roughness_texture=_use(pbr, "metallicRoughnessTexture", n_textures, below),
        normal_texture=_use(item, "normalTexture", n_textures, here, "scale"),
        occlusion_texture=_use(item, "occlusionTexture", n_textures, here, "strength"),
        emissive=numbers(item, "emissiveFactor", here, n=3, default=(0.0, 0.0, 0.0)),
        emissive_texture=_use(item, "emissiveTexture", n_textures, here),
        alpha_mode=alpha_mode,
        alpha_cutoff=number(item, "alphaCutoff", here, 0.5),
        double_sided=flag(item, "doubleSided", here),
        extras=raw_mapping(item, "extras"),
        extensions=mapping(item, "extensions", here),
    )


def _use(
    parent: dict[str, Any], key: str, n_textures: int, pointer: str, scale_key: str | None = None
) -> TextureUse | None:
    if key not in parent:
        return None
    item, here = mapping(parent, key, pointer), f"{pointer}/{key}"
    which = index(item, "index", here, n_textures)
    if which is None:
        refuse("index is missing", here)
    return TextureUse(
        texture=which,
        uv_set=integer(item, "texCoord", here, default=0),
        scale=number(item, scale_key, here, 1.0) if scale_key else 1.0,
        extras=raw_mapping(item, "extras"),
        extensions=mapping(item, "extensions", here),
    )
