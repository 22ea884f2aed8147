"""KHR_materials_transmission, _volume and _dispersion: light that goes through."""

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

_DISPERSION = "KHR_materials_dispersion"
_TRANSMISSION = "KHR_materials_transmission"
_VOLUME = "KHR_materials_volume"


@attrs.define(eq=False, kw_only=True)
class Volume(MaterialPart):
    """The inside of a body."""

    thickness: float


def _read_transmission(audit: Audit, raw: JsonObject) -> MaterialPart:
    reader = ObjectReader(audit, raw)
    reader.members("transmissionFactor", "transmissionTexture")
    part = MaterialPart()
    reader.number("transmissionFactor", minimum=0, maximum=1)
    part.read_texture(reader, "transmissionTexture")
    reader.finish(part, _TRANSMISSION)
    return part


def _read_volume(audit: Audit, raw: JsonObject) -> Volume:
    reader = ObjectReader(audit, raw)
    reader.members("thicknessFactor", "thicknessTexture", "attenuationDistance", "attenuationColor")
    part = Volume(thickness=reader.number("thicknessFactor", minimum=0, default=0.0))
    part.read_texture(reader, "thicknessTexture")
    reader.number("attenuationDistance", above=0)
    reader.numbers("attenuationColor", length=3, minimum=0, maximum=1)
    reader.finish(part, _VOLUME)
    return part


def _link_volume(audit: Audit, material: Material, part: Volume) -> None:
    if _TRANSMISSION not in material.extensions:
        audit.add("KHR_MATERIALS_VOLUME_NO_TRANSMISSION")
    if material.double_sided and part.thickness > 0:
        audit.add("KHR_MATERIALS_VOLUME_DOUBLE_SIDED")
    link_part(audit, material, part)


def _read_dispersion(audit: Audit, raw: JsonObject) -> Record:
    reader = ObjectReader(audit, raw)
    reader.members("dispersion")
    reader.number("dispersion", minimum=0)
    record = Record()
    reader.finish(record, _DISPERSION)
    return record


def _link_dispersion(audit: Audit, material: Material, _: Record) -> None:
    if _VOLUME not in material.extensions:
        audit.add("KHR_MATERIALS_DISPERSION_NO_VOLUME")


EXTENSIONS = (
    Extension(name=_DISPERSION, readers={"material": _read_dispersion}, link=_link_dispersion),
    Extension(name=_TRANSMISSION, readers={"material": _read_transmission}, link=link_part),
    Extension(name=_VOLUME, readers={"material": _read_volume}, link=_link_volume),
)
