"""Materials of the metallic-roughness model; the other models are extensions."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Protocol, runtime_checkable

import attrs

from axis_core.audit.gltf.reader import JsonObject, ObjectReader, Record
from axis_core.audit.gltf.texture import TextureInfo, link_texture_info, read_texture_info, read_texture_members


if TYPE_CHECKING:
    from axis_core.audit.gltf.audit import Audit

__all__ = ["HoldsTextures", "Material", "link_material", "read_material", "read_normal_texture_info"]

_ALPHA_MODES = ("OPAQUE", "MASK", "BLEND")


@runtime_checkable
class HoldsTextures(Protocol):
    """A part of a material that refers to textures."""

    def textures(self) -> Iterator[tuple[str, TextureInfo | None]]:
        """Give the properties that refer to textures, in the order of the schema."""
        ...


@attrs.define(eq=False, kw_only=True)
class MetallicRoughness(Record):
    """The ``pbrMetallicRoughness`` of a material."""

    base_color: TextureInfo | None
    metallic_roughness: TextureInfo | None

    def textures(self) -> Iterator[tuple[str, TextureInfo | None]]:
        """Give the references to textures."""
        yield "baseColorTexture", self.base_color
        yield "metallicRoughnessTexture", self.metallic_roughness


@attrs.define(eq=False, kw_only=True)
class Material(Record):
    """One material."""

    metallic_roughness: MetallicRoughness | None
    normal: TextureInfo | None
    occlusion: TextureInfo | None
    emissive: TextureInfo | None
    emissive_factor: list[float] | None
    double_sided: bool
    needs_tangents: bool = False

    def textures(self) -> Iterator[tuple[str, TextureInfo | None]]:
        """Give the references to textures of the material itself."""
        yield "normalTexture", self.normal
        yield "occlusionTexture", self.occlusion
        yield "emissiveTexture", self.emissive

    def all_textures(self) -> Iterator[TextureInfo]:
        """Give every reference to a texture, those of extensions too, in the order of the schema."""
        parts: list[object] = [self.metallic_roughness, self, *self.extensions.values()]
        for part in parts:
            if isinstance(part, HoldsTextures):
                yield from (info for _, info in part.textures() if info is not None)


def read_material(audit: Audit, raw: JsonObject) -> Material:
    """Read one material."""
    reader = ObjectReader(audit, raw)
    reader.members(
        "pbrMetallicRoughness",
        "normalTexture",
        "occlusionTexture",
        "emissiveTexture",
        "emissiveFactor",
        "alphaMode",
        "alphaCutoff",
        "doubleSided",
        "name",
    )
    material = Material(
        metallic_roughness=reader.object("pbrMetallicRoughness", _read_metallic_roughness),
        normal=reader.object("normalTexture", read_normal_texture_info),
        occlusion=reader.object("occlusionTexture", _read_occlusion_texture_info),
        emissive=reader.object("emissiveTexture", read_texture_info),
        emissive_factor=reader.numbers("emissiveFactor", length=3, minimum=0, maximum=1, default=[0.0, 0.0, 0.0]),
        double_sided=False,
    )
    mode = reader.string("alphaMode", allowed=_ALPHA_MODES, default="OPAQUE")
    reader.number("alphaCutoff", minimum=0)
    if mode != "MASK" and "alphaCutoff" in reader:
        audit.add("MATERIAL_ALPHA_CUTOFF_INVALID_MODE", name="alphaCutoff")
    material.double_sided = reader.boolean("doubleSided")
    material.needs_tangents = material.normal is not None
    reader.string("name")
    reader.finish(material, "material")
    return material


def _read_metallic_roughness(audit: Audit, raw: JsonObject) -> MetallicRoughness:
    reader = ObjectReader(audit, raw)
    reader.members(
        "baseColorFactor", "baseColorTexture", "metallicFactor", "roughnessFactor", "metallicRoughnessTexture"
    )
    reader.numbers("baseColorFactor", length=4, minimum=0, maximum=1)
    base_color = reader.object("baseColorTexture", read_texture_info)
    reader.number("metallicFactor", minimum=0, maximum=1)
    reader.number("roughnessFactor", minimum=0, maximum=1)
    record = MetallicRoughness(
        base_color=base_color, metallic_roughness=reader.object("metallicRoughnessTexture", read_texture_info)
    )
    reader.finish(record, "material.pbrMetallicRoughness")
    return record


def read_normal_texture_info(audit: Audit, raw: JsonObject) -> TextureInfo:
    """Read a reference to a normal map."""
    reader = ObjectReader(audit, raw)
    reader.members("index", "texCoord", "scale")
    info = read_texture_members(reader)
    reader.number("scale")
    return info


def _read_occlusion_texture_info(audit: Audit, raw: JsonObject) -> TextureInfo:
    reader = ObjectReader(audit, raw)
    reader.members("index", "texCoord", "strength")
    info = read_texture_members(reader)
    reader.number("strength", minimum=0, maximum=1)
    return info


def link_material(audit: Audit, material: Material) -> None:
    """Resolve the textures of one material."""
    if material.metallic_roughness is not None:
        with audit.at("pbrMetallicRoughness"):
            link_textures(audit, material.metallic_roughness)
    link_textures(audit, material)


def link_textures(audit: Audit, part: HoldsTextures) -> None:
    """Resolve the textures of a material or of a part of one."""
    for name, info in part.textures():
        if info is not None:
            with audit.at(name):
                link_texture_info(audit, info)
