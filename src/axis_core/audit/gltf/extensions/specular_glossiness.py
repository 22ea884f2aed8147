"""KHR_materials_pbrSpecularGlossiness, archived but alive in old files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from axis_core.audit.gltf.extensions.extension import Extension
from axis_core.audit.gltf.extensions.part import MaterialPart, link_part
from axis_core.audit.gltf.reader import JsonObject, ObjectReader


if TYPE_CHECKING:
    from axis_core.audit.gltf.audit import Audit

__all__ = ["EXTENSIONS"]

_NAME = "KHR_materials_pbrSpecularGlossiness"


def _read(audit: Audit, raw: JsonObject) -> MaterialPart:
    reader = ObjectReader(audit, raw)
    reader.members("diffuseFactor", "diffuseTexture", "specularFactor", "glossinessFactor", "specularGlossinessTexture")
    part = MaterialPart()
    reader.numbers("diffuseFactor", length=4, minimum=0, maximum=1)
    part.read_texture(reader, "diffuseTexture")
    reader.numbers("specularFactor", length=3, minimum=0, maximum=1)
    reader.number("glossinessFactor", minimum=0, maximum=1)
    part.read_texture(reader, "specularGlossinessTexture")
    reader.finish(part, _NAME)
    return part


EXTENSIONS = (Extension(name=_NAME, readers={"material": _read}, link=link_part, is_exclusive=True),)
