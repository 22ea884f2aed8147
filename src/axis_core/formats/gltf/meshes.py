"""Meshes of glTF as Meshes of the model, one a primitive."""

from __future__ import annotations

from typing import Any

import attrs
import numpy as np
from numpy.typing import NDArray

from axis_core.formats.gltf.accessors import Accessors
from axis_core.formats.gltf.document import Document
from axis_core.formats.gltf.fields import index, mapping, numbers, objects, raw_mapping, refuse, text
from axis_core.formats.gltf.primitives import Pools, Topology, read_topology
from axis_core.model.mesh import Mesh
from axis_core.model.morph import MorphTarget


__all__ = ["MeshTable", "read_meshes"]

_DROPPED_EXTENSIONS = ("KHR_draco_mesh_compression",)
_VECTORS = ("SCALAR", "VEC2", "VEC3", "VEC4")


@attrs.frozen
class MeshTable:
    """Meshes and where each glTF mesh has gone.

    Attributes
    ----------
    meshes : tuple of Mesh
    members : tuple of tuple of int
        For each glTF mesh the meshes that its primitives became.
    """

    meshes: tuple[Mesh, ...]
    members: tuple[tuple[int, ...], ...]


def read_meshes(document: Document, accessors: Accessors) -> MeshTable:
    """Return the triangles of all glTF meshes, also of those that no node shows."""
    items = document.list_of("meshes")
    lists = [objects(item, "primitives", f"/meshes/{i}") for i, item in enumerate(items)]
    document.limits.check("objects", sum(map(len, lists)), pointer="/meshes")
    reader = _Reader(document, accessors, Pools([p for primitives in lists for p in primitives]))
    meshes: list[Mesh] = []
    members: list[tuple[int, ...]] = []
    for i, (item, primitives) in enumerate(zip(items, lists)):
        found = reader.mesh(item, primitives, f"/meshes/{i}")
        members.append(tuple(range(len(meshes), len(meshes) + len(found))))
        meshes.extend(found)
    return MeshTable(tuple(meshes), tuple(members))


