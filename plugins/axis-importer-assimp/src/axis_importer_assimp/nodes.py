"""The hierarchy, with the wrapper nodes of FBX pivots folded into the nodes they stand for.

assimp writes the pivots of an FBX node as a chain of nodes, ``arm_$AssimpFbx$_PreRotation`` and so on, above it.
"""

from __future__ import annotations

from typing import Any

import attrs
import numpy as np
from numpy.typing import NDArray

from axis_importer_assimp.library import each, matrix, text


__all__ = ["Place", "Tree", "read_tree"]

WRAPPER = "_$AssimpFbx$_"
MAX_DEPTH = 512


@attrs.define
class Place:
    """One node that is kept.

    Attributes
    ----------
    chain : list of (name, (4, 4) matrix)
        The wrapper nodes above it and, last, itself; their product is its local transform.
    meshes : list of int
        Indices of assimp's meshes.
    """

    name: str
    parent: int | None
    chain: list[tuple[str, NDArray[np.float64]]]
    meshes: list[int]

    @property
    def local(self) -> NDArray[np.float64]:
        """(4, 4) transform to the parent."""
        out = np.eye(4)
        for _, step in self.chain:
            out = out @ step
        return out


@attrs.define
class Tree:
    """All nodes, parents first.

    Attributes
    ----------
    by_name : dict
        Name in the file, wrappers included, to the node that it belongs to. The first of two equal names.
    """

    places: list[Place]
    by_name: dict[str, int]

    def world(self) -> list[NDArray[np.float64]]:
        """Return the transforms to world space."""
        out: list[NDArray[np.float64]] = []
        for place in self.places:
            out.append(place.local if place.parent is None else out[place.parent] @ place.local)
        return out


def read_tree(root: Any) -> Tree:
    """Return the nodes below and with ``root``; a root that does nothing but hold others is left out."""
    places: list[Place] = []
    by_name: dict[str, int] = {}
    chain: list[tuple[str, NDArray[np.float64]]]
    stack: list[tuple[Any, int | None, list[tuple[str, NDArray[np.float64]]], int]] = [(root, None, [], 0)]
    while stack:
        node, parent, chain, depth = stack.pop()
        name = text(node.mName)
        chain = [*chain, (name, matrix(node.mTransformation))]
        children = each(node.mChildren, node.mNumChildren) if depth < MAX_DEPTH else []
        meshes = [int(node.mMeshes[i]) for i in range(node.mNumMeshes)]
        is_wrapper = WRAPPER in name and len(children) == 1 and not meshes
        is_root = depth == 0 and len(chain) == 1 and children and not meshes
        if is_wrapper or (is_root and _is_identity(chain[0][1])):
            passed = chain if is_wrapper else []
            stack.extend((child, parent, passed, depth + 1) for child in reversed(children))
            continue
        index = len(places)
        places.append(Place(name.replace(WRAPPER, "_"), parent, chain, meshes))
        for step, _ in chain:
            by_name.setdefault(step, index)
        stack.extend((child, index, [], depth + 1) for child in reversed(children))
    return Tree(places, by_name)


def _is_identity(value: NDArray[np.float64]) -> bool:
    return bool(np.allclose(value, np.eye(4), atol=1e-7))
