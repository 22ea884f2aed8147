"""KHR_materials_variants: the variants of the root and the materials that primitives map to them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from axis_core.audit.gltf.extensions.extension import Extension
from axis_core.audit.gltf.primitive import Primitive
from axis_core.audit.gltf.primitive_links import check_tex_coords
from axis_core.audit.gltf.reader import JsonObject, ObjectReader, Record


if TYPE_CHECKING:
    from axis_core.audit.gltf.audit import Audit

__all__ = ["EXTENSIONS"]

_NAME = "KHR_materials_variants"


@attrs.define(eq=False, kw_only=True)
class Variants(Record):
    """The variants of the file."""

    variants: list[Record]

    def collections(self) -> list[tuple[str, list[Record]]]:
        """Give what other objects refer to and may leave unused."""
        return [("variants", self.variants)]


@attrs.define(eq=False, kw_only=True)
class Mapping(Record):
    """The material that a primitive has in some variants."""

    variant_indices: list[int] | None
    material_index: int


@attrs.define(eq=False, kw_only=True)
class Mappings(Record):
    """The mappings of one primitive."""

    mappings: list[Mapping]


def _read_variants(audit: Audit, raw: JsonObject) -> Variants:
    reader = ObjectReader(audit, raw)
    reader.members("variants")
    variants = Variants(variants=reader.objects("variants", _read_variant, required=True) or [])
    reader.finish(variants, f"{_NAME}.variants")
    return variants


def _read_variant(audit: Audit, raw: JsonObject) -> Record:
    reader = ObjectReader(audit, raw)
    reader.members("name")
    reader.string("name", required=True)
    variant = Record()
    reader.finish(variant, f"{_NAME}.variant")
    return variant


def _read_mappings(audit: Audit, raw: JsonObject) -> Mappings:
    reader = ObjectReader(audit, raw)
    reader.members("mappings")
    mappings = Mappings(mappings=reader.objects("mappings", _read_mapping, required=True) or [])
    reader.finish(mappings, _NAME)
    return mappings


def _read_mapping(audit: Audit, raw: JsonObject) -> Mapping:
    reader = ObjectReader(audit, raw)
    reader.members("variants", "material", "name")
    mapping = Mapping(
        variant_indices=reader.indices("variants", required=True),
        material_index=reader.index("material", required=True),
    )
    reader.string("name")
    reader.finish(mapping, f"{_NAME}.mapping")
    return mapping


def _link(audit: Audit, host: Record, value: Variants | Mappings) -> None:
    if isinstance(value, Variants) or not isinstance(host, Primitive):
        return
    root = audit.document.extensions.get(_NAME)
    seen: set[int] = set()
    for i, mapping in enumerate(value.mappings):
        with audit.at("mappings", i):
            if isinstance(root, Variants):
                _link_variants(audit, root, mapping, seen)
            else:
                audit.add("UNSATISFIED_DEPENDENCY", f"/extensions/{_NAME}")
                continue
            material = audit.resolve(audit.document.materials, mapping.material_index, "material")
            if material is not None:
                material.used = True
                check_tex_coords(audit, host, material)


def _link_variants(audit: Audit, root: Variants, mapping: Mapping, seen: set[int]) -> None:
    with audit.at("variants"):
        for i, index in enumerate(mapping.variant_indices or ()):
            variant = audit.resolve(root.variants, index, i)
            if variant is None:
                continue
            variant.used = True
            if index in seen:
                audit.add("KHR_MATERIALS_VARIANTS_NON_UNIQUE_VARIANT", name=i)
            seen.add(index)


EXTENSIONS = (Extension(name=_NAME, readers={"root": _read_variants, "mesh.primitive": _read_mappings}, link=_link),)