class _Reader:
    """Reads primitives, counting what they add up to."""

    def __init__(self, document: Document, accessors: Accessors, pools: Pools) -> None:
        self._document = document
        self._accessors = accessors
        self._pools = pools
        self._n_materials = len(document.list_of("materials"))
        self._totals = {"vertices": 0, "triangles": 0, "objects": 0}

    def _count(self, what: str, n: int, pointer: str) -> None:
        self._totals[what] += n
        self._document.limits.check(what, self._totals[what], pointer=pointer)

    def mesh(self, item: dict[str, Any], primitives: list[dict[str, Any]], pointer: str) -> list[Mesh]:
        """Return the meshes of one glTF mesh."""
        extras = dict(raw_mapping(item, "extras"))
        names = extras.pop("targetNames", None)
        if names is None and primitives:
            names = raw_mapping(primitives[0], "extras").get("targetNames")
        weights = numbers(item, "weights", pointer)
        if "extras" in item and not isinstance(item["extras"], dict):
            self._document.note("extras that are not objects were left out")
        out = []
        for k, primitive in enumerate(primitives):
            here = f"{pointer}/primitives/{k}"
            topology = read_topology(self._document, self._accessors, primitive, self._pools, here)
            if topology is None:
                continue
            self._count("vertices", topology.n_kept, here)
            self._count("triangles", len(topology.faces), here)
            mesh = self._primitive(primitive, topology, names, here)
            out.append(
                attrs.evolve(
                    mesh,
                    name=text(item, "name", pointer),
                    morph_weights=weights[: len(mesh.morphs)],
                    extras=extras,
                    extensions=mapping(item, "extensions", pointer),
                )
            )
        return out

    def _primitive(self, primitive: dict[str, Any], topology: Topology, names: Any, pointer: str) -> Mesh:
        attributes = mapping(primitive, "attributes", pointer)
        where = f"{pointer}/attributes"
        sets = _semantic_sets(attributes, self._document.limits.vertex_sets, where)
        joints, weights = self._skin(attributes, sets, topology, where)
        extensions = mapping(primitive, "extensions", pointer)
        extras = raw_mapping(primitive, "extras")
        return Mesh(
            positions=self._floats("POSITION", attributes, ("VEC3",), topology, where),
            faces=topology.faces,
            normals=self._optional("NORMAL", attributes, "VEC3", topology, where),
            tangents=self._optional("TANGENT", attributes, "VEC4", topology, where),
            uvs=[self._set(key, attributes, ("VEC2",), topology, where) for key in sets["TEXCOORD"]],
            colors=[_rgba(self._set(key, attributes, ("VEC3", "VEC4"), topology, where)) for key in sets["COLOR"]],
            joints=joints,
            weights=weights,
            morphs=self._morphs(primitive, topology, names, pointer),
            material=index(primitive, "material", pointer, self._n_materials),
            attributes=self._custom(attributes, topology, where),
            primitive_extras={k: v for k, v in extras.items() if k != "targetNames"},
            primitive_extensions={k: v for k, v in extensions.items() if k not in _DROPPED_EXTENSIONS},
        )

    def _rows(self, key: str, values: NDArray[Any], topology: Topology, pointer: str) -> NDArray[Any]:
        if len(values) != topology.n_vertices:
            refuse(f"{key} has {len(values)} elements, POSITION {topology.n_vertices}", f"{pointer}/{key}")
        if topology.keep is not None:
            self._document.spend(values.itemsize * values.shape[1] * topology.n_kept, pointer)
        return topology.rows(values)

    def _floats(
        self, key: str, attributes: dict[str, Any], kinds: tuple[str, ...], topology: Topology, pointer: str
    ) -> NDArray[np.float32]:
        which = index(attributes, key, pointer, len(self._accessors))
        assert which is not None
        return self._rows(key, self._accessors.floats(which, kinds, f"{pointer}/{key}"), topology, pointer)

    def _optional(
        self, key: str, attributes: dict[str, Any], kind: str, topology: Topology, pointer: str
    ) -> NDArray[np.float32] | None:
        return self._floats(key, attributes, (kind,), topology, pointer) if key in attributes else None

    def _set(
        self, key: str, attributes: dict[str, Any], kinds: tuple[str, ...], topology: Topology, pointer: str
    ) -> NDArray[np.float32]:
        if key in attributes:
            return self._floats(key, attributes, kinds, topology, pointer)
        self._document.note(f"a gap in the numbering of vertex attributes was filled with zeros ({key})")
        self._document.spend(16 * topology.n_kept, pointer)
        return np.zeros((topology.n_kept, int(kinds[0][3])), np.float32)

    def _skin(
        self, attributes: dict[str, Any], sets: dict[str, list[str]], topology: Topology, pointer: str
    ) -> tuple[NDArray[np.uint16] | None, NDArray[np.float32] | None]:
        if not sets["JOINTS"] and not sets["WEIGHTS"]:
            return None, None
        if len(sets["JOINTS"]) != len(sets["WEIGHTS"]):
            refuse(f"{len(sets['JOINTS'])} sets of JOINTS, {len(sets['WEIGHTS'])} of WEIGHTS", pointer)
        joints, weights = [], []
        for j, w in zip(sets["JOINTS"], sets["WEIGHTS"]):
            which = index(attributes, j, pointer, len(self._accessors))
            if which is None or w not in attributes:
                refuse(f"{j} or {w} is missing", pointer)
            raw = self._accessors.raw(which, ("VEC4",), f"{pointer}/{j}")
            if raw.dtype.kind != "u" or raw.itemsize > 2:
                refuse(f"{j} holds {raw.dtype.name}, expected uint8 or uint16", f"{pointer}/{j}")
            joints.append(self._rows(j, raw, topology, pointer))
            weights.append(self._floats(w, attributes, ("VEC4",), topology, pointer))
        if len(joints) == 1:
            self._document.spend(joints[0].size * 2, pointer)
            return joints[0].astype(np.uint16, copy=False), weights[0]
        self._document.spend(sum(w.size * 6 for w in weights), pointer)
        return np.hstack(joints).astype(np.uint16), np.hstack(weights)

    def _custom(self, attributes: dict[str, Any], topology: Topology, pointer: str) -> dict[str, NDArray[Any]]:
        out: dict[str, NDArray[Any]] = {}
        for key in attributes:
            if not key.startswith("_"):
                continue
            which = index(attributes, key, pointer, len(self._accessors))
            assert which is not None
            raw = self._accessors.raw(which, _VECTORS, f"{pointer}/{key}")
            if self._accessors.is_normalised(which):
                raw = self._accessors.floats(which, _VECTORS, f"{pointer}/{key}")
            out[key] = self._rows(key, raw, topology, pointer)
        return out

    def _morphs(
        self, primitive: dict[str, Any], topology: Topology, names: Any, pointer: str
    ) -> tuple[MorphTarget, ...]:
        targets = objects(primitive, "targets", pointer)
        self._count("objects", len(targets), f"{pointer}/targets")
        out = []
        for k, target in enumerate(targets):
            here = f"{pointer}/targets/{k}"
            if target.keys() - {"POSITION", "NORMAL", "TANGENT"}:
                lost = ", ".join(sorted(target.keys() - {"POSITION", "NORMAL", "TANGENT"}))
                self._document.note(f"morph targets move positions, normals and tangents; left out: {lost:.100}")
            positions = self._optional("POSITION", target, "VEC3", topology, here)
            if positions is None:
                self._document.spend(12 * topology.n_kept, here)
                positions = np.zeros((topology.n_kept, 3), np.float32)
            out.append(
                MorphTarget(
                    name=_target_name(names, k),
                    positions=positions,
                    normals=self._optional("NORMAL", target, "VEC3", topology, here),
                    tangents=self._optional("TANGENT", target, "VEC3", topology, here),
                )
            )
        return tuple(out)


def _target_name(names: Any, k: int) -> str:
    name = names[k] if isinstance(names, list) and k < len(names) else None
    return name if isinstance(name, str) else f"target_{k}"


def _semantic_sets(attributes: dict[str, Any], limit: int, pointer: str) -> dict[str, list[str]]:
    out: dict[str, list[str]] = {}
    for semantic in ("TEXCOORD", "COLOR", "JOINTS", "WEIGHTS"):
        numbers_used = [
            int(key[len(semantic) + 1 :])
            for key in attributes
            if key.startswith(f"{semantic}_") and key[len(semantic) + 1 :].isdecimal() and len(key) < 32
        ]
        if numbers_used and max(numbers_used) >= limit:
            refuse(f"{semantic}_{max(numbers_used)}: at most {limit} sets are read", pointer)
        out[semantic] = [f"{semantic}_{k}" for k in range(max(numbers_used, default=-1) + 1)]
    return out


def _rgba(color: NDArray[np.float32]) -> NDArray[np.float32]:
    if color.shape[1] == 4:
        return color
    out = np.ones((len(color), 4), np.float32)
    out[:, :3] = color
    return out
