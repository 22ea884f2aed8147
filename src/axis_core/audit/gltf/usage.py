"""What nothing refers to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from axis_core.audit.gltf.reader import Record


if TYPE_CHECKING:
    from axis_core.audit.gltf.audit import Audit

__all__ = ["report_unused"]


def report_unused(audit: Audit) -> None:
    """Report objects that nothing uses, and static weights that every node overrides."""
    document = audit.document
    collections: tuple[tuple[str, Sequence[Record | None]], ...] = (
        ("accessors", document.accessors),
        ("buffers", document.buffers),
        ("bufferViews", document.buffer_views),
        ("cameras", document.cameras),
        ("images", document.images),
        ("materials", document.materials),
        ("meshes", document.meshes),
        ("nodes", document.nodes),
        ("samplers", document.samplers),
        ("skins", document.skins),
        ("textures", document.textures),
    )
    for name, records in collections:
        _report(audit, name, records)
    with audit.at("extensions"):
        for name, extension in document.extensions.items():
            if hasattr(extension, "collections"):
                with audit.at(name):
                    for inner, records in extension.collections():
                        _report(audit, inner, records)
    _report_weights(audit)


def _report(audit: Audit, name: str, records: Sequence[Record | None]) -> None:
    with audit.at(name):
        for i, record in enumerate(records):
            if record is not None and not record.used:
                audit.add("UNUSED_OBJECT", name=i)


def _report_weights(audit: Audit) -> None:
    overridden: dict[int, bool] = {}
    for node in audit.document.nodes:
        if node is not None and node.mesh is not None:
            key = id(node.mesh)
            overridden[key] = overridden.get(key, True) and node.weights is not None
    for i, mesh in enumerate(audit.document.meshes):
        if mesh is not None and mesh.weights is not None and overridden.get(id(mesh)):
            with audit.at("meshes", i):
                audit.add("UNUSED_MESH_WEIGHTS", name="weights")
