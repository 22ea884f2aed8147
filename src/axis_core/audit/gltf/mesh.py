"""Meshes: their primitives' morph targets and weights as one whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from axis_core.audit.gltf.primitive import Primitive, read_primitive
from axis_core.audit.gltf.primitive_links import link_primitive, report_unused_attributes
from axis_core.audit.gltf.reader import JsonObject, ObjectReader, Record


if TYPE_CHECKING:
    from axis_core.audit.gltf.audit import Audit

__all__ = ["Mesh", "link_mesh", "read_mesh"]


@attrs.define(eq=False, kw_only=True)
class Mesh(Record):
    """One mesh."""

    primitives: list[Primitive] | None
    weights: list[float] | None
    has_weights: bool = False

    @property
    def n_targets(self) -> int:
        """Morph targets of the first primitive, which is what weights are counted against."""
        return len(self.primitives[0].targets or ()) if self.primitives else 0

    @property
    def is_skinned(self) -> bool:
        """Whether any primitive has joints."""
        return any(p.joints_count > 0 for p in self.primitives or ())


def read_mesh(audit: Audit, raw: JsonObject) -> Mesh:
    """Read one mesh."""
    reader = ObjectReader(audit, raw)
    reader.members("primitives", "weights", "name")
    mesh = Mesh(
        weights=reader.numbers("weights"), primitives=reader.objects("primitives", read_primitive, required=True)
    )
    if mesh.primitives is not None:
        _check_targets(audit, mesh.primitives)
        if mesh.weights is not None and len(mesh.weights) != mesh.n_targets:
            audit.add("MESH_INVALID_WEIGHTS_COUNT", len(mesh.weights), mesh.n_targets, name="weights")
    reader.string("name")
    reader.finish(mesh, "mesh")
    return mesh


def _check_targets(audit: Audit, primitives: list[Primitive]) -> None:
    expected = primitives[0].targets
    for i, primitive in enumerate(primitives[1:], 1):
        targets = primitive.targets
        if (expected is None) != (targets is None) or len(expected or ()) != len(targets or ()):
            with audit.at("primitives", i):
                audit.add("MESH_PRIMITIVES_UNEQUAL_TARGETS_COUNT", name=None if targets is None else "targets")


def link_mesh(audit: Audit, mesh: Mesh) -> None:
    """Resolve what the primitives of one mesh refer to."""
    for i, primitive in enumerate(mesh.primitives or ()):
        with audit.at("primitives", i):
            audit.registry.link(audit, primitive)
            link_primitive(audit, primitive)
    for i, primitive in enumerate(mesh.primitives or ()):
        with audit.at("primitives", i):
            report_unused_attributes(audit, primitive)
