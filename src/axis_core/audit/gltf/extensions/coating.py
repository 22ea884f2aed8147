"""KHR_materials_clearcoat, _sheen, _iridescence and _anisotropy: what lies on a surface and how it is brushed."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from axis_core.audit.gltf.extensions.extension import Extension
from axis_core.audit.gltf.extensions.part import MaterialPart, link_part
from axis_core.audit.gltf.material import Material, read_normal_texture_info
from axis_core.audit.gltf.reader import JsonObject, ObjectReader
from axis_core.audit.gltf.texture import TextureInfo


if TYPE_CHECKING:
    from axis_core.audit.gltf.audit import Audit

__all__ = ["EXTENSIONS"]

_ANISOTROPY = "KHR_materials_anisotropy"
_CLEARCOAT = "KHR_materials_clearcoat"
_IRIDESCENCE = "KHR_materials_iridescence"
_SHEEN = "KHR_materials_sheen"


def _read_anisotropy(audit: Audit, raw: JsonObject) -> MaterialPart:
    reader = ObjectReader(audit, raw)
    reader.members("anisotropyStrength", "anisotropyRotation", "anisotropyTexture")
    part = MaterialPart()
    reader.number("anisotropyStrength", minimum=0, maximum=1)
    reader.number("anisotropyRotation")
    part.read_texture(reader, "anisotropyTexture")
    reader.finish(part, _ANISOTROPY)
    return part


def _link_anisotropy(audit: Audit, material: Material, part: MaterialPart) -> None:
    link_part(audit, material, part)
    info = part.infos.get("anisotropyTexture")
    if info is not None:
        material.needs_tangents = True
        if _differ(material.normal, info):
            audit.add("KHR_MATERIALS_ANISOTROPY_ANISOTROPY_TEXTURE_TEXCOORD", name="anisotropyTexture")


def _differ(normal: TextureInfo | None, info: TextureInfo) -> bool:
    """Whether a texture uses another set of texture coordinates than the normal map, if there is one."""
    return normal is not None and normal.tex_coord != info.tex_coord


def _read_clearcoat(audit: Audit, raw: JsonObject) -> MaterialPart:
    reader = ObjectReader(audit, raw)
    reader.members(
        "clearcoatFactor",
        "clearcoatTexture",
        "clearcoatRoughnessFactor",
        "clearcoatRoughnessTexture",
        "clearcoatNormalTexture",
    )
    part = MaterialPart()
    reader.number("clearcoatFactor", minimum=0, maximum=1)
    part.read_texture(reader, "clearcoatTexture")
    reader.number("clearcoatRoughnessFactor", minimum=0, maximum=1)
    part.read_texture(reader, "clearcoatRoughnessTexture")
    normal = reader.object("clearcoatNormalTexture", read_normal_texture_info)
    if normal is not None:
        part.infos["clearcoatNormalTexture"] = normal
    reader.finish(part, _CLEARCOAT)
    return part


def _link_clearcoat(audit: Audit, material: Material, part: MaterialPart) -> None:
    link_part(audit, material, part)
    info = part.infos.get("clearcoatNormalTexture")
    if info is not None:
        material.needs_tangents = True
        if _differ(material.normal, info):
            audit.add("KHR_MATERIALS_CLEARCOAT_CLEARCOAT_NORMAL_TEXTURE_TEXCOORD", name="clearcoatNormalTexture")


def _read_sheen(audit: Audit, raw: JsonObject) -> MaterialPart:
    reader = ObjectReader(audit, raw)
    reader.members("sheenColorFactor", "sheenColorTexture", "sheenRoughnessFactor", "sheenRoughnessTexture")
    part = MaterialPart()
    reader.numbers("sheenColorFactor", length=3, minimum=0, maximum=1)
    part.read_texture(reader, "sheenColorTexture")
    reader.number("sheenRoughnessFactor", minimum=0, maximum=1)
    part.read_texture(reader, "sheenRoughnessTexture")
    reader.finish(part, _SHEEN)
    return part


def _read_iridescence(audit: Audit, raw: JsonObject) -> MaterialPart:
    reader = ObjectReader(audit, raw)
    reader.members(
        "iridescenceFactor",
        "iridescenceTexture",
        "iridescenceIor",
        "iridescenceThicknessMinimum",
        "iridescenceThicknessMaximum",
        "iridescenceThicknessTexture",
    )
    part = MaterialPart()
    reader.number("iridescenceFactor", minimum=0, maximum=1)
    part.read_texture(reader, "iridescenceTexture")
    reader.number("iridescenceIor", minimum=1)
    thinnest = reader.number("iridescenceThicknessMinimum", minimum=0)
    thickest = reader.number("iridescenceThicknessMaximum", minimum=0, default=400.0)
    part.read_texture(reader, "iridescenceThicknessTexture")
    if "iridescenceThicknessTexture" not in part.infos:
        if not math.isnan(thinnest):
            audit.add("KHR_MATERIALS_IRIDESCENCE_THICKNESS_RANGE_WITHOUT_TEXTURE", name="iridescenceThicknessMinimum")
    elif (100.0 if math.isnan(thinnest) else thinnest) == thickest:
        audit.add("KHR_MATERIALS_IRIDESCENCE_THICKNESS_TEXTURE_UNUSED", name="iridescenceThicknessTexture")
    reader.finish(part, _IRIDESCENCE)
    return part


EXTENSIONS = (
    Extension(name=_ANISOTROPY, readers={"material": _read_anisotropy}, link=_link_anisotropy),
    Extension(name=_CLEARCOAT, readers={"material": _read_clearcoat}, link=_link_clearcoat),
    Extension(name=_IRIDESCENCE, readers={"material": _read_iridescence}, link=link_part),
    Extension(name=_SHEEN, readers={"material": _read_sheen}, link=link_part),
)
