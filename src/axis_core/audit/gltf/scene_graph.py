"""The graph of nodes as a whole: loops, scenes, and skinned meshes in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from axis_core.audit.gltf.node import Node
from axis_core.audit.gltf.skin import Skin


if TYPE_CHECKING:
    from axis_core.audit.gltf.audit import Audit

__all__ = ["check_nodes"]

_STEP = 200  # what a step along the graph costs, in components of a data check


def _mark_scenes(audit: Audit) -> None:
    """Note for every node which scenes it is in."""
    for i, scene in enumerate(audit.document.scenes):
        waiting = list(scene.nodes) if scene is not None else []
        while waiting and audit.spend(_STEP):
            node = waiting.pop()
            if i not in node.scenes:
                node.scenes.add(i)
                waiting.extend(node.children)


def _looping_nodes(nodes: list[Node | None]) -> set[int]:
    """Return the nodes that are their own ancestors."""
    done: set[int] = set()
    looping: set[int] = set()
    for node in nodes:
        trail: dict[int, int] = {}
        here = node
        while here is not None and here.index not in done and here.index not in trail:
            trail[here.index] = len(trail)
            here = here.parent
        if here is not None and here.index in trail:
            start = trail[here.index]
            looping.update(index for index, position in trail.items() if position >= start)
        done.update(trail)
    return looping


def _moved_nodes(nodes: list[Node | None], looping: set[int]) -> set[int]:
    """Return the nodes that have an ancestor with a transform."""
    moved: set[int] = set()
    waiting = [n for n in nodes if n is not None and (n.parent is None or n.index in looping)]
    seen: set[int] = set()
    while waiting:
        node = waiting.pop()
        if node.index in seen:
            continue
        seen.add(node.index)
        for child in node.children:
            if node.has_transform or node.index in moved:
                moved.add(child.index)
            waiting.append(child)
    return moved


def check_nodes(audit: Audit) -> None:
    """Check every node in the graph, once all is linked."""
    nodes = audit.document.nodes
    _mark_scenes(audit)
    looping = _looping_nodes(nodes)
    moved = _moved_nodes(nodes, looping)
    scenes_of = {skin.index: _scenes(nodes, skin) for skin in audit.document.skins if skin is not None}
    with audit.at("nodes"):
        for i, node in enumerate(nodes):
            if node is None:
                continue
            with audit.at(i):
                if _is_empty(node):
                    audit.add("NODE_EMPTY")
                if node.skin is not None:
                    _check_skinned(audit, node, i in moved, scenes_of[node.skin.index])
                if i in looping:
                    audit.add("NODE_LOOP")


def _is_empty(node: Node) -> bool:
    hangs = node.mesh is not None or node.has_camera or node.is_joint
    return node.child_indices is None and not (hangs or node.extensions or node.has_extras)


def _scenes(nodes: list[Node | None], skin: Skin) -> set[int] | None:
    """Return the scenes that hold all common roots of the joints, None if there is no such root."""
    sets = [root.scenes for root in (nodes[index] for index in skin.common_roots) if root is not None]
    return set.intersection(*sets) if sets else None


def _check_skinned(audit: Audit, node: Node, is_moved: bool, scenes: set[int] | None) -> None:
    if node.parent is not None:
        if is_moved:
            audit.add("NODE_SKINNED_MESH_PARENT_TRANSFORMS")
        audit.add("NODE_SKINNED_MESH_NON_ROOT")
    if node.has_transform:
        audit.add("NODE_SKINNED_MESH_LOCAL_TRANSFORMS")
    if scenes is not None and not node.scenes <= scenes:
        audit.add("NODE_SKIN_NO_SCENE")
