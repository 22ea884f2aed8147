"""What the accessors and the material of a mesh primitive must be like, and how they must agree."""

from __future__ import annotations

from typing import TYPE_CHECKING

from axis_core.audit.gltf.accessor import Accessor
from axis_core.audit.gltf.attribute_data import watch_attribute, watch_indices
from axis_core.audit.gltf.formats import UNSIGNED_BYTE, UNSIGNED_INT, UNSIGNED_SHORT, Format
from axis_core.audit.gltf.material import Material
from axis_core.audit.gltf.primitive import (
    LINE_LOOP,
    LINES,
    MODES,
    POINTS,
    TRIANGLES,
    Primitive,
)
from axis_core.audit.gltf.semantics import format_key


if TYPE_CHECKING:
    from axis_core.audit.gltf.audit import Audit

__all__ = ["check_tex_coords", "link_primitive", "report_unused_attributes"]

_INDEX_FORMATS = [Format("SCALAR", t) for t in (UNSIGNED_BYTE, UNSIGNED_SHORT, UNSIGNED_INT)]


def link_primitive(audit: Audit, primitive: Primitive) -> None:
    """Resolve what one primitive refers to and check it."""
    if primitive.attribute_indices is not None:
        with audit.at("attributes"):
            _link_attributes(audit, primitive)
    _link_indices(audit, primitive)
    _check_mode(audit, primitive)
    _link_material(audit, primitive)
    if primitive.targets is not None:
        with audit.at("targets"):
            for i, target in enumerate(primitive.targets):
                with audit.at(i):
                    primitive.target_accessors.append(_link_target(audit, primitive, target))


def _link_attributes(audit: Audit, primitive: Primitive) -> None:
    for name, index in (primitive.attribute_indices or {}).items():
        accessor = audit.resolve(audit.document.accessors, index, name)
        if accessor is None:
            continue
        primitive.attributes[name] = accessor
        _use_as_attribute(audit, accessor, name)
        if name == "POSITION":
            _check_bounds(audit, accessor)
        _check_format(audit, accessor, name, audit.registry.attribute_formats)
        if primitive.vertex_count == -1:
            primitive.vertex_count = accessor.count
        elif primitive.vertex_count != accessor.count:
            audit.add("MESH_PRIMITIVE_UNEQUAL_ACCESSOR_COUNT", name=name)


def _check_bounds(audit: Audit, accessor: Accessor) -> None:
    if accessor.minimum is None or accessor.maximum is None:
        audit.add("MESH_PRIMITIVE_POSITION_ACCESSOR_WITHOUT_BOUNDS", name="POSITION")


def _use_as_attribute(audit: Audit, accessor: Accessor, name: str) -> None:
    """Note the use of an accessor and its buffer view as vertex data."""
    first = accessor.usage is None
    accessor.set_usage(audit, "VertexAttribute", name)
    view = accessor.view
    if view is None:
        return
    view.set_usage(audit, "VertexBuffer", name)
    if first:
        view.vertex_users += 1
        if view.byte_stride == -1 and view.vertex_users > 1:
            audit.add("MESH_PRIMITIVE_ACCESSOR_WITHOUT_BYTESTRIDE", name=name)


def _check_format(audit: Audit, accessor: Accessor, name: str, formats: dict[str, list[Format]]) -> None:
    """Check the format that a semantic asks for, and watch the data if they have it."""
    valid = formats.get(format_key(name))
    if valid is None:
        if formats is audit.registry.attribute_formats and accessor.component_type == UNSIGNED_INT:
            audit.add("MESH_PRIMITIVE_ATTRIBUTES_ACCESSOR_UNSIGNED_INT", name=name)
    elif accessor.format in valid:
        if formats is audit.registry.attribute_formats:
            watch_attribute(audit, accessor, name)
    else:
        audit.add(
            "MESH_PRIMITIVE_ATTRIBUTES_ACCESSOR_INVALID_FORMAT",
            accessor.format,
            name=name,
            valid=[str(f) for f in valid],
        )
    offset = accessor.byte_offset
    packed = accessor.view is not None and accessor.view.byte_stride == -1
    if (offset != -1 and offset % 4) or (packed and accessor.element_length % 4):
        audit.add("MESH_PRIMITIVE_ACCESSOR_UNALIGNED", name=name)


