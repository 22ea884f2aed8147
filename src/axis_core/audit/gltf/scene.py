"""Scenes and the graph of nodes below them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from axis_core.audit.gltf.reader import JsonObject, ObjectReader, Record


if TYPE_CHECKING:
    from axis_core.audit.gltf.audit import Audit
    from axis_core.audit.gltf.node import Node

__all__ = ["Scene", "link_scene", "read_scene"]


@attrs.define(eq=False, kw_only=True)
class Scene(Record):
    """One scene."""

    node_indices: list[int] | None
    nodes: list[Node] = attrs.field(factory=list)


def read_scene(audit: Audit, raw: JsonObject) -> Scene:
    """Read one scene."""
    reader = ObjectReader(audit, raw)
    reader.members("nodes", "name")
    scene = Scene(node_indices=reader.indices("nodes"))
    reader.string("name")
    reader.finish(scene, "scene")
    return scene


def link_scene(audit: Audit, scene: Scene) -> None:
    """Resolve the nodes of one scene, which must be roots."""
    with audit.at("nodes"):
        for i, index in enumerate(scene.node_indices or ()):
            node = audit.resolve(audit.document.nodes, index, i)
            if node is None:
                continue
            node.used = True
            scene.nodes.append(node)
            if node.parent is not None:
                audit.add("SCENE_NON_ROOT_NODE", index, name=i)
