"""The root of a glTF file: what it holds, in which order it is read and linked."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

import attrs

from axis_core.audit.gltf.accessor import Accessor, link_accessor, read_accessor
from axis_core.audit.gltf.animation import Animation, read_animation
from axis_core.audit.gltf.animation_links import link_animation
from axis_core.audit.gltf.asset import Asset, read_asset
from axis_core.audit.gltf.buffer import Buffer, BufferView, link_buffer_view, read_buffer, read_buffer_view
from axis_core.audit.gltf.camera import Camera, read_camera
from axis_core.audit.gltf.image import Image, link_image, read_image
from axis_core.audit.gltf.material import Material, link_material, read_material
from axis_core.audit.gltf.mesh import Mesh, link_mesh, read_mesh
from axis_core.audit.gltf.node import Node, link_node, read_node
from axis_core.audit.gltf.reader import JsonObject, ObjectReader, Record
from axis_core.audit.gltf.scene import Scene, link_scene, read_scene
from axis_core.audit.gltf.scene_graph import check_nodes
from axis_core.audit.gltf.skin import Skin, link_skin, read_skin
from axis_core.audit.gltf.spelling import quoted
from axis_core.audit.gltf.texture import Sampler, Texture, link_texture, read_sampler, read_texture


if TYPE_CHECKING:
    from axis_core.audit.gltf.audit import Audit

__all__ = ["Document", "link_document", "read_document"]

R = TypeVar("R", bound=Record)

_MEMBERS = (
    "extensionsUsed",
    "extensionsRequired",
    "accessors",
    "animations",
    "asset",
    "buffers",
    "bufferViews",
    "cameras",
    "images",
    "materials",
    "meshes",
    "nodes",
    "samplers",
    "scene",
    "scenes",
    "skins",
    "textures",
)


@attrs.define(eq=False, kw_only=True)
class Document(Record):
    """The collections of a file; None stands for an element that is no object."""

    asset: Asset | None = None
    accessors: list[Accessor | None] = attrs.field(factory=list)
    animations: list[Animation | None] = attrs.field(factory=list)
    buffers: list[Buffer | None] = attrs.field(factory=list)
    buffer_views: list[BufferView | None] = attrs.field(factory=list)
    cameras: list[Camera | None] = attrs.field(factory=list)
    images: list[Image | None] = attrs.field(factory=list)
    materials: list[Material | None] = attrs.field(factory=list)
    meshes: list[Mesh | None] = attrs.field(factory=list)
    nodes: list[Node | None] = attrs.field(factory=list)
    samplers: list[Sampler | None] = attrs.field(factory=list)
    scenes: list[Scene | None] = attrs.field(factory=list)
    skins: list[Skin | None] = attrs.field(factory=list)
    textures: list[Texture | None] = attrs.field(factory=list)
    scene: Scene | None = None


def read_document(audit: Audit, raw: JsonObject) -> bool:
    """Read the root into ``audit.document``; return False if the file is not of a version that can be judged."""
    document = audit.document
    reader = ObjectReader(audit, raw)
    reader.members(*_MEMBERS)
    audit.registry.declare(reader)
    document.asset = reader.object("asset", read_asset, required=True)
    if document.asset is None or document.asset.major != 2:
        return False
    document.accessors = _read_list(reader, "accessors", read_accessor)
    document.animations = _read_list(reader, "animations", read_animation)
    document.buffers = _read_list(reader, "buffers", read_buffer)
    document.buffer_views = _read_list(reader, "bufferViews", read_buffer_view)
    document.cameras = _read_list(reader, "cameras", read_camera)
    document.images = _read_list(reader, "images", read_image)
    document.materials = _read_list(reader, "materials", read_material)
    document.meshes = _read_list(reader, "meshes", read_mesh)
    document.nodes = _read_indexed(reader, "nodes", read_node)
    document.samplers = _read_list(reader, "samplers", read_sampler)
    document.scenes = _read_list(reader, "scenes", read_scene)
    document.scene = audit.resolve(document.scenes, reader.index("scene"), "scene")
    document.skins = _read_indexed(reader, "skins", read_skin)
    document.textures = _read_list(reader, "textures", read_texture)
    reader.finish(document, "root")
    return True


def _read_indexed(reader: ObjectReader, name: str, read: Callable[[Audit, JsonObject, int], R]) -> list[R | None]:
    """Read a top-level list; an element that is no object stays in it as None, so that indices keep their meaning."""
    audit = reader.audit
    values: list[Any] = reader.array(name) or []
    out: list[R | None] = []
    with audit.at(name):
        for i, value in enumerate(values):
            if isinstance(value, dict):
                with audit.at(i):
                    out.append(read(audit, value, i))
            else:
                audit.add("TYPE_MISMATCH", quoted(value), "object", name=i)
                out.append(None)
    return out


def _read_list(reader: ObjectReader, name: str, read: Callable[[Audit, JsonObject], R]) -> list[R | None]:
    return _read_indexed(reader, name, lambda audit, raw, _: read(audit, raw))


def link_document(audit: Audit) -> None:
    """Resolve every reference and check what objects demand of each other."""
    document = audit.document
    _link_all(audit, "bufferViews", document.buffer_views, link_buffer_view)
    _link_all(audit, "accessors", document.accessors, link_accessor)
    _link_all(audit, "images", document.images, link_image)
    _link_all(audit, "textures", document.textures, link_texture)
    _link_all(audit, "materials", document.materials, link_material)
    _link_all(audit, "meshes", document.meshes, link_mesh)
    _link_all(audit, "nodes", document.nodes, link_node)
    _link_all(audit, "skins", document.skins, link_skin)
    _link_all(audit, "animations", document.animations, link_animation)
    _link_all(audit, "scenes", document.scenes, link_scene)
    audit.registry.link(audit, document)
    check_nodes(audit)


def _link_all(audit: Audit, name: str, records: Sequence[R | None], link: Callable[[Audit, R], None]) -> None:
    for i, record in enumerate(records):
        if record is not None:
            with audit.at(name, i):
                link(audit, record)
                audit.registry.link(audit, record)
