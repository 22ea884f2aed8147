"""Loading what a file refers to: buffers, then images, from data URIs, the container, buffer views or a caller."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from axis_core.audit.gltf.buffer import Buffer
from axis_core.audit.gltf.image import IMAGE_MEDIA_TYPES, Image
from axis_core.audit.gltf.image_headers import ImageDataError, ImageEndError, read_image_header


if TYPE_CHECKING:
    from axis_core.audit.gltf.audit import Audit
    from axis_core.audit.gltf.uri import Uri

__all__ = ["check_texture_sources", "load_buffers", "load_images"]


def load_buffers(audit: Audit) -> None:
    """Get the bytes of every buffer and compare their length with the declared one."""
    for i, buffer in enumerate(audit.document.buffers):
        facts: dict[str, Any] = {"pointer": f"/buffers/{i}", "mimeType": "application/gltf-buffer"}
        if buffer is not None:
            audit.resource_facts.append(facts)
            with audit.at("buffers", i):
                _load_buffer(audit, buffer, i, facts)


def _load_buffer(audit: Audit, buffer: Buffer, index: int, facts: dict[str, Any]) -> None:
    data: bytes | memoryview | None = None
    if buffer.uri is not None:
        data = _fetch(audit, buffer.uri, facts)
    elif audit.is_glb and index == 0 and not buffer.has_uri:
        facts["storage"] = "glb"
        data = audit.binary
        if data is None:
            audit.add("BUFFER_MISSING_GLB_DATA")
    if data is None:
        return
    facts["byteLength"] = len(data)
    fits = buffer.byte_length != -1 and len(data) >= buffer.byte_length
    if fits or facts["storage"] == "data-uri":
        buffer.data = memoryview(data)
    if len(data) < buffer.byte_length:
        audit.add("BUFFER_BYTE_LENGTH_MISMATCH", len(data), buffer.byte_length)
        return
    padded = -(-buffer.byte_length // 4) * 4
    if facts["storage"] == "glb" and fits and len(data) > padded:
        audit.add("BUFFER_GLB_CHUNK_TOO_BIG", len(data) - padded)


def _fetch(audit: Audit, uri: Uri, facts: dict[str, Any]) -> bytes | None:
    """Return the bytes behind a URI, None if they cannot be had."""
    if uri.data is not None:
        facts["storage"] = "data-uri"
        return uri.data
    facts["storage"] = "external"
    facts["uri"] = uri.text
    data = audit.resources(uri.text) if audit.resources is not None else None
    if data is None:
        audit.add("IO_ERROR", f"Resource not found ({uri.text}).", name="uri")
    return data


def load_images(audit: Audit) -> None:
    """Read the header of every image."""
    for i, image in enumerate(audit.document.images):
        facts: dict[str, Any] = {"pointer": f"/images/{i}"}
        if image is not None:
            audit.resource_facts.append(facts)
            with audit.at("images", i):
                _load_image(audit, image, facts)


def _load_image(audit: Audit, image: Image, facts: dict[str, Any]) -> None:
    data: bytes | None = None
    if image.uri is not None:
        data = _fetch(audit, image.uri, facts)
    elif image.view is not None:
        facts["storage"] = "buffer-view"
        view = image.view.data
        data = None if view is None or len(view) < image.view.byte_length else bytes(view)
    if data is None:
        return
    try:
        image.info = read_image_header(data)
    except ImageEndError:
        audit.add("IMAGE_UNEXPECTED_EOS")
        return
    except ImageDataError as error:
        audit.add("IMAGE_DATA_INVALID", str(error))
        return
    if image.info is None:
        audit.add("IMAGE_UNRECOGNIZED_FORMAT")
        return
    _check_image(audit, image, facts)


def _check_image(audit: Audit, image: Image, facts: dict[str, Any]) -> None:
    info = image.info
    assert info is not None
    facts["mimeType"] = info.media_type
    if image.media_type is not None and image.media_type != info.media_type:
        name = "bufferView" if image.uri is None else "uri"
        audit.add("IMAGE_MIME_TYPE_INVALID", info.media_type, image.media_type, name=name)
    if info.media_type not in audit.registry.image_media_types:
        audit.add("IMAGE_NON_ENABLED_MIME_TYPE", info.media_type)
    facts["image"] = info.as_dict()
    if not (info.width and info.height) or info.width & (info.width - 1) or info.height & (info.height - 1):
        audit.add("IMAGE_NPOT_DIMENSIONS", info.width, info.height)
    if not info.plain:
        audit.add("IMAGE_FEATURES_UNSUPPORTED")


def check_texture_sources(audit: Audit) -> None:
    """Check that the images of textures, and of their extensions, have a media type allowed there."""
    for i, texture in enumerate(audit.document.textures):
        if texture is None:
            continue
        with audit.at("textures", i):
            if texture.source is not None:
                check_source(audit, texture.source, IMAGE_MEDIA_TYPES)
            for name, extension in texture.extensions.items():
                source = getattr(extension, "source", None)
                if isinstance(source, Image):
                    with audit.at("extensions", name):
                        check_source(audit, source, extension.media_types)


def check_source(audit: Audit, image: Image, allowed: tuple[str, ...]) -> None:
    """Report an image whose media type is not among the allowed ones."""
    media_type = image.media_type
    if media_type is None and image.info is not None:
        media_type = image.info.media_type
    if media_type is not None and media_type not in allowed:
        audit.add("TEXTURE_INVALID_IMAGE_MIME_TYPE", media_type, name="source", valid=allowed)
