"""Mesh primitives: attribute names, counts of sets, and the draw they make."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from axis_core.audit.gltf.accessor import Accessor
from axis_core.audit.gltf.material import Material
from axis_core.audit.gltf.reader import JsonObject, ObjectReader, Record, is_integer
from axis_core.audit.gltf.semantics import base_semantic, set_index


if TYPE_CHECKING:
    from axis_core.audit.gltf.audit import Audit

__all__ = ["LINES", "MODES", "POINTS", "TRIANGLES", "Primitive", "read_primitive"]

MODES = ("POINTS", "LINES", "LINE_LOOP", "LINE_STRIP", "TRIANGLES", "TRIANGLE_STRIP", "TRIANGLE_FAN")
POINTS, LINES, LINE_LOOP, LINE_STRIP, TRIANGLES, TRIANGLE_STRIP, TRIANGLE_FAN = range(7)


@attrs.define(eq=False, kw_only=True)
class Primitive(Record):
    """One draw: vertex attributes, indices, a material, morph targets.

    ``attribute_indices`` and ``targets`` hold accessor indices as read (-1 where wrong); ``attributes`` and
    ``target_accessors`` what they resolve to.
    """

    attribute_indices: dict[str, int] | None
    indices_index: int
    material_index: int
    mode: int
    targets: list[dict[str, int]] | None
    counts: dict[str, int]
    attributes: dict[str, Accessor] = attrs.field(factory=dict)
    target_accessors: list[dict[str, Accessor]] = attrs.field(factory=list)
    indices: Accessor | None = None
    material: Material | None = None
    vertex_count: int = -1
    uses_tangents: bool = False
    used_sets: set[int] = attrs.field(factory=set)

    @property
    def joints_count(self) -> int:
        """Number of JOINTS_n attributes."""
        return self.counts["JOINTS"]

    @property
    def draw_count(self) -> int:
        """Indices or vertices that are drawn, -1 if unknown."""
        return self.vertex_count if self.indices is None else self.indices.count


def read_primitive(audit: Audit, raw: JsonObject) -> Primitive:
    """Read one primitive."""
    reader = ObjectReader(audit, raw)
    reader.members("attributes", "indices", "material", "mode", "targets")
    counts = {"COLOR": 0, "JOINTS": 0, "TEXCOORD": 0, "WEIGHTS": 0}
    attributes = _read_attributes(reader, counts)
    primitive = Primitive(
        attribute_indices=attributes,
        indices_index=reader.index("indices"),
        material_index=reader.index("material"),
        mode=reader.integer("mode", maximum=len(MODES) - 1, default=TRIANGLES),
        targets=_read_targets(reader),
        counts=counts,
    )
    reader.finish(primitive, "mesh.primitive")
    return primitive


def _read_attributes(reader: ObjectReader, counts: dict[str, int]) -> dict[str, int] | None:
    """Return the accessor index of every attribute, counting the sets of the indexed semantics.

    Sets with gaps, and joints without as many weights, count as none.
    """
    audit = reader.audit
    raw = reader.map("attributes", required=True)
    if raw is None:
        return None
    if not raw:
        audit.add("EMPTY_ENTITY", name="attributes")
        return None
    with audit.at("attributes"):
        attributes = _read_indices(audit, raw)
        _check_sets(audit, attributes, counts)
    return attributes


def _read_indices(audit: Audit, raw: JsonObject) -> dict[str, int]:
    """Return semantic to accessor index, reporting invalid names and indices."""
    out = {}
    for name, value in raw.items():
        if base_semantic(name) is None:
            audit.add("MESH_PRIMITIVE_INVALID_ATTRIBUTE", name=name)
        good = is_integer(value) and value >= 0
        out[name] = int(value) if good else -1
        if not good:
            audit.add("INVALID_INDEX", name=name)
    return out


def _check_sets(audit: Audit, attributes: dict[str, int], counts: dict[str, int]) -> None:
    highest = dict.fromkeys(counts, -1)
    for name in attributes:
        semantic = base_semantic(name)
        if semantic in counts:
            counts[semantic] += 1
            highest[semantic] = max(highest[semantic], set_index(name))
    if "POSITION" not in attributes:
        audit.add("MESH_PRIMITIVE_NO_POSITION")
    if "TANGENT" in attributes and "NORMAL" not in attributes:
        audit.add("MESH_PRIMITIVE_TANGENT_WITHOUT_NORMAL", name="TANGENT")
    for semantic, count in counts.items():
        if highest[semantic] + 1 != count:
            audit.add("MESH_PRIMITIVE_INDEXED_SEMANTIC_CONTINUITY", semantic, highest[semantic] + 1, count)
            counts[semantic] = 0
    if counts["JOINTS"] != counts["WEIGHTS"]:
        audit.add("MESH_PRIMITIVE_JOINTS_WEIGHTS_MISMATCH", counts["JOINTS"], counts["WEIGHTS"])
        counts["JOINTS"] = counts["WEIGHTS"] = 0


def _read_targets(reader: ObjectReader) -> list[dict[str, int]] | None:
    raws = reader.maps("targets")
    if raws is None:
        return None
    out = []
    with reader.audit.at("targets"):
        for i, raw in enumerate(raws):
            if not raw:
                reader.audit.add("EMPTY_ENTITY", name=i)
            with reader.audit.at(i):
                out.append(_read_indices(reader.audit, raw))
    return out if all(out) else None
