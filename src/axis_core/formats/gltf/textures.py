"""Textures, images and samplers of glTF as Textures of the model: one a glTF texture, in order."""

from __future__ import annotations

from typing import Any

import attrs

from axis_core.formats.gltf.document import Document
from axis_core.formats.gltf.fields import index, mapping, raw_mapping, refuse, text
from axis_core.formats.images import image_media_type, image_size
from axis_core.formats.uris import fetch_uri, is_data_uri
from axis_core.model.material import Texture


__all__ = ["IMAGE_EXTENSIONS", "TextureTable", "read_textures"]

IMAGE_EXTENSIONS = {
    "image/webp": "EXT_texture_webp",
    "image/ktx2": "KHR_texture_basisu",
    "image/avif": "EXT_texture_avif",
}
"""Extensions whose ``source`` is an image of this type."""


@attrs.frozen
class TextureTable:
    """Textures and where images have gone.

    Attributes
    ----------
    textures : tuple of Texture
        Those of the file, then one for each image that only an extension names.
    by_image : dict
        Image number to the first texture that holds it.
    """

    textures: tuple[Texture, ...]
    by_image: dict[int, int]


def read_textures(document: Document, extra_images: tuple[int, ...] = ()) -> TextureTable:
    """Return the textures, their images encoded as they were.

    Parameters
    ----------
    extra_images : tuple of int
        Images that an extension names; each gets a texture of its own unless one shows it already.

    Raises
    ------
    InputError
        An image is missing or lies outside; ``external_uri`` for the latter.
    LimitExceeded
        An image says more pixels than the limits allow.
    """
    images = _Images(document)
    by_image: dict[int, int] = {}
    out: list[Texture] = []
    samplers = document.list_of("samplers")
    for i, item in enumerate(document.list_of("textures")):
        here = f"/textures/{i}"
        source, extensions = _source(document, item, len(images), here)
        sampler = index(item, "sampler", here, len(samplers))
        texture = Texture(data=b"", media_type="") if source is None else images.texture(source)
        if source is not None:
            by_image.setdefault(source, i)
        own = dict(samplers[sampler]) if sampler is not None else {}
        extras = raw_mapping(item, "extras")
        name = text(item, "name", here) or texture.name
        out.append(attrs.evolve(texture, name=name, sampler=own, extras=extras, extensions=extensions))
    for image in extra_images:
        if image < len(images) and image not in by_image:
            by_image[image] = len(out)
            out.append(images.texture(image))
    return TextureTable(tuple(out), by_image)


def _source(
    document: Document, item: dict[str, Any], n_images: int, pointer: str
) -> tuple[int | None, dict[str, Any]]:
    extensions = dict(mapping(item, "extensions", pointer))
    source = index(item, "source", pointer, n_images)
    for name in sorted({*IMAGE_EXTENSIONS.values(), "MSFT_texture_dds"}):
        if name in extensions:
            other = index(mapping(extensions, name, f"{pointer}/extensions"), "source", f"{pointer}/{name}", n_images)
            if source is not None and other is not None:
                document.note(f"textures with an image of {name} and a plain one kept the plain one")
            source = other if source is None else source
            del extensions[name]
    return source, extensions


class _Images:
    """Reads each image once."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._items = document.list_of("images")
        self._read: dict[int, Texture] = {}

    def __len__(self) -> int:
        return len(self._items)

    def texture(self, i: int) -> Texture:
        """Return image ``i`` as a texture without a sampler."""
        if i not in self._read:
            self._read[i] = self._load(self._items[i], f"/images/{i}")
        return self._read[i]

    def _load(self, item: dict[str, Any], pointer: str) -> Texture:
        uri, said = None, text(item, "mimeType", pointer)
        views = self._document.items("bufferViews")
        which = index(item, "bufferView", pointer, len(views))
        if which is not None:
            view = self._document.view(which)[0]
            self._document.spend(len(view), pointer)
            data = bytes(view)
        elif "uri" in item:
            uri = text(item, "uri", pointer)
            data, kind = fetch_uri(uri, self._document.companions, f"{pointer}/uri")
            said, uri = said or kind, None if is_data_uri(uri) else uri
        else:
            refuse("the image has neither a bufferView nor a uri", pointer)
        size = image_size(data)
        if size is not None:
            self._document.limits.check("image_pixels", size[0] * size[1], pointer=pointer)
        return Texture(
            data=data, media_type=image_media_type(data) or said, name=text(item, "name", pointer), uri=uri
        )
