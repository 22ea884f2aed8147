"""glTF bytes -> Scene."""

from __future__ import annotations

from typing import Any

from axis_core.errors import InputError
from axis_core.formats.gltf.accessors import Accessors
from axis_core.formats.gltf.animations import read_animations
from axis_core.formats.gltf.document import Document, open_document
from axis_core.formats.gltf.draco import expand_draco
from axis_core.formats.gltf.fields import mapping, raw_mapping, text
from axis_core.formats.gltf.materials import read_materials
from axis_core.formats.gltf.meshes import read_meshes
from axis_core.formats.gltf.nodes import check_joints, read_nodes, read_skins
from axis_core.formats.gltf.textures import TextureTable, read_textures
from axis_core.formats.limits import DEFAULT_LIMITS, Limits
from axis_core.model.scene import Scene
from axis_core.plugin.kinds import Companions, no_companions


__all__ = ["read_gltf"]


def read_gltf(
    data: bytes,
    *,
    name: str = "",  # noqa: ARG001 - part of every reader's signature; glTF carries its own names
    companions: Companions = no_companions,
    limits: Limits = DEFAULT_LIMITS,
    source_format: str = "glb",
) -> Scene:
    """Return the scene that a GLB or a glTF JSON text holds.

    Arrays are views of ``data`` where the file holds them as the model does. Values are not judged: NaN and bad weights
    come through. What could not be kept is told in ``Scene.notes``.

    Raises
    ------
    InputError
        ``parse_failed`` with a JSON pointer: damaged, or an index or count that does not fit; ``external_uri``: it
        needs a file that did not come with it; ``unsupported_format``: not glTF 2.0.
    LimitExceeded
        It asks for more than ``limits``.
    BackendUnavailable
        ``not_installed``: compressed in a way that needs a codec.

    References
    ----------
    .. Khronos Group, glTF 2.0 Specification, ISO/IEC 12113:2022.
    """
    document = open_document(data, companions=companions, limits=limits)
    try:
        return _scene(document, source_format)
    except (ValueError, OverflowError) as exc:
        raise InputError(f"the file contradicts itself: {exc}", code="parse_failed") from exc


def _scene(document: Document, source_format: str) -> Scene:
    expand_draco(document)
    accessors = Accessors(document)
    table = read_meshes(document, accessors)
    skins = read_skins(document, accessors)
    nodes = read_nodes(document, table)
    extensions = mapping(document.root, "extensions", "")
    textures = read_textures(document, _named_images(extensions))
    return Scene(
        name=_scene_name(document),
        nodes=nodes,
        meshes=check_joints(document, nodes, skins, table.meshes),
        skins=skins,
        materials=read_materials(document, len(document.list_of("textures"))),
        textures=textures.textures,
        animations=read_animations(document, accessors),
        cameras=tuple(document.list_of("cameras")),
        asset=mapping(document.root, "asset", ""),
        extras=_extras(document),
        extensions=_with_textures(extensions, textures),
        source_format=source_format,
        notes=document.notes,
    )


def _default_scene(document: Document) -> dict[str, Any]:
    scenes = document.list_of("scenes")
    which = document.root.get("scene", 0)
    return scenes[which] if scenes and isinstance(which, int) else {}


def _scene_name(document: Document) -> str:
    return text(_default_scene(document), "name", "/scenes")


def _extras(document: Document) -> dict[str, Any]:
    """Extras of the file and of its default scene (where Blender puts custom properties) are one in the model."""
    return {**raw_mapping(_default_scene(document), "extras"), **raw_mapping(document.root, "extras")}


def _named_images(extensions: dict[str, Any]) -> tuple[int, ...]:
    image = raw_mapping(raw_mapping(extensions, "VRMC_vrm"), "meta").get("thumbnailImage")
    return (image,) if isinstance(image, int) and image >= 0 else ()


def _with_textures(extensions: dict[str, Any], table: TextureTable) -> dict[str, Any]:
    """Let VRM's thumbnail, which names an image, name the texture that holds it: the model has no bare images."""
    images = _named_images(extensions)
    if not images:
        return extensions
    vrm = dict(extensions["VRMC_vrm"])
    vrm["meta"] = {k: v for k, v in vrm["meta"].items() if k != "thumbnailImage"}
    if images[0] in table.by_image:
        vrm["meta"]["thumbnailImage"] = table.by_image[images[0]]
    return {**extensions, "VRMC_vrm": vrm}
