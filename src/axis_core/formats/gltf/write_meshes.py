"""Meshes of the model as meshes and primitives of glTF."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from axis_core.formats.gltf.pack import ARRAY_BUFFER, ELEMENT_ARRAY_BUFFER, Packer
from axis_core.formats.gltf.plan import Plan
from axis_core.formats.gltf.vertex_data import (
    compact_colors,
    compact_indices,
    compact_joints,
    normalised_skin,
    storable_attribute,
    unit_normals,
    unit_tangents,
)
from axis_core.model.mesh import Mesh
from axis_core.model.morph import MorphTarget
from axis_core.model.scene import Scene


__all__ = ["target_names", "write_meshes"]


def target_names(meshes: list[Mesh]) -> tuple[str, ...]:
    """Return the morph targets of one glTF mesh: those of its primitives, each name once, in order.

    A primitive without one of them is not moved by it. Where a primitive has a name twice, targets are taken by their
    place.
    """
    lists = [[m.name for m in mesh.morphs] for mesh in meshes]
    longest = max(lists, key=len, default=[])
    if any(len(set(names)) != len(names) for names in lists):
        return tuple(longest)
    return tuple(dict.fromkeys(name for names in lists for name in names))


def write_meshes(scene: Scene, plan: Plan, packer: Packer) -> list[dict[str, Any]]:
    """Return the ``meshes`` array."""
    out = []
    for g, group in enumerate(plan.groups):
        meshes = [scene.meshes[m] for m in group]
        names = target_names(meshes)
        skinned = g in plan.skinned
        item: dict[str, Any] = {"primitives": [_primitive(m, names, skinned, plan, packer) for m in meshes]}
        extras = {**meshes[0].extras, **({"targetNames": list(names)} if names else {})}
        item |= {k: v for k, v in (("name", meshes[0].name), ("extras", extras)) if v}
        if meshes[0].extensions:
            item["extensions"] = dict(meshes[0].extensions)
        weights = next((m.morph_weights for m in meshes if m.morph_weights), ())
        if weights and names:
            item["weights"] = [*map(float, weights[: len(names)]), *[0.0] * (len(names) - len(weights))]
        out.append(item)
    return out


def _primitive(mesh: Mesh, names: tuple[str, ...], skinned: bool, plan: Plan, packer: Packer) -> dict[str, Any]:
    corners = compact_indices(mesh.faces, mesh.n_vertices)
    item: dict[str, Any] = {
        "attributes": _attributes(mesh, skinned, packer),
        "indices": packer.array(corners, target=ELEMENT_ARRAY_BUFFER),
    }
    if mesh.material is not None:
        item["material"] = plan.materials[mesh.material]
    if names:
        item["targets"] = [_target(mesh, morph, packer) for morph in _morphs_in_order(mesh, names)]
    if mesh.primitive_extras:
        item["extras"] = dict(mesh.primitive_extras)
    if mesh.primitive_extensions:
        item["extensions"] = _with_materials(mesh.primitive_extensions, plan)
    return item


def _attributes(mesh: Mesh, skinned: bool, packer: Packer) -> dict[str, int]:
    def add(values: NDArray[Any], *, normalised: bool = False) -> int:
        return packer.array(values, target=ARRAY_BUFFER, normalised=normalised)

    # An accessor of its own: primitives that share one are parts of a pool of vertices, which readers take apart.
    out = {"POSITION": packer.array(mesh.positions, target=ARRAY_BUFFER, bounds=True, shared=False)}
    if mesh.normals is not None:
        out["NORMAL"] = add(unit_normals(mesh.normals, mesh.positions, mesh.faces))
    if mesh.tangents is not None and mesh.normals is not None:
        out["TANGENT"] = add(unit_tangents(mesh.tangents))
    out |= {f"TEXCOORD_{k}": add(uv) for k, uv in enumerate(mesh.uvs)}
    for k, colors in enumerate(mesh.colors):
        values, normalised = compact_colors(colors)
        out[f"COLOR_{k}"] = add(values, normalised=normalised)
    if skinned and mesh.joints is not None and mesh.weights is not None:
        joints, weights = normalised_skin(mesh.joints, mesh.weights)
        joints = compact_joints(joints)
        for k in range(joints.shape[1] // 4):
            out[f"JOINTS_{k}"] = add(joints[:, 4 * k : 4 * k + 4])
            out[f"WEIGHTS_{k}"] = add(weights[:, 4 * k : 4 * k + 4])
    return out | {name: add(storable_attribute(values)) for name, values in sorted(mesh.attributes.items())}


def _morphs_in_order(mesh: Mesh, names: tuple[str, ...]) -> list[MorphTarget | None]:
    own = [m.name for m in mesh.morphs]
    if len(set(own)) != len(own) or len(set(names)) != len(names):
        return [*mesh.morphs, *[None] * (len(names) - len(own))]
    by_name = {m.name: m for m in mesh.morphs}
    return [by_name.get(name) for name in names]


def _target(mesh: Mesh, morph: MorphTarget | None, packer: Packer) -> dict[str, int]:
    if morph is None:
        return {"POSITION": packer.displacements(np.zeros_like(mesh.positions), bounds=True)}
    out = {"POSITION": packer.displacements(morph.positions, bounds=True)}
    if morph.normals is not None and mesh.normals is not None:
        out["NORMAL"] = packer.displacements(morph.normals)
    if morph.tangents is not None and mesh.tangents is not None and mesh.normals is not None:
        out["TANGENT"] = packer.displacements(morph.tangents)
    return out


def _with_materials(extensions: Any, plan: Plan) -> dict[str, Any]:
    out = dict(extensions)
    variants = out.get("KHR_materials_variants")
    if isinstance(variants, dict) and isinstance(variants.get("mappings"), list):
        out["KHR_materials_variants"] = {
            **variants,
            "mappings": [
                {**entry, "material": plan.materials.get(entry["material"], entry["material"])}
                if isinstance(entry, dict) and isinstance(entry.get("material"), int)
                else entry
                for entry in variants["mappings"]
            ],
        }
    return out
