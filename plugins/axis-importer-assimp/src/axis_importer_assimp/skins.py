"""Skins: assimp has bones a mesh; here meshes whose bones agree share one skin."""

from __future__ import annotations

from typing import Any

import attrs
import numpy as np
from numpy.typing import NDArray

from axis_core.plugin import Skin
from axis_importer_assimp.library import each, matrix, text
from axis_importer_assimp.nodes import Tree


__all__ = ["Binding", "bind_meshes"]

TOLERANCE = 1e-4
"""Of the largest entry: bones of two meshes agree where their matrices differ by less."""


@attrs.define
class Binding:
    """A skin being collected: bone name -> inverse bind matrix."""

    offsets: dict[str, NDArray[np.float64]] = attrs.field(factory=dict)
    joints: list[int] = attrs.field(factory=list)

    def takes(self, other: dict[str, NDArray[np.float64]]) -> bool:
        """Return whether all bones that both have agree, and at least one is shared."""
        shared = self.offsets.keys() & other.keys()
        return bool(shared) and all(_same(self.offsets[b], other[b]) for b in shared)

    def skin(self, tree: Tree, world: list[NDArray[np.float64]]) -> Skin:
        """Return the skin, with the nodes between its bones as joints of their own."""
        bound = {tree.by_name[name]: offset for name, offset in self.offsets.items()}
        for node in _between(tree, set(bound)):
            below = next(n for n in bound if _is_below(tree, n, node))
            bound[node] = np.linalg.pinv(world[node]) @ world[below] @ bound[below]
        self.joints = sorted(bound)
        inverse = np.stack([bound[j] for j in self.joints])
        inverse[:, 3] = (0.0, 0.0, 0.0, 1.0)  # assimp leaves noise here
        return Skin(joints=self.joints, inverse_bind=inverse, name=tree.places[self.joints[0]].name)


def _same(a: NDArray[np.float64], b: NDArray[np.float64]) -> bool:
    return bool(np.abs(a - b).max() <= TOLERANCE * max(1.0, float(np.abs(a).max())))


def _is_below(tree: Tree, node: int | None, ancestor: int) -> bool:
    while node is not None and node != ancestor:
        node = tree.places[node].parent
    return node is not None


def _between(tree: Tree, bound: set[int]) -> list[int]:
    """Return the nodes above one bone and below another."""
    out: set[int] = set()
    for node in bound:
        path, up = [], tree.places[node].parent
        while up is not None and up not in bound:
            path.append(up)
            up = tree.places[up].parent
        if up is not None:
            out.update(path)
    return sorted(out)


def bind_meshes(meshes: list[Any], tree: Tree) -> tuple[list[Binding], list[int | None]]:
    """Return the bindings and, for each ``aiMesh``, which is its own; bones that are no node are left out."""
    bindings: list[Binding] = []
    which: list[int | None] = []
    for mesh in meshes:
        bones = each(mesh.mBones, mesh.mNumBones)
        offsets = {text(b.mName): matrix(b.mOffsetMatrix) for b in bones}
        offsets = {n: m for n, m in offsets.items() if n in tree.by_name and np.isfinite(m).all()}
        if not offsets or len(offsets) != len({text(b.mName) for b in bones}):
            which.append(None)
            continue
        found = next((k for k, b in enumerate(bindings) if b.takes(offsets)), None)
        if found is None:
            found = len(bindings)
            bindings.append(Binding())
        bindings[found].offsets.update(offsets)
        which.append(found)
    return bindings, which
