"""KHR_lights_punctual: the lights of the root and the nodes that carry them."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import attrs

from axis_core.audit.gltf.extensions.extension import Extension
from axis_core.audit.gltf.reader import JsonObject, ObjectReader, Record


if TYPE_CHECKING:
    from axis_core.audit.gltf.audit import Audit

__all__ = ["EXTENSIONS"]

_NAME = "KHR_lights_punctual"
_TYPES = ("directional", "point", "spot")
_RIGHT_ANGLE = math.pi / 2


@attrs.define(eq=False, kw_only=True)
class Lights(Record):
    """The lights of the file."""

    lights: list[Record]

    def collections(self) -> list[tuple[str, list[Record]]]:
        """Give what other objects refer to and may leave unused."""
        return [("lights", self.lights)]


@attrs.define(eq=False, kw_only=True)
class LightOfNode(Record):
    """The light that a node carries."""

    light_index: int


def _read_lights(audit: Audit, raw: JsonObject) -> Lights:
    reader = ObjectReader(audit, raw)
    reader.members("lights")
    lights = Lights(lights=reader.objects("lights", _read_light, required=True) or [])
    reader.finish(lights, f"{_NAME}.lights")
    return lights


def _read_light(audit: Audit, raw: JsonObject) -> Record:
    reader = ObjectReader(audit, raw)
    reader.members("color", "intensity", "spot", "type", "range", "name")
    kind = reader.string("type", required=True, allowed=_TYPES)
    if kind == "spot":
        reader.object("spot", _read_spot, required=True)
    elif "spot" in reader:
        audit.add("EXTRA_PROPERTY", name="spot")
    reader.numbers("color", length=3, minimum=0, maximum=1)
    reader.number("intensity", minimum=0)
    reach = reader.number("range", above=0)
    if kind == "directional" and not math.isnan(reach):
        audit.add("EXTRA_PROPERTY", name="range")
    light = Record()
    reader.string("name")
    reader.finish(light, f"{_NAME}.light")
    return light


def _read_spot(audit: Audit, raw: JsonObject) -> Record:
    reader = ObjectReader(audit, raw)
    reader.members("innerConeAngle", "outerConeAngle")
    inner = reader.number("innerConeAngle", minimum=0, below=_RIGHT_ANGLE, default=0.0)
    outer = reader.number("outerConeAngle", above=0, maximum=_RIGHT_ANGLE, default=math.pi / 4)
    if outer <= inner:
        audit.add("KHR_LIGHTS_PUNCTUAL_LIGHT_SPOT_ANGLES", inner, outer, name="outerConeAngle")
    spot = Record()
    reader.finish(spot, f"{_NAME}.light.spot")
    return spot


def _read_node(audit: Audit, raw: JsonObject) -> LightOfNode:
    reader = ObjectReader(audit, raw)
    reader.members("light")
    light = LightOfNode(light_index=reader.index("light", required=True))
    reader.finish(light, _NAME)
    return light


def _link(audit: Audit, _: Record, value: Lights | LightOfNode) -> None:
    if isinstance(value, Lights):
        return
    root = audit.document.extensions.get(_NAME)
    if not isinstance(root, Lights):
        audit.add("UNSATISFIED_DEPENDENCY", f"/extensions/{_NAME}")
        return
    light = audit.resolve(root.lights, value.light_index, "light")
    if light is not None:
        light.used = True


EXTENSIONS = (Extension(name=_NAME, readers={"root": _read_lights, "node": _read_node}, link=_link),)
