"""KHR_texture_transform and EXT_texture_webp."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from axis_core.audit.gltf.extensions.extension import Extension
from axis_core.audit.gltf.reader import JsonObject, ObjectReader, Record


if TYPE_CHECKING:
    from axis_core.audit.gltf.audit import Audit
    from axis_core.audit.gltf.image import Image

__all__ = ["EXTENSIONS", "TRANSFORM", "TextureTransform"]

TRANSFORM = "KHR_texture_transform"
_WEBP = "EXT_texture_webp"


@attrs.define(eq=False, kw_only=True)
class TextureTransform(Record):
    """Offset, rotation and scale of texture coordinates, and which set of them; -1 leaves the set alone."""

    tex_coord: int


@attrs.define(eq=False, kw_only=True)
class WebpSource(Record):
    """The WebP image of a texture."""

    source_index: int
    source: Image | None = None
    media_types: tuple[str, ...] = ("image/webp",)


def _read_transform(audit: Audit, raw: JsonObject) -> TextureTransform:
    reader = ObjectReader(audit, raw)
    reader.members("offset", "rotation", "scale", "texCoord")
    reader.numbers("offset", length=2)
    reader.number("rotation")
    reader.numbers("scale", length=2)
    transform = TextureTransform(tex_coord=reader.integer("texCoord"))
    reader.finish(transform, TRANSFORM)
    return transform


def _read_webp(audit: Audit, raw: JsonObject) -> WebpSource:
    reader = ObjectReader(audit, raw)
    reader.members("source")
    webp = WebpSource(source_index=reader.index("source"))
    reader.finish(webp, _WEBP)
    return webp


def _link_webp(audit: Audit, _: Record, webp: WebpSource) -> None:
    webp.source = audit.resolve(audit.document.images, webp.source_index, "source")
    if webp.source is not None:
        webp.source.used = True


EXTENSIONS = (
    Extension(name=TRANSFORM, readers={"textureInfo": _read_transform}),
    Extension(name=_WEBP, readers={"texture": _read_webp}, link=_link_webp, image_media_types=("image/webp",)),
)
