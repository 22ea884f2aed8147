"""KHR_materials_emissive_strength, _ior, _specular and _unlit."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from axis_core.audit.gltf.extensions.extension import Extension
from axis_core.audit.gltf.extensions.part import MaterialPart, link_part
from axis_core.audit.gltf.material import Material
from axis_core.audit.gltf.reader import JsonObject, ObjectReader, Record


if TYPE_CHECKING:
    from axis_core.audit.gltf.audit import Audit

__all__ = ["EXTENSIONS"]

_EMISSIVE_STRENGTH = "KHR_materials_emissive_strength"
_IOR = "KHR_materials_ior"
_SPECULAR = "KHR_materials_specular"
_UNLIT = "KHR_materials_unlit"


@attrs.define(eq=False, kw_only=True)
class EmissiveStrength(Record):
    """How many times brighter a material glows."""

    strength: float


def _read_emissive_strength(audit: Audit, raw: JsonObject) -> EmissiveStrength:
    reader = ObjectReader(audit, raw)
    reader.members("emissiveStrength")
    part = EmissiveStrength(strength=reader.number("emissiveStrength", minimum=0, default=1.0))
    reader.finish(part, _EMISSIVE_STRENGTH)
    return part


def _link_emissive_strength(audit: Audit, material: Material, part: EmissiveStrength) -> None:
    changes = part.strength < 1 or part.strength > 1  # false for a wrong value
    if changes and material.emissive_factor is not None and not any(material.emissive_factor):
        audit.add("KHR_MATERIALS_EMISSIVE_STRENGTH_ZERO_FACTOR")


def _read_ior(audit: Audit, raw: JsonObject) -> Record:
    reader = ObjectReader(audit, raw)
    reader.members("ior")
    if raw.get("ior") != 0:  # the one value below 1 that is allowed: it switches the Fresnel effect off
        reader.number("ior", minimum=1)
    record = Record()
    reader.finish(record, _IOR)
    return record


def _read_specular(audit: Audit, raw: JsonObject) -> MaterialPart:
    reader = ObjectReader(audit, raw)
    reader.members("specularFactor", "specularTexture", "specularColorFactor", "specularColorTexture")
    part = MaterialPart()
    reader.number("specularFactor", minimum=0, maximum=1)
    part.read_texture(reader, "specularTexture")
    reader.numbers("specularColorFactor", length=3, minimum=0)
    part.read_texture(reader, "specularColorTexture")
    reader.finish(part, _SPECULAR)
    return part


def _read_unlit(audit: Audit, raw: JsonObject) -> Record:
    reader = ObjectReader(audit, raw)
    reader.members()
    record = Record()
    reader.finish(record, _UNLIT)
    return record


EXTENSIONS = (
    Extension(name=_EMISSIVE_STRENGTH, readers={"material": _read_emissive_strength}, link=_link_emissive_strength),
    Extension(name=_IOR, readers={"material": _read_ior}),
    Extension(name=_SPECULAR, readers={"material": _read_specular}, link=link_part),
    Extension(name=_UNLIT, readers={"material": _read_unlit}, is_exclusive=True),
)
