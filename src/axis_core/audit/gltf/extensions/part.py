"""A material extension that holds textures."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import attrs

from axis_core.audit.gltf.material import link_textures
from axis_core.audit.gltf.reader import ObjectReader, Record
from axis_core.audit.gltf.texture import TextureInfo, read_texture_info


if TYPE_CHECKING:
    from axis_core.audit.gltf.audit import Audit

__all__ = ["MaterialPart", "link_part"]


@attrs.define(eq=False, kw_only=True)
class MaterialPart(Record):
    """An extension of a material, with its references to textures by property."""

    infos: dict[str, TextureInfo] = attrs.field(factory=dict)

    def textures(self) -> Iterator[tuple[str, TextureInfo | None]]:
        """Give the references to textures."""
        yield from self.infos.items()

    def read_texture(self, reader: ObjectReader, name: str) -> None:
        """Read a reference to a texture, if the property is there."""
        info = reader.object(name, read_texture_info)
        if info is not None:
            self.infos[name] = info


def link_part(audit: Audit, _: Record, part: MaterialPart) -> None:
    """Resolve the textures of a material extension."""
    link_textures(audit, part)
