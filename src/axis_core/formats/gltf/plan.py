"""Plan: what of a scene is written, and under which number."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import attrs

from axis_core.model.material import Material
from axis_core.model.scene import Scene


__all__ = ["Plan", "make_plan", "map_textures", "textures_in"]

_OWN_INDICES = frozenset({"KHR_lights_punctual", "KHR_materials_variants", "KHR_xmp_json_ld"})
"""Extensions of the root that name nothing but what stands in themselves, materials of primitives apart."""
_NODE_INDICES = frozenset({"KHR_lights_punctual", "KHR_node_visibility", "KHR_xmp_json_ld", "MSFT_lod"})
"""Extensions of nodes that name nothing but nodes, which keep their numbers."""
_USES = (
    "base_color_texture",
    "metallic_roughness_texture",
    "normal_texture",
    "occlusion_texture",
    "emissive_texture",
)


@attrs.frozen
class Plan:
    """Old numbers to new ones; what is missing is not written.

    Attributes
    ----------
    groups : tuple of tuple of int
        The meshes that make each glTF mesh.
    group_of : mapping of tuple of int to int
    skinned : frozenset of int
        Groups that some node shows with a skin.
    """

    groups: tuple[tuple[int, ...], ...]
    group_of: Mapping[tuple[int, ...], int]
    skinned: frozenset[int]
    skins: Mapping[int, int]
    materials: Mapping[int, int]
    textures: Mapping[int, int]
    cameras: Mapping[int, int]


def make_plan(scene: Scene) -> Plan:
    """Return what is written: all that a node shows and what that needs.

    Things that nothing uses are left out, unless the scene has extensions of which it is not known that they name no
    meshes, materials or textures by number (VRM): then all keep their numbers.
    """
    keep_all = _names_by_number(scene)
    visible = [(_drawn(scene, node.meshes), node.skin) for node in scene.nodes]
    shown = {meshes for meshes, _ in visible if meshes}
    if keep_all:
        shown |= {(m,) for m in range(len(scene.meshes)) if not any(m in g for g in shown) and _drawn(scene, (m,))}
    groups = tuple(sorted(shown))
    group_of = {group: i for i, group in enumerate(groups)}
    skinned = {(g, s) for g, s in visible if g and s is not None and any(scene.meshes[m].is_skinned for m in g)}
    materials = _used(_materials_of(scene, groups), len(scene.materials), keep_all)
    textures = {t for m in materials for t in textures_in(scene.materials[m]) if 0 <= t < len(scene.textures)}
    return Plan(
        groups=groups,
        group_of=group_of,
        skinned=frozenset(group_of[g] for g, _ in skinned),
        skins=_used({s for _, s in skinned}, len(scene.skins), keep_all=False),
        materials=materials,
        textures=_used(textures, len(scene.textures), keep_all),
        cameras=_used({n.camera for n in scene.nodes}, len(scene.cameras), keep_all),
    )


def _drawn(scene: Scene, meshes: tuple[int, ...]) -> tuple[int, ...]:
    """Return the meshes that have triangles: glTF has no empty primitives."""
    return tuple(m for m in meshes if scene.meshes[m].n_triangles)


def _used(indices: Iterable[int | None], n: int, keep_all: bool) -> dict[int, int]:
    kept = range(n) if keep_all else sorted({i for i in indices if i is not None})
    return {old: new for new, old in enumerate(kept)}


def _names_by_number(scene: Scene) -> bool:
    return (
        bool(scene.extensions.keys() - _OWN_INDICES)
        or any(node.extensions.keys() - _NODE_INDICES for node in scene.nodes)
        or any(channel.target_extensions for clip in scene.animations for channel in clip.channels)
    )


def _materials_of(scene: Scene, groups: tuple[tuple[int, ...], ...]) -> Iterator[int | None]:
    for m in {m for group in groups for m in group}:
        yield scene.meshes[m].material
        variants = scene.meshes[m].primitive_extensions.get("KHR_materials_variants")
        if isinstance(variants, Mapping):
            for entry in variants.get("mappings", ()):
                material = entry.get("material") if isinstance(entry, Mapping) else None
                if isinstance(material, int) and 0 <= material < len(scene.materials):
                    yield material


def textures_in(material: Material) -> set[int]:
    """Return the textures that a material uses, those of its extensions included."""
    uses = (getattr(material, name) for name in _USES)
    return {use.texture for use in uses if use is not None} | set(_texture_numbers(material.extensions))


def _texture_numbers(value: Any) -> Iterator[int]:
    for key, item in value.items() if isinstance(value, Mapping) else enumerate(value):
        if _is_texture_use(key, item):
            yield item["index"]
        elif isinstance(item, Mapping | list | tuple):
            yield from _texture_numbers(item)


def _is_texture_use(key: Any, item: Any) -> bool:
    """Every ratified extension, and VRM's MToon, ends the names of its texture uses like this."""
    return (
        isinstance(key, str)
        and key.lower().endswith("texture")
        and isinstance(item, Mapping)
        and isinstance(item.get("index"), int)
    )


def map_textures(value: Any, textures: Mapping[int, int]) -> Any:
    """Return a copy of an extension of a material with the numbers of its textures changed."""
    if isinstance(value, Mapping):
        return {
            key: {**item, "index": textures.get(item["index"], item["index"])}
            if _is_texture_use(key, item)
            else map_textures(item, textures)
            for key, item in value.items()
        }
    return [map_textures(item, textures) for item in value] if isinstance(value, list | tuple) else value
