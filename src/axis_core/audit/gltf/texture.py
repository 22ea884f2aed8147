"""Textures, samplers, and the references to textures that materials hold."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from axis_core.audit.gltf.reader import JsonObject, ObjectReader, Record


if TYPE_CHECKING:
    from axis_core.audit.gltf.audit import Audit
    from axis_core.audit.gltf.image import Image

__all__ = [
    "Sampler",
    "Texture",
    "TextureInfo",
    "link_texture",
    "link_texture_info",
    "read_sampler",
    "read_texture",
    "read_texture_info",
    "read_texture_members",
]

_MAGNIFY = (9728, 9729)
_MINIFY = (9728, 9729, 9984, 9985, 9986, 9987)
_WRAP = (33071, 33648, 10497)


@attrs.define(eq=False, kw_only=True)
class Sampler(Record):
    """How a texture is filtered and repeated."""


@attrs.define(eq=False, kw_only=True)
class Texture(Record):
    """An image with a sampler."""

    sampler_index: int
    source_index: int
    source: Image | None = None


@attrs.define(eq=False, kw_only=True)
class TextureInfo(Record):
    """A material's reference to a texture: which one, and by which set of texture coordinates."""

    index: int
    tex_coord: int
    pointer: str
    texture: Texture | None = None


def read_sampler(audit: Audit, raw: JsonObject) -> Sampler:
    """Read one sampler."""
    reader = ObjectReader(audit, raw)
    reader.members("magFilter", "minFilter", "wrapS", "wrapT", "name")
    reader.integer("magFilter", allowed=_MAGNIFY)
    reader.integer("minFilter", allowed=_MINIFY)
    reader.integer("wrapS", allowed=_WRAP)
    reader.integer("wrapT", allowed=_WRAP)
    sampler = Sampler()
    reader.string("name")
    reader.finish(sampler, "sampler")
    return sampler


def read_texture(audit: Audit, raw: JsonObject) -> Texture:
    """Read one texture."""
    reader = ObjectReader(audit, raw)
    reader.members("sampler", "source", "name")
    texture = Texture(sampler_index=reader.index("sampler"), source_index=reader.index("source"))
    reader.string("name")
    reader.finish(texture, "texture")
    return texture


def link_texture(audit: Audit, texture: Texture) -> None:
    """Resolve the image and the sampler of one texture."""
    texture.source = audit.resolve(audit.document.images, texture.source_index, "source")
    if texture.source is not None:
        texture.source.used = True
    sampler = audit.resolve(audit.document.samplers, texture.sampler_index, "sampler")
    if sampler is not None:
        sampler.used = True


def read_texture_info(audit: Audit, raw: JsonObject) -> TextureInfo:
    """Read a plain reference to a texture."""
    reader = ObjectReader(audit, raw)
    reader.members("index", "texCoord")
    return read_texture_members(reader)


def read_texture_members(reader: ObjectReader) -> TextureInfo:
    """Read the members that every reference to a texture has."""
    info = TextureInfo(
        index=reader.index("index", required=True),
        tex_coord=reader.integer("texCoord", default=0),
        pointer=reader.audit.pointer(),
    )
    reader.finish(info, "textureInfo")
    return info


def link_texture_info(audit: Audit, info: TextureInfo) -> None:
    """Resolve the texture of one reference."""
    info.texture = audit.resolve(audit.document.textures, info.index, "index")
    if info.texture is not None:
        info.texture.used = True
    audit.registry.link(audit, info)
