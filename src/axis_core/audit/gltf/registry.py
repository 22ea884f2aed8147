"""The extensions of one file: which are declared, which are checked, and what they add to the rules."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from axis_core.audit.gltf.extensions import EXTENSIONS
from axis_core.audit.gltf.extensions.extension import Extension
from axis_core.audit.gltf.extensions.textures import TRANSFORM, TextureTransform
from axis_core.audit.gltf.image import IMAGE_MEDIA_TYPES
from axis_core.audit.gltf.reader import ObjectReader, Record
from axis_core.audit.gltf.semantics import ATTRIBUTE_FORMATS, MORPH_FORMATS
from axis_core.audit.gltf.spelling import quoted


if TYPE_CHECKING:
    from axis_core.audit.gltf.audit import Audit
    from axis_core.audit.gltf.texture import TextureInfo

__all__ = ["ExtensionRegistry"]

_NAME = re.compile(r"[A-Z0-9]+_[A-Za-z0-9_]+")


class ExtensionRegistry:
    """What the declared extensions mean for the audit of one file."""

    def __init__(self) -> None:
        self.used: list[str] = []
        self.required: list[str] = []
        self._declared: frozenset[str] = frozenset()
        self.loaded: dict[str, Extension] = {}
        self.image_media_types: tuple[str, ...] = IMAGE_MEDIA_TYPES
        self.animation_paths: tuple[str, ...] = ()
        self.attribute_formats = dict(ATTRIBUTE_FORMATS)
        self.morph_formats = dict(MORPH_FORMATS)

    def declare(self, reader: ObjectReader) -> None:
        """Read ``extensionsUsed`` and ``extensionsRequired`` of the root."""
        audit = reader.audit
        if "extensionsRequired" in reader and "extensionsUsed" not in reader:
            audit.add("UNSATISFIED_DEPENDENCY", "extensionsUsed", name="extensionsRequired")
        used = reader.strings("extensionsUsed")
        required = reader.strings("extensionsRequired")
        self.used, self.required = list(dict.fromkeys(used)), list(dict.fromkeys(required))
        self._declared = frozenset(used)
        with audit.at("extensionsUsed"):
            for i, name in enumerate(used):
                self._load(audit, name, i)
        with audit.at("extensionsRequired"):
            for i, name in enumerate(required):
                if name not in self._declared:
                    audit.add("UNUSED_EXTENSION_REQUIRED", name, name=i)

    def _load(self, audit: Audit, name: str, index: int) -> None:
        if _NAME.fullmatch(name) is None:
            audit.add("INVALID_EXTENSION_NAME_FORMAT", name=index)
        extension = EXTENSIONS.get(name)
        if extension is None:
            audit.add("UNSUPPORTED_EXTENSION", name, name=index)
            return
        if extension.is_required and name not in self.required:
            audit.add("NON_REQUIRED_EXTENSION", name, name=index)
        if name in self.loaded:
            return
        self.loaded[name] = extension
        self.image_media_types += extension.image_media_types
        self.animation_paths += extension.animation_paths
        for formats, more in (
            (self.attribute_formats, extension.attribute_formats),
            (self.morph_formats, extension.morph_formats),
        ):
            for semantic, added in more.items():
                formats[semantic] = [*formats.get(semantic, []), *added]

    def read(self, reader: ObjectReader, kind: str) -> dict[str, Any]:
        """Read the ``extensions`` of an object; ``kind`` is its schema name."""
        if "extensions" not in reader:
            return {}
        raws = reader.map("extensions")
        out: dict[str, Any] = {}
        with reader.audit.at("extensions"):
            for name, raw in (raws or {}).items():
                self._read_one(reader.audit, name, raw, kind, len(raws or {}) > 1, out)
        return out

    def _read_one(self, audit: Audit, name: str, raw: Any, kind: str, has_others: bool, out: dict[str, Any]) -> None:
        if name not in self._declared:
            audit.add("UNDECLARED_EXTENSION", name=name)
        if not isinstance(raw, dict):
            audit.add("TYPE_MISMATCH", quoted(raw), "object", name=name)
            raw = {}
        extension = self.loaded.get(name)
        if extension is None:
            out[name] = raw
            return
        read = extension.readers.get(kind)
        if read is None:
            audit.add("UNEXPECTED_EXTENSION_OBJECT", name=name)
            return
        if extension.is_exclusive and has_others:
            audit.add("MULTIPLE_EXTENSIONS", name=name)
        with audit.at(name):
            out[name] = read(audit, raw)

    def link(self, audit: Audit, host: Record) -> None:
        """Link the extensions of an object; the place reached is the object's."""
        for name, value in host.extensions.items():
            extension = self.loaded.get(name)
            if extension is not None and extension.link is not None:
                with audit.at("extensions", name):
                    extension.link(audit, host, value)

    @staticmethod
    def tex_coords(info: TextureInfo) -> list[tuple[str, int]]:
        """Return the sets of texture coordinates that a reference needs, each with the pointer that says so."""
        sets = [(info.pointer, info.tex_coord)]
        transform = info.extensions.get(TRANSFORM)
        if isinstance(transform, TextureTransform):
            sets.append((f"{info.pointer}/extensions/{TRANSFORM}", transform.tex_coord))
        return [(pointer, index) for pointer, index in sets if index != -1]
