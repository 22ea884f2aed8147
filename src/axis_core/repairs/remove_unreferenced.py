"""``remove_unreferenced``: vertices, meshes, materials and images that nothing uses."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import attrs
import numpy as np

from axis_core.model.material import Material, TextureUse
from axis_core.model.mesh import Mesh
from axis_core.model.scene import Scene
from axis_core.plugin.kinds import Repair, RepairResult
from axis_core.repairs.each import each_mesh
from axis_core.repairs.selection import with_vertices


__all__ = ["REPAIR"]

TEXTURE_FIELDS = (
    "base_color_texture",
    "metallic_roughness_texture",
    "normal_texture",
    "occlusion_texture",
    "emissive_texture",
)


def mend(mesh: Mesh) -> tuple[Mesh, str]:
    """Return the mesh without vertices that no triangle uses."""
    used = np.zeros(mesh.n_vertices, bool)
    used[mesh.faces.ravel()] = True
    gone = int((~used).sum())
    if not gone:
        return mesh, ""
    return with_vertices(mesh, np.flatnonzero(used), np.cumsum(used) - 1), f"dropped {gone} loose vertices"


def apply(scene: Scene, options: object = None) -> RepairResult:  # noqa: ARG001 - the signature of a repair
    """Mend every mesh, then drop what nothing points to."""
    result = each_mesh(scene, mend)
    scene, empty = without_empty_meshes(result.scene)
    scene, unused = without_unused_materials(scene)
    return RepairResult(scene=scene, changes=(*result.changes, *empty, *unused))


def without_empty_meshes(scene: Scene) -> tuple[Scene, tuple[str, ...]]:
    """Return the scene without meshes that have no triangles or stand nowhere."""
    placed = {m for n in scene.nodes for m in n.meshes}
    kept = [i for i, m in enumerate(scene.meshes) if m.n_triangles and i in placed]
    if len(kept) == len(scene.meshes):
        return scene, ()
    index = {old: new for new, old in enumerate(kept)}
    nodes = []
    for node in scene.nodes:
        meshes = tuple(index[m] for m in node.meshes if m in index)
        nodes.append(attrs.evolve(node, meshes=meshes, skin=node.skin if meshes else None))
    out = attrs.evolve(scene, meshes=[scene.meshes[i] for i in kept], nodes=nodes)
    return out, (f"dropped {len(scene.meshes) - len(kept)} empty meshes",)


def without_unused_materials(scene: Scene) -> tuple[Scene, tuple[str, ...]]:
    """Return the scene without materials and textures nothing uses; left alone where extensions may point to them."""
    if scene.extensions or any(m.primitive_extensions or m.extensions for m in scene.meshes):
        return scene, ()
    used = sorted({m.material for m in scene.meshes if m.material is not None})
    said = []
    if len(used) < len(scene.materials):
        said.append(f"dropped {len(scene.materials) - len(used)} unused materials")
        index = {old: new for new, old in enumerate(used)}
        meshes = [m if m.material is None else attrs.evolve(m, material=index[m.material]) for m in scene.meshes]
        scene = attrs.evolve(scene, materials=[scene.materials[i] for i in used], meshes=meshes)
    wanted = sorted({t for m in scene.materials for t in _textures_of(m)})
    if len(wanted) < len(scene.textures):
        said.append(f"dropped {len(scene.textures) - len(wanted)} unused textures")
        index = {old: new for new, old in enumerate(wanted)}
        materials = [_renumbered(m, index) for m in scene.materials]
        scene = attrs.evolve(scene, textures=[scene.textures[i] for i in wanted], materials=materials)
    return scene, tuple(said)


def _textures_of(material: Material) -> set[int]:
    uses = (getattr(material, f) for f in TEXTURE_FIELDS)
    return {u.texture for u in uses if isinstance(u, TextureUse)} | set(_indices(material.extensions))


def _indices(value: Any) -> list[int]:
    """The ``index`` of every texture object inside raw extensions."""
    if isinstance(value, Mapping):
        own = [value["index"]] if isinstance(value.get("index"), int) else []
        return own + [i for v in value.values() for i in _indices(v)]
    return [i for v in value for i in _indices(v)] if isinstance(value, list | tuple) else []


def _renumbered(material: Material, index: Mapping[int, int]) -> Material:
    changes: dict[str, Any] = {}
    for field in TEXTURE_FIELDS:
        use = getattr(material, field)
        if use is not None:
            changes[field] = attrs.evolve(use, texture=index[use.texture])
    return attrs.evolve(material, extensions=_mapped(material.extensions, index), **changes)


def _mapped(value: Any, index: Mapping[int, int]) -> Any:
    if isinstance(value, Mapping):
        return {
            k: index[v] if k == "index" and isinstance(v, int) and v in index else _mapped(v, index)
            for k, v in value.items()
        }
    return [_mapped(v, index) for v in value] if isinstance(value, list | tuple) else value


REPAIR = Repair(
    name="remove_unreferenced",
    summary="Drops vertices, materials and images nothing points to.",
    fixes=("MESH_UNREFERENCED_VERTICES",),
    apply=apply,
)