def _link_indices(audit: Audit, primitive: Primitive) -> None:
    accessor = audit.resolve(audit.document.accessors, primitive.indices_index, "indices")
    primitive.indices = accessor
    if accessor is None:
        return
    accessor.set_usage(audit, "PrimitiveIndices", "indices")
    if accessor.view is not None:
        accessor.view.set_usage(audit, "IndexBuffer", "indices")
        if accessor.view.byte_stride != -1:
            audit.add("MESH_PRIMITIVE_INDICES_ACCESSOR_WITH_BYTESTRIDE", name="indices")
    if accessor.format not in _INDEX_FORMATS:
        audit.add(
            "MESH_PRIMITIVE_INDICES_ACCESSOR_INVALID_FORMAT",
            accessor.format,
            name="indices",
            valid=[str(f) for f in _INDEX_FORMATS],
        )
    else:
        watch_indices(audit, accessor, max(primitive.vertex_count, 0), primitive.mode == TRIANGLES)


def _check_mode(audit: Audit, primitive: Primitive) -> None:
    count, mode = primitive.draw_count, primitive.mode
    if count == -1 or mode in (-1, POINTS):
        return
    if mode == LINES:
        fits = count % 2 == 0
    elif mode == TRIANGLES:
        fits = count % 3 == 0
    else:
        fits = count >= (2 if LINE_LOOP <= mode < TRIANGLES else 3)
    if not fits:
        audit.add("MESH_PRIMITIVE_INCOMPATIBLE_MODE", count, MODES[mode])


def _link_material(audit: Audit, primitive: Primitive) -> None:
    material = audit.resolve(audit.document.materials, primitive.material_index, "material")
    primitive.material = material
    if material is not None:
        material.used = True
        _check_tangents(audit, primitive, material)
        check_tex_coords(audit, primitive, material)


def _check_tangents(audit: Audit, primitive: Primitive, material: Material) -> None:
    """Check that a primitive has the tangent space that a material needs."""
    if not material.needs_tangents:
        return
    primitive.uses_tangents = True
    names = primitive.attribute_indices or {}
    if "TANGENT" in names and "NORMAL" in names:
        return
    code = "NO_TANGENT_SPACE" if material.normal is None else "GENERATED_TANGENT_SPACE"
    audit.add(f"MESH_PRIMITIVE_{code}", name="material")


def check_tex_coords(audit: Audit, primitive: Primitive, material: Material) -> None:
    """Check that a primitive has the texture coordinates of a material; the place reached holds ``material``."""
    for info in material.all_textures():
        for pointer, tex_coord in audit.registry.tex_coords(info):
            if tex_coord < primitive.counts["TEXCOORD"]:
                primitive.used_sets.add(tex_coord)
            else:
                audit.add("MESH_PRIMITIVE_TOO_FEW_TEXCOORDS", pointer, tex_coord, name="material")


def _link_target(audit: Audit, primitive: Primitive, target: dict[str, int]) -> dict[str, Accessor]:
    out = {}
    for name, index in target.items():
        accessor = audit.resolve(audit.document.accessors, index, name)
        if accessor is None:
            continue
        out[name] = accessor
        _use_as_attribute(audit, accessor, name)
        base = primitive.attributes.get(name)
        if base is None:
            audit.add("MESH_PRIMITIVE_MORPH_TARGET_NO_BASE_ACCESSOR", name=name)
        elif base.count != accessor.count:
            audit.add("MESH_PRIMITIVE_MORPH_TARGET_INVALID_ATTRIBUTE_COUNT", name=name)
        if name == "POSITION":
            _check_bounds(audit, accessor)
        _check_format(audit, accessor, name, audit.registry.morph_formats)
    return out


def report_unused_attributes(audit: Audit, primitive: Primitive) -> None:
    """Report tangents and texture coordinates that no material of the primitive reads."""
    names = primitive.attribute_indices or {}
    with audit.at("attributes"):
        if "TANGENT" in names and not primitive.uses_tangents:
            audit.add("UNUSED_MESH_TANGENT", name="TANGENT")
        for i in range(primitive.counts["TEXCOORD"]):
            if f"TEXCOORD_{i}" in names and i not in primitive.used_sets:
                audit.add("UNUSED_OBJECT", name=f"TEXCOORD_{i}")
