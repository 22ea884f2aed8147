"""Images: what the JSON says of them. Their bytes are judged when resources are loaded."""

from __future__ import annotations

from typing import TYPE_CHECKING

import attrs

from axis_core.audit.gltf.buffer import BufferView
from axis_core.audit.gltf.image_headers import ImageInfo, recognise
from axis_core.audit.gltf.reader import JsonObject, ObjectReader, Record


if TYPE_CHECKING:
    from axis_core.audit.gltf.audit import Audit
    from axis_core.audit.gltf.uri import Uri

__all__ = ["IMAGE_MEDIA_TYPES", "Image", "link_image", "read_image"]

IMAGE_MEDIA_TYPES = ("image/jpeg", "image/png")
"""The media types that glTF itself allows; extensions add to them."""


@attrs.define(eq=False, kw_only=True)
class Image(Record):
    """One image."""

    buffer_view_index: int
    media_type: str | None
    uri: Uri | None = None
    view: BufferView | None = None
    info: ImageInfo | None = None


def read_image(audit: Audit, raw: JsonObject) -> Image:
    """Read one image."""
    reader = ObjectReader(audit, raw)
    reader.members("bufferView", "mimeType", "uri", "name")
    view = reader.index("bufferView")
    media_type = reader.string("mimeType", allowed=audit.registry.image_media_types)
    text = reader.string("uri")
    has_view = view != -1
    if has_view == (text is not None):
        audit.add("ONE_OF_MISMATCH", valid=("bufferView", "uri"))
    if has_view and media_type is None:
        audit.add("UNSATISFIED_DEPENDENCY", "mimeType", name="bufferView")
    image = Image(buffer_view_index=view, media_type=media_type)
    if text is not None:
        image.uri = audit.read_uri(text, "uri")
        if image.uri is not None and not _holds_its_type(image.uri):
            audit.add("INVALID_URI", text, "The declared mediatype does not match the embedded content.", name="uri")
            image.uri = None
    reader.string("name")
    reader.finish(image, "image")
    return image


def _holds_its_type(uri: Uri) -> bool:
    """Whether the content of a data URI is of the media type that it declares."""
    return uri.data is None or recognise(uri.data) == (uri.media_type or "").lower()


def link_image(audit: Audit, image: Image) -> None:
    """Resolve the buffer view of one image."""
    image.view = audit.resolve(audit.document.buffer_views, image.buffer_view_index, "bufferView")
    if image.view is None:
        return
    image.view.set_usage(audit, "Image", "bufferView")
    if image.view.byte_stride != -1:
        audit.add("IMAGE_BUFFER_VIEW_WITH_BYTESTRIDE", name="bufferView")
