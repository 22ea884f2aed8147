"""The document: objects with numbers, and what is connected to what."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from axis_core.plugin import Animation, Channel, Material, Scene
from axis_exporter_fbx.binary import Record, encoded
from axis_exporter_fbx.geometry import Surface, surface_of
from axis_exporter_fbx.head import definitions, head_records, take_records
from axis_exporter_fbx.materials import SLOTS, image_file, material_record, texture_record, video_record
from axis_exporter_fbx.motion import SECOND, channel_values, clip_times, euler_degrees
from axis_exporter_fbx.shapes import (
    CM,
    channel_record,
    cluster_record,
    deformer_record,
    geometry_record,
    matrix_values,
    shape_record,
)


__all__ = ["fbx_bytes"]

_PATHS = {"translation": ("T", "Lcl Translation"), "rotation": ("R", "Lcl Rotation"), "scale": ("S", "Lcl Scaling")}
_LINEAR = 0x00000004


def fbx_bytes(scene: Scene) -> bytes:
    """Return the file of a scene."""
    return _Document(scene).write()


class _Document:
    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self._objects: list[Record] = []
        self._links = Record("Connections")
        self._next = 1_000_000
        self._joints = {j for s in scene.skins for j in s.joints}
        self._models: dict[int, int] = {}
        self._materials: dict[int | None, int] = {}
        self._videos: dict[int, tuple[int, str]] = {}
        self._sliders: dict[int, list[int]] = {}

    def write(self) -> bytes:
        """Return the file."""
        scene = self._scene
        for n in scene.order():
            self._model(n)
        for n in scene.order():
            if scene.nodes[n].meshes:
                self._mesh(n)
        self._bind_pose()
        takes = [self._clip(clip, k) for k, clip in enumerate(scene.animations)]
        objects = Record("Objects", inside=self._objects)
        head = head_records(max((s for _, s in takes), default=0.0))
        return encoded([*head, definitions(self._objects), objects, self._links, take_records(takes)])

    def _key(self) -> int:
        self._next += 1
        return self._next

    def _add(self, record: Record) -> None:
        self._objects.append(record)

    def _link(self, child: int, parent: int, slot: str = "") -> None:
        self._links.add("C", "OP" if slot else "OO", ("L", child), ("L", parent), *([slot] if slot else []))

    def _model(self, n: int) -> None:
        node = self._scene.nodes[n]
        skinned = node.meshes and node.skin is not None
        kind = "LimbNode" if n in self._joints else "Mesh" if node.meshes else "Null"
        key = self._models[n] = self._key()
        out = Record("Model", ("L", key), f"{node.name or f'node_{n}'}\x00\x01Model", kind)
        out.add("Version", 232)
        table = out.add("Properties70")
        if not skinned:  # what stands there does not move skinned meshes
            place, turn, size = CM * node.translation, euler_degrees(node.rotation)[0], node.scale
            table.put("Lcl Translation", "Lcl Translation", "", "A", *map(float, place))
            table.put("Lcl Rotation", "Lcl Rotation", "", "A", *map(float, turn))
            table.put("Lcl Scaling", "Lcl Scaling", "", "A", *map(float, size))
        table.put("RotationActive", "bool", "", "", 1)
        table.put("InheritType", "enum", "", "", 1)
        table.put("DefaultAttributeIndex", "int", "Integer", "", 0)
        out.add("Shading", True)
        out.add("Culling", "CullingOff")
        self._add(out)
        self._link(key, 0 if node.parent is None or skinned else self._models[node.parent])
        if kind != "Mesh":
            self._attribute(key, node.name, kind)
        if kind == "LimbNode" and node.meshes:
            self._models[-n - 1] = self._carrier(n)

    def _attribute(self, model: int, name: str, kind: str) -> None:
        key = self._key()
        out = Record("NodeAttribute", ("L", key), f"{name}\x00\x01NodeAttribute", kind)
        out.add("Properties70")
        out.add("TypeFlags", "Skeleton" if kind == "LimbNode" else "Null")
        self._add(out)
        self._link(key, model)

    def _carrier(self, n: int) -> int:
        """Return a model of its own below a joint that carries a mesh, for a joint holds none."""
        key = self._key()
        out = Record("Model", ("L", key), f"{self._scene.nodes[n].name}_mesh\x00\x01Model", "Mesh")
        out.add("Version", 232)
        out.add("Properties70")
        out.add("Shading", True)
        self._add(out)
        self._link(key, self._models[n])
        return key

    def _mesh(self, n: int) -> None:
        node, surface = self._scene.nodes[n], surface_of(self._scene, n)
        model, key = self._models.get(-n - 1, self._models[n]), self._key()
        name = self._scene.meshes[node.meshes[0]].name or node.name
        self._add(geometry_record(surface, key, name))
        self._link(key, model)
        for material in surface.used:
            self._link(self._material(material), model)
        if node.skin is not None and surface.joints is not None:
            self._skin(surface, node.skin, key, name)
        if surface.shapes:
            weights = node.morph_weights or self._scene.meshes[node.meshes[0]].morph_weights
            self._shapes(surface, n, key, name, weights)

    def _skin(self, surface: Surface, skin: int, geometry: int, name: str) -> None:
        assert surface.joints is not None
        assert surface.weights is not None
        record = self._scene.skins[skin]
        key = self._key()
        self._add(deformer_record(key, name, "Skin"))
        self._link(key, geometry)
        for k, joint in enumerate(record.joints):
            held = np.where(surface.joints == k, surface.weights, 0.0).sum(axis=1)
            rows = np.flatnonzero(held > 0)
            cluster = self._key()
            inverse = np.asarray(record.inverse_bind[k], np.float64)
            inverse[3] = (0.0, 0.0, 0.0, 1.0)
            self._add(cluster_record(cluster, self._scene.nodes[joint].name, rows, held[rows], inverse))
            self._link(cluster, key)
            self._link(self._models[joint], cluster)

    def _shapes(self, surface: Surface, n: int, geometry: int, name: str, weights: Any) -> None:
        key = self._key()
        self._add(deformer_record(key, name, "BlendShape"))
        self._link(key, geometry)
        start = [*(weights or ()), *[0.0] * len(surface.shapes)]
        for k, (label, delta) in enumerate(surface.shapes):
            slider, shape = self._key(), self._key()
            self._add(channel_record(slider, label, 100.0 * float(start[k])))
            self._add(shape_record(shape, label, delta))
            self._link(slider, key)
            self._link(shape, slider)
            self._sliders.setdefault(n, []).append(slider)

    def _material(self, index: int | None) -> int:
        if index in self._materials:
            return self._materials[index]
        material = Material(name="material", metallic=0.0) if index is None else self._scene.materials[index]
        key = self._materials[index] = self._key()
        self._add(material_record(material, key, material.name or f"material_{index}"))
        for slot, name in SLOTS.items():
            use = getattr(material, slot)
            if use is None or not 0 <= use.texture < len(self._scene.textures):
                continue
            video, file = self._video(use.texture)
            texture = self._key()
            self._add(texture_record(texture, file, use))
            self._link(video, texture)
            self._link(texture, key, name)
        return key

    def _video(self, index: int) -> tuple[int, str]:
        if index not in self._videos:
            file, data = image_file(self._scene.textures[index], index)
            key = self._key()
            self._add(video_record(key, file, data))
            self._videos[index] = key, file
        return self._videos[index]

    def _bind_pose(self) -> None:
        """Write where joints and skinned meshes stood when they were bound."""
        rows: list[tuple[int, NDArray[np.float64]]] = []
        for skin in self._scene.skins:
            inverse = np.asarray(skin.inverse_bind, np.float64)
            rows += [(self._models[j], np.linalg.pinv(m)) for j, m in zip(skin.joints, inverse, strict=True)]
        rows += [(self._models[n], np.eye(4)) for n, node in enumerate(self._scene.nodes) if node.skin is not None]
        if not self._scene.skins:
            return
        out = Record("Pose", ("L", self._key()), "bind\x00\x01Pose", "BindPose")
        out.add("Type", "BindPose")
        out.add("Version", 100)
        unique = dict(rows)
        out.add("NbPoseNodes", len(unique))
        for model, matrix in unique.items():
            node = out.add("PoseNode")
            node.add("Node", ("L", model))
            node.add("Matrix", matrix_values(matrix))
        self._add(out)

    def _clip(self, clip: Animation, k: int) -> tuple[str, float]:
        name = clip.name or f"clip_{k}"
        stack, layer = self._key(), self._key()
        record = Record("AnimationStack", ("L", stack), f"{name}\x00\x01AnimStack", "")
        table = record.add("Properties70")
        table.put("LocalStop", "KTime", "Time", "", ("L", round(clip.seconds * SECOND)))
        table.put("ReferenceStop", "KTime", "Time", "", ("L", round(clip.seconds * SECOND)))
        self._add(record)
        self._add(Record("AnimationLayer", ("L", layer), f"{name}\x00\x01AnimLayer", ""))
        self._link(layer, stack)
        channels = [c for c in clip.channels if c.node is not None and len(c.times)]
        for channel in channels:
            if channel.path in _PATHS:
                self._transform(channel, layer)
            elif channel.path == "weights":
                self._weights(channel, layer)
        return name, clip.seconds

    def _transform(self, channel: Channel, layer: int) -> None:
        assert channel.node is not None
        if self._scene.nodes[channel.node].skin is not None and channel.node not in self._joints:
            return  # a skinned mesh is moved by its joints alone
        times = clip_times([channel])
        values = channel_values(channel, times)
        if channel.path == "rotation":
            values = euler_degrees(values)
        elif channel.path == "translation":
            values = CM * values
        letter, name = _PATHS[channel.path]
        node = self._curve_node(letter, dict(zip(("d|X", "d|Y", "d|Z"), map(float, values[0]), strict=True)), layer)
        self._link(node, self._models[channel.node], name)
        for axis, column in zip("XYZ", values.T, strict=True):
            self._link(self._curve(times, column), node, f"d|{axis}")

    def _weights(self, channel: Channel, layer: int) -> None:
        times = clip_times([channel])
        values = 100.0 * channel_values(channel, times)
        for slider, column in zip(self._sliders.get(channel.node or 0, ()), values.T, strict=False):
            node = self._curve_node("DeformPercent", {"d|DeformPercent": float(column[0])}, layer)
            self._link(node, slider, "DeformPercent")
            self._link(self._curve(times, column), node, "d|DeformPercent")

    def _curve_node(self, name: str, first: dict[str, float], layer: int) -> int:
        key = self._key()
        out = Record("AnimationCurveNode", ("L", key), f"{name}\x00\x01AnimCurveNode", "")
        table = out.add("Properties70")
        for label, value in first.items():
            table.put(label, "Number", "", "A", value)
        self._add(out)
        self._link(key, layer)
        return key

    def _curve(self, times: NDArray[np.float64], values: NDArray[np.float64]) -> int:
        key = self._key()
        out = Record("AnimationCurve", ("L", key), "\x00\x01AnimCurve", "")
        out.add("Default", float(values[0]))
        out.add("KeyVer", 4008)
        out.add("KeyTime", ("l", np.round(times * SECOND).astype(np.int64)))
        out.add("KeyValueFloat", ("f", values))
        out.add("KeyAttrFlags", ("i", [_LINEAR]))
        out.add("KeyAttrDataFloat", ("f", [0.0, 0.0, 0.0, 0.0]))
        out.add("KeyAttrRefCount", ("i", [len(times)]))
        self._add(out)
        return key
